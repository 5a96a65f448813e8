package dev.graft.transfer.training;

import dev.graft.engine.FloatTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Batches of examples, decoded and augmented anew in each epoch while the network trains. */
public final class LiveBatches implements BatchSource {
  private final ExampleViews views;
  private final ExampleTable train;

  /** Batches of examples; the views decide size and augmentation. */
  public LiveBatches(ExampleViews views, ExampleTable train) {
    this.views = views;
    this.train = train;
  }

  @Override
  public int trainingExamples() {
    return train.size();
  }

  @Override
  public int[] trainingLabels() {
    return train.labels();
  }

  @Override
  public int[] arranged(int[] order, int batchSize) {
    int[] keys = new int[train.size()];
    for (int row = 0; row < keys.length; row++) {
      keys[row] = new ViewRequest(train, row, 0).batchKey(views);
    }
    return Arrays.stream(keys).distinct().count() <= 1
        ? order
        : LengthBuckets.arranged(order, batchSize, row -> keys[row]);
  }

  @Override
  public Batches epoch(int[] order, int epoch, int batchSize, int firstStep) {
    List<ViewRequest> requests = new ArrayList<>();
    for (int i = firstStep * batchSize; i < order.length; i++) {
      requests.add(new ViewRequest(train, order[i], epoch + 1));
    }
    return decoded(requests, batchSize);
  }

  @Override
  public Batches plain(EvaluationSet set, int batchSize) {
    List<ViewRequest> requests = new ArrayList<>();
    set.rows().forEach(row -> requests.add(new ViewRequest(set.table(), row, 0)));
    return decoded(requests, batchSize);
  }

  private Batches decoded(List<ViewRequest> requests, int batchSize) {
    PreparedBatches prepared = new PreparedBatches(views, requests, batchSize);
    return new Batches() {
      @Override
      public FloatTensor next() {
        PreparedBatches.Batch batch = prepared.next();
        batch.damaged().stream().findFirst().ifPresent(LiveBatches::changed);
        return batch.images();
      }

      @Override
      public void close() {
        prepared.close();
      }
    };
  }

  /** All examples were decoded once before training; one that fails now was changed meanwhile. */
  private static void changed(dev.graft.data.LeftOut damaged) {
    throw new dev.graft.data.DataException(
        "Training on "
            + damaged.path()
            + ": it could be read when the run began, but no longer: "
            + damaged.reason());
  }
}
