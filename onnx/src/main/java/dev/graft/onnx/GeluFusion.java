package dev.graft.onnx;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Fuses x/2 (1 + erf(x / sqrt(2))), and its approximation x/2 (1 + tanh(sqrt(2 / pi) (x + 0.044715
 * x^3))), into Gelu (Hendrycks and Gimpel 2016, arXiv:1606.08415).
 */
final class GeluFusion extends PatternFusion {
  private static final double INVERSE_ROOT = 1 / Math.sqrt(2);
  private static final double FACTOR = Math.sqrt(2 / Math.PI);
  private static final double CUBE = 0.044715;

  /** Operators between x and the argument of tanh, in any of the ways to write it. */
  private static final int DEEPEST = 6;

  GeluFusion() {
    super("gelu", "GELU by erf or by tanh in single operators becomes Gelu", 20);
  }

  @Override
  Optional<Group> match(GraphPattern graph, Node node) {
    boolean approximate = node.is("Tanh");
    if (!approximate && !node.is("Erf")) {
      return Optional.empty();
    }
    Optional<Node> gate =
        graph
            .reader(node.output(0), "Add")
            .filter(
                add ->
                    GraphPattern.other(add, node.output(0))
                        .filter(one -> graph.isNumber(one, 1))
                        .isPresent());
    if (gate.isEmpty()) {
      return Optional.empty();
    }
    for (String x : candidates(graph, node.input(0))) {
      List<Node> nodes = new ArrayList<>();
      Optional<Polynomial> argument = Polynomial.of(graph, node.input(0), x, nodes);
      boolean fits =
          argument
              .filter(
                  found ->
                      approximate
                          ? found.is(0, FACTOR, 0, FACTOR * CUBE)
                          : found.is(0, INVERSE_ROOT))
              .isPresent();
      Optional<GraphPattern.Product> product =
          fits ? graph.product(gate.get().output(0), x, 0.5) : Optional.empty();
      if (product.isPresent()) {
        nodes.addAll(List.of(node, gate.get()));
        nodes.addAll(product.get().nodes());
        Node fused =
            Node.of("Gelu", List.of(x), List.of(product.get().result()))
                .withName(nodes.get(nodes.size() - 1).name());
        fused = approximate ? fused.withText("approximate", "tanh") : fused;
        return Optional.of(new Group(nodes, List.of(fused)));
      }
    }
    return Optional.empty();
  }

  /** The tensors that the argument may be a polynomial of. */
  private static Set<String> candidates(GraphPattern graph, String argument) {
    Set<String> found = new LinkedHashSet<>();
    List<String> level = List.of(argument);
    for (int depth = 0; depth < DEEPEST && !level.isEmpty(); depth++) {
      List<String> next = new ArrayList<>();
      for (String tensor : level) {
        for (String operator : List.of("Add", "Mul", "Div", "Pow")) {
          graph
              .producer(tensor, operator)
              .ifPresent(
                  node ->
                      node.inputs().stream()
                          .filter(input -> graph.number(input).isEmpty())
                          .filter(found::add)
                          .forEach(next::add));
        }
      }
      level = next;
    }
    return found;
  }
}
