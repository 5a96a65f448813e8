package dev.graft.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command of hubs without a subcommand. */
@Command(
    name = "hub",
    header = "Serve models to others.",
    description = "Serve a folder of models to others, as a model hub does.",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands%n",
    subcommands = {HubServeCommand.class},
    footer = {"  graft hub serve models/"})
final class HubCommand implements Runnable {
  @Mixin
  @SuppressWarnings("UnusedVariable") // the parser reads it
  private final CommonOptions common = new CommonOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Expected a command: serve");
  }
}
