package dev.graft.benchmarks.speech;

import java.util.Locale;

/**
 * What lies where in a stream: a line of the table beside it.
 *
 * @param startSeconds from the beginning of the stream
 * @param label what is said, the folder of a recording, or the kind of a sound or noise
 * @param source the voice or the file
 * @param decibels root mean square, below full scale
 */
record StreamEvent(
    double startSeconds,
    double endSeconds,
    String label,
    Kind kind,
    String source,
    double decibels) {
  static final String HEADER = "start,end,label,kind,source,decibels";

  /** What kind of sound it is. */
  enum Kind {
    SENTENCE,
    RECORDING,
    SOUND,
    NOISE
  }

  StreamEvent later(double seconds) {
    return new StreamEvent(
        startSeconds + seconds, endSeconds + seconds, label, kind, source, decibels);
  }

  /** The same, cut where the stream ends. */
  StreamEvent endingBy(double seconds) {
    return new StreamEvent(
        startSeconds, Math.min(endSeconds, seconds), label, kind, source, decibels);
  }

  String line() {
    return String.format(
        Locale.ROOT,
        "%.3f,%.3f,%s,%s,%s,%.1f",
        startSeconds,
        endSeconds,
        quoted(label),
        kind.name().toLowerCase(Locale.ROOT),
        quoted(source),
        decibels);
  }

  private static String quoted(String text) {
    return '"' + text.replace("\"", "\"\"") + '"';
  }
}
