package dev.graft.cli;

import dev.graft.transfer.comparison.Comparison;
import dev.graft.transfer.comparison.Difference;
import dev.graft.transfer.comparison.DifferenceInterval;
import dev.graft.transfer.comparison.ModelFigures;
import dev.graft.transfer.comparison.PairedResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** A comparison as sentences and tables. */
final class ComparisonText {
  private static final int WIDEST_NAME = 28;
  private static final int NARROWEST_CELL = 10;
  private static final String NOTHING = "-";

  private final Comparison comparison;
  private final int columns;
  private final List<String> lines = new ArrayList<>();

  private ComparisonText(Comparison comparison, int columns) {
    this.comparison = comparison;
    this.columns = columns;
  }

  static List<String> of(Comparison comparison, int columns) {
    ComparisonText text = new ComparisonText(comparison, columns);
    comparison.verdict().forEach(text::sentence);
    comparison.notes().forEach(note -> text.sentence("Note: " + note));
    text.figures();
    text.pairs();
    text.differences();
    return text.lines;
  }

  private void sentence(String text) {
    lines.addAll(Wording.wrapped(Wording.name(text), columns));
  }

  private void figures() {
    lines.add("");
    boolean common = comparison.examples() > 0;
    sentence(
        common
            ? "On " + comparison.source() + ", " + Wording.count(comparison.examples(), "example")
            : "As each model states it of its own test part");
    List<List<String>> rows = new ArrayList<>();
    rows.add(row("", ModelFigures::name));
    rows.add(row("examples", model -> figure(model, Figure.EXAMPLES)));
    rows.add(row("accuracy", model -> figure(model, Figure.ACCURACY)));
    rows.add(row("95 % interval", model -> figure(model, Figure.INTERVAL)));
    rows.add(row("balanced accuracy", model -> figure(model, Figure.BALANCED)));
    rows.add(row("macro F1", model -> figure(model, Figure.MACRO_F1)));
    rows.add(row("log loss", model -> figure(model, Figure.LOG_LOSS)));
    rows.add(
        row(
            "time for " + comparison.kind().anyOne(),
            model ->
                model.milliseconds().isPresent()
                    ? String.format(Locale.ROOT, "%.1f ms", model.milliseconds().getAsDouble())
                    : NOTHING));
    rows.add(row("model.onnx", model -> Wording.bytes(model.modelBytes())));
    table(rows);
  }

  private List<String> row(String name, Function<ModelFigures, String> cell) {
    List<String> row = new ArrayList<>();
    row.add(name);
    comparison.models().forEach(model -> row.add(cell.apply(model)));
    return row;
  }

  private enum Figure {
    EXAMPLES,
    ACCURACY,
    INTERVAL,
    BALANCED,
    MACRO_F1,
    LOG_LOSS
  }

  private String figure(ModelFigures model, Figure figure) {
    if (comparison.examples() > 0) {
      return model
          .onCommon()
          .map(
              found ->
                  switch (figure) {
                    case EXAMPLES -> Wording.count(found.examples());
                    case ACCURACY -> Wording.percent(found.accuracy());
                    case INTERVAL ->
                        interval(found.accuracyInterval().low(), found.accuracyInterval().high());
                    case BALANCED -> Wording.percent(found.balancedAccuracy());
                    case MACRO_F1 -> Wording.percent(found.macroF1());
                    case LOG_LOSS -> String.format(Locale.ROOT, "%.3f", found.logLoss());
                  })
          .orElse(NOTHING);
    }
    return model
        .stated()
        .map(
            found ->
                switch (figure) {
                  case EXAMPLES -> Wording.count(found.examples());
                  case ACCURACY -> Wording.percent(found.accuracy());
                  case INTERVAL -> interval(found.low(), found.high());
                  case BALANCED -> Wording.percent(found.balancedAccuracy());
                  case MACRO_F1 -> Wording.percent(found.macroF1());
                  case LOG_LOSS -> String.format(Locale.ROOT, "%.3f", found.logLoss());
                })
        .orElse(NOTHING);
  }

  private static String interval(double low, double high) {
    return String.format(Locale.ROOT, "%.1f to %.1f %%", 100 * low, 100 * high);
  }

  private void pairs() {
    if (comparison.pairs().isEmpty()) {
      return;
    }
    lines.add("");
    sentence("Compared with " + comparison.models().get(0).name());
    List<List<String>> rows = new ArrayList<>();
    rows.add(pairRow("", pair -> comparison.models().get(pair.second()).name()));
    rows.add(
        pairRow(
            "difference",
            pair -> String.format(Locale.ROOT, "%+.1f points", 100 * pair.counts().difference())));
    rows.add(
        pairRow(
            "95 % interval",
            pair -> {
              DifferenceInterval interval = pair.counts().interval();
              return String.format(
                  Locale.ROOT, "%+.1f to %+.1f", 100 * interval.low(), 100 * interval.high());
            }));
    rows.add(pairRow("only this is right", pair -> Wording.count(pair.counts().onlySecond())));
    rows.add(pairRow("only the other is", pair -> Wording.count(pair.counts().onlyFirst())));
    rows.add(
        pairRow(
            comparison.pairs().size() > 1 ? "McNemar p (Holm)" : "McNemar p",
            pair -> pair.p() < 0.001 ? "< 0.001" : String.format(Locale.ROOT, "%.3f", pair.p())));
    rows.add(
        pairRow(
            "log loss", pair -> String.format(Locale.ROOT, "%+.3f", pair.logLoss().difference())));
    rows.add(
        pairRow(
            "95 % interval",
            pair ->
                String.format(
                    Locale.ROOT,
                    "%+.3f to %+.3f",
                    pair.logLoss().interval().low(),
                    pair.logLoss().interval().high())));
    table(rows);
  }

  private List<String> pairRow(String name, Function<PairedResult, String> cell) {
    List<String> row = new ArrayList<>();
    row.add(name);
    comparison.pairs().forEach(pair -> row.add(cell.apply(pair)));
    return row;
  }

  private void differences() {
    lines.add("");
    if (comparison.differences().isEmpty()) {
      sentence("Made from the same data with the same settings, as far as is recorded.");
      return;
    }
    sentence("What was different");
    List<List<String>> rows = new ArrayList<>();
    rows.add(row("", ModelFigures::name));
    for (Difference difference : comparison.differences()) {
      List<String> row = new ArrayList<>();
      row.add(difference.what());
      difference.values().forEach(value -> row.add(value.orElse(NOTHING)));
      rows.add(row);
    }
    table(rows);
  }

  /** Columns as wide as their cells, or as there is room for; long cells lose their middle. */
  private void table(List<List<String>> rows) {
    int models = rows.get(0).size() - 1;
    int nameWidth = Math.min(WIDEST_NAME, width(rows, 0));
    int room = Math.max(NARROWEST_CELL, (columns - 2 - nameWidth) / models - 2);
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder("  ").append(cell(row.get(0), nameWidth));
      for (int column = 1; column <= models; column++) {
        line.append("  ").append(cell(row.get(column), Math.min(room, width(rows, column))));
      }
      lines.add(line.toString().stripTrailing());
    }
  }

  private static int width(List<List<String>> rows, int column) {
    return rows.stream().mapToInt(row -> Wording.name(row.get(column)).length()).max().orElse(0);
  }

  private static String cell(String text, int width) {
    String shown = Wording.shortened(Wording.name(text), width);
    return shown + " ".repeat(width - shown.length());
  }
}
