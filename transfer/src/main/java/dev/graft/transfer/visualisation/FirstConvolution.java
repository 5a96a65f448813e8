package dev.graft.transfer.visualisation;

import dev.graft.onnx.Graph;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The convolution that reads the image.
 *
 * @param name of its node, or of its result where that has none
 * @param weight the tensor of its kernels, computed from stored numbers alone
 * @param result what it gives, after a batch normalisation that follows it directly; before the
 *     rectifier, which makes many strong values equal where it has an upper bound
 */
record FirstConvolution(String name, String weight, String result) {
  /** Finds it among what depends on the image. */
  static Optional<FirstConvolution> of(OnnxModel trunk, Map<String, ReceptiveField> ofImage) {
    Graph graph = trunk.graph();
    for (Node node : graph.nodes()) {
      if (node.is("Conv")
          && ofImage.containsKey(node.input(0))
          && !ofImage.containsKey(node.input(1))) {
        String name = node.name().isEmpty() ? node.output(0) : node.name();
        return Optional.of(
            new FirstConvolution(name, node.input(1), normed(graph, node.output(0))));
      }
    }
    return Optional.empty();
  }

  private static String normed(Graph graph, String result) {
    List<Node> readers = graph.consumers(result);
    return readers.size() == 1 && readers.get(0).is("BatchNormalization")
        ? readers.get(0).output(0)
        : result;
  }
}
