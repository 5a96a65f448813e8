package dev.graft.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** What a {@link PatternFusion} asks of the graph around a node. */
final class GraphPattern {
  /** Exporters write constants such as sqrt(2 / pi) with four digits or more. */
  private static final double DIGITS = 2e-4;

  private final Graph graph;
  private final ModelEditor editor;
  private final ShapeInference shapes;

  GraphPattern(Graph graph, ModelEditor editor) {
    this.graph = graph;
    this.editor = editor;
    this.shapes = ShapeInference.of(graph);
  }

  TensorFacts facts(String tensor) {
    return shapes.facts(tensor);
  }

  String freshName(String base) {
    return editor.freshName(base);
  }

  /** Stores a tensor beside those of the graph. */
  void store(OnnxTensor tensor) {
    editor.setInitializer(tensor);
  }

  /** The node that computes a tensor, where it is this operator. */
  Optional<Node> producer(String tensor, String operator) {
    return graph.producer(tensor).filter(node -> node.is(operator));
  }

  /** The node that alone reads a tensor, where it is this operator and the tensor no output. */
  Optional<Node> reader(String tensor, String operator) {
    List<Node> readers = graph.consumers(tensor);
    return readers.size() == 1 && readers.get(0).is(operator) && !graph.isOutput(tensor)
        ? Optional.of(readers.get(0))
        : Optional.empty();
  }

  List<Node> readers(String tensor) {
    return graph.consumers(tensor);
  }

  /** The value of a constant with one element, whose rank adds nothing to that of others. */
  OptionalDouble number(String tensor) {
    Optional<OnnxTensor> constant = tensor.isEmpty() ? Optional.empty() : graph.constant(tensor);
    return constant.isPresent()
            && constant.get().elementCount() == 1
            && constant.get().rank() <= 1
            && constant.get().type().isFloating()
        ? OptionalDouble.of(constant.get().toDoubles()[0])
        : OptionalDouble.empty();
  }

  boolean isNumber(String tensor, double value) {
    OptionalDouble found = number(tensor);
    return found.isPresent() && isClose(found.getAsDouble(), value);
  }

  static boolean isClose(double found, double expected) {
    return Math.abs(found - expected) <= DIGITS * Math.abs(expected);
  }

  /** The operand beside {@code tensor} of a node with two different ones. */
  static Optional<String> other(Node node, String tensor) {
    if (node.inputs().size() != 2 || node.input(0).equals(node.input(1))) {
      return Optional.empty();
    }
    if (node.input(0).equals(tensor)) {
      return Optional.of(node.input(1));
    }
    return node.input(1).equals(tensor) ? Optional.of(node.input(0)) : Optional.empty();
  }

  /** The constant axes of a reduction that keeps its rank; empty where there are none. */
  Optional<long[]> axes(Node reduction) {
    if (reduction.integer("keepdims", 1) != 1) {
      return Optional.empty();
    }
    Optional<long[]> axes =
        reduction.hasInput(1)
            ? graph.constant(reduction.input(1)).map(OnnxTensor::toLongs)
            : Optional.of(reduction.integers("axes"));
    return axes.filter(found -> found.length > 0);
  }

  /** Whether two reductions go along the same constant axes. */
  boolean sameAxes(Node first, Node second) {
    Optional<long[]> axes = axes(first);
    return axes.isPresent() && Arrays.equals(axes.get(), axes(second).orElse(new long[0]));
  }

  /** Whether a tensor is stored in the file, and not computed from the inputs. */
  boolean isStored(String tensor) {
    return WeightTracer.stored(graph, tensor).isPresent();
  }

  /**
   * A product of a tensor, a gate and a number, in any order and grouping.
   *
   * @param nodes the nodes that multiply, the last one giving the product
   */
  record Product(List<Node> nodes) {
    String result() {
      return nodes.get(nodes.size() - 1).output(0);
    }
  }

  /** The product {@code factor x gate} that is made of a gate. */
  Optional<Product> product(String gate, String x, double factor) {
    List<Node> nodes = new ArrayList<>();
    double left = factor;
    boolean needsX = true;
    String current = gate;
    while (needsX || !isClose(left, 1)) {
      List<Node> readers = graph.consumers(current);
      if (readers.size() != 1 || graph.isOutput(current)) {
        return Optional.empty();
      }
      Node node = readers.get(0);
      Optional<String> other = other(node, current);
      boolean divides = node.is("Div") && node.input(0).equals(current);
      if (other.isEmpty() || !(node.is("Mul") || divides)) {
        return Optional.empty();
      }
      OptionalDouble number = number(other.get());
      if (number.isPresent()) {
        left = divides ? left * number.getAsDouble() : left / number.getAsDouble();
      } else if (!needsX || divides) {
        return Optional.empty();
      } else if (!other.get().equals(x)) {
        OptionalDouble scaled = multiple(other.get(), x, nodes);
        if (scaled.isEmpty()) {
          return Optional.empty();
        }
        left /= scaled.getAsDouble();
        needsX = false;
      } else {
        needsX = false;
      }
      nodes.add(node);
      current = node.output(0);
    }
    return Optional.of(new Product(nodes));
  }

  /** The number c of a tensor c x; the node that multiplies joins the list. */
  OptionalDouble multiple(String tensor, String x, List<Node> nodes) {
    Optional<Node> node = graph.producer(tensor);
    if (node.isEmpty() || !(node.get().is("Mul") || node.get().is("Div"))) {
      return OptionalDouble.empty();
    }
    Optional<String> other = other(node.get(), x);
    OptionalDouble number = other.isEmpty() ? OptionalDouble.empty() : number(other.get());
    boolean inverts = node.get().is("Div");
    if (number.isEmpty() || (inverts && !node.get().input(0).equals(x))) {
      return OptionalDouble.empty();
    }
    nodes.add(node.get());
    return OptionalDouble.of(inverts ? 1 / number.getAsDouble() : number.getAsDouble());
  }
}
