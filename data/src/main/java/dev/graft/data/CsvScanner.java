package dev.graft.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Separated values as RFC 4180 has them: quotes around values that hold separators, quotes (twice)
 * or line breaks. What follows a closing quote belongs to the value, as most readers have it. Works
 * on bytes: in every encoding that is read here, separators, quotes and line breaks are those of
 * ASCII.
 */
final class CsvScanner extends TableScanner {
  private static final int MOST_COLUMNS = 10_000;

  /** Of a row's cells together no more is kept; those that are too many count as too long. */
  private static final int LONGEST_ROW = 2 * LONGEST_CELL;

  private final ByteWalk bytes;
  private final char separator;
  private final Charset charset;
  private final String name;
  private List<String> header = List.of();
  private long line = 1;
  private long row;
  private long rowLine;

  /** The contents of the row's cells, one after the other. */
  private byte[] content = new byte[1 << 12];

  private int contentLength;
  private int cells;
  private int[] ends = new int[16];
  private long[] begins = new long[16];
  private long[] cellLines = new long[16];
  private int[] lengths = new int[16];
  private boolean[] tooLong = new boolean[16];

  /**
   * Opens a table and reads its header.
   *
   * @param name the table, for messages
   * @throws DataException where it has no header
   */
  CsvScanner(InputStream in, char separator, Charset charset, String name) throws IOException {
    this.bytes = new ByteWalk(in);
    this.separator = separator;
    this.charset = charset;
    this.name = name;
    bytes.skipMark();
    if (!next()) {
      throw new DataException(
          "Cannot read the table "
              + name
              + ": it is empty. Expected a header line with the names of its columns.");
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < cells; i++) {
      names.add(DatasetOptions.columnName(headerCell(i)));
    }
    header = List.copyOf(names);
  }

  private String headerCell(int column) {
    try {
      byte[] utf8 = cell(column);
      return utf8 == null ? "" : new String(utf8, StandardCharsets.UTF_8);
    } catch (UndecodableException e) {
      throw new DataException(
          "Cannot read the table "
              + name
              + ": "
              + e.describe(rowLine)
              + ". "
              + TextDecoder.advice(content, charset),
          e);
    }
  }

  /** The content of one cell as it stands in a file. */
  static byte[] unquoted(byte[] cell) throws IOException {
    try (CsvScanner scanner = new CsvScanner(cell)) {
      scanner.next();
      return Arrays.copyOf(scanner.content, scanner.contentLength);
    }
  }

  /** For a single cell that was found before: nothing ends it but its end. */
  private CsvScanner(byte[] cell) {
    this.bytes = new ByteWalk(new ByteArrayInputStream(cell));
    this.separator = '\uffff';
    this.charset = StandardCharsets.UTF_8;
    this.name = "a cell";
  }

  @Override
  List<String> header() {
    return header;
  }

  @Override
  boolean next() throws IOException {
    do {
      if (bytes.peek() < 0) {
        return false;
      }
      readRow();
    } while (cells == 1 && lengths[0] == 0);
    return true;
  }

  private void readRow() throws IOException {
    row++;
    rowLine = line;
    cells = 0;
    contentLength = 0;
    int end;
    do {
      beginCell();
      end = bytes.peek() == '"' ? readQuoted() : readPlain();
      endCell();
      if (end >= 0) {
        bytes.read();
      }
    } while (end == separator);
    if (end == '\r' && bytes.peek() == '\n') {
      bytes.read();
    }
    line++;
  }

  private void beginCell() {
    if (cells == MOST_COLUMNS) {
      throw new DataException(
          "Cannot read the table "
              + name
              + ", line "
              + rowLine
              + ": it has more than "
              + MOST_COLUMNS
              + " columns. Is it a table?");
    }
    if (cells == ends.length) {
      ends = Arrays.copyOf(ends, 2 * cells);
      begins = Arrays.copyOf(begins, 2 * cells);
      cellLines = Arrays.copyOf(cellLines, 2 * cells);
      lengths = Arrays.copyOf(lengths, 2 * cells);
      tooLong = Arrays.copyOf(tooLong, 2 * cells);
    }
    begins[cells] = bytes.place();
    cellLines[cells] = line;
    tooLong[cells] = false;
  }

  private void endCell() {
    lengths[cells] = (int) Math.min(Integer.MAX_VALUE, bytes.place() - begins[cells]);
    ends[cells++] = contentLength;
  }

  /** Reads on to the end of the cell, and tells what ends it. */
  private int readPlain() throws IOException {
    int next = bytes.peek();
    while (next >= 0 && next != separator && (separator == '\uffff' || !endsLine(next))) {
      keep(next);
      bytes.read();
      next = bytes.peek();
    }
    return next;
  }

  private int readQuoted() throws IOException {
    long opened = line;
    bytes.read();
    int previous = 0;
    while (true) {
      int next = bytes.read();
      if (next < 0) {
        throw new DataException(
            "Cannot read the table "
                + name
                + ": the quote at the begin of a value in line "
                + opened
                + " is never closed. Close it, or write a quote that belongs to the text twice.");
      }
      if (next == '"') {
        if (bytes.peek() != '"') {
          return readPlain();
        }
        bytes.read();
      }
      if (next == '\r' || (next == '\n' && previous != '\r')) {
        line++;
      }
      previous = next;
      keep(next);
    }
  }

  private static boolean endsLine(int b) {
    return b == '\n' || b == '\r';
  }

  private void keep(int b) {
    int begin = cells == 0 ? 0 : ends[cells - 1];
    if (contentLength - begin == LONGEST_CELL || contentLength == LONGEST_ROW) {
      tooLong[cells] = true;
    }
    if (tooLong[cells]) {
      contentLength = begin;
      return;
    }
    if (contentLength == content.length) {
      content = Arrays.copyOf(content, 2 * contentLength);
    }
    content[contentLength++] = (byte) b;
  }

  @Override
  long row() {
    return row;
  }

  @Override
  long lineOf(int column) {
    return column < cells ? cellLines[column] : rowLine;
  }

  @Override
  Optional<String> problem() {
    return Optional.empty();
  }

  private byte[] bytesOf(int column) {
    return Arrays.copyOfRange(content, column == 0 ? 0 : ends[column - 1], ends[column]);
  }

  @Override
  byte @Nullable [] cell(int column) throws UndecodableException {
    if (column >= cells) {
      return null;
    }
    byte[] raw = bytesOf(column);
    String text = TextDecoder.strict(raw, charset);
    return charset.equals(StandardCharsets.UTF_8) ? raw : TextDecoder.encode(text);
  }

  @Override
  boolean isTooLong(int column) {
    return column < cells && tooLong[column];
  }

  @Override
  int lineEndsBefore(int column, int place) {
    return TextDecoder.lineEnds(bytesOf(column), place);
  }

  @Override
  Span span(int column) {
    return new Span(begins[column], lengths[column]);
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }
}
