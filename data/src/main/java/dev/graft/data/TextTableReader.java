package dev.graft.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Turns the rows of a table of texts into examples, each row on its own. */
final class TextTableReader {
  private static final int LONGEST_LABEL = 256;

  /** Up to one row in so many may hold bytes of another encoding; more show that it is another. */
  private static final int ROWS_PER_UNDECODABLE = 100;

  private final TableFile file;
  private final TableColumns.Texts columns;
  private final Part defaultPart;
  private final LabelledTexts found;
  private long rows;
  private long undecodable;
  private Optional<String> firstUndecodable = Optional.empty();

  private TextTableReader(
      TableFile file, TableColumns.Texts columns, Part defaultPart, LabelledTexts found) {
    this.file = file;
    this.columns = columns;
    this.defaultPart = defaultPart;
    this.found = found;
  }

  /** The columns of a table. */
  static TableColumns columns(TableFile file, DatasetOptions options) {
    try (TableScanner scanner = file.scan()) {
      return TableColumns.find(scanner.header(), options, file.fullName());
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Adds a table's rows to what was found.
   *
   * @param defaultPart the part of rows that name none
   * @throws DataException where the table is damaged or of another encoding
   */
  static void read(
      TableFile file, TableColumns.Texts columns, Part defaultPart, LabelledTexts found) {
    new TextTableReader(file, columns, defaultPart, found).read();
  }

  private static DataException unreadable(TableFile file, IOException e) {
    return new DataException(
        "Cannot read the table " + file.fullName() + ": " + Limits.reason(e) + ".", e);
  }

  private void read() {
    try (TableScanner scanner = file.scan()) {
      RowTexts texts = file.texts(scanner.header().get(columns.text()));
      while (scanner.next()) {
        rows++;
        readRow(scanner, texts);
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    if (undecodable * ROWS_PER_UNDECODABLE > rows) {
      throw new DataException(
          "Cannot read the table "
              + file.fullName()
              + ": "
              + firstUndecodable.orElseThrow()
              + (undecodable == 1
                  ? ". "
                  : ", and so it is with " + undecodable + " of its " + rows + " rows. ")
              + TextDecoder.advice(new byte[0], file.charset()));
    }
  }

  private void readRow(TableScanner scanner, RowTexts texts) {
    Optional<String> problem = scanner.problem();
    if (problem.isPresent()) {
      leaveOut(scanner, problem.get());
      return;
    }
    Optional<String> label = cell(scanner, columns.label(), "label").map(String::strip);
    if (label.isEmpty()) {
      return;
    }
    if (label.get().isEmpty()) {
      leaveOut(scanner, "its label is empty");
    } else if (label.get().length() > LONGEST_LABEL) {
      leaveOut(
          scanner,
          "its label has "
              + label.get().length()
              + " characters, the limit is "
              + LONGEST_LABEL
              + "; is it another column's?");
    } else {
      Optional<Part> part = part(scanner);
      Optional<String> text = part.flatMap(known -> cell(scanner, columns.text(), "text"));
      if (text.isPresent() && TextDecoder.isBlank(text.get())) {
        leaveOut(scanner, "its text is empty");
      } else if (text.isPresent()) {
        add(scanner, texts, part.orElseThrow(), label.get(), text.get());
      }
    }
  }

  private void add(TableScanner scanner, RowTexts texts, Part part, String label, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int index = texts.add(utf8, scanner.span(columns.text()));
    long row = scanner.row();
    found.add(
        part, label, file.shownName() + "#" + row, new ExampleSource.RowSource(texts, index, row));
  }

  private Optional<Part> part(TableScanner scanner) {
    if (columns.part().isEmpty()) {
      return Optional.of(defaultPart);
    }
    Optional<String> written = cell(scanner, columns.part().get(), "part");
    if (written.isEmpty()) {
      return Optional.empty();
    }
    if (written.get().isBlank()) {
      return Optional.of(defaultPart);
    }
    Optional<Part> part = Part.named(written.get());
    if (part.isEmpty()) {
      leaveOut(scanner, "its part \"" + written.get() + "\" is none of train, validation and test");
    }
    return part;
  }

  /** A cell of the row; where there is none that can be used, the row is left out. */
  private Optional<String> cell(TableScanner scanner, int column, String what) {
    if (scanner.isTooLong(column)) {
      leaveOut(
          scanner, "its " + what + " has more than " + (TableScanner.LONGEST_CELL >> 20) + " MiB");
      return Optional.empty();
    }
    try {
      byte[] utf8 = scanner.cell(column);
      if (utf8 == null) {
        leaveOut(scanner, "it has no " + what);
        return Optional.empty();
      }
      return Optional.of(new String(utf8, StandardCharsets.UTF_8));
    } catch (UndecodableException e) {
      long line = scanner.lineOf(column) + scanner.lineEndsBefore(column, e.place());
      String reason = e.describe(line);
      undecodable++;
      firstUndecodable = firstUndecodable.or(() -> Optional.of(reason));
      leaveOut(scanner, reason);
      return Optional.empty();
    }
  }

  private void leaveOut(TableScanner scanner, String reason) {
    found.leaveOut(file.shownName() + ", row " + scanner.row(), reason);
  }
}
