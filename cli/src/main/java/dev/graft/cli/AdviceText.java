package dev.graft.cli;

import dev.graft.transfer.advice.Advice;
import dev.graft.transfer.advice.Baseline;
import dev.graft.transfer.advice.PairedAccuracy;
import dev.graft.transfer.advice.RatedBackbone;
import dev.graft.transfer.advice.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Advice for people: the sentence, the command, then what they rest on. */
final class AdviceText {
  private static final int CLASSES_SHOWN = 8;
  private static final int LEFT_OUT_SHOWN = 5;
  private static final int LEAST_NAME = 16;

  private final Advice advice;
  private final String command;
  private final List<String> leftOutBackbones;
  private final int columns;
  private final List<String> lines = new ArrayList<>();

  AdviceText(Advice advice, String command, List<String> leftOutBackbones, int columns) {
    this.advice = advice;
    this.command = command;
    this.leftOutBackbones = leftOutBackbones;
    this.columns = columns;
  }

  List<String> lines() {
    lines.clear();
    paragraph(advice.headline(), "");
    lines.add("");
    lines.add("  " + Wording.name(command));
    lines.add("");
    advice.reasons().forEach(reason -> paragraph(reason, "- "));
    lines.add("");
    paragraph("Read: " + data(), "");
    lines.addAll(LeftOutReport.of(advice.data().leftOut(), LEFT_OUT_SHOWN).lines());
    lines.add("");
    backbones();
    lines.add("");
    baselines();
    if (!leftOutBackbones.isEmpty()) {
      lines.add("");
      lines.add("Not usable as backbones");
      leftOutBackbones.forEach(one -> paragraph(one, "  "));
    }
    lines.add("");
    paragraph(footnote(), "");
    return List.copyOf(lines);
  }

  private String one() {
    return advice.data().kind().one();
  }

  private String data() {
    Map<String, Integer> counts = advice.data().trainCounts();
    String first =
        counts.entrySet().stream()
            .limit(CLASSES_SHOWN)
            .map(entry -> entry.getKey() + " " + Wording.count(entry.getValue()))
            .collect(Collectors.joining(", "));
    String more =
        counts.size() > CLASSES_SHOWN
            ? " and " + Wording.count(counts.size() - CLASSES_SHOWN) + " more classes"
            : "";
    return advice.data().name()
        + ", "
        + Wording.count(advice.data().examples(), "training " + one())
        + " ("
        + first
        + more
        + ").";
  }

  private void backbones() {
    int name = nameWidth();
    lines.add(
        row(name, "Backbones, the best first", "right (95 %)", "to the best", "ms", "file")
            + "  licence");
    for (RatedBackbone one : advice.backbones()) {
      lines.add(
          row(
                  name,
                  one.id(),
                  figures(one.score()),
                  one.equals(advice.best()) ? "" : distance(one.toBest()),
                  String.format(
                      Locale.ROOT,
                      one.millisecondsPerExample() < 10 ? "%.1f" : "%.0f",
                      one.millisecondsPerExample()),
                  Wording.bytes(one.fileBytes()))
              + "  "
              + Wording.name(one.licence().orElse("not known")));
    }
  }

  private void baselines() {
    int name = nameWidth();
    lines.add(row(name, "Without transfer", "right (95 %)", "to the best", "", "").stripTrailing());
    for (Baseline one : advice.baselines()) {
      String remark = one.remark().isEmpty() ? "" : " (" + one.remark() + ")";
      List<String> words = Wording.wrapped(Wording.name(one.description() + remark), name);
      lines.add(
          row(name, words.get(0), figures(one.score()), distance(one.toBest()), "", "")
              .stripTrailing());
      words.stream().skip(1).forEach(more -> lines.add("    " + more));
    }
  }

  private int nameWidth() {
    return Math.max(LEAST_NAME, Math.min(44, columns - 58));
  }

  private static String row(
      int name, String first, String right, String distance, String milliseconds, String file) {
    return String.format(
        Locale.ROOT,
        "  %-" + name + "s  %-20s  %-14s %4s %7s",
        Wording.shortened(Wording.name(first), name),
        right,
        distance,
        milliseconds,
        file);
  }

  private static String figures(Score score) {
    return String.format(
        Locale.ROOT,
        "%s (%.0f to %.0f)",
        Wording.percent(score.accuracy()),
        100 * score.interval().low(),
        100 * score.interval().high());
  }

  /** In points, seen from the one in the row. */
  private static String distance(PairedAccuracy best) {
    // Less than nothing would be written for the negative of zero.
    String points = String.format(Locale.ROOT, "%+.1f", 0.0 - 100 * best.difference());
    return best.isTie() ? points + ", a tie" : points;
  }

  private String footnote() {
    return String.format(
        Locale.ROOT,
        "Right: share of %s that were judged while held out, by %s. To the best: difference in points"
            + " to the best backbone on the same %s; a tie where a paired test (McNemar) does not"
            + " tell them apart at the 5 %% level. ms: one %s on this machine in fp32. Seed %d."
            + " Took %s.",
        Wording.count(advice.data().judged(), one()),
        advice.data().method(),
        advice.data().kind().many(),
        one(),
        advice.seed(),
        Wording.seconds(advice.seconds().values().stream().mapToDouble(s -> s).sum()));
  }

  private void paragraph(String text, String lead) {
    String indent = lead;
    for (String line : Wording.wrapped(Wording.name(text), columns - lead.length())) {
      lines.add(indent + line);
      indent = " ".repeat(lead.length());
    }
  }
}
