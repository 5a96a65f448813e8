package dev.graft.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table that can be gone through several times. Large files are read as a stream; others, and
 * those in archives, are held in memory as long as they are read.
 */
final class TableFile {
  /** Files up to here are read at once: 64 MiB. */
  private static final long HELD_BYTES = 64L << 20;

  /** How many lines of JSON tell the names of the columns. */
  private static final int LINES_FOR_COLUMNS = 100;

  private final String shownName;
  private final String fullName;
  private final Charset charset;
  private final @Nullable Path file;
  private final byte[] content;

  private TableFile(
      String shownName, String fullName, Charset charset, @Nullable Path file, byte[] content) {
    this.shownName = shownName;
    this.fullName = fullName;
    this.charset = charset;
    this.file = file;
    this.content = content;
  }

  /** Whether a name is that of a table. */
  static boolean isNamedSo(String fileName) {
    String name = fileName.toLowerCase(Locale.ROOT);
    return name.endsWith(".csv") || name.endsWith(".tsv") || name.endsWith(".jsonl");
  }

  /**
   * Opens a table.
   *
   * @param charset its encoding
   * @throws DataException where it cannot be read or is of another encoding altogether
   */
  static TableFile open(FileTree.Entry entry, Charset charset) {
    String fullName = entry.source().name();
    boolean bytewise = isBytewise(charset);
    if (bytewise
        && entry.size() > HELD_BYTES
        && entry.source() instanceof ExampleSource.FileSource source) {
      return new TableFile(entry.path(), fullName, charset, source.file(), new byte[0]);
    }
    byte[] content = entry.source().read();
    if (charset.equals(StandardCharsets.UTF_8)
        && content.length > 1
        && ((content[0] == (byte) 0xff && content[1] == (byte) 0xfe)
            || (content[0] == (byte) 0xfe && content[1] == (byte) 0xff))) {
      throw new DataException(
          "Cannot read the table " + fullName + ": " + TextDecoder.advice(content, charset));
    }
    if (bytewise) {
      return new TableFile(entry.path(), fullName, charset, null, content);
    }
    byte[] utf8 = TextDecoder.encode(TextDecoder.decode(content, charset, fullName));
    return new TableFile(entry.path(), fullName, StandardCharsets.UTF_8, null, utf8);
  }

  /** Whether a byte below 128 is always the character of ASCII, so that bytes can be split. */
  private static boolean isBytewise(Charset charset) {
    if (charset.equals(StandardCharsets.UTF_8)) {
      return true;
    }
    if (!charset.canEncode() || charset.newEncoder().maxBytesPerChar() > 1) {
      return false;
    }
    byte[] ascii = new byte[128];
    for (int i = 0; i < ascii.length; i++) {
      ascii[i] = (byte) i;
    }
    return new String(ascii, charset).equals(new String(ascii, StandardCharsets.US_ASCII));
  }

  /** The path inside the data, for ids and messages. */
  String shownName() {
    return shownName;
  }

  /** The whole path. */
  String fullName() {
    return fullName;
  }

  /** The table's encoding, as its bytes are read. */
  Charset charset() {
    return charset;
  }

  private boolean isJson() {
    return shownName.toLowerCase(Locale.ROOT).endsWith(".jsonl");
  }

  private InputStream stream() throws IOException {
    return file == null ? new ByteArrayInputStream(content) : Files.newInputStream(file);
  }

  /** Begins at the first row. */
  TableScanner scan() throws IOException {
    if (isJson()) {
      return new JsonLinesScanner(stream(), jsonColumns(), charset);
    }
    CsvScanner scanner = new CsvScanner(stream(), separator(), charset, fullName);
    return scanner;
  }

  /** Where texts are kept, whose column is known. */
  RowTexts texts(String column) {
    if (file == null) {
      return new RowTexts.InMemory(fullName);
    }
    return new RowTexts.OnDisk(
        file,
        isJson() ? new CellFormat.JsonField(charset, column) : new CellFormat.Separated(charset));
  }

  /** A tab in a .tsv; else a comma, or a semicolon or tab where the header has no comma. */
  private char separator() throws IOException {
    if (shownName.toLowerCase(Locale.ROOT).endsWith(".tsv")) {
      return '\t';
    }
    for (char separator : new char[] {',', ';', '\t'}) {
      try (CsvScanner scanner = new CsvScanner(stream(), separator, charset, fullName)) {
        if (scanner.header().size() > 1) {
          return separator;
        }
      }
    }
    return ',';
  }

  private List<String> jsonColumns() throws IOException {
    Set<String> columns = new LinkedHashSet<>();
    try (JsonLinesScanner scanner = new JsonLinesScanner(stream(), List.of(), charset)) {
      for (int i = 0; i < LINES_FOR_COLUMNS && scanner.next(); i++) {
        columns.addAll(scanner.values().keySet());
      }
    }
    return new ArrayList<>(columns);
  }
}
