package dev.graft.runtime.trust;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A file of a folder and the digest of its bytes.
 *
 * @param path inside the folder, with slashes
 * @param sha256 64 lower-case hexadecimal digits
 */
record ListedFile(String path, String sha256) {
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
  private static final Set<String> NOT_A_NAME = Set.of("", ".", "..");
  private static final int LONGEST_NAME_BYTES = 255;
  private static final int LONGEST_PATH_BYTES = 1024;

  ListedFile {
    Optional<String> problem = problemOf(path);
    if (problem.isPresent()) {
      throw new IllegalArgumentException(
          "the path \"" + shown(path) + "\" cannot stand in the list: " + problem.get());
    }
    if (!DIGEST.matcher(sha256).matches()) {
      throw new IllegalArgumentException(
          "the digest of "
              + path
              + " is \""
              + shown(sha256)
              + "\"; expected 64 lower-case hexadecimal digits");
    }
  }

  /** Why a path leads out of the folder or does not mean the same file on every system. */
  static Optional<String> problemOf(String path) {
    if (path.getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH_BYTES) {
      return Optional.of("it is longer than " + LONGEST_PATH_BYTES + " bytes");
    }
    for (String name : path.split("/", -1)) {
      if (NOT_A_NAME.contains(name)) {
        return Optional.of("it does not stay inside the folder");
      }
      if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME_BYTES) {
        return Optional.of("a name in it is longer than " + LONGEST_NAME_BYTES + " bytes");
      }
    }
    // Backslashes and colons separate on Windows; sha256sum writes them and line ends in another
    // way.
    boolean plain =
        path.codePoints().noneMatch(c -> Character.isISOControl(c) || c == '\\' || c == ':');
    return plain
        ? Optional.empty()
        : Optional.of("it holds a backslash, a colon or a control character");
  }

  private static String shown(String text) {
    return text.length() <= 100 ? text : text.substring(0, 100) + "…";
  }
}
