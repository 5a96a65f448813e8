package dev.graft.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Fuses x sigmoid(alpha x), called SiLU for alpha = 1, into Swish (Ramachandran, Zoph and Le 2017,
 * arXiv:1710.05941).
 */
final class SwishFusion extends PatternFusion {
  SwishFusion() {
    super("silu", "x sigmoid(x) in single operators becomes Swish", 24);
  }

  @Override
  Optional<Group> match(GraphPattern graph, Node node) {
    if (!node.is("Sigmoid")) {
      return Optional.empty();
    }
    Optional<Group> plain = gated(graph, node, node.input(0), 1, new ArrayList<>());
    if (plain.isPresent()) {
      return plain;
    }
    Node scaling = graph.producer(node.input(0), "Mul").orElse(null);
    if (scaling == null) {
      return Optional.empty();
    }
    for (String x : scaling.inputs()) {
      List<Node> nodes = new ArrayList<>();
      OptionalDouble alpha = graph.multiple(node.input(0), x, nodes);
      if (alpha.isPresent()) {
        return gated(graph, node, x, alpha.getAsDouble(), nodes);
      }
    }
    return Optional.empty();
  }

  private static Optional<Group> gated(
      GraphPattern graph, Node sigmoid, String x, double alpha, List<Node> nodes) {
    Optional<GraphPattern.Product> product = graph.product(sigmoid.output(0), x, 1);
    if (product.isEmpty()) {
      return Optional.empty();
    }
    nodes.add(sigmoid);
    nodes.addAll(product.get().nodes());
    Node fused =
        Node.of("Swish", List.of(x), List.of(product.get().result()))
            .withName(nodes.get(nodes.size() - 1).name())
            .withReal("alpha", (float) alpha);
    return Optional.of(new Group(nodes, List.of(fused)));
  }
}
