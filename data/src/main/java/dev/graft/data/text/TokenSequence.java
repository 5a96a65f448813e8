package dev.graft.data.text;

import java.util.Objects;

/**
 * The tokens of one text.
 *
 * @param ids their ids, those of special tokens included
 * @param begins where each begins in the text, in its chars; -1 for a special token that the text
 *     does not hold
 * @param ends where each ends in the text, in its chars, exclusive; -1 as in begins
 * @param truncated whether tokens of the text were left away
 */
public record TokenSequence(int[] ids, int[] begins, int[] ends, boolean truncated) {
  public TokenSequence {
    Objects.requireNonNull(ids, "ids");
    if (begins.length != ids.length || ends.length != ids.length) {
      throw new IllegalArgumentException(
          "token sequence: expected a begin and an end for each of "
              + ids.length
              + " ids, found "
              + begins.length
              + " and "
              + ends.length);
    }
  }

  /** The number of tokens. */
  public int length() {
    return ids.length;
  }
}
