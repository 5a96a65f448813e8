package dev.graft.transfer.training;

import dev.graft.data.LeftOut;
import dev.graft.engine.CoreWorkers;
import dev.graft.engine.FloatTensor;
import dev.graft.engine.Network;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;

/**
 * Passes of a frozen network over requested views, handed out in the order in which they were asked
 * for. Each core decodes small batches and runs them by itself; some batches are begun ahead of
 * their turn. For one consuming thread.
 *
 * <p>All batches have the same size (one with too few images is filled up with repeats), so that a
 * row's value does not depend on which others were asked for.
 */
final class FrozenPasses implements AutoCloseable {
  private static final int BATCHES_AHEAD_PER_CORE = 2;

  /**
   * A batch that was run.
   *
   * @param requests what its rows are
   * @param outputs one row for each request, and meaningless ones behind
   * @param damaged what could not be decoded and has no row
   */
  record Rows(List<ViewRequest> requests, FloatTensor outputs, List<LeftOut> damaged) {}

  private final ExampleViews views;
  private final Network network;
  private final List<ViewRequest> requests;
  private final int usualBatch;
  private final CoreWorkers workers = CoreWorkers.open();
  private final Deque<Future<Rows>> ahead = new ArrayDeque<>();
  private int begun;

  /**
   * Prepares passes.
   *
   * @param requests those of one batch key one after the other
   * @param usualBatch rows of a batch, of examples of the full shape
   */
  FrozenPasses(ExampleViews views, Network network, List<ViewRequest> requests, int usualBatch) {
    this.views = views;
    this.network = network;
    this.requests = requests;
    this.usualBatch = usualBatch;
  }

  /** The next batch; empty at the end. */
  Optional<Rows> next() {
    while (ahead.size() < BATCHES_AHEAD_PER_CORE * workers.count() && begun < requests.size()) {
      int key = requests.get(begun).batchKey(views);
      int most = views.rowsTogether(usualBatch, key);
      int end = begun + 1;
      while (end < requests.size()
          && end - begun < most
          && requests.get(end).batchKey(views) == key) {
        end++;
      }
      List<ViewRequest> some = requests.subList(begun, end);
      ahead.add(workers.submit(() -> run(some, most)));
      begun = end;
    }
    Future<Rows> first = ahead.poll();
    return first == null ? Optional.empty() : Optional.of(CoreWorkers.result(first));
  }

  private Rows run(List<ViewRequest> some, int batchSize) {
    int width = views.valueCount();
    float[] values = new float[batchSize * width];
    List<ViewRequest> decoded = new ArrayList<>();
    List<LeftOut> damaged = new ArrayList<>();
    for (ViewRequest request : some) {
      Optional<LeftOut> damage = request.write(views, values, decoded.size() * width);
      damage.ifPresent(damaged::add);
      if (damage.isEmpty()) {
        decoded.add(request);
      }
    }
    if (decoded.isEmpty()) {
      return new Rows(decoded, new FloatTensor(new float[0], 0), damaged);
    }
    for (int row = decoded.size(); row < batchSize; row++) {
      System.arraycopy(values, 0, values, row * width, width);
    }
    return new Rows(decoded, network.run(views.batch(values, batchSize)), damaged);
  }

  @Override
  public void close() {
    workers.close();
  }
}
