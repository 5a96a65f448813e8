package dev.graft.transfer.comparison;

import dev.graft.data.DataException;
import dev.graft.data.Example;
import dev.graft.data.LeftOut;
import dev.graft.runtime.Prediction;
import dev.graft.runtime.PredictionInput;
import dev.graft.runtime.PredictionOutcome;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.evidence.ExamplePredictions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Predictions of a model for labelled examples.
 *
 * @param predictions for those that could be read
 * @param leftOut the others
 */
record Predicting(ExamplePredictions predictions, List<LeftOut> leftOut) {
  /**
   * Runs a model.
   *
   * @param hashes of the content of each example
   * @throws DataException if none can be read
   */
  static Predicting of(
      ComparedModel model,
      List<Example> examples,
      List<String> hashes,
      String phase,
      TrainingListener listener) {
    List<PredictionInput> inputs =
        examples.stream()
            .map(example -> PredictionInput.of(example.id(), example.source()))
            .toList();
    List<ExamplePredictions.Row> rows = new ArrayList<>();
    List<LeftOut> leftOut = new ArrayList<>();
    listener.phase(phase);
    try (Stream<PredictionOutcome> outcomes = model.predictor().predictAll(inputs)) {
      int done = 0;
      for (Iterator<PredictionOutcome> all = outcomes.iterator(); all.hasNext(); done++) {
        PredictionOutcome outcome = all.next();
        if (outcome instanceof PredictionOutcome.Predicted told) {
          rows.add(row(examples.get(done), hashes.get(done), told.prediction()));
        } else if (outcome instanceof PredictionOutcome.LeftOut failure) {
          leftOut.add(new LeftOut(failure.id(), failure.reason()));
        }
        listener.progress(phase, done + 1L, inputs.size(), model.kind().many());
      }
    }
    if (rows.isEmpty()) {
      throw new DataException(
          "Comparing: none of the "
              + examples.size()
              + " examples can be read. The first is "
              + leftOut.get(0).path()
              + ": "
              + leftOut.get(0).reason());
    }
    return new Predicting(new ExamplePredictions(rows), leftOut);
  }

  private static ExamplePredictions.Row row(Example example, String hash, Prediction prediction) {
    return new ExamplePredictions.Row(
        example.id(),
        hash,
        example.label(),
        prediction.label(),
        prediction.probability(),
        prediction.probabilityOf(example.label()));
  }
}
