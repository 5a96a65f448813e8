package dev.graft.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Walks back from a tensor over constant summands and factors, shape keepers and at most one global
 * pool to the first linear operator with a constant weight.
 */
final class LinearWalk {
  private final Graph graph;
  private final ShapeInference shapes;
  private final List<String> summands = new ArrayList<>();
  private boolean pooled;
  private boolean rectified;

  /** The linear operator; null if the walk met something else. */
  final @Nullable Node layer;

  /** How the file writes it; GEMM where there is none. */
  final LinearHead.Form form;

  /** The operand that is the bias, if any. */
  final Optional<String> biasOperand;

  LinearWalk(Graph graph, ShapeInference shapes, String from) {
    this.graph = graph;
    this.shapes = shapes;
    this.layer = walk(from);
    this.form = form(layer);
    this.biasOperand = bias(layer);
  }

  private @Nullable Node walk(String from) {
    String current = from;
    while (true) {
      Node node = graph.producer(current).orElse(null);
      if (node == null || !node.domain().isEmpty()) {
        return null;
      }
      if (isLinear(node)) {
        return node;
      }
      Optional<String> next = passable(node);
      if (next.isEmpty()) {
        return null;
      }
      current = next.get();
    }
  }

  private boolean isLinear(Node node) {
    boolean constantWeight = isConstant(node.input(1));
    return switch (node.operator()) {
      case "Gemm" ->
          constantWeight
              && node.integer("transA", 0) == 0
              && (!node.hasInput(2) || isConstant(node.input(2)))
              && !pooled;
      case "MatMul" ->
          constantWeight
              && shapes.facts(node.input(1)).rank() == 2
              && shapes.facts(node.input(0)).rank() == 2
              && !pooled;
      case "Conv" ->
          constantWeight
              && node.integer("group", 1) == 1
              && isPointwise(node)
              && (pooled || isOnePosition(node.input(0)));
      default -> false;
    };
  }

  private boolean isPointwise(Node convolution) {
    TensorFacts weight = shapes.facts(convolution.input(1));
    for (int i = 2; i < weight.rank(); i++) {
      if (weight.size(i) != 1) {
        return false;
      }
    }
    boolean plainStride =
        Arrays.stream(convolution.integers("strides", 1, 1)).allMatch(s -> s == 1);
    boolean unpadded = Arrays.stream(convolution.integers("pads", 0)).allMatch(p -> p == 0);
    return weight.rank() > 2 && plainStride && unpadded;
  }

  private boolean isOnePosition(String tensor) {
    TensorFacts facts = shapes.facts(tensor);
    for (int i = 2; i < facts.rank(); i++) {
      if (facts.size(i) != 1) {
        return false;
      }
    }
    return facts.rank() > 2;
  }

  /** The tensor to go on with, if the node leaves logits linear in the features. */
  private Optional<String> passable(Node node) {
    if (HeadTail.keepsShape(node)) {
      return Optional.of(node.input(0));
    }
    return switch (node.operator()) {
      case "Add", "Sub", "Mul", "Div" -> constantOperand(node);
      case "GlobalAveragePool" -> pool(node);
      case "AveragePool" -> isOnePosition(node.output(0)) ? pool(node) : Optional.empty();
      case "ReduceMean" -> shapes.facts(node.input(0)).rank() == 4 ? pool(node) : Optional.empty();
      case "Relu" -> {
        boolean convolution =
            pooled && graph.producer(node.input(0)).filter(n -> n.is("Conv")).isPresent();
        rectified |= convolution;
        yield convolution ? Optional.of(node.input(0)) : Optional.empty();
      }
      default -> Optional.empty();
    };
  }

  private Optional<String> pool(Node node) {
    // A second pool or a constant after the pool would need another proof.
    if (pooled) {
      return Optional.empty();
    }
    pooled = true;
    return Optional.of(node.input(0));
  }

  private Optional<String> constantOperand(Node node) {
    boolean rightConstant = isConstant(node.input(1));
    boolean leftConstant = isConstant(node.input(0));
    boolean ordered = node.is("Sub") || node.is("Div");
    if (rightConstant == leftConstant || (ordered && leftConstant)) {
      return Optional.empty();
    }
    String constant = node.input(rightConstant ? 1 : 0);
    boolean factor = node.is("Mul") || node.is("Div");
    if (factor && shapes.facts(constant).elementCount() != 1) {
      return Optional.empty();
    }
    if (!factor) {
      summands.add(constant);
    }
    return Optional.of(node.input(rightConstant ? 0 : 1));
  }

  /** Whether each summand is one number or one for each class. */
  boolean constantsFit(long classes) {
    return summands.stream()
        .map(name -> shapes.facts(name).elementCount())
        .allMatch(count -> count == 1 || count == classes);
  }

  private LinearHead.Form form(@Nullable Node found) {
    if (found == null || found.is("Gemm")) {
      return LinearHead.Form.GEMM;
    }
    if (found.is("MatMul")) {
      return LinearHead.Form.MATMUL;
    }
    if (!pooled) {
      return LinearHead.Form.CONV_1X1;
    }
    return rectified
        ? LinearHead.Form.RECTIFIED_CONV_BEFORE_POOL
        : LinearHead.Form.CONV_BEFORE_POOL;
  }

  private Optional<String> bias(@Nullable Node found) {
    if (found != null && !found.is("MatMul") && found.hasInput(2)) {
      return Optional.of(found.input(2));
    }
    // The summand nearest to the layer was met last.
    return summands.isEmpty() ? Optional.empty() : Optional.of(summands.get(summands.size() - 1));
  }

  private boolean isConstant(String tensor) {
    return WeightTracer.stored(graph, tensor).isPresent();
  }
}
