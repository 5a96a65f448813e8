package dev.graft.transfer.training;

import dev.graft.data.DataException;
import dev.graft.data.LeftOut;
import dev.graft.engine.FloatTensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
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
   * A batch of fixed size.
   *
   * @param requests what its first rows are; further rows repeat the last
   * @param images [batch size, channels, height, width]
   * @param damaged requests that could not be decoded, left out of the batch
   */
  record Batch(List<ViewRequest> requests, FloatTensor images, List<LeftOut> damaged) {}

  /** A prepared image, or the reason why there is none. */
  private record Prepared(ViewRequest request, float[] values, Optional<LeftOut> damage) {}

  private final ImageViews views;
  private final Iterator<ViewRequest> requests;
  private final int batchSize;
  private final ExecutorService workers;
  private final Deque<Future<Prepared>> ahead = new ArrayDeque<>();

  PreparedBatches(ImageViews views, List<ViewRequest> requests, int batchSize) {
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

  /**
   * The next batch; empty at the end. A batch in which nothing could be decoded has no requests.
   */
  Optional<Batch> next() {
    List<ViewRequest> decoded = new ArrayList<>();
    List<LeftOut> damaged = new ArrayList<>();
    float[] values = new float[batchSize * views.valueCount()];
    while (decoded.size() < batchSize) {
      fill();
      Future<Prepared> first = ahead.poll();
      if (first == null) {
        break;
      }
      Prepared prepared = await(first);
      prepared.damage().ifPresent(damaged::add);
      if (prepared.damage().isEmpty()) {
        System.arraycopy(
            prepared.values(), 0, values, decoded.size() * views.valueCount(), views.valueCount());
        decoded.add(prepared.request());
      }
    }
    if (decoded.isEmpty() && damaged.isEmpty()) {
      return Optional.empty();
    }
    repeatLast(values, decoded.size());
    long[] shape = views.shape();
    FloatTensor images = new FloatTensor(values, batchSize, shape[0], shape[1], shape[2]);
    return Optional.of(new Batch(decoded, images, damaged));
  }

  private void repeatLast(float[] values, int filled) {
    int width = views.valueCount();
    for (int row = Math.max(1, filled); row < batchSize && filled > 0; row++) {
      System.arraycopy(values, (filled - 1) * width, values, row * width, width);
    }
  }

  private void fill() {
    while (ahead.size() < BATCHES_AHEAD * batchSize && requests.hasNext()) {
      ahead.add(workers.submit(prepare(requests.next())));
    }
  }

  private Callable<Prepared> prepare(ViewRequest request) {
    return () -> {
      float[] values = new float[views.valueCount()];
      return new Prepared(request, values, request.write(views, values, 0));
    };
  }

  private static Prepared await(Future<Prepared> future) {
    try {
      return future.get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new DataException("Decoding images was interrupted.");
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (failure.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(failure.getCause());
    }
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }
}
