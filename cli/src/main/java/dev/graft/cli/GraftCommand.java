package dev.graft.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command without a subcommand. */
@Command(
    name = "graft",
    description =
        "Transfer learning for the JVM: a pretrained ONNX model and a folder of labelled images"
            + " in, a tested ONNX classifier out.",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands%n",
    exitCodeListHeading = "%nExit codes%n",
    exitCodeList = {
      "0:done",
      "1:anything else",
      "2:usage",
      "3:data",
      "4:model",
      "5:environment (disk, permissions, memory, network, native libraries)"
    },
    footerHeading = "%nExamples%n",
    footer = {
      "  graft train photos.zip --out my-model",
      "  graft predict my-model photo.jpg more-photos/"
    },
    versionProvider = Version.class,
    subcommands = {
      AdviseCommand.class,
      TrainCommand.class,
      PretrainCommand.class,
      PullCommand.class,
      ModelsCommand.class,
      PredictCommand.class,
      EvaluateCommand.class,
      ExplainCommand.class,
      CompareCommand.class,
      InspectCommand.class,
      FeaturesCommand.class,
      WakewordCommand.class,
      DoctorCommand.class,
      PushCommand.class,
      HubCommand.class,
      VerifyCommand.class,
      SignCommand.class,
      CompletionCommand.class,
      RehearseCommand.class,
      HelpCommand.class
    })
final class GraftCommand implements Runnable {
  @Mixin
  @SuppressWarnings("UnusedVariable") // the parser reads it
  private final CommonOptions common = new CommonOptions();

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version of Graft, Java and the platform.")
  @SuppressWarnings("UnusedVariable") // the parser reads it
  private boolean version;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "Expected a command: advise, doctor, train, pretrain, pull, push, models, hub, predict,"
            + " evaluate, explain, compare, inspect, features, verify, sign or wakeword");
  }
}
