package dev.graft.transfer;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is said about a backbone of text that its files do not tell.
 *
 * @param tokenizer a tokenizer.json or an old vocab.txt, where none of these names lies beside it
 * @param maximumTokens tokens after which a text is cut, 4 to {@value #MOST_TOKENS}; empty for what
 *     suits backbone and data
 * @param usualTokens the same where neither that is said nor the file fixes it
 */
public record TextOptions(
    Optional<Path> tokenizer, OptionalInt maximumTokens, OptionalInt usualTokens) {
  /** The longest texts that are not cut, in tokens. */
  public static final int MOST_TOKENS = 8_192;

  /** Nothing is said. */
  public static final TextOptions DEFAULTS =
      new TextOptions(Optional.empty(), OptionalInt.empty(), OptionalInt.empty());

  static final int FEWEST_TOKENS = 4;

  private static final int USUAL_TOKENS = 128;

  /** Checks the values. */
  public TextOptions {
    int tokens = maximumTokens.orElse(FEWEST_TOKENS);
    if (tokens < FEWEST_TOKENS || tokens > MOST_TOKENS) {
      throw new IllegalArgumentException(
          "the most tokens of a text must be "
              + FEWEST_TOKENS
              + " to "
              + MOST_TOKENS
              + " but are "
              + tokens);
    }
  }

  /** With a tokenizer's file. */
  public TextOptions withTokenizer(Path file) {
    return new TextOptions(Optional.of(file), maximumTokens, usualTokens);
  }

  /** With the most tokens of a text. */
  public TextOptions withMaximumTokens(int tokens) {
    return new TextOptions(tokenizer, OptionalInt.of(tokens), usualTokens);
  }

  /** With a length that a file may overrule, unlike one that was asked for. */
  public TextOptions preferringTokens(int tokens) {
    return new TextOptions(tokenizer, maximumTokens, OptionalInt.of(tokens));
  }

  /** The most tokens where the backbone leaves them open. */
  int tokens() {
    return maximumTokens.orElse(usualTokens.orElse(USUAL_TOKENS));
  }
}
