package dev.graft.cli;

import dev.graft.data.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Texts from standard input, one a line. */
final class TextLines {
  private static final int LARGEST_INPUT_BYTES = 256 << 20;

  private TextLines() {}

  /** The bytes of each line that is not empty, by "line" and its number from 1 on. */
  static Map<String, byte[]> of(InputStream in) {
    byte[] all = all(in);
    Map<String, byte[]> lines = new LinkedHashMap<>();
    int number = 0;
    int start = 0;
    for (int end = 0; end <= all.length; end++) {
      if (end < all.length && all[end] != '\n') {
        continue;
      }
      number++;
      int stop = end > start && all[end - 1] == '\r' ? end - 1 : end;
      if (stop > start) {
        lines.put("line " + number, Arrays.copyOfRange(all, start, stop));
      }
      start = end + 1;
    }
    return lines;
  }

  /** Everything, up to 256 MiB. */
  static byte[] all(InputStream in) {
    try {
      byte[] bytes = in.readNBytes(LARGEST_INPUT_BYTES + 1);
      if (bytes.length > LARGEST_INPUT_BYTES) {
        throw new DataException(
            "Cannot read standard input: it is larger than the limit of "
                + Wording.bytes(LARGEST_INPUT_BYTES)
                + ". Give one file at a time.");
      }
      return bytes;
    } catch (IOException failure) {
      throw new DataException(
          "Cannot read standard input: " + FileProblems.reason(failure) + ".", failure);
    }
  }
}
