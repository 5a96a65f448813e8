package dev.graft.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Fuses x max(0, min(6, x + 3)) / 6, also where it is written with HardSigmoid, into HardSwish
 * (Howard et al. 2019, arXiv:1905.02244).
 */
final class HardSwishFusion extends PatternFusion {
  HardSwishFusion() {
    super("hard swish", "x hardsigmoid(x) in single operators becomes HardSwish", 14);
  }

  @Override
  Optional<Group> match(GraphPattern graph, Node node) {
    if (node.is("HardSigmoid")) {
      boolean sixth =
          GraphPattern.isClose(node.real("alpha", 0.2f), 1 / 6.0)
              && node.real("beta", 0.5f) == 0.5f;
      return sixth
          ? gated(graph, new ArrayList<>(List.of(node)), node.input(0), 1)
          : Optional.empty();
    }
    boolean clips =
        node.is("Clip") && isZero(graph, node.input(1)) && graph.isNumber(node.input(2), 6);
    Optional<Node> shifted = clips ? graph.producer(node.input(0), "Add") : Optional.empty();
    if (shifted.isEmpty()) {
      return Optional.empty();
    }
    for (int i = 0; i < 2; i++) {
      if (graph.isNumber(shifted.get().input(i), 3)) {
        List<Node> nodes = new ArrayList<>(List.of(shifted.get(), node));
        return gated(graph, nodes, shifted.get().input(1 - i), 1 / 6.0);
      }
    }
    return Optional.empty();
  }

  private static boolean isZero(GraphPattern graph, String tensor) {
    return graph.number(tensor).orElse(Double.NaN) == 0;
  }

  private static Optional<Group> gated(
      GraphPattern graph, List<Node> nodes, String x, double factor) {
    Node gate = nodes.get(nodes.size() - 1);
    return graph
        .product(gate.output(0), x, factor)
        .map(
            product -> {
              nodes.addAll(product.nodes());
              Node fused =
                  Node.of("HardSwish", List.of(x), List.of(product.result()))
                      .withName(nodes.get(nodes.size() - 1).name());
              return new Group(nodes, List.of(fused));
            });
  }
}
