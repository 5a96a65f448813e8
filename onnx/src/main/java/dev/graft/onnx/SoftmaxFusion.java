package dev.graft.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Fuses exp(x - max x) / sum of these along one axis, also without the maximum, into Softmax. */
final class SoftmaxFusion extends PatternFusion {
  SoftmaxFusion() {
    super("softmax", "softmax in single operators becomes Softmax", 13);
  }

  @Override
  Optional<Group> match(GraphPattern graph, Node node) {
    Optional<Node> powers =
        node.is("Div") ? graph.producer(node.input(0), "Exp") : Optional.empty();
    Optional<Node> sum =
        node.is("Div") ? graph.producer(node.input(1), "ReduceSum") : Optional.empty();
    if (powers.isEmpty()
        || sum.isEmpty()
        || !sum.get().input(0).equals(powers.get().output(0))
        || graph.axes(sum.get()).filter(axes -> axes.length == 1).isEmpty()) {
      return Optional.empty();
    }
    List<Node> nodes = new ArrayList<>();
    String x = withoutMaximum(graph, powers.get().input(0), sum.get(), nodes);
    nodes.addAll(List.of(powers.get(), sum.get(), node));
    Node fused =
        Node.of("Softmax", List.of(x), List.of(node.output(0)))
            .withName(node.name())
            .withInteger("axis", graph.axes(sum.get()).orElseThrow()[0]);
    return Optional.of(new Group(nodes, List.of(fused)));
  }

  /** What the largest element along the same axis is taken from; a sum in another way is x. */
  private static String withoutMaximum(
      GraphPattern graph, String exponent, Node sum, List<Node> nodes) {
    Optional<Node> difference = graph.producer(exponent, "Sub");
    Optional<Node> maximum = difference.flatMap(node -> graph.producer(node.input(1), "ReduceMax"));
    boolean ofSame =
        maximum.isPresent()
            && maximum.get().input(0).equals(difference.get().input(0))
            && graph.sameAxes(maximum.get(), sum)
            && graph.reader(difference.get().output(0), "Exp").isPresent()
            && graph.reader(maximum.get().output(0), "Sub").isPresent();
    if (!ofSame) {
      return exponent;
    }
    nodes.addAll(List.of(maximum.orElseThrow(), difference.orElseThrow()));
    return difference.orElseThrow().input(0);
  }
}
