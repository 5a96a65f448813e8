package dev.graft.transfer.training;

import dev.graft.data.LeftOut;
import dev.graft.engine.CoreWorkers;
import dev.graft.engine.FloatTensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Batches of prepared images in the order in which they were asked for, decoded ahead by worker
 * threads; at most a few batches wait. For one consuming thread.
 */
final class PreparedBatches implements AutoCloseable {
  private static final int BATCHES_AHEAD = 3;

  /**
   * A batch.
   *
   * @param images [images, channels, height, width], as many as asked for but at the end
   * @param damaged what could not be decoded, left out of the batch
   */
  record Batch(FloatTensor images, List<LeftOut> damaged) {}

  /** A prepared image, or the reason why there is none. */
  private record Prepared(float[] values, Optional<LeftOut> damage) {}

  private final ExampleViews views;
  private final Iterator<ViewRequest> requests;
  private final int batchSize;
  private final ExecutorService workers;
  private final Deque<Future<Prepared>> ahead = new ArrayDeque<>();

  PreparedBatches(ExampleViews views, List<ViewRequest> requests, int batchSize) {
    this.views = views;
    this.requests = requests.iterator();
    this.batchSize = batchSize;
    int threads = Math.max(1, Math.min(Runtime.getRuntime().availableProcessors(), 16));
    this.workers =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "graft-decode");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** The next batch; one without images and damage at the end. */
  Batch next() {
    int width = views.valueCount();
    float[] values = new float[batchSize * width];
    int rows = 0;
    List<LeftOut> damaged = new ArrayList<>();
    while (rows < batchSize) {
      fill();
      Future<Prepared> first = ahead.poll();
      if (first == null) {
        break;
      }
      Prepared prepared = CoreWorkers.result(first);
      prepared.damage().ifPresent(damaged::add);
      if (prepared.damage().isEmpty()) {
        System.arraycopy(prepared.values(), 0, values, rows * width, width);
        rows++;
      }
    }
    float[] used = rows == batchSize ? values : Arrays.copyOf(values, rows * width);
    return new Batch(views.batch(used, rows), damaged);
  }

  private void fill() {
    while (ahead.size() < BATCHES_AHEAD * batchSize && requests.hasNext()) {
      ahead.add(workers.submit(prepare(requests.next())));
    }
  }

  private Callable<Prepared> prepare(ViewRequest request) {
    return () -> {
      float[] values = new float[views.valueCount()];
      return new Prepared(values, request.write(views, values, 0));
    };
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }
}
