package dev.graft.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The rows of a table of files and labels: CSV with a header, or one JSON object per line.
 *
 * @param name the table, for messages
 * @param rows its rows, in order
 * @param leftOut rows that name no file or label
 */
record LabelTable(String name, List<Row> rows, List<LeftOut> leftOut) {
  private static final List<String> PATH_COLUMNS =
      List.of("file_name", "path", "file", "filename", "image", "audio");
  private static final List<String> PART_COLUMNS = List.of("split", "part", "subset");
  private static final List<String> START_COLUMNS = List.of("start");
  private static final List<String> END_COLUMNS = List.of("end");
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * One row.
   *
   * @param line where it is in the table, from 1
   * @param path the file, as written
   * @param label its class
   * @param part the part as written, where the table has such a column
   * @param start where a segment of the file begins, as written, where the table says so
   * @param end where it ends, as written, where the table says so
   */
  record Row(
      long line,
      String path,
      String label,
      Optional<String> part,
      Optional<String> start,
      Optional<String> end) {}

  LabelTable {
    rows = List.copyOf(rows);
    leftOut = List.copyOf(leftOut);
  }

  static LabelTable read(ExampleSource source, String shownName, String labelColumn) {
    String text = new String(source.read(), StandardCharsets.UTF_8);
    if (text.startsWith("\ufeff")) {
      text = text.substring(1);
    }
    Collector collector = new Collector(shownName, labelColumn.toLowerCase(Locale.ROOT));
    if (shownName.toLowerCase(Locale.ROOT).endsWith(".jsonl")) {
      collector.readLines(text);
    } else {
      collector.readCsv(text);
    }
    return new LabelTable(shownName, collector.rows, collector.leftOut);
  }

  private static final class Collector {
    private final String name;
    private final String labelColumn;
    private final List<Row> rows = new ArrayList<>();
    private final List<LeftOut> leftOut = new ArrayList<>();

    private Collector(String name, String labelColumn) {
      this.name = name;
      this.labelColumn = labelColumn;
    }

    private void readCsv(String text) {
      CSVFormat format =
          CSVFormat.DEFAULT
              .builder()
              .setIgnoreEmptyLines(true)
              .setIgnoreSurroundingSpaces(true)
              .get();
      long line = 1;
      try (CSVParser parser = CSVParser.parse(new StringReader(text), format)) {
        List<String> header = null;
        for (CSVRecord record : parser) {
          if (header == null) {
            header =
                record.stream().map(column -> column.strip().toLowerCase(Locale.ROOT)).toList();
            requireColumns(header);
          } else {
            Map<String, String> cells = new HashMap<>();
            for (int i = 0; i < Math.min(header.size(), record.size()); i++) {
              cells.putIfAbsent(header.get(i), record.get(i));
            }
            add(line, cells);
          }
          line = parser.getCurrentLineNumber() + 1;
        }
        if (header == null) {
          throw new DataException(
              "Cannot read the table "
                  + name
                  + ": it is empty. Expected a header line with path and label.");
        }
      } catch (IOException | UncheckedIOException | IllegalStateException e) {
        throw new DataException(
            "Cannot read the table "
                + name
                + ", line "
                + line
                + ": "
                + e.getMessage()
                + ". Expected comma-separated values, with quotes around those that hold a comma.",
            e);
      }
    }

    private void requireColumns(List<String> header) {
      boolean path = PATH_COLUMNS.stream().anyMatch(header::contains);
      if (path && header.contains(labelColumn)) {
        return;
      }
      throw new DataException(
          "Cannot use the table "
              + name
              + ": expected a header with a column path (or file_name) and a column "
              + labelColumn
              + ", found "
              + String.join(", ", header)
              + ". Rename the columns, or name the label column.");
    }

    private void readLines(String text) {
      long line = 0;
      for (String json : (Iterable<String>) text.lines()::iterator) {
        line++;
        if (json.isBlank()) {
          continue;
        }
        Map<String, String> cells = new HashMap<>();
        try {
          JsonNode object = JSON.readTree(json);
          object
              .properties()
              .forEach(
                  field -> {
                    if (field.getValue().isValueNode() && !field.getValue().isNull()) {
                      cells.put(field.getKey().toLowerCase(Locale.ROOT), field.getValue().asText());
                    }
                  });
          add(line, cells);
        } catch (JsonProcessingException e) {
          leftOut.add(new LeftOut(name + ", line " + line, "the line is no valid JSON object"));
        }
      }
    }

    private void add(long line, Map<String, String> cells) {
      String path = first(cells, PATH_COLUMNS);
      String label = cells.getOrDefault(labelColumn, "").strip();
      if (path.isEmpty()) {
        leftOut.add(new LeftOut(name + ", line " + line, "the row names no file"));
      } else if (label.isEmpty()) {
        leftOut.add(
            new LeftOut(path, "line " + line + " of " + name + " gives it no " + labelColumn));
      } else {
        rows.add(
            new Row(
                line,
                path,
                label,
                cell(cells, PART_COLUMNS),
                cell(cells, START_COLUMNS),
                cell(cells, END_COLUMNS)));
      }
    }

    private static Optional<String> cell(Map<String, String> cells, List<String> columns) {
      return Optional.of(first(cells, columns)).filter(cell -> !cell.isEmpty());
    }

    private static String first(Map<String, String> cells, List<String> columns) {
      for (String column : columns) {
        String cell = cells.getOrDefault(column, "").strip();
        if (!cell.isEmpty()) {
          return cell;
        }
      }
      return "";
    }
  }
}
