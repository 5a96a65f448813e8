package dev.graft.engine;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * One thread for each core, on which libtorch computes with that core alone.
 *
 * <p>A frozen network runs faster as many small passes side by side than as one large pass on all
 * cores: layers of little work do not wait for each other, each core keeps its own activations in
 * its cache, and a core that decodes an image takes nothing from a pass in progress. Thread-safe.
 */
public final class CoreWorkers implements AutoCloseable {
  private final int count;
  private final ExecutorService threads;
  private final AtomicBoolean closed = new AtomicBoolean();

  private CoreWorkers(int count) {
    Libtorch.beginConfinement();
    this.count = count;
    this.threads =
        Executors.newFixedThreadPool(
            count,
            task -> {
              Thread thread = new Thread(() -> confined(task), "graft-core");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** As many workers as libtorch has threads. */
  public static CoreWorkers open() {
    return new CoreWorkers(Libtorch.threads());
  }

  /**
   * Runs a task on one core and waits for it. Small steps are faster so: with several cores most of
   * the time goes into waking the others up.
   */
  public static <T> T onOneCore(Supplier<T> task) {
    try (CoreWorkers one = new CoreWorkers(1)) {
      return result(one.submit(task::get));
    }
  }

  /**
   * Waits for a task; what it threw is thrown.
   *
   * @throws EngineException where the waiting thread was interrupted
   */
  public static <T> T result(Future<T> submitted) {
    try {
      return submitted.get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new EngineException("Computing was interrupted.");
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

  private static void confined(Runnable task) {
    Libtorch.confineThisThread();
    task.run();
  }

  /** The number of workers. */
  public int count() {
    return count;
  }

  /** Runs a task on the next free worker. */
  public <T> Future<T> submit(Callable<T> task) {
    return threads.submit(task);
  }

  /** Drops what has not begun, and waits for what has: native code must not lose its tensors. */
  @Override
  public void close() {
    threads.shutdownNow();
    awaitEnd();
    if (!closed.getAndSet(true)) {
      Libtorch.endConfinement();
    }
  }

  private void awaitEnd() {
    boolean interrupted = false;
    while (!threads.isTerminated()) {
      try {
        if (threads.awaitTermination(1, TimeUnit.MINUTES)) {
          break;
        }
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
