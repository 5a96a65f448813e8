package dev.graft.onnx;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Computes arithmetic on single constant numbers, such as the factor 1/sqrt(d) of attention that
 * exporters derive from a shape.
 *
 * <p>Tensors of more elements are left alone: they may be weights that train.
 */
record ScalarFolding() implements GraphPass {
  @Override
  public String name() {
    return "single numbers";
  }

  @Override
  public String purpose() {
    return "arithmetic on constant single numbers is computed";
  }

  @Override
  public Rewrite apply(OnnxModel model) {
    Graph graph = model.graph();
    ModelEditor editor = model.edit();
    Map<String, Double> known = new HashMap<>();
    int places = 0;
    for (Node node : graph.nodes()) {
      if (node.outputs().size() != 1 || node.is("Constant")) {
        continue;
      }
      OptionalDouble value = value(graph, known, node);
      if (value.isPresent() && !graph.isOutput(node.output(0))) {
        known.put(node.output(0), value.getAsDouble());
        float[] number = {(float) value.getAsDouble()};
        editor.removeNode(node).setInitializer(OnnxTensor.ofFloats(node.output(0), number));
        places++;
      }
    }
    return places == 0
        ? new Rewrite(model, 0)
        : new Rewrite(editor.pruneUnreachable().build(), places);
  }

  private static OptionalDouble value(Graph graph, Map<String, Double> known, Node node) {
    if (!node.domain().isEmpty() || node.inputs().isEmpty() || node.inputs().size() > 2) {
      return OptionalDouble.empty();
    }
    double[] operands = new double[node.inputs().size()];
    for (int i = 0; i < operands.length; i++) {
      OptionalDouble operand = operand(graph, known, node.input(i), node.is("Cast"));
      if (operand.isEmpty()) {
        return operand;
      }
      operands[i] = operand.getAsDouble();
    }
    return operands.length == 1
        ? ofOne(node, operands[0])
        : ofTwo(node.operator(), operands[0], operands[1]);
  }

  /** A scalar; vectors of length 1 would change the rank of what they are combined with. */
  private static OptionalDouble operand(
      Graph graph, Map<String, Double> known, String tensor, boolean orInteger) {
    if (known.containsKey(tensor)) {
      return OptionalDouble.of(known.get(tensor));
    }
    Optional<OnnxTensor> constant = graph.constant(tensor).filter(value -> value.rank() == 0);
    if (constant.isEmpty()) {
      return OptionalDouble.empty();
    }
    ElementType type = constant.get().type();
    if (type == ElementType.FLOAT) {
      return OptionalDouble.of(constant.get().toFloats()[0]);
    }
    return orInteger && type == ElementType.INT64
        ? OptionalDouble.of((double) constant.get().toLongs()[0])
        : OptionalDouble.empty();
  }

  private static OptionalDouble ofOne(Node node, double x) {
    return switch (node.operator()) {
      case "Cast" ->
          node.integer("to", 0) == ElementType.FLOAT.onnxCode()
              ? OptionalDouble.of(x)
              : OptionalDouble.empty();
      case "Sqrt" -> OptionalDouble.of(Math.sqrt(x));
      case "Reciprocal" -> OptionalDouble.of(1 / x);
      case "Neg" -> OptionalDouble.of(-x);
      default -> OptionalDouble.empty();
    };
  }

  private static OptionalDouble ofTwo(String operator, double a, double b) {
    return switch (operator) {
      case "Add" -> OptionalDouble.of(a + b);
      case "Sub" -> OptionalDouble.of(a - b);
      case "Mul" -> OptionalDouble.of(a * b);
      case "Div" -> OptionalDouble.of(a / b);
      case "Pow" -> OptionalDouble.of(Math.pow(a, b));
      default -> OptionalDouble.empty();
    };
  }
}
