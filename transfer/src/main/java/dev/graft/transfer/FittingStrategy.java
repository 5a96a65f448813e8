package dev.graft.transfer;

import dev.graft.data.DatasetKind;

/** Refuses strategies that a backbone cannot follow. */
final class FittingStrategy {
  private FittingStrategy() {}

  /**
   * Checks a strategy against the blocks and the kind of a backbone.
   *
   * @throws TransferException naming what can be done instead
   */
  static void require(Strategy strategy, Backbone backbone) {
    requireTexts(strategy, backbone);
    requireFreshBlocksTrained(strategy, backbone);
    int wanted = strategy.lastBlocks().orElse(0);
    int present = backbone.blocks().size();
    if (wanted > present) {
      throw refused(
          strategy,
          "at most as many blocks can train as "
              + backbone.id()
              + " has, which are "
              + present
              + ", but the last "
              + wanted
              + " shall. Take at most "
              + present
              + " (Backbone.blocks() lists them), or a strategy that trains all layers.");
    }
  }

  private static void requireTexts(Strategy strategy, Backbone backbone) {
    DatasetKind kind = backbone.preprocessing().kind();
    if (strategy instanceof Strategy.Contrastive && kind != DatasetKind.TEXT) {
      throw refused(
          strategy,
          "it is for texts, but "
              + backbone.id()
              + " takes "
              + kind.many()
              + ". Take head, head-then-all or auto.");
    }
  }

  /** A head on layers that know nothing, and never will, is not what anybody means. */
  private static void requireFreshBlocksTrained(Strategy strategy, Backbone backbone) {
    int fresh = backbone.freshBlocks();
    boolean trained =
        strategy instanceof Strategy.AllLayers
            || strategy instanceof Strategy.HeadThenAll
            || strategy instanceof Strategy.Contrastive
            || strategy.lastBlocks().orElse(0) >= fresh;
    if (!trained) {
      throw refused(
          strategy,
          (fresh == 1 ? "the last block has" : "the last " + fresh + " blocks have")
              + " fresh weights and must train. Take last:K with K of at least "
              + fresh
              + ", or all.");
    }
  }

  private static TransferException refused(Strategy strategy, String why) {
    return new TransferException(
        TransferException.Cause.SETTINGS, "Choosing the strategy " + strategy + ": " + why);
  }
}
