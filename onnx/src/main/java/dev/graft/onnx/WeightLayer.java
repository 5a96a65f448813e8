package dev.graft.onnx;

import java.util.List;

/**
 * A weight-bearing operator with the batch normalisation and bias that follow it directly.
 *
 * @param name the node's name, or where it has none the name its weights share
 * @param operator the first node's operator, such as {@code Conv}
 * @param nodes the nodes, in order
 * @param tensors the tensors that may train; statistics of batch normalisation are never among them
 */
public record WeightLayer(
    String name, String operator, List<Node> nodes, List<WeightTensor> tensors) {
  public WeightLayer {
    nodes = List.copyOf(nodes);
    tensors = List.copyOf(tensors);
  }

  /** The number of values that may train. */
  public long parameterCount() {
    return tensors.stream().mapToLong(WeightTensor::elementCount).sum();
  }
}
