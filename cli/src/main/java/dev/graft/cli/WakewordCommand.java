package dev.graft.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command of wake words without a subcommand. */
@Command(
    name = "wakeword",
    header = "Train a wake word, measure it on streams, and listen for it.",
    description =
        "A wake word is a small network that hears one phrase in running sound: trained on 20 or"
            + " more recordings of the phrase and on other sound.",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands%n",
    subcommands = {
      WakewordTrainCommand.class,
      WakewordEvaluateCommand.class,
      WakewordListenCommand.class
    },
    footer = {
      "  graft wakeword train jarvis/ --other speech.zip --out jarvis-model",
      "  graft wakeword evaluate jarvis-model --positives jarvis-test/ --stream evening.wav",
      "  graft wakeword listen jarvis-model --microphone"
    })
final class WakewordCommand implements Runnable {
  @Mixin
  @SuppressWarnings("UnusedVariable") // the parser reads it
  private final CommonOptions common = new CommonOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Expected a command: train, evaluate or listen");
  }
}
