package dev.graft.transfer.sharing;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes the folders of this machine out of texts; names of files and folders stay. */
final class LocalPaths {
  /** From the root, a home folder or a drive on; a web address has a colon before its slashes. */
  private static final Pattern ABSOLUTE =
      Pattern.compile(
          "(?<![\\w/.:<\\\\-])(?:~?(?:/[^\\s/\"'`|<>()\\[\\],;]+)+/?"
              + "|[A-Za-z]:\\\\[^\\s\"'`|<>()\\[\\],;]+|\\\\\\\\[^\\s\"'`|<>()\\[\\],;]+)");

  /** A word of a command, quoted as shells do or not. */
  private static final Pattern WORD = Pattern.compile("(?:'[^']*'|\\\\'|[^\\s'])+");

  private LocalPaths() {}

  /** A text without the folders of absolute paths. */
  static String cut(String text) {
    return ABSOLUTE.matcher(text).replaceAll(found -> quoted(lastName(found.group())));
  }

  /** A command in which each path is its last name; names of models on hubs stay. */
  static String cutCommand(String command) {
    return WORD.matcher(command).replaceAll(found -> quoted(cutWord(found.group())));
  }

  /** The last name of a path of any system. */
  static String lastName(String path) {
    String text = path.replace('\\', '/').replaceAll("/+$", "");
    String name = text.substring(text.lastIndexOf('/') + 1);
    return name.isEmpty() ? "folder" : name;
  }

  private static String cutWord(String word) {
    int equals = word.startsWith("--") ? word.indexOf('=') + 1 : 0;
    String option = word.substring(0, equals);
    String value = word.substring(equals);
    boolean named =
        value.startsWith("hf:") || value.startsWith("graft/") || value.matches("https?://.*");
    if (named || (value.indexOf('/') < 0 && value.indexOf('\\') < 0)) {
      return word;
    }
    boolean quotes = value.startsWith("'") && value.endsWith("'") && value.length() > 1;
    String path = quotes ? value.substring(1, value.length() - 1) : value;
    return option + (quotes ? "'" + lastName(path) + "'" : lastName(path));
  }

  private static String quoted(String replacement) {
    return Matcher.quoteReplacement(replacement);
  }
}
