package dev.graft.transfer.training;

import dev.graft.engine.FloatTensor;
import dev.graft.engine.TrainingSession;
import java.util.Arrays;

/** Measures how long steps take before many are taken. Stateless. */
public final class StepProbe {
  private StepProbe() {}

  /**
   * Seconds that one step takes, the reading of its examples included: the median of a few, whose
   * weights are thrown away.
   *
   * @param steps to be timed, after a first one that prepares; at least 1
   */
  public static double seconds(
      FineTuning.Subject subject, FineTuningData data, StepSettings settings, int steps) {
    int[] rows = rows(data, settings, steps + 1);
    double[] seconds = new double[steps];
    try (TrainingSession session =
            TrainingSession.open(subject.network(), FineTuning.options(subject, settings));
        BatchSource.Batches batches = data.source().epoch(rows, 0, settings.batchSize(), 0)) {
      for (int step = 0; step <= steps; step++) {
        long begun = System.nanoTime();
        FloatTensor batch = batches.next();
        int first = step * settings.batchSize();
        int[] labels = new int[batch.rows()];
        Arrays.setAll(labels, i -> data.source().trainingLabels()[rows[first + i]]);
        session.step(batch, labels, 0);
        if (step > 0) {
          seconds[step - 1] = (System.nanoTime() - begun) / 1e9;
        }
      }
    }
    Arrays.sort(seconds);
    return seconds[steps / 2];
  }

  /** As many rows as the steps take, the examples again and again. */
  private static int[] rows(FineTuningData data, StepSettings settings, int steps) {
    int examples = data.source().trainingExamples();
    int[] order = Order.of(examples, settings.seed(), 0);
    int[] rows = new int[steps * settings.batchSize()];
    Arrays.setAll(rows, i -> order[i % examples]);
    return rows;
  }
}
