package dev.graft.zoo.hub.server;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a file that a header {@code Range} asks for (RFC 9110, section 14).
 *
 * @param first counted from 0
 * @param count of bytes, at least 1
 */
record ByteRange(long first, long count) {
  private static final Pattern ONE = Pattern.compile("bytes=\\s*(\\d{0,18})-(\\d{0,18})\\s*");

  /**
   * The one range that is asked for; empty where the whole file is to be sent: without a header,
   * and where it is of a form that may be ignored, such as several ranges.
   *
   * @throws HubError with status 416 if nothing of it lies in the file
   */
  static Optional<ByteRange> of(String header, long size) {
    Matcher matcher = ONE.matcher(header);
    if (!matcher.matches() || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
      return Optional.empty();
    }
    if (matcher.group(1).isEmpty()) {
      long last = Math.min(size, Long.parseLong(matcher.group(2)));
      return Optional.of(satisfiable(size - last, last));
    }
    long first = Long.parseLong(matcher.group(1));
    long last = matcher.group(2).isEmpty() ? size - 1 : Long.parseLong(matcher.group(2));
    if (!matcher.group(2).isEmpty() && last < first) {
      return Optional.empty();
    }
    return Optional.of(satisfiable(first, Math.min(last, size - 1) - first + 1));
  }

  private static ByteRange satisfiable(long first, long count) {
    if (count <= 0) {
      throw new HubError(416, "", "The range lies outside of the file");
    }
    return new ByteRange(first, count);
  }
}
