package dev.graft.data;

import java.util.Arrays;
import java.util.stream.Stream;

/** Paths that come from inside the data (tables, archives) and so may be forged. */
final class SafePaths {
  static final String REASON =
      "its path is absolute, has \"..\" in it or is an address; expected a path inside the data";

  private SafePaths() {}

  static Stream<String> parts(String path) {
    return Arrays.stream(path.split("/"));
  }

  static boolean leaves(String path) {
    return parts(path).anyMatch(part -> part.equals(".."));
  }

  static boolean isUnsafe(String path) {
    boolean drive =
        path.length() > 1 && path.charAt(1) == ':' && Character.isLetter(path.charAt(0));
    return path.startsWith("/")
        || path.startsWith("\\")
        || drive
        || path.contains("://")
        || path.indexOf('\0') >= 0
        || leaves(path.replace('\\', '/'));
  }

  /**
   * The path with "/" between its parts and without "." parts, as tables made on Windows or by
   * scripts may have it.
   */
  static String normalised(String path) {
    String slashed = path.strip().replace('\\', '/');
    while (slashed.startsWith("./")) {
      slashed = slashed.substring(2);
    }
    return slashed.replace("/./", "/").replaceAll("/+", "/");
  }
}
