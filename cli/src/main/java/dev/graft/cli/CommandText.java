package dev.graft.cli;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A command as it can be typed again in a shell. */
final class CommandText {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./\\\\-]+");

  private CommandText() {}

  static String of(List<String> arguments) {
    return arguments.stream()
        .map(CommandText::quoted)
        .collect(Collectors.joining(" ", "graft ", ""));
  }

  static String quoted(String argument) {
    return PLAIN.matcher(argument).matches()
        ? argument
        : "'" + argument.replace("'", "'\\''") + "'";
  }
}
