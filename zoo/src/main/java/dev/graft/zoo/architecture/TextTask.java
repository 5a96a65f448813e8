package dev.graft.zoo.architecture;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.ValueInfo;

/**
 * What a network of text takes and gives: "input_ids" [N, tokens], whole numbers of tokens filled
 * up with {@value #PADDING}, to "logits" [N, classes].
 *
 * @param vocabularySize number of tokens, padding included
 * @param classes number of classes
 */
public record TextTask(int vocabularySize, int classes) {
  /** The token that fills up shorter texts. */
  public static final int PADDING = 0;

  /** The name of the input. */
  static final String INPUT = "input_ids";

  /** Checks the ranges. */
  public TextTask {
    if (vocabularySize < 2 || classes < 2) {
      throw new IllegalArgumentException(
          "a task needs at least 2 tokens and 2 classes but has "
              + vocabularySize
              + " tokens and "
              + classes
              + " classes");
    }
  }

  /** The input "input_ids" [N, tokens]. */
  ValueInfo input() {
    return ValueInfo.of(INPUT, ElementType.INT64, Dimension.named("N"), Dimension.named("tokens"));
  }
}
