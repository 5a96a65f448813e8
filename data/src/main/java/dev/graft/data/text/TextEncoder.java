package dev.graft.data.text;

import dev.graft.data.DatasetKind;
import dev.graft.data.Preprocessing;
import java.util.Arrays;

/**
 * A tokenizer with the description of what is done with it: texts in, rows of token numbers out.
 * Thread-safe.
 *
 * @param tokenizer cuts texts into tokens
 * @param description how many tokens a row has and what fills it up
 */
public record TextEncoder(Tokenizer tokenizer, TextPreprocessing description)
    implements Preprocessing {
  private static final int FINE_STEP = 8;
  private static final int FINE_UP_TO = 64;
  private static final int STEPS_PER_OCTAVE = 4;

  /**
   * Checks that both belong together.
   *
   * @throws IllegalArgumentException where the description is that of another tokenizer
   */
  public TextEncoder {
    if (!tokenizer.hash().equals(description.tokenizerHash())) {
      throw new IllegalArgumentException(
          "text preprocessing: expected the tokenizer with the SHA-256 "
              + description.tokenizerHash()
              + ", found "
              + tokenizer.hash()
              + ". Take the tokenizer.json that lies beside the description");
    }
  }

  /** A tokenizer and the most tokens that a text may have. */
  public static TextEncoder of(Tokenizer tokenizer, int maximumTokens) {
    return new TextEncoder(tokenizer, TextPreprocessing.of(tokenizer, maximumTokens));
  }

  /**
   * The tokens of a text, cut to the most that there may be.
   *
   * @throws dev.graft.data.DataException where the tokenizer refuses the text
   */
  public TokenSequence encode(String text) {
    return tokenizer.encode(text, description.maximumTokens());
  }

  /**
   * The tokens that a text of so many is filled up to, so that texts of about one length can be
   * computed together: the next multiple of 8 up to 64, then four lengths an octave, at most {@link
   * TextPreprocessing#maximumTokens()}; always that many where the graph takes no other length.
   */
  public int paddedLength(int tokens) {
    if (description.padding() == TextPreprocessing.Padding.MAXIMUM) {
      return description.maximumTokens();
    }
    int step = FINE_STEP;
    if (tokens > FINE_UP_TO) {
      step = Integer.highestOneBit(tokens - 1) / STEPS_PER_OCTAVE;
    }
    int padded = (Math.max(1, tokens) + step - 1) / step * step;
    return Math.min(padded, description.maximumTokens());
  }

  /** Writes a row of {@link #valueCount()} numbers from the offset on. */
  public void write(TokenSequence tokens, float[] out, int offset) {
    int end = offset + valueCount();
    for (int id : tokens.ids()) {
      out[offset++] = id;
    }
    Arrays.fill(out, offset, end, description.padId());
  }

  @Override
  public DatasetKind kind() {
    return DatasetKind.TEXT;
  }

  @Override
  public long[] shape() {
    return description.shape();
  }

  @Override
  public int valueCount() {
    return description.valueCount();
  }

  @Override
  public String toJson() {
    return description.toJson();
  }
}
