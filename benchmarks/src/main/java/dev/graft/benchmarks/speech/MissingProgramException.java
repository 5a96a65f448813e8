package dev.graft.benchmarks.speech;

/** A synthesizer, or a voice of it, is not installed. */
final class MissingProgramException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  MissingProgramException(SpeechProgram program, Throwable cause) {
    super(
        "Starting the synthesizer "
            + program.command()
            + ": it is not on the path. "
            + program.installation(),
        cause);
  }

  MissingProgramException(String problem, SpeechProgram program) {
    super(problem + ". " + program.installation());
  }
}
