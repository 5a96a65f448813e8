package dev.graft.data.text;

import dev.graft.data.DataException;
import dev.graft.data.ExampleSource;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Texts as they lie in files: UTF-8, with a byte order mark or without. Stateless. */
public final class PlainText {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private PlainText() {}

  /**
   * Reads a text.
   *
   * @throws DataException as {@link #decode}, or where it cannot be read
   */
  public static String of(ExampleSource source) {
    return decode(source.read(), source.name());
  }

  /**
   * Reads a text.
   *
   * @param name what messages call it
   * @throws DataException where it is no UTF-8, naming the first bad byte, or holds nothing but
   *     white space
   */
  public static String decode(byte[] bytes, String name) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length + 1);
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      throw new DataException(
          String.format(
              "Cannot read the text %s: byte %d (0x%02x) is no UTF-8. Save it as UTF-8.",
              name, in.position(), bytes[in.position()] & 0xff));
    }
    String text = out.flip().toString();
    String content =
        !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    if (content.isBlank()) {
      throw new DataException("Cannot use the text " + name + ": it is empty.");
    }
    return content;
  }
}
