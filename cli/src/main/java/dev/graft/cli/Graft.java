package dev.graft.cli;

import dev.graft.engine.ActivationMemory;
import dev.graft.transfer.ClassWeighting;
import dev.graft.transfer.HeadArchitecture;
import dev.graft.transfer.OptimizerChoice;
import dev.graft.transfer.PoolingChoice;
import dev.graft.transfer.PrecisionChoice;
import dev.graft.transfer.Strategy;
import dev.graft.transfer.pretraining.BackboneDescription.Storage;
import dev.graft.zoo.BackboneKind;
import dev.graft.zoo.architecture.ImageScale;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The entry point of the {@code graft} command. */
public final class Graft {
  private Graft() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String... arguments) {
    System.exit(run(Console.system(), arguments));
  }

  /** Runs the command on the given streams and returns its exit code. */
  static int run(Console console, String... arguments) {
    CommandLine commandLine = commandLine(console);
    try {
      return commandLine.execute(arguments);
    } catch (OutOfMemoryError | LinkageError failure) {
      return report(console, failure, List.of(arguments).contains(CommonOptions.STACK_TRACE));
    }
  }

  /** The parser with all commands, converters and error messages. */
  static CommandLine commandLine(Console console) {
    CommandLine commandLine = new CommandLine(new GraftCommand(), new CommandFactory(console));
    commandLine.setOut(console.resultsForParser());
    commandLine.setErr(console.error());
    commandLine.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            console.terminal().showsResults() && console.terminal().coloured()
                ? Ansi.ON
                : Ansi.OFF));
    commandLine.setUsageHelpWidth(Math.max(60, Math.min(100, console.terminal().columns())));
    commandLine.setUsageHelpLongOptionsMaxWidth(28);
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    registerConverters(commandLine);
    commandLine.setParameterExceptionHandler(
        (exception, arguments) -> reportUsage(console, exception));
    commandLine.setExecutionExceptionHandler(
        (exception, command, parsed) ->
            exception instanceof ParameterException usage
                ? reportUsage(console, usage)
                : report(
                    console, exception, parsed.expandedArgs().contains(CommonOptions.STACK_TRACE)));
    return commandLine;
  }

  private static void registerConverters(CommandLine commandLine) {
    register(commandLine, HeadArchitecture.class, HeadArchitecture::parse);
    register(commandLine, Strategy.class, Strategy::parse);
    register(commandLine, NamedBackbone.class, NamedBackbone::parse);
    register(commandLine, OptimizerChoice.class, OptimizerChoice::parse);
    register(commandLine, AugmentationChoice.class, AugmentationChoice::parse);
    register(commandLine, Duration.class, TimeBudget::parse);
    register(commandLine, ClassWeighting.class, text -> choice(ClassWeighting.class, text));
    register(commandLine, ActivationMemory.class, text -> choice(ActivationMemory.class, text));
    register(commandLine, BackboneKind.class, text -> choice(BackboneKind.class, text));
    register(commandLine, ImageScale.class, text -> choice(ImageScale.class, text));
    register(commandLine, Storage.class, text -> choice(Storage.class, text));
    register(commandLine, PoolingChoice.class, text -> choice(PoolingChoice.class, text));
    register(commandLine, PrecisionChoice.class, text -> choice(PrecisionChoice.class, text));
  }

  /** Turns the refusal of a value into a usage error that names the option. */
  private static <T> void register(
      CommandLine commandLine, Class<T> type, ITypeConverter<T> converter) {
    commandLine.registerConverter(
        type,
        text -> {
          try {
            return converter.convert(text);
          } catch (RuntimeException refused) {
            throw new TypeConversionException(String.valueOf(refused.getMessage()));
          }
        });
  }

  private static <E extends Enum<E>> E choice(Class<E> type, String text) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equalsIgnoreCase(text.trim())) {
        return constant;
      }
    }
    throw new TypeConversionException(
        "expected "
            + List.of(type.getEnumConstants()).stream()
                .map(constant -> constant.name().toLowerCase(java.util.Locale.ROOT))
                .collect(Collectors.joining(" or "))
            + ", found \""
            + text
            + "\"");
  }

  private static int reportUsage(Console console, ParameterException exception) {
    CommandLine command = exception.getCommandLine();
    console.error().println("graft: error: " + Wording.printable(sentence(exception)));
    if (exception instanceof UnmatchedArgumentException unmatched) {
      List<String> suggestions = unmatched.getSuggestions();
      if (!suggestions.isEmpty()) {
        console.error().println("Did you mean " + String.join(" or ", suggestions) + "?");
      }
    }
    console.error().println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE;
  }

  private static String sentence(ParameterException exception) {
    String message = String.valueOf(exception.getMessage()).trim();
    return message.endsWith(".") ? message : message + ".";
  }

  private static int report(Console console, Throwable thrown, boolean withStackTrace) {
    if (thrown instanceof OutputLostException lost && lost.readerGone()) {
      return ExitCode.OTHER;
    }
    Failure failure = Failure.of(thrown);
    console.error().println("graft: error: " + failure.message());
    if (withStackTrace) {
      thrown.printStackTrace(console.error());
    }
    console.error().flush();
    return failure.exitCode();
  }
}
