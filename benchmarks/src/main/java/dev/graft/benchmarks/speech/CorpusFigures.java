package dev.graft.benchmarks.speech;

import dev.graft.benchmarks.speech.ClipRecord.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Figures of a corpus, in lines to print. */
final class CorpusFigures {
  private CorpusFigures() {}

  static List<String> of(List<ClipRecord> records) {
    List<String> lines = new ArrayList<>();
    for (CorpusPlan.Part part : CorpusPlan.Part.values()) {
      List<ClipRecord> planned =
          records.stream().filter(one -> one.path().startsWith(part.folder() + "/")).toList();
      List<ClipRecord> kept = kept(planned);
      lines.add(
          String.format(
              Locale.ROOT,
              "%s: %d clips of %d words, %d voices (%d with accents), %.2f h; %d planned, left out: %s",
              part.folder(),
              kept.size(),
              kept.stream().map(ClipRecord::word).distinct().count(),
              kept.stream().map(one -> one.program() + one.voice()).distinct().count(),
              kept.stream()
                  .map(one -> one.program() + one.voice() + one.accent())
                  .distinct()
                  .count(),
              kept.stream().mapToDouble(ClipRecord::seconds).sum() / 3600,
              planned.size(),
              leftOut(planned)));
      if (!kept.isEmpty()) {
        lines.add("  seconds " + quantiles(kept, ClipRecord::seconds));
        lines.add("  peak dB " + quantiles(kept, one -> 20 * Math.log10(one.peak())));
      }
      lines.addAll(byProgram(planned));
    }
    return lines;
  }

  private static List<ClipRecord> kept(List<ClipRecord> records) {
    return records.stream().filter(one -> one.outcome() == Outcome.KEPT).toList();
  }

  private static String leftOut(List<ClipRecord> planned) {
    Map<Outcome, Long> counts =
        planned.stream()
            .filter(one -> one.outcome() != Outcome.KEPT)
            .collect(
                Collectors.groupingBy(ClipRecord::outcome, TreeMap::new, Collectors.counting()));
    return counts.isEmpty()
        ? "none"
        : counts.entrySet().stream()
            .map(
                one ->
                    one.getValue()
                        + " "
                        + one.getKey().name().toLowerCase(Locale.ROOT).replace('_', ' '))
            .collect(Collectors.joining(", "));
  }

  private static List<String> byProgram(List<ClipRecord> planned) {
    Map<String, List<ClipRecord>> groups =
        planned.stream()
            .collect(Collectors.groupingBy(ClipRecord::program, TreeMap::new, Collectors.toList()));
    return groups.entrySet().stream()
        .map(
            group ->
                String.format(
                    Locale.ROOT,
                    "  %s: %d clips, left out: %s",
                    group.getKey(),
                    kept(group.getValue()).size(),
                    leftOut(group.getValue())))
        .toList();
  }

  private static String quantiles(List<ClipRecord> records, ToDoubleFunction<ClipRecord> figure) {
    double[] sorted = records.stream().mapToDouble(figure).sorted().toArray();
    return Arrays.stream(new double[] {0, 0.05, 0.5, 0.95, 1})
        .mapToObj(
            at ->
                String.format(
                    Locale.ROOT,
                    "%.0f%%: %.2f",
                    100 * at,
                    sorted[(int) Math.round(at * (sorted.length - 1))]))
        .collect(Collectors.joining(", "));
  }
}
