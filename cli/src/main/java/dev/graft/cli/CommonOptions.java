package dev.graft.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What every command takes. */
@Command(
    headerHeading = "",
    synopsisHeading = "Usage: ",
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    optionListHeading = "%nOptions%n",
    footerHeading = "%nExamples%n",
    sortOptions = false)
@SuppressWarnings("UnusedVariable") // the parser reads the fields
final class CommonOptions {
  static final String STACK_TRACE = "--stacktrace";

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  @Option(names = STACK_TRACE, description = "Show where an error came from.")
  private boolean stackTrace;
}
