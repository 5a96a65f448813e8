package dev.graft.transfer.features;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The name of a segment: a sequence number, the writer's process and a random part, for example
 * {@code 00000003-4711-9f86d081}.
 *
 * <p>Segments are read in the order of their names and later rows win, so the number lets a row
 * that replaces a damaged one win without trusting any clock.
 */
record SegmentName(Path folder, String text) {

  private static final String FORM = "\\d{8}-\\d{1,20}-[0-9a-f]{8}";
  private static final Pattern INDEX_FILE =
      Pattern.compile(FORM + Pattern.quote(SegmentFormat.INDEX_SUFFIX));
  private static final Pattern ANY_FILE =
      Pattern.compile(
          FORM
              + "("
              + Pattern.quote(SegmentFormat.INDEX_SUFFIX)
              + "|"
              + Pattern.quote(SegmentFormat.ROWS_SUFFIX)
              + ")");
  private static final int LARGEST_SEQUENCE = 99_999_999;

  /** A name after all that are in the folder now. */
  static SegmentName next(Path folder) throws IOException {
    List<SegmentName> names = list(folder);
    int last =
        names.isEmpty() ? 0 : Integer.parseInt(names.get(names.size() - 1).text().substring(0, 8));
    String random = UUID.randomUUID().toString().substring(0, 8);
    return new SegmentName(
        folder,
        String.format(
            Locale.ROOT,
            "%08d-%d-%s",
            Math.min(LARGEST_SEQUENCE, last + 1),
            ProcessHandle.current().pid(),
            random));
  }

  /** The segments of a folder, in the order in which they are to be read. */
  static List<SegmentName> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> INDEX_FILE.matcher(fileName(file)).matches())
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .map(file -> fileName(file).replace(SegmentFormat.INDEX_SUFFIX, ""))
          .sorted()
          .map(text -> new SegmentName(folder, text))
          .toList();
    }
  }

  /** Whether a file is named as a part of a segment. */
  static boolean matches(Path file) {
    return ANY_FILE.matcher(fileName(file)).matches();
  }

  Path rowsFile() {
    return folder.resolve(text + SegmentFormat.ROWS_SUFFIX);
  }

  Path indexFile() {
    return folder.resolve(text + SegmentFormat.INDEX_SUFFIX);
  }

  private static String fileName(Path file) {
    return String.valueOf(file.getFileName());
  }
}
