package dev.graft.data.text;

import dev.graft.data.DataException;
import dev.graft.data.ExampleSource;
import dev.graft.data.TextDecoder;

/** Texts as examples: UTF-8 that holds something. Stateless, thread-safe. */
public final class PlainText {
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
   * @throws DataException where it is no UTF-8, naming line and byte, or holds nothing but white
   *     space
   */
  public static String decode(byte[] bytes, String name) {
    String text = TextDecoder.decode(bytes, name);
    if (text.isBlank()) {
      throw new DataException("Cannot use the text " + name + ": it is empty.");
    }
    return text;
  }
}
