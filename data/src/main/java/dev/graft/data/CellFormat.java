package dev.graft.data;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** How a cell is read again from where it stands in a file. */
sealed interface CellFormat {
  /**
   * The content as UTF-8.
   *
   * @param span what stands in the file
   * @throws UndecodableException where it is none of the table's encoding
   * @throws IOException where it is no such cell
   */
  byte[] content(byte[] span) throws IOException, UndecodableException;

  /** A value between separators, in quotes or not. */
  record Separated(Charset charset) implements CellFormat {
    @Override
    public byte[] content(byte[] span) throws IOException, UndecodableException {
      byte[] raw = CsvScanner.unquoted(span);
      String text = TextDecoder.strict(raw, charset);
      return charset.equals(StandardCharsets.UTF_8) ? raw : TextDecoder.encode(text);
    }
  }

  /** A field of the JSON object that a line is. */
  record JsonField(Charset charset, String column) implements CellFormat {
    @Override
    public byte[] content(byte[] span) throws IOException, UndecodableException {
      String value = JsonLine.parse(TextDecoder.strict(span, charset)).get(column);
      if (value == null) {
        throw new IOException("the line has no field " + column);
      }
      return TextDecoder.encode(value);
    }
  }
}
