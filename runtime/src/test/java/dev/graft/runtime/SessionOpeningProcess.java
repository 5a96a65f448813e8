package dev.graft.runtime;

import java.nio.file.Path;

/** An application that opens a session on its main thread, as a process of its own. */
final class SessionOpeningProcess {
  private SessionOpeningProcess() {}

  public static void main(String... arguments) {
    InferenceOptions options = InferenceOptions.defaults().withThreads(1);
    try (InferenceSession session = InferenceSession.open(Path.of(arguments[0]), options)) {
      System.out.println(session.inputs());
    }
  }
}
