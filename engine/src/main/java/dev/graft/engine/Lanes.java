package dev.graft.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.pytorch.global.torch;

/**
 * Threads, one for each core, on which libtorch computes alone instead of sharing each operator.
 *
 * <p>Dividing the examples of a batch among them beats dividing each operator: what an operator
 * costs beside its arithmetic runs in parallel too, and nobody waits at the end of each operator for
 * a thread that the system gave to somebody else. Thread-safe.
 */
final class Lanes {
  private static final String THREAD_NAME = "graft-lane-";

  private final int count;
  private final ExecutorService threads;

  /** Starts the threads; libtorch's number of threads is set before and stays. */
  Lanes(int count) {
    this.count = count;
    AtomicInteger numbers = new AtomicInteger(1);
    CountDownLatch ready = new CountDownLatch(count);
    threads =
        Executors.newFixedThreadPool(
            count,
            work -> {
              Runnable alone =
                  () -> {
                    computeAlone();
                    ready.countDown();
                    work.run();
                  };
              Thread thread = new Thread(alone, THREAD_NAME + numbers.getAndIncrement());
              thread.setDaemon(true);
              return thread;
            });
    for (int i = 0; i < count; i++) {
      threads.execute(ready::getCount); // an executor starts a thread for each of its first tasks
    }
    awaitAll(ready);
  }

  private static void awaitAll(CountDownLatch ready) {
    boolean interrupted = false;
    while (ready.getCount() > 0) {
      try {
        ready.await();
      } catch (InterruptedException later) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Sets the number of libtorch's threads to one for the calling thread alone. libtorch keeps one
   * number for the process, which threads take over at their first operator, and one per thread;
   * setting it changes both, so the first is set back by a thread that computes nothing.
   */
  private static void computeAlone() {
    synchronized (Lanes.class) {
      int all = torch.get_num_threads();
      torch.set_num_threads(1);
      Thread restoring = new Thread(() -> torch.set_num_threads(all), "graft-thread-count");
      restoring.start();
      boolean interrupted = false;
      while (restoring.isAlive()) {
        try {
          restoring.join();
        } catch (InterruptedException later) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  int count() {
    return count;
  }

  /** Does all work and gives the results in its order; the first failure is thrown at the end. */
  <T> List<T> inParallel(List<? extends Callable<T>> work) {
    List<Future<T>> futures = new ArrayList<>();
    work.forEach(part -> futures.add(threads.submit(part)));
    List<T> results = new ArrayList<>();
    RuntimeException failure = null;
    for (Future<T> future : futures) {
      try {
        results.add(result(future));
      } catch (RuntimeException known) {
        failure = failure == null ? known : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return results;
  }

  /** Waits also when interrupted, as libtorch cannot be stopped; the interruption is kept. */
  private static <T> T result(Future<T> future) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException later) {
          interrupted = true;
        } catch (ExecutionException failed) {
          if (failed.getCause() instanceof RuntimeException known) {
            throw known;
          }
          throw new EngineException(
              "Running the graph failed: " + failed.getCause(), failed.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
