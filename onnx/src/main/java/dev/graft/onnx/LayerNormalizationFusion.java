package dev.graft.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Fuses (x - mean) / sqrt(mean of squares + epsilon) scale + bias over the last axes into
 * LayerNormalization (Ba, Kiros and Hinton 2016, arXiv:1607.06450), divided as it stands or
 * multiplied by the reciprocal, in the order that PyTorch or TensorFlow gives.
 */
final class LayerNormalizationFusion extends PatternFusion {
  LayerNormalizationFusion() {
    super("layer norm", "a layer norm in single operators becomes LayerNormalization", 17);
  }

  @Override
  Optional<Group> match(GraphPattern graph, Node node) {
    return node.is("Sqrt")
        ? Moments.endingAt(graph, node).flatMap(moments -> normalised(graph, moments))
        : Optional.empty();
  }

  private static Optional<Group> normalised(GraphPattern graph, Moments moments) {
    Node root = moments.root();
    for (Node reader : graph.readers(root.output(0))) {
      if (reader.is("Div") && reader.input(1).equals(root.output(0))) {
        return moments
            .centring(graph, reader.input(0))
            .flatMap(centred -> affine(graph, moments, moments.with(centred, reader)));
      }
    }
    Optional<Node> inverse = graph.reader(root.output(0), "Reciprocal");
    Optional<Node> product = inverse.flatMap(node -> graph.reader(node.output(0), "Mul"));
    Optional<String> other =
        product.flatMap(node -> GraphPattern.other(node, inverse.get().output(0)));
    if (other.isEmpty()) {
      return Optional.empty();
    }
    Optional<Node> centred = moments.centring(graph, other.get());
    return centred.isPresent()
        ? affine(graph, moments, moments.with(centred.get(), inverse.get(), product.get()))
        : expanded(graph, moments, inverse.get(), product.get(), other.get());
  }

  /** As TensorFlow has it: x s + (bias - mean s) with s = scale / deviation. */
  private static Optional<Group> expanded(
      GraphPattern graph, Moments moments, Node inverse, Node factor, String scale) {
    String mean = moments.mean().output(0);
    Optional<Node> scaled = Optional.empty();
    Optional<Node> offset = Optional.empty();
    for (Node reader : graph.readers(factor.output(0))) {
      Optional<String> other =
          reader.is("Mul") ? GraphPattern.other(reader, factor.output(0)) : Optional.empty();
      scaled = other.filter(moments.x()::equals).isPresent() ? Optional.of(reader) : scaled;
      offset = other.filter(mean::equals).isPresent() ? Optional.of(reader) : offset;
    }
    Optional<Node> shift = offset.flatMap(node -> graph.reader(node.output(0), "Sub"));
    Optional<Node> sum = scaled.flatMap(node -> graph.reader(node.output(0), "Add"));
    if (shift.isEmpty()
        || sum.isEmpty()
        || !shift.get().input(1).equals(offset.get().output(0))
        || !sum.get().inputs().contains(shift.get().output(0))) {
      return Optional.empty();
    }
    String bias = shift.get().input(0);
    boolean fits =
        isVector(graph, scale, moments.x(), moments.axes())
            && isVector(graph, bias, moments.x(), moments.axes())
            && sameShape(graph, scale, bias);
    List<Node> nodes =
        moments.with(inverse, factor, scaled.get(), offset.get(), shift.get(), sum.get());
    return fits
        ? Optional.of(
            group(nodes, List.of(moments.x(), scale, bias), moments.axes(), moments.epsilon()))
        : Optional.empty();
  }

  /** Takes scale and bias in where they follow; a norm without scale gets one of ones. */
  private static Optional<Group> affine(GraphPattern graph, Moments moments, List<Node> nodes) {
    int count = moments.axes();
    List<String> inputs = new ArrayList<>(List.of(moments.x()));
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
      return plain(graph, moments.x(), nodes, count, moments.epsilon());
    }
    return Optional.of(group(nodes, inputs, count, moments.epsilon()));
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
    return GraphPattern.other(node, y).filter(name -> isVector(graph, name, y, count));
  }

  private static boolean isVector(GraphPattern graph, String name, String y, int count) {
    return graph.isStored(name)
        && graph.facts(name).rank() == count
        && fits(graph.facts(name), graph.facts(y), count);
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
