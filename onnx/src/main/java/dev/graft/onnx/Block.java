package dev.graft.onnx;

import java.util.List;

/**
 * Consecutive layers that freeze and unfreeze together.
 *
 * @param name the prefix that their names share, or the first layer's name
 * @param layers the layers, in order
 * @param inputTensor the tensor before which nothing of this or a later block stands: a legal cache
 *     point, in a network of text but for the mask; empty for a first block of a model with several
 *     inputs
 */
public record Block(String name, List<WeightLayer> layers, String inputTensor) {
  public Block {
    layers = List.copyOf(layers);
  }

  /** The number of values that may train. */
  public long parameterCount() {
    return layers.stream().mapToLong(WeightLayer::parameterCount).sum();
  }
}
