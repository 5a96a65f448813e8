package dev.graft.cli;

import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes the commands, giving each that works the console. */
final class CommandFactory implements IFactory {
  private final Console console;

  CommandFactory(Console console) {
    this.console = console;
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    if (type == TrainCommand.class) {
      return type.cast(new TrainCommand(console));
    }
    if (type == AdviseCommand.class) {
      return type.cast(new AdviseCommand(console));
    }
    if (type == PretrainCommand.class) {
      return type.cast(new PretrainCommand(console));
    }
    if (type == PredictCommand.class) {
      return type.cast(new PredictCommand(console));
    }
    if (type == EvaluateCommand.class) {
      return type.cast(new EvaluateCommand(console));
    }
    if (type == ExplainCommand.class) {
      return type.cast(new ExplainCommand(console));
    }
    if (type == CompareCommand.class) {
      return type.cast(new CompareCommand(console));
    }
    if (type == InspectCommand.class) {
      return type.cast(new InspectCommand(console));
    }
    if (type == FeaturesCommand.class) {
      return type.cast(new FeaturesCommand(console));
    }
    if (type == DoctorCommand.class) {
      return type.cast(new DoctorCommand(console));
    }
    if (type == CompletionCommand.class) {
      return type.cast(new CompletionCommand(console));
    }
    if (type == RehearseCommand.class) {
      return type.cast(new RehearseCommand(console));
    }
    if (type == PullCommand.class) {
      return type.cast(new PullCommand(console));
    }
    if (type == ModelsCommand.class) {
      return type.cast(new ModelsCommand(console));
    }
    if (type == ModelsRemoveCommand.class) {
      return type.cast(new ModelsRemoveCommand(console));
    }
    return ofSharing(type);
  }

  private <K> K ofSharing(Class<K> type) throws Exception {
    if (type == PushCommand.class) {
      return type.cast(new PushCommand(console));
    }
    if (type == HubServeCommand.class) {
      return type.cast(new HubServeCommand(console));
    }
    if (type == VerifyCommand.class) {
      return type.cast(new VerifyCommand(console));
    }
    if (type == SignCommand.class) {
      return type.cast(new SignCommand(console));
    }
    return ofWakeWords(type);
  }

  private <K> K ofWakeWords(Class<K> type) throws Exception {
    if (type == WakewordTrainCommand.class) {
      return type.cast(new WakewordTrainCommand(console));
    }
    if (type == WakewordEvaluateCommand.class) {
      return type.cast(new WakewordEvaluateCommand(console));
    }
    if (type == WakewordListenCommand.class) {
      return type.cast(new WakewordListenCommand(console));
    }
    return CommandLine.defaultFactory().create(type);
  }
}
