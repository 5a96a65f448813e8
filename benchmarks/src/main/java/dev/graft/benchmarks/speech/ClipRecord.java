package dev.graft.benchmarks.speech;

import java.util.List;
import java.util.Locale;

/**
 * What became of a planned clip: a line of {@code clips.csv}.
 *
 * @param path below the corpus
 * @param program the synthesizer's command
 * @param seconds how long the clip is; 0 where there is none
 * @param peak the highest sample's size, 1 being full scale
 */
record ClipRecord(
    String path,
    String word,
    String text,
    String program,
    String voice,
    String accent,
    double speed,
    double pitch,
    double tract,
    double seconds,
    double peak,
    Outcome outcome) {
  static final String HEADER =
      "path,word,text,synthesizer,voice,accent,speed,pitch,tract,seconds,peak,outcome";

  /** Whether the clip is in the corpus, or why not. */
  enum Outcome {
    KEPT,
    TOO_LONG,
    SILENT,
    FAILED
  }

  static ClipRecord of(CorpusPlan.PlannedClip clip, Outcome outcome, double seconds, double peak) {
    Utterance said = clip.utterance();
    return new ClipRecord(
        clip.path(),
        clip.word(),
        said.text(),
        said.voice().program().command(),
        said.voice().name(),
        said.accent(),
        said.speed(),
        said.pitch(),
        said.tract(),
        seconds,
        peak,
        outcome);
  }

  String line() {
    return String.format(
        Locale.ROOT,
        "%s,%s,\"%s\",%s,%s,%s,%.3f,%.1f,%.3f,%.3f,%.3f,%s",
        path,
        word,
        text,
        program,
        voice,
        accent,
        speed,
        pitch,
        tract,
        seconds,
        peak,
        outcome.name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  /**
   * Reads a line that {@link #line} wrote.
   *
   * @throws IllegalArgumentException if it is no such line
   */
  static ClipRecord parse(String line) {
    int open = line.indexOf('"');
    int close = line.lastIndexOf('"');
    if (open < 1 || close <= open) {
      throw damaged(line);
    }
    List<String> before = List.of(line.substring(0, open - 1).split(",", -1));
    List<String> after = List.of(line.substring(close + 1).split(",", -1));
    if (before.size() != 2 || after.size() != 10) {
      throw damaged(line);
    }
    return new ClipRecord(
        before.get(0),
        before.get(1),
        line.substring(open + 1, close),
        after.get(1),
        after.get(2),
        after.get(3),
        Double.parseDouble(after.get(4)),
        Double.parseDouble(after.get(5)),
        Double.parseDouble(after.get(6)),
        Double.parseDouble(after.get(7)),
        Double.parseDouble(after.get(8)),
        Outcome.valueOf(after.get(9).toUpperCase(Locale.ROOT).replace('-', '_')));
  }

  private static IllegalArgumentException damaged(String line) {
    return new IllegalArgumentException(
        "Reading the record of a clip: expected the columns " + HEADER + ", found " + line);
  }
}
