package dev.graft.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One JSON object per line. */
final class JsonLinesScanner extends TableScanner {
  /** A cell with each of its bytes written as an escape would be longer, but is not expected. */
  private static final int LONGEST_LINE = 2 * LONGEST_CELL;

  private final ByteWalk bytes;
  private final Charset charset;
  private final List<String> header;
  private byte[] line = new byte[1 << 12];
  private int length;
  private boolean tooLong;
  private long begin;
  private long row;
  private Map<String, String> values = Map.of();
  private Optional<String> problem = Optional.empty();
  private @Nullable UndecodableException undecodable;

  /**
   * Opens a table.
   *
   * @param header the names of its columns, in lower case
   */
  JsonLinesScanner(InputStream in, List<String> header, Charset charset) throws IOException {
    this.bytes = new ByteWalk(in);
    this.header = List.copyOf(header);
    this.charset = charset;
    bytes.skipMark();
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
      readLine();
    } while (isBlank());
    parse();
    return true;
  }

  private void readLine() throws IOException {
    row++;
    begin = bytes.place();
    length = 0;
    tooLong = false;
    int next = bytes.read();
    while (next >= 0 && next != '\n') {
      if (length == LONGEST_LINE) {
        tooLong = true;
      } else {
        if (length == line.length) {
          line = Arrays.copyOf(line, 2 * length);
        }
        line[length++] = (byte) next;
      }
      next = bytes.read();
    }
  }

  private boolean isBlank() {
    for (int i = 0; i < length; i++) {
      if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  private void parse() {
    values = Map.of();
    problem = Optional.empty();
    undecodable = null;
    if (tooLong) {
      problem = Optional.of("the line has more than " + (LONGEST_LINE >> 20) + " MiB");
      return;
    }
    try {
      values = JsonLine.parse(TextDecoder.strict(Arrays.copyOf(line, length), charset));
    } catch (UndecodableException e) {
      undecodable = e;
    } catch (IOException e) {
      problem = Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** The values of the line by the names of their columns. */
  Map<String, String> values() {
    return values;
  }

  @Override
  long row() {
    return row;
  }

  @Override
  long lineOf(int column) {
    return row;
  }

  @Override
  Optional<String> problem() {
    return problem;
  }

  @Override
  byte @Nullable [] cell(int column) throws UndecodableException {
    if (undecodable != null) {
      throw undecodable;
    }
    String value = values.get(header.get(column));
    return value == null ? null : TextDecoder.encode(value);
  }

  @Override
  boolean isTooLong(int column) {
    // A char has at most three bytes in UTF-8.
    String value = values.getOrDefault(header.get(column), "");
    return value.length() > LONGEST_CELL / 3 && TextDecoder.encode(value).length > LONGEST_CELL;
  }

  @Override
  int lineEndsBefore(int column, int place) {
    return 0;
  }

  @Override
  Span span(int column) {
    return new Span(begin, length);
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }
}
