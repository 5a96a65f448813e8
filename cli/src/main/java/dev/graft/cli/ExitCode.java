package dev.graft.cli;

/** What the command's exit codes mean; scripts rely on them. */
final class ExitCode {
  /** It did what was asked. */
  static final int DONE = 0;

  /** Something that no other code covers. */
  static final int OTHER = 1;

  /** The arguments or settings cannot be used. */
  static final int USAGE = 2;

  /** The data cannot be used. */
  static final int DATA = 3;

  /** The model or bundle cannot be used. */
  static final int MODEL = 4;

  /** The machine does not allow it: disk, permissions, memory, native libraries. */
  static final int ENVIRONMENT = 5;

  private ExitCode() {}
}
