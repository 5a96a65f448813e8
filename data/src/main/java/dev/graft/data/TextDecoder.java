package dev.graft.data;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * From bytes to text and back, strictly: bytes that are none of the encoding are an error that says
 * where they are, never a replacement character. Stateless, thread-safe.
 */
public final class TextDecoder {
  private static final byte[] REPLACEMENT = {(byte) 0xef, (byte) 0xbf, (byte) 0xbd};

  private TextDecoder() {}

  /**
   * The text that UTF-8 bytes hold, without a byte order mark.
   *
   * @param name what to call their source in messages
   * @throws DataException where they are no UTF-8, naming line and byte
   */
  public static String decode(byte[] content, String name) {
    return decode(content, StandardCharsets.UTF_8, name);
  }

  /** The text that bytes of an encoding hold, as {@link #decode(byte[], String)}. */
  public static String decode(byte[] content, Charset charset, String name) {
    String text;
    try {
      text = strict(content, charset);
    } catch (UndecodableException e) {
      throw new DataException(
          "Cannot read "
              + name
              + ": "
              + e.describe(1 + lineEnds(content, e.place()))
              + ". "
              + advice(content, charset),
          e);
    }
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  /** What to do about bytes of another encoding. */
  static String advice(byte[] content, Charset charset) {
    if (content.length > 1
        && ((content[0] == (byte) 0xff && content[1] == (byte) 0xfe)
            || (content[0] == (byte) 0xfe && content[1] == (byte) 0xff))) {
      return "It begins like UTF-16: name that encoding, or save it as UTF-8.";
    }
    return charset.equals(StandardCharsets.UTF_8)
        ? "Name its encoding (windows-1252 is that of many older files), or save it as UTF-8."
        : "Name the encoding that it was written in, or save it as UTF-8.";
  }

  /** The number of lines that end before a place. */
  static int lineEnds(byte[] content, int place) {
    int ends = 0;
    for (int i = 0; i < place; i++) {
      boolean pair = content[i] == '\r' && i + 1 < content.length && content[i + 1] == '\n';
      if ((content[i] == '\n' || content[i] == '\r') && !pair) {
        ends++;
      }
    }
    return ends;
  }

  static String strict(byte[] content, Charset charset) throws UndecodableException {
    ByteBuffer in = ByteBuffer.wrap(content);
    var decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer out =
        CharBuffer.allocate((int) Math.ceil(content.length * (double) decoder.maxCharsPerByte()));
    CoderResult result = decoder.decode(in, out, true);
    if (!result.isError()) {
      result = decoder.flush(out);
    }
    if (result.isError()) {
      int place = Math.min(in.position(), content.length - 1);
      throw new UndecodableException(place, content[place], charset);
    }
    return out.flip().toString();
  }

  /** Whether a text has nothing to read: blanks, control characters and the like alone. */
  static boolean isBlank(String text) {
    return text.codePoints()
        .allMatch(
            c ->
                Character.isWhitespace(c)
                    || Character.isSpaceChar(c)
                    || Character.isISOControl(c)
                    || Character.getType(c) == Character.FORMAT);
  }

  /** A text as UTF-8, with U+FFFD for each unpaired surrogate, which UTF-8 has no bytes for. */
  static byte[] encode(String text) {
    CharsetEncoder encoder =
        StandardCharsets.UTF_8
            .newEncoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .replaceWith(REPLACEMENT);
    try {
      ByteBuffer bytes = encoder.encode(CharBuffer.wrap(text));
      byte[] result = new byte[bytes.remaining()];
      bytes.get(result);
      return result;
    } catch (CharacterCodingException impossible) {
      throw new IllegalStateException("malformed text is replaced", impossible);
    }
  }
}
