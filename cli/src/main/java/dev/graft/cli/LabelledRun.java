package dev.graft.cli;

import dev.graft.data.DataException;
import dev.graft.data.Example;
import dev.graft.data.LeftOut;
import dev.graft.runtime.LabelProbability;
import dev.graft.runtime.Prediction;
import dev.graft.runtime.PredictionInput;
import dev.graft.runtime.PredictionOutcome;
import dev.graft.runtime.Predictor;
import dev.graft.transfer.evidence.Evaluation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A model's verdict on labelled examples.
 *
 * @param evaluation over the examples that could be read
 * @param leftOut those that could not
 */
record LabelledRun(Evaluation evaluation, List<LeftOut> leftOut) {

  /**
   * Runs the model on every example.
   *
   * @param examples all of classes that the model knows
   * @throws DataException if none of them can be read
   */
  static LabelledRun of(Predictor predictor, List<Example> examples, Progress progress) {
    List<String> labels = predictor.bundle().config().labels();
    Map<String, Integer> indices = new HashMap<>();
    labels.forEach(label -> indices.put(label, indices.size()));
    List<PredictionInput> inputs =
        examples.stream()
            .map(example -> PredictionInput.of(example.id(), example.source()))
            .toList();
    int[] actual = new int[examples.size()];
    // [examples, labels]
    float[] probabilities = new float[Math.multiplyExact(examples.size(), labels.size())];
    int read = 0;
    List<LeftOut> leftOut = new ArrayList<>();
    try (Stream<PredictionOutcome> outcomes = predictor.predictAll(inputs)) {
      progress.phase("Evaluating");
      int done = 0;
      for (Iterator<PredictionOutcome> all = outcomes.iterator(); all.hasNext(); done++) {
        PredictionOutcome outcome = all.next();
        if (outcome instanceof PredictionOutcome.Predicted success) {
          actual[read] = index(indices, examples.get(done).label());
          copy(success.prediction(), indices, probabilities, read * labels.size());
          read++;
        } else if (outcome instanceof PredictionOutcome.LeftOut failure) {
          leftOut.add(new LeftOut(failure.id(), failure.reason()));
        }
        progress.update("Evaluating", done + 1L, inputs.size(), Wording.kind(predictor).many());
      }
    }
    if (read == 0) {
      throw new DataException(
          "Evaluating: none of the "
              + Wording.count(examples.size(), "example")
              + " can be read. The first is "
              + leftOut.get(0).path()
              + ": "
              + leftOut.get(0).reason());
    }
    return new LabelledRun(
        Evaluation.of(
            labels,
            Arrays.copyOf(actual, read),
            Arrays.copyOf(probabilities, read * labels.size())),
        leftOut);
  }

  private static void copy(
      Prediction prediction, Map<String, Integer> indices, float[] probabilities, int offset) {
    for (LabelProbability candidate : prediction.ranked()) {
      probabilities[offset + index(indices, candidate.label())] = (float) candidate.probability();
    }
  }

  private static int index(Map<String, Integer> indices, String label) {
    return Objects.requireNonNull(indices.get(label), label);
  }
}
