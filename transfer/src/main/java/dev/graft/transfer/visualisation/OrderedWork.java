package dev.graft.transfer.visualisation;

import dev.graft.engine.CoreWorkers;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Numbered tasks that run one per core, some ahead of their turn; results come in order. */
final class OrderedWork {
  private static final int AHEAD_PER_CORE = 2;

  private OrderedWork() {}

  /** Takes one result, on the thread that runs the whole. */
  interface Consumer<T> {
    void take(int number, T result);
  }

  static <T> void run(int count, IntFunction<T> task, Consumer<T> consumer) {
    try (CoreWorkers workers = CoreWorkers.open()) {
      Deque<Future<T>> ahead = new ArrayDeque<>();
      int begun = 0;
      for (int number = 0; number < count; number++) {
        while (begun < count && ahead.size() < AHEAD_PER_CORE * workers.count()) {
          int next = begun++;
          ahead.add(workers.submit(() -> task.apply(next)));
        }
        consumer.take(number, CoreWorkers.result(ahead.remove()));
      }
    }
  }
}
