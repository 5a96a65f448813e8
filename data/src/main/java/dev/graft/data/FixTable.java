package dev.graft.data;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/** Fixes as a table of text. */
final class FixTable {
  private static final List<String> COLUMNS =
      List.of("path", "label", "suggested", "action", "reason", "score");
  private static final long MOST_BYTES = 64L << 20;

  /** What makes a spreadsheet take a cell for a formula. */
  private static final String FORMULA_STARTS = "=+-@\t\r";

  private FixTable() {}

  static String text(List<DataFix> fixes) {
    StringBuilder text = new StringBuilder();
    CSVFormat format = CSVFormat.DEFAULT.builder().setRecordSeparator("\n").get();
    try (CSVPrinter printer = new CSVPrinter(text, format)) {
      printer.printRecord(COLUMNS);
      for (DataFix fix : fixes) {
        printer.printRecord(
            guarded(fix.path()),
            guarded(fix.label()),
            guarded(fix.suggested()),
            fix.action().map(DataFix.Action::word).orElse(""),
            guarded(fix.reason()),
            // A number may begin with a minus.
            String.format(Locale.ROOT, "%.4f", fix.score()));
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException("a text in memory can always be written", impossible);
    }
    return text.toString();
  }

  private static String guarded(String cell) {
    boolean formula = !cell.isEmpty() && FORMULA_STARTS.indexOf(cell.charAt(0)) >= 0;
    return formula || cell.startsWith("'") ? "'" + cell : cell;
  }

  private static String unguarded(String cell) {
    return cell.startsWith("'") ? cell.substring(1) : cell;
  }

  static List<DataFix> read(Path file) {
    String text = content(file);
    long line = 1;
    CSVFormat format =
        CSVFormat.DEFAULT.builder().setDelimiter(delimiter(text)).setIgnoreEmptyLines(true).get();
    List<DataFix> fixes = new ArrayList<>();
    try (CSVParser parser = CSVParser.parse(new StringReader(text), format)) {
      List<String> header = null;
      for (CSVRecord record : parser) {
        if (header == null) {
          header = record.stream().map(cell -> cell.strip().toLowerCase(Locale.ROOT)).toList();
          requireColumns(file, header);
        } else {
          fixes.add(fix(file, line, header, record));
        }
        line = parser.getCurrentLineNumber() + 1;
      }
      if (header == null) {
        throw refused(file, "it is empty. Expected a header line with path, suggested and action.");
      }
    } catch (IOException | UncheckedIOException | IllegalStateException e) {
      throw new DataException(
          "Reading the fixes "
              + file
              + ", line "
              + line
              + ": "
              + e.getMessage()
              + ". Expected comma-separated values, with quotes around those that hold a comma.",
          e);
    }
    return fixes;
  }

  private static String content(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw refused(
            file,
            Files.exists(file)
                ? "it is no regular file. Name a CSV file."
                : "there is no such file. graft doctor DATA --out FILE writes one, and each bundle"
                    + " holds a fixes.csv.");
      }
      long size = Files.size(file);
      if (size > MOST_BYTES) {
        throw refused(
            file,
            "it has "
                + size
                + " bytes, the limit is "
                + MOST_BYTES
                + " (64 MiB). Name a CSV file.");
      }
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      return text.startsWith("\ufeff") ? text.substring(1) : text;
    } catch (IOException failure) {
      throw new DataException(
          "Reading the fixes " + file + ": " + Limits.reason(failure) + ".", failure);
    }
  }

  /** Spreadsheets of many countries save semicolons; the header tells. */
  private static char delimiter(String text) {
    String header = text.lines().findFirst().orElse("");
    if (header.indexOf(',') >= 0) {
      return ',';
    }
    return header.indexOf(';') >= 0 ? ';' : header.indexOf('\t') >= 0 ? '\t' : ',';
  }

  private static void requireColumns(Path file, List<String> header) {
    if (!header.contains("path") || !header.contains("action")) {
      throw refused(
          file,
          "expected a header with the columns path and action (and suggested, where examples are"
              + " relabelled), found "
              + String.join(", ", header.stream().limit(12).toList())
              + ". Edit the fixes.csv of a bundle, or write one with graft doctor DATA --out FILE.");
    }
  }

  private static DataFix fix(Path file, long line, List<String> header, CSVRecord record) {
    String path = unguarded(cell(header, record, "path"));
    if (path.isEmpty()) {
      throw refused(file, "line " + line + " names no path. Complete or remove it.");
    }
    String action = cell(header, record, "action");
    Optional<DataFix.Action> decided;
    try {
      decided = DataFixes.action(action);
    } catch (IllegalArgumentException unknown) {
      throw refused(
          file,
          "line "
              + line
              + " has the action \""
              + action
              + "\". Expected keep, relabel, drop or nothing.");
    }
    return new DataFix(
        path,
        unguarded(cell(header, record, "label")),
        unguarded(cell(header, record, "suggested")),
        decided,
        unguarded(cell(header, record, "reason")),
        score(cell(header, record, "score")));
  }

  private static String cell(List<String> header, CSVRecord record, String column) {
    int index = header.indexOf(column);
    return index < 0 || index >= record.size() ? "" : record.get(index).strip();
  }

  /** The score is for people; what a spreadsheet made of it does not matter. */
  private static double score(String cell) {
    try {
      double value = Double.parseDouble(cell);
      return Double.isFinite(value) ? value : 0;
    } catch (NumberFormatException other) {
      return 0;
    }
  }

  private static DataException refused(Path file, String what) {
    return new DataException("Reading the fixes " + file + ": " + what);
  }
}
