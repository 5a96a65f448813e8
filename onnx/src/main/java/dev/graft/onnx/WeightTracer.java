package dev.graft.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Follows a weight operand through Transpose, Reshape, Identity, Cast, DequantizeLinear and the
 * like to the tensor that is stored in the file.
 */
final class WeightTracer {
  private WeightTracer() {}

  /**
   * The name under which the file stores what reaches {@code tensor}: an initialiser, or the output
   * of a Constant node; empty where it is computed from inputs or from several tensors.
   */
  static Optional<String> stored(Graph graph, String tensor) {
    return traced(graph, tensor, WeightTracer::keepsElements);
  }

  /**
   * As {@link #stored}, and also through Gather with constant indices, which picks from a table the
   * same elements in each run, such as the biases of relative positions (Liu et al. 2021, "Swin
   * Transformer", equation 4).
   */
  static Optional<String> storedOrPicked(Graph graph, String tensor) {
    return traced(graph, tensor, node -> keepsElements(node) || picks(graph, node));
  }

  private static boolean picks(Graph graph, Node node) {
    return node.is("Gather") && stored(graph, node.input(1)).isPresent();
  }

  private static Optional<String> traced(Graph graph, String tensor, Predicate<Node> passes) {
    String current = tensor;
    while (!current.isEmpty()) {
      if (graph.initializers().containsKey(current)) {
        return Optional.of(current);
      }
      Node producer = graph.producer(current).orElse(null);
      if (producer == null) {
        return Optional.empty();
      }
      if (producer.is("Constant")) {
        return graph.constant(current).isPresent() ? Optional.of(current) : Optional.empty();
      }
      if (!passes.test(producer)) {
        return Optional.empty();
      }
      current = producer.input(0);
    }
    return Optional.empty();
  }

  private static boolean keepsElements(Node node) {
    if (!node.domain().isEmpty()) {
      return false;
    }
    return switch (node.operator()) {
      case "Identity",
          "Transpose",
          "Reshape",
          "Flatten",
          "Squeeze",
          "Unsqueeze",
          "Expand",
          "Cast",
          "DequantizeLinear" ->
          true;
      default -> false;
    };
  }

  /**
   * The value that reaches {@code tensor}, computed through changes of shape and type; empty where
   * it is not constant.
   */
  static Optional<OnnxTensor> resolve(Graph graph, String tensor) {
    Optional<String> stored = stored(graph, tensor);
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    Optional<OnnxTensor> value = graph.constant(stored.get());
    for (Node node : path(graph, stored.get(), tensor)) {
      if (value.isEmpty()) {
        return value;
      }
      value = applied(graph, node, value.get());
    }
    return value;
  }

  private static List<Node> path(Graph graph, String from, String to) {
    List<Node> nodes = new ArrayList<>();
    String current = to;
    while (!current.equals(from)) {
      Node producer = graph.producer(current).orElseThrow();
      nodes.add(producer);
      current = producer.input(0);
    }
    Collections.reverse(nodes);
    return nodes;
  }

  private static Optional<OnnxTensor> applied(Graph graph, Node node, OnnxTensor x) {
    return switch (node.operator()) {
      case "Identity" -> Optional.of(x);
      case "Cast" -> {
        ElementType to = ElementType.ofOnnxCode((int) node.integer("to", 0));
        boolean real = x.type().isFloating() && to.isFloating();
        yield real ? Optional.of(reshaped(x, x.shape())) : Optional.empty();
      }
      case "Transpose" ->
          x.type().isFloating() ? Optional.of(transposed(node, x)) : Optional.empty();
      case "DequantizeLinear" -> Dequantizer.dequantized(graph, node, x);
      default -> {
        TensorFacts facts = ShapeInference.of(graph).facts(node.output(0));
        long[] shape = facts.dimensions();
        yield shape == null || facts.elementCount() != x.elementCount() || !x.type().isFloating()
            ? Optional.empty()
            : Optional.of(reshaped(x, shape));
      }
    };
  }

  private static OnnxTensor reshaped(OnnxTensor x, long[] shape) {
    return OnnxTensor.ofFloats(x.name(), x.toFloats(), shape);
  }

  private static OnnxTensor transposed(Node node, OnnxTensor x) {
    long[] shape = x.shape();
    int rank = shape.length;
    long[] reversed = new long[rank];
    for (int i = 0; i < rank; i++) {
      reversed[i] = rank - 1L - i;
    }
    long[] permutation = node.integers("perm", reversed);
    long[] strides = new long[rank];
    long stride = 1;
    for (int i = rank - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape[i];
    }
    long[] result = new long[rank];
    for (int i = 0; i < rank; i++) {
      result[i] = shape[(int) permutation[i]];
    }
    float[] from = x.toFloats();
    float[] to = new float[from.length];
    long[] index = new long[rank];
    for (int position = 0; position < to.length; position++) {
      long source = 0;
      for (int i = 0; i < rank; i++) {
        source += index[i] * strides[(int) permutation[i]];
      }
      to[position] = from[(int) source];
      for (int i = rank - 1; i >= 0 && ++index[i] == result[i]; i--) {
        index[i] = 0;
      }
    }
    return OnnxTensor.ofFloats(x.name(), to, result);
  }
}
