package dev.graft.cli;

import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the terminal behind the standard streams.
 *
 * @param showsResults whether standard output is a terminal
 * @param showsProgress whether standard error is a terminal that can rewrite its last line
 * @param answers whether a person can be asked: standard input is a terminal, too
 * @param coloured whether colours are wanted (https://no-color.org)
 * @param columns width of a line in characters
 */
record Terminal(
    boolean showsResults, boolean showsProgress, boolean answers, boolean coloured, int columns) {
  /** The launcher's findings; Java itself cannot tell the streams apart. */
  private static final String PROPERTY_PREFIX = "graft.terminal.";

  private static final int USUAL_COLUMNS = 80;
  private static final int FEWEST_COLUMNS = 40;
  private static final int MOST_COLUMNS = 240;

  /** No terminal: files and pipes. */
  static Terminal none() {
    return new Terminal(false, false, false, false, USUAL_COLUMNS);
  }

  /** What the launcher, the environment and Java tell about this process. */
  static Terminal detect() {
    return detect(System.getProperties(), System.getenv(), hasConsole());
  }

  /** From Java 22 on there is a console without a terminal, too; older ones cannot ask for that. */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean hasConsole() {
    java.io.Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return Boolean.TRUE.equals(java.io.Console.class.getMethod("isTerminal").invoke(console));
    } catch (ReflectiveOperationException olderJava) {
      return true;
    }
  }

  static Terminal detect(
      Properties properties, Map<String, String> environment, boolean hasConsole) {
    boolean in = flag(properties.getProperty(PROPERTY_PREFIX + "in"), hasConsole);
    boolean out = flag(properties.getProperty(PROPERTY_PREFIX + "out"), hasConsole);
    boolean err = flag(properties.getProperty(PROPERTY_PREFIX + "err"), hasConsole);
    boolean dumb = "dumb".equals(environment.get("TERM"));
    String noColour = environment.get("NO_COLOR");
    boolean coloured = !dumb && (noColour == null || noColour.isEmpty());
    int columns =
        columns(
            environment.get("COLUMNS"),
            columns(properties.getProperty(PROPERTY_PREFIX + "columns"), USUAL_COLUMNS));
    return new Terminal(out, err && !dumb, in && err, coloured, columns);
  }

  private static boolean flag(@Nullable String text, boolean otherwise) {
    if (text == null || text.isBlank()) {
      return otherwise;
    }
    return text.trim().toLowerCase(Locale.ROOT).equals("true");
  }

  private static int columns(@Nullable String text, int otherwise) {
    if (text == null || !text.trim().matches("[0-9]{1,5}")) {
      return otherwise;
    }
    int columns = Integer.parseInt(text.trim());
    return columns == 0 ? otherwise : Math.max(FEWEST_COLUMNS, Math.min(MOST_COLUMNS, columns));
  }
}
