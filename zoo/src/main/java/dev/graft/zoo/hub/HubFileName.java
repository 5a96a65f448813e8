package dev.graft.zoo.hub;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The path of a file inside a repository, checked to stay inside any folder that it is resolved
 * against. Whether each file system can store it is another question: {@link #isPortable}.
 * Immutable and thread-safe.
 *
 * @param text with slashes between its parts
 */
public record HubFileName(String text) {
  /** File systems take names of 255 bytes, and paths of 4,096. */
  private static final int LONGEST_PART_BYTES = 255;

  private static final int LONGEST_BYTES = 4096;
  private static final String NOT_ON_WINDOWS = ":*?\"<>|";

  /** Names that are devices on Windows, whatever their extension. */
  private static final Set<String> DEVICES = Set.of("con", "prn", "aux", "nul");

  /**
   * Checks a path.
   *
   * @throws HubException if it leaves its folder, or is longer than any file system takes
   */
  public HubFileName {
    String problem = problem(text);
    if (!problem.isEmpty()) {
      throw new HubException(
          HubException.Cause.DAMAGED,
          "Checking the names of a model's files: \""
              + (text.length() > 200 ? text.substring(0, 200) + "..." : text)
              + "\" is refused, for "
              + problem
              + ". Do not use this model unless you trust its source.");
    }
  }

  private static String problem(String text) {
    if (text.getBytes(StandardCharsets.UTF_8).length > LONGEST_BYTES) {
      return "a path has at most " + LONGEST_BYTES + " bytes";
    }
    for (String part : text.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        return "it is no path inside the model's folder";
      }
      if (part.getBytes(StandardCharsets.UTF_8).length > LONGEST_PART_BYTES) {
        return "a name has at most " + LONGEST_PART_BYTES + " bytes";
      }
      // A backslash parts folders on Windows.
      if (part.chars().anyMatch(c -> Character.isISOControl(c) || c == '\\')) {
        return "it holds characters that no name needs";
      }
    }
    return "";
  }

  /** Whether it names the same file on every platform. */
  public boolean isPortable() {
    for (String part : parts()) {
      String stem = part.split("\\.", 2)[0].toLowerCase(Locale.ROOT);
      if (part.chars().anyMatch(c -> NOT_ON_WINDOWS.indexOf(c) >= 0)
          || part.endsWith(".")
          || part.endsWith(" ")
          || DEVICES.contains(stem)) {
        return false;
      }
    }
    return true;
  }

  /** Its folders and its name. */
  List<String> parts() {
    return List.of(text.split("/"));
  }

  /** Without its folders. */
  public String fileName() {
    return text.substring(text.lastIndexOf('/') + 1);
  }

  /** Its folder with a slash behind it, empty for files at the top. */
  String folder() {
    return text.substring(0, text.lastIndexOf('/') + 1);
  }

  @Override
  public String toString() {
    return text;
  }
}
