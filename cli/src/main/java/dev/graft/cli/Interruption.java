package dev.graft.cli;

import java.util.function.Supplier;

/**
 * Says what is kept and how to go on when the process is told to end (Ctrl-C, SIGTERM) between
 * {@link #announce} and {@link #close}. The exit code stays the system's own, 130 after Ctrl-C.
 */
final class Interruption implements AutoCloseable {
  private final Thread hook;

  private Interruption(Thread hook) {
    this.hook = hook;
  }

  /** Prepares the message; it is made only when it is needed. */
  static Interruption announce(Console console, Progress progress, Supplier<String> message) {
    Thread hook =
        new Thread(
            () -> {
              progress.abandon();
              console.error().println("graft: interrupted: " + message.get());
              console.error().flush();
            },
            "graft-interruption");
    Runtime.getRuntime().addShutdownHook(hook);
    return new Interruption(hook);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // The process is ending and the message is being written: nothing can be taken back.
      return;
    }
  }
}
