package dev.graft.transfer;

import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which layers train. */
public sealed interface Strategy {
  /**
   * Chosen from the data: a ladder from the head alone to all layers that is climbed only where
   * cross-validation proves the gain.
   */
  record Automatic() implements Strategy {
    @Override
    public String toString() {
      return "auto";
    }
  }

  /**
   * First the head on the frozen trunk, then the head with the biases and the norms of all layers
   * (BitFit, Ben Zaken et al. 2022); no kernel changes.
   */
  record HeadThenNorms() implements Strategy {
    @Override
    public String toString() {
      return "head-then-norms";
    }
  }

  /**
   * First the trunk learns which texts are of one class, by pairs of them, then a head on its
   * features as they are then (SetFit, Tunstall et al. 2022); for few texts a class.
   */
  record Contrastive() implements Strategy {
    @Override
    public String toString() {
      return "contrastive";
    }
  }

  /** The trunk stays frozen; only the new head trains (linear probe). */
  record HeadOnly() implements Strategy {
    @Override
    public String toString() {
      return "head";
    }
  }

  /**
   * The head and the last blocks of the trunk train together from the start.
   *
   * @param blocks number of blocks, at least 1
   */
  record LastBlocks(int blocks) implements Strategy {
    /** Checks the number. */
    public LastBlocks {
      requirePositive(blocks);
    }

    @Override
    public String toString() {
      return "last:" + blocks;
    }
  }

  /** Everything trains from the start (fine-tuning). */
  record AllLayers() implements Strategy {
    @Override
    public String toString() {
      return "all";
    }
  }

  /**
   * First the head on the frozen trunk, then everything from there (LP-FT, Kumar et al. 2022): the
   * trunk is not distorted by a head that knows nothing yet.
   */
  record HeadThenAll() implements Strategy {
    @Override
    public String toString() {
      return "head-then-all";
    }
  }

  /**
   * First the head on the frozen trunk, then the head with the last blocks.
   *
   * @param blocks number of blocks, at least 1
   */
  record HeadThenLastBlocks(int blocks) implements Strategy {
    /** Checks the number. */
    public HeadThenLastBlocks {
      requirePositive(blocks);
    }

    @Override
    public String toString() {
      return "head-then-last:" + blocks;
    }
  }

  /**
   * Reads the text that {@code toString} gives: auto, head, last:K, all, head-then-all,
   * head-then-last:K, head-then-norms, contrastive.
   */
  static Strategy parse(String text) {
    String word = text.trim().toLowerCase(Locale.ROOT);
    Matcher last = Pattern.compile("(head-then-)?last:([0-9]{1,6})").matcher(word);
    if (last.matches()) {
      int blocks = Integer.parseInt(last.group(2));
      return last.group(1) == null ? new LastBlocks(blocks) : new HeadThenLastBlocks(blocks);
    }
    return switch (word) {
      case "auto" -> new Automatic();
      case "head" -> new HeadOnly();
      case "head-then-norms" -> new HeadThenNorms();
      case "all" -> new AllLayers();
      case "head-then-all" -> new HeadThenAll();
      case "contrastive" -> new Contrastive();
      default ->
          throw new TransferException(
              TransferException.Cause.SETTINGS,
              "Choosing the strategy: expected auto, head, last:K, all, head-then-all,"
                  + " head-then-last:K (K blocks), head-then-norms or contrastive, found \""
                  + text
                  + "\".");
    };
  }

  /** Whether only the head trains. */
  default boolean isHeadOnly() {
    return this instanceof HeadOnly;
  }

  /** Whether the head is fitted on the frozen trunk before anything else trains. */
  default boolean beginsWithHead() {
    return !(this instanceof LastBlocks
        || this instanceof AllLayers
        || this instanceof Contrastive);
  }

  /** How many of the last blocks train, where the strategy gives a number. */
  default OptionalInt lastBlocks() {
    if (this instanceof LastBlocks last) {
      return OptionalInt.of(last.blocks());
    }
    return this instanceof HeadThenLastBlocks last
        ? OptionalInt.of(last.blocks())
        : OptionalInt.empty();
  }

  private static void requirePositive(int blocks) {
    if (blocks < 1) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Choosing the strategy: the number of last blocks must be at least 1, found "
              + blocks
              + ".");
    }
  }
}
