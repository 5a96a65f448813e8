package dev.graft.transfer;

import java.util.ArrayList;
import java.util.List;

/**
 * The strategies above the heads that a backbone allows, in the order in which they are tried.
 *
 * @param middle what is tried first
 * @param shallower with fewer layers, tried next where that gained nothing
 * @param deeper with more layers, tried next where it did; biases and norms come last, since their
 *     steps cost nearly what those of all layers do, and seldom gain more
 */
record RungOrder(Strategy middle, List<Strategy> shallower, List<Strategy> deeper) {
  static RungOrder of(Backbone backbone) {
    int blocks = backbone.blocks().size();
    if (backbone.isFresh()) {
      return new RungOrder(new Strategy.AllLayers(), List.of(), List.of());
    }
    Strategy all = new Strategy.HeadThenAll();
    Strategy norms = new Strategy.HeadThenNorms();
    if (blocks < 2) {
      return new RungOrder(all, List.of(), List.of(norms));
    }
    Strategy half = new Strategy.HeadThenLastBlocks(Math.max(1, Math.round(blocks / 2f)));
    Strategy quarter = new Strategy.HeadThenLastBlocks(Math.max(1, Math.round(blocks / 4f)));
    return new RungOrder(
        half, quarter.equals(half) ? List.of() : List.of(quarter), List.of(all, norms));
  }

  /**
   * Whether nothing is left to try: the middle gained on the head and all layers on the middle, so
   * that fewer would lose.
   */
  boolean endsWith(Strategy best, boolean middleGained) {
    return middleGained && best instanceof Strategy.HeadThenAll && !middle.equals(best);
  }

  /** What is tried after the middle. */
  List<Strategy> after(boolean middleGained) {
    List<Strategy> rest = new ArrayList<>(middleGained ? deeper : shallower);
    rest.addAll(middleGained ? shallower : deeper);
    return rest;
  }
}
