package dev.graft.transfer.evidence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a model predicted for examples whose classes are known: as much as comparing it with another
 * model takes. Immutable and thread-safe.
 *
 * @param rows one for each example
 */
public record ExamplePredictions(List<Row> rows) {
  /**
   * One example.
   *
   * @param id its path in the data
   * @param sha256 hash of its content, by which it is known again in other data
   * @param label its class
   * @param predicted the class that the model holds for the most probable
   * @param probability the probability of that class
   * @param labelProbability the probability of its own class
   */
  public record Row(
      String id,
      String sha256,
      String label,
      String predicted,
      double probability,
      double labelProbability) {
    /** Whether the class was predicted rightly. */
    public boolean isRight() {
      return label.equals(predicted);
    }

    /** -ln of the probability of its own class, clipped to 1e-15 to 1. */
    public double logLoss() {
      return Evaluation.lossOf(labelProbability);
    }
  }

  /** Copies the list. */
  public ExamplePredictions {
    rows = List.copyOf(rows);
  }

  /**
   * Takes predictions from the outputs of a model.
   *
   * @param classes class names in the order of the outputs, C of them
   * @param ids N of them
   * @param hashes N of them
   * @param labels class index of each example
   * @param probabilities [N, C], row-major
   */
  public static ExamplePredictions of(
      List<String> classes,
      List<String> ids,
      List<String> hashes,
      int[] labels,
      float[] probabilities) {
    List<Row> rows = new ArrayList<>();
    int width = classes.size();
    for (int example = 0; example < labels.length; example++) {
      int start = example * width;
      int best = 0;
      for (int column = 1; column < width; column++) {
        best = probabilities[start + column] > probabilities[start + best] ? column : best;
      }
      rows.add(
          new Row(
              ids.get(example),
              hashes.get(example),
              classes.get(labels[example]),
              classes.get(best),
              probabilities[start + best],
              probabilities[start + labels[example]]));
    }
    return new ExamplePredictions(rows);
  }

  /**
   * The evidence in these predictions.
   *
   * @param classes names of all classes
   * @throws IllegalArgumentException if a class is none of them
   */
  public Evaluation evaluation(List<String> classes) {
    Map<String, Integer> indices = new HashMap<>();
    classes.forEach(label -> indices.put(label, indices.size()));
    int[] labels = new int[rows.size()];
    int[] predicted = new int[labels.length];
    double[] probabilities = new double[labels.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = index(indices, rows.get(i).label());
      predicted[i] = index(indices, rows.get(i).predicted());
      probabilities[i] = rows.get(i).labelProbability();
    }
    return Evaluation.of(classes, labels, predicted, probabilities);
  }

  private static int index(Map<String, Integer> indices, String label) {
    Integer index = indices.get(label);
    if (index == null) {
      throw new IllegalArgumentException(
          "the class \"" + label + "\" is none of " + indices.keySet());
    }
    return index;
  }
}
