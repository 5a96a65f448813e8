package dev.graft.transfer.training;

import dev.graft.engine.FloatTensor;
import dev.graft.engine.TrainingSession;
import dev.graft.transfer.training.BatchSource.Batches;
import dev.graft.transfer.training.BatchSource.EvaluationSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/** What a session's present weights predict for examples that do not train. Stateless. */
public final class SessionPredictions {
  private SessionPredictions() {}

  /**
   * Probabilities [examples, classes], row-major.
   *
   * @param seen hears after each batch how many examples have been predicted; what it throws ends
   *     the work
   */
  public static float[] probabilities(
      TrainingSession session,
      BatchSource source,
      EvaluationSet set,
      int batchSize,
      IntConsumer seen) {
    List<float[]> rows = new ArrayList<>();
    try (Batches batches = source.plain(set, batchSize)) {
      for (FloatTensor batch = batches.next(); batch.rows() > 0; batch = batches.next()) {
        FloatTensor logits = session.predict(batch);
        int classes = logits.width();
        for (int row = 0; row < logits.rows(); row++) {
          float[] one = Arrays.copyOfRange(logits.values(), row * classes, (row + 1) * classes);
          rows.add(Softmax.of(one));
        }
        seen.accept(rows.size());
      }
    }
    int classes = rows.isEmpty() ? 0 : rows.get(0).length;
    float[] all = new float[rows.size() * classes];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, all, i * classes, classes);
    }
    return all;
  }
}
