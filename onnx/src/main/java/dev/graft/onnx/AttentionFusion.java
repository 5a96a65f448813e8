package dev.graft.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Fuses softmax(scale Q K' + mask) V of tensors [N,H,T,d] into Attention (Vaswani et al. 2017,
 * arXiv:1706.03762).
 *
 * <p>The scale may stand behind the first product or before it, at Q, at K or at both. The mask may
 * be added, or filled in by a Where.
 */
final class AttentionFusion extends PatternFusion {
  private static final int RANK = 4;

  /** A fill below this hides a position. */
  private static final double LARGEST_FILL = -100;

  AttentionFusion() {
    super("attention", "softmax(scale Q K' + mask) V becomes one Attention", 23);
  }

  /** What a match has gathered so far. */
  private static final class Parts {
    final GraphPattern graph;
    final List<Node> nodes = new ArrayList<>();
    final List<Node> emitted = new ArrayList<>();
    double scale = 1;
    String mask = "";

    Parts(GraphPattern graph) {
      this.graph = graph;
    }
  }

  @Override
  Optional<Group> match(GraphPattern graph, Node node) {
    if (!node.is("Softmax") || !isLast(graph, node)) {
      return Optional.empty();
    }
    Optional<Node> mixed =
        graph
            .reader(node.output(0), "MatMul")
            .filter(product -> product.input(0).equals(node.output(0)))
            .filter(product -> !product.input(1).equals(node.output(0)));
    if (mixed.isEmpty() || graph.facts(mixed.get().input(1)).rank() != RANK) {
      return Optional.empty();
    }
    Parts parts = new Parts(graph);
    String scores = withoutMask(parts, node.input(0));
    Optional<Node> product = withoutScale(parts, scores);
    if (product.isEmpty()
        || graph.facts(product.get().input(0)).rank() != RANK
        || graph.facts(product.get().input(1)).rank() != RANK
        || product.get().input(0).equals(product.get().input(1))) {
      return Optional.empty();
    }
    parts.nodes.add(product.get());
    String query = unscaled(parts, product.get().input(0));
    String key = turned(parts, unscaled(parts, product.get().input(1)));
    if (!(parts.scale > 0)) {
      return Optional.empty();
    }
    parts.nodes.addAll(List.of(node, mixed.get()));
    List<String> inputs = new ArrayList<>(List.of(query, key, mixed.get().input(1)));
    if (!parts.mask.isEmpty()) {
      inputs.add(parts.mask);
    }
    parts.emitted.add(
        Node.of("Attention", inputs, List.of(mixed.get().output(0)))
            .withName(mixed.get().name())
            .withReal("scale", (float) parts.scale));
    return Optional.of(new Group(parts.nodes, parts.emitted));
  }

  private static boolean isLast(GraphPattern graph, Node softmax) {
    long axis = softmax.integer("axis", -1);
    return axis == -1 || (axis == RANK - 1 && graph.facts(softmax.input(0)).rank() == RANK);
  }

  /** The scores before a mask, which is noted. */
  private static String withoutMask(Parts parts, String masked) {
    Node sum = parts.graph.producer(masked, "Add").orElse(null);
    if (sum != null) {
      for (int i = 0; i < 2; i++) {
        boolean mask = isMask(parts.graph, sum.input(1 - i));
        if (mask && comesFromProduct(parts.graph, sum.input(i))) {
          parts.nodes.add(sum);
          parts.mask = sum.input(1 - i);
          return sum.input(i);
        }
      }
    }
    Node choice = parts.graph.producer(masked, "Where").orElse(null);
    if (choice != null) {
      for (int i = 1; i <= 2; i++) {
        OptionalDouble fill = parts.graph.number(choice.input(i));
        if (fill.isPresent()
            && fill.getAsDouble() <= LARGEST_FILL
            && isMask(parts.graph, choice.input(0))
            && comesFromProduct(parts.graph, choice.input(3 - i))) {
          parts.nodes.add(choice);
          parts.mask = fills(parts, choice, i);
          return choice.input(3 - i);
        }
      }
    }
    return masked;
  }

  /** The fill where a Where hides a position, elsewhere 0: added, it outweighs any score. */
  private static String fills(Parts parts, Node choice, int place) {
    String zero = parts.graph.freshName(choice.output(0) + "_zero");
    parts.graph.store(OnnxTensor.ofFloats(zero, new float[] {0}));
    String name = parts.graph.freshName(choice.output(0) + "_mask");
    List<String> inputs = new ArrayList<>(choice.inputs());
    inputs.set(3 - place, zero);
    parts.emitted.add(Node.of("Where", inputs, List.of(name)));
    return name;
  }

  /** Whether a tensor can be laid over scores [N,H,T,T]. */
  private static boolean isMask(GraphPattern graph, String tensor) {
    int rank = graph.facts(tensor).rank();
    return rank >= 2 && rank <= RANK;
  }

  private static boolean comesFromProduct(GraphPattern graph, String tensor) {
    return withoutScale(new Parts(graph), tensor).isPresent();
  }

  /** The product that the scores are a multiple of. */
  private static Optional<Node> withoutScale(Parts parts, String scores) {
    return parts.graph.producer(unscaled(parts, scores), "MatMul");
  }

  /** What a tensor is a constant multiple of; the factor goes into the scale. */
  private static String unscaled(Parts parts, String tensor) {
    for (String operator : List.of("Mul", "Div")) {
      Optional<Node> node = parts.graph.producer(tensor, operator);
      if (node.isPresent() && parts.graph.readers(tensor).size() == 1) {
        for (String x : node.get().inputs()) {
          OptionalDouble factor = parts.graph.multiple(tensor, x, parts.nodes);
          if (factor.isPresent()) {
            parts.scale *= factor.getAsDouble();
            return x;
          }
        }
      }
    }
    return tensor;
  }

  /** K [N,H,T,d] of K' [N,H,d,T]: a Transpose that made it is undone or changed. */
  private static String turned(Parts parts, String key) {
    Node transpose = parts.graph.producer(key, "Transpose").orElse(null);
    long[] order = {0, 1, 3, 2};
    String source = key;
    if (transpose != null && parts.graph.readers(key).size() == 1) {
      long[] made = transpose.integers("perm", 3, 2, 1, 0);
      order = new long[] {made[0], made[1], made[3], made[2]};
      source = transpose.input(0);
      parts.nodes.add(0, transpose);
    }
    if (Arrays.equals(order, new long[] {0, 1, 2, 3})) {
      return source;
    }
    String name = parts.graph.freshName(key + "_turned");
    parts.emitted.add(
        Node.of("Transpose", List.of(source), List.of(name)).withIntegers("perm", order));
    return name;
  }
}
