package dev.graft.transfer.training;

import dev.graft.data.text.TokenSequence;
import java.util.SplittableRandom;

/**
 * Takes some tokens of a text for unknown ones, so that a network does not come to rely on single
 * words (Iyyer et al. 2015, "Deep Unordered Composition Rivals Syntactic Methods for Text
 * Classification", section 3.1). Special tokens stay. What is dropped is a function of the text's
 * content, the number of the view and the seed alone.
 *
 * @param share the probability that a token is dropped, in [0, 1)
 * @param unknown the id that stands in its place
 * @param seed of the choice
 */
public record TokenDrop(double share, int unknown, long seed) {
  /** Drops nothing. */
  public static final TokenDrop NONE = new TokenDrop(0, 0, 0);

  private static final int HASH_DIGITS = 16;
  private static final int HEXADECIMAL = 16;

  /** Checks the range. */
  public TokenDrop {
    if (!(share >= 0 && share < 1) || unknown < 0) {
      throw new IllegalArgumentException(
          "dropped tokens: expected a share in [0, 1) and an id of at least 0, found "
              + share
              + " and "
              + unknown);
    }
  }

  boolean isNone() {
    return share == 0;
  }

  /** The text with some tokens unknown. */
  TokenSequence apply(TokenSequence tokens, String contentHash, int view) {
    if (isNone()) {
      return tokens;
    }
    long content = Long.parseUnsignedLong(contentHash.substring(0, HASH_DIGITS), HEXADECIMAL);
    // Two rounds through the generator keep seeds and views that differ in few bits apart.
    long mixed = new SplittableRandom(seed).nextLong() + view * 0x9E3779B97F4A7C15L;
    SplittableRandom random =
        new SplittableRandom(new SplittableRandom(mixed).nextLong() ^ content);
    int[] ids = tokens.ids().clone();
    for (int i = 0; i < ids.length; i++) {
      boolean dropped = random.nextDouble() < share;
      if (dropped && tokens.begins()[i] >= 0) {
        ids[i] = unknown;
      }
    }
    return new TokenSequence(ids, tokens.begins(), tokens.ends(), tokens.truncated());
  }
}
