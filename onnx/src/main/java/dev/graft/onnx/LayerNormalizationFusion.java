package dev.graft.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Fuses (x - mean) / sqrt(mean of squares + epsilon) scale + bias over the last axes into
 * LayerNormalization (Ba, Kiros and Hinton 2016, arXiv:1607.06450).
 */
final class LayerNormalizationFusion extends PatternFusion {
  LayerNormalizationFusion() {
    super("layer norm", "a layer norm in single operators becomes LayerNormalization", 17);
  }

  @Override
  Optional<Group> match(GraphPattern graph, Node node) {
    return node.is("Sqrt") ? deviation(graph, node) : Optional.empty();
  }

  private static Optional<Group> deviation(GraphPattern graph, Node root) {
    Optional<Node> shifted = graph.producer(root.input(0), "Add");
    if (shifted.isEmpty()) {
      return Optional.empty();
    }
    for (int i = 0; i < 2; i++) {
      OptionalDouble epsilon = graph.number(shifted.get().input(i));
      Optional<Node> variance = graph.producer(shifted.get().input(1 - i), "ReduceMean");
      if (epsilon.isPresent() && epsilon.getAsDouble() >= 0 && variance.isPresent()) {
        return squares(graph, root, shifted.get(), variance.get(), epsilon.getAsDouble());
      }
    }
    return Optional.empty();
  }

  private static Optional<Group> squares(
      GraphPattern graph, Node root, Node shifted, Node variance, double epsilon) {
    Optional<Node> square =
        graph
            .producer(variance.input(0), "Pow")
            .filter(pow -> graph.isNumber(pow.input(1), 2))
            .or(
                () ->
                    graph
                        .producer(variance.input(0), "Mul")
                        .filter(mul -> mul.input(0).equals(mul.input(1))));
    Optional<Node> divided =
        graph.readers(root.output(0)).stream().filter(reader -> reader.is("Div")).findFirst();
    if (square.isEmpty() || divided.isEmpty() || !divided.get().input(1).equals(root.output(0))) {
      return Optional.empty();
    }
    Optional<Node> centred = graph.producer(square.get().input(0), "Sub");
    Optional<Node> again = graph.producer(divided.get().input(0), "Sub");
    if (centred.isEmpty()
        || again.isEmpty()
        || !centred.get().inputs().equals(again.get().inputs())) {
      return Optional.empty();
    }
    Optional<Node> mean = graph.producer(centred.get().input(1), "ReduceMean");
    String x = centred.get().input(0);
    if (mean.isEmpty() || !mean.get().input(0).equals(x) || !graph.sameAxes(mean.get(), variance)) {
      return Optional.empty();
    }
    List<Node> nodes = new ArrayList<>(List.of(mean.get(), centred.get()));
    if (again.get() != centred.get()) {
      nodes.add(again.get());
    }
    nodes.addAll(List.of(square.get(), variance, shifted, root, divided.get()));
    int count = trailing(graph.axes(variance).orElseThrow(), graph.facts(x).rank());
    return count == 0 ? Optional.empty() : affine(graph, x, nodes, count, epsilon);
  }

  /** The number of axes where they are the last ones of the tensor, else 0. */
  private static int trailing(long[] axes, int rank) {
    long[] fromEnd = new long[axes.length];
    for (int i = 0; i < axes.length; i++) {
      if (axes[i] >= 0 && rank < 0) {
        return 0;
      }
      fromEnd[i] = axes[i] < 0 ? axes[i] : axes[i] - rank;
    }
    Arrays.sort(fromEnd);
    for (int i = 0; i < fromEnd.length; i++) {
      if (fromEnd[i] != i - fromEnd.length) {
        return 0;
      }
    }
    return axes.length;
  }

  /** Takes scale and bias in where they follow; a norm without scale gets one of ones. */
  private static Optional<Group> affine(
      GraphPattern graph, String x, List<Node> nodes, int count, double epsilon) {
    List<String> inputs = new ArrayList<>(List.of(x));
    String y = nodes.get(nodes.size() - 1).output(0);
    Optional<Node> scaled = graph.reader(y, "Mul");
    Optional<String> scale = scaled.flatMap(node -> vector(graph, node, y, count));
    if (scale.isPresent()) {
      nodes.add(scaled.orElseThrow());
      inputs.add(scale.get());
      String product = scaled.get().output(0);
      Optional<Node> moved = graph.reader(product, "Add");
      Optional<String> bias = moved.flatMap(node -> vector(graph, node, product, count));
      if (bias.isPresent() && sameShape(graph, scale.get(), bias.get())) {
        nodes.add(moved.orElseThrow());
        inputs.add(bias.get());
      }
    } else {
      return plain(graph, x, nodes, count, epsilon);
    }
    return Optional.of(group(nodes, inputs, count, epsilon));
  }

  private static Optional<Group> plain(
      GraphPattern graph, String x, List<Node> nodes, int count, double epsilon) {
    long width = count == 1 ? graph.facts(x).size(-1) : TensorFacts.UNKNOWN;
    if (width <= 0) {
      return Optional.empty();
    }
    String ones = graph.freshName(nodes.get(nodes.size() - 1).output(0) + "_ones");
    float[] values = new float[(int) width];
    Arrays.fill(values, 1);
    graph.store(OnnxTensor.ofFloats(ones, values, width));
    return Optional.of(group(nodes, List.of(x, ones), count, epsilon));
  }

  private static Group group(List<Node> nodes, List<String> inputs, int count, double epsilon) {
    Node last = nodes.get(nodes.size() - 1);
    Node fused =
        Node.of("LayerNormalization", inputs, List.of(last.output(0)))
            .withName(last.name())
            .withInteger("axis", -count)
            .withReal("epsilon", (float) epsilon);
    return new Group(List.copyOf(nodes), List.of(fused));
  }

  /** The stored operand that has the shape of what is normalised. */
  private static Optional<String> vector(GraphPattern graph, Node node, String y, int count) {
    return GraphPattern.other(node, y)
        .filter(graph::isStored)
        .filter(name -> graph.facts(name).rank() == count)
        .filter(name -> fits(graph.facts(name), graph.facts(y), count));
  }

  private static boolean fits(TensorFacts vector, TensorFacts x, int count) {
    for (int i = 1; i <= count; i++) {
      boolean differs = x.size(-i) != TensorFacts.UNKNOWN && x.size(-i) != vector.size(-i);
      if (differs || vector.size(-i) <= 1) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameShape(GraphPattern graph, String first, String second) {
    return Arrays.equals(graph.facts(first).dimensions(), graph.facts(second).dimensions());
  }
}
