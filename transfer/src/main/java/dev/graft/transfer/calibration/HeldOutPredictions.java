package dev.graft.transfer.calibration;

import java.util.stream.IntStream;

/**
 * Probabilities of examples that the predicting weights have not trained on.
 *
 * @param labels class index of each example
 * @param probabilities [examples, classes], row-major
 * @param classes number of classes
 */
record HeldOutPredictions(int[] labels, float[] probabilities, int classes) {
  HeldOutPredictions {
    if (probabilities.length != (long) labels.length * classes) {
      throw new IllegalArgumentException(
          labels.length
              + " examples of "
              + classes
              + " classes, but "
              + probabilities.length
              + " probabilities");
    }
  }

  int size() {
    return labels.length;
  }

  float probability(int example, int label) {
    return probabilities[example * classes + label];
  }

  /** The most probable class, the first of several. */
  int predicted(int example) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      best = probability(example, c) > probability(example, best) ? c : best;
    }
    return best;
  }

  HeldOutPredictions with(float[] others) {
    return new HeldOutPredictions(labels, others, classes);
  }

  HeldOutPredictions rows(int[] chosen) {
    int[] theirs = IntStream.of(chosen).map(row -> labels[row]).toArray();
    float[] rows = new float[chosen.length * classes];
    for (int i = 0; i < chosen.length; i++) {
      System.arraycopy(probabilities, chosen[i] * classes, rows, i * classes, classes);
    }
    return new HeldOutPredictions(theirs, rows, classes);
  }
}
