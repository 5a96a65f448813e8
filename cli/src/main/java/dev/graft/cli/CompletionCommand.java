package dev.graft.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the completion script. */
@Command(
    name = "completion",
    header = "Print a completion script for bash and zsh.",
    description = "Print a script that completes commands and options in bash and zsh.",
    footer = {"  source <(graft completion)", "  graft completion > ~/.graft-completion"})
final class CompletionCommand implements Callable<Integer> {
  @Mixin
  @SuppressWarnings("UnusedVariable") // the parser reads it
  private final CommonOptions common = new CommonOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Console console;

  CompletionCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    console.results().write(AutoComplete.bash("graft", spec.root().commandLine()));
    return ExitCode.DONE;
  }
}
