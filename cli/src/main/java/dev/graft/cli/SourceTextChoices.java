package dev.graft.cli;

import dev.graft.data.Dataset;
import dev.graft.data.text.TextEncoder;
import dev.graft.data.text.Tokenizer;
import dev.graft.transfer.TransferException;
import dev.graft.transfer.pretraining.PretrainingListener;
import dev.graft.transfer.pretraining.SourceTexts;
import dev.graft.transfer.pretraining.SourceVocabulary;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code pretrain} about texts. */
final class SourceTextChoices {
  private static final int USUAL_VOCABULARY = 8_000;
  private static final int USUAL_TOKENS = 128;
  private static final double USUAL_DROP = 0.1;

  @Option(
      names = "--vocabulary",
      paramLabel = "N",
      description =
          "Pieces of words that are learned from the training texts (default: 8000; fewer where the"
              + " texts have no more).")
  private @Nullable Integer vocabulary;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "Tokens after which a text is cut (default: 128).")
  private @Nullable Integer maximumTokens;

  @Option(
      names = "--token-drop",
      paramLabel = "SHARE",
      description =
          "Share of the tokens that are unknown to the network while it learns (default: 0.1).")
  private @Nullable Double tokenDrop;

  /**
   * Refuses what is for texts alone.
   *
   * @throws TransferException if any of it was asked for
   */
  void requireNone() {
    if (vocabulary != null || maximumTokens != null || tokenDrop != null) {
      throw refused("--vocabulary, --max-tokens and --token-drop are for texts", null);
    }
  }

  /**
   * The vocabulary, learned from the texts that train.
   *
   * @throws TransferException if a value is out of its range
   */
  SourceVocabulary vocabulary(
      Dataset dataset, PretrainingChoices choices, PretrainingListener listener) {
    try {
      return SourceVocabulary.learn(
          dataset,
          vocabulary == null ? USUAL_VOCABULARY : vocabulary,
          choices.validationFraction(),
          choices.seed(),
          listener);
    } catch (IllegalArgumentException outOfRange) {
      throw refused(String.valueOf(outOfRange.getMessage()), outOfRange);
    }
  }

  /** Tokens after which a text is cut. */
  int maximumTokens() {
    return maximumTokens == null ? USUAL_TOKENS : maximumTokens;
  }

  /**
   * How texts are shown.
   *
   * @throws TransferException if a value is out of its range
   */
  SourceTexts texts(Tokenizer tokenizer) {
    try {
      return new SourceTexts(
          TextEncoder.of(tokenizer, maximumTokens()), tokenDrop == null ? USUAL_DROP : tokenDrop);
    } catch (IllegalArgumentException outOfRange) {
      throw refused(String.valueOf(outOfRange.getMessage()), outOfRange);
    }
  }

  private static TransferException refused(
      String reason, @Nullable IllegalArgumentException beneath) {
    String message = "Checking the settings: " + reason + ".";
    return beneath == null
        ? new TransferException(TransferException.Cause.SETTINGS, message)
        : new TransferException(TransferException.Cause.SETTINGS, message, beneath);
  }
}
