package dev.graft.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Says what is kept and how to go on when the process is told to end (Ctrl-C, SIGTERM) between
 * {@link #announce} and {@link #close}. The exit code stays the system's own, 130 after Ctrl-C.
 *
 * <p>The process ends only when the work has been unwound, so that no native code runs and what was
 * computed is kept, or after some seconds: native libraries are taken down at the end, and one that
 * still computes would crash and leave a report of that. Whatever the work throws or says while the
 * process ends is of no interest any more: {@link #close} does not return then.
 */
final class Interruption implements AutoCloseable {
  private static final long LONGEST_STEP_SECONDS = 5;

  private final Thread hook;
  private final Gate gate;

  private Interruption(Thread hook, Gate gate) {
    this.hook = hook;
    this.gate = gate;
  }

  /** Unwinds the work when the process is to end. */
  private static final class Ending extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Ending() {
      super("the process is ending", null, false, false);
    }
  }

  /** Where the work is held when the process is to end. */
  private static final class Gate {
    private final CountDownLatch held = new CountDownLatch(1);
    private volatile boolean closed;

    void await() {
      try {
        if (!held.await(LONGEST_STEP_SECONDS, TimeUnit.SECONDS)) {
          // A step that takes longer is left to its fate; the checkpoint before it is whole.
          return;
        }
      } catch (InterruptedException ending) {
        Thread.currentThread().interrupt();
      }
    }

    void hold() {
      held.countDown();
      while (closed) {
        LockSupport.park(this);
      }
    }
  }

  /** Called by the work between its steps; throws when the process is to end. */
  void pass() {
    if (gate.closed) {
      throw new Ending();
    }
  }

  /** Prepares the message; it is made only when it is needed. */
  static Interruption announce(Console console, Progress progress, Supplier<String> message) {
    Gate gate = new Gate();
    Thread hook =
        new Thread(
            () -> {
              gate.closed = true;
              progress.abandon();
              console.error().println("graft: interrupted: " + message.get());
              console.error().flush();
              gate.await();
            },
            "graft-interruption");
    Runtime.getRuntime().addShutdownHook(hook);
    return new Interruption(hook, gate);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // The process is ending and the message is being written: nothing can be taken back.
      gate.hold();
    }
  }
}
