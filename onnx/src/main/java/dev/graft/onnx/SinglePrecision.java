package dev.graft.onnx;

import java.util.Optional;
import java.util.Set;

/**
 * Lets a model of 16-bit floats compute in FLOAT.
 *
 * <p>Weights stay stored as they are, bit by bit, and a Cast behind each gives it to the operators:
 * what trains has its master in FLOAT and is rounded to the stored type when it is saved, what is
 * frozen is never touched. Single numbers and scales of quantisation become FLOAT themselves, as do
 * inputs, outputs and casts.
 */
record SinglePrecision() implements GraphPass {
  /** Attributes that state an element type. */
  private static final Set<String> TYPES = Set.of("to", "dtype", "output_datatype");

  @Override
  public String name() {
    return "half precision";
  }

  @Override
  public String purpose() {
    return "16-bit floats are computed with in 32 bits; stored weights stay in 16";
  }

  @Override
  public Rewrite apply(OnnxModel model) {
    if (!hasHalves(model)) {
      return new Rewrite(model, 0);
    }
    for (Node node : model.graph().nodes()) {
      if (!Subgraphs.graphs(node.proto()).isEmpty()) {
        throw new OnnxModelException(
            "%s: %s holds a graph inside a model of 16-bit floats. Take the fp32 file of this model."
                .formatted(model.source(), node.describe()));
      }
    }
    return new Widening(model).apply();
  }

  private static boolean hasHalves(OnnxModel model) {
    Graph graph = model.graph();
    return graph.initializers().values().stream().anyMatch(tensor -> reachesNodes(graph, tensor))
        || graph.inputs().stream().anyMatch(input -> isHalf(input.type()))
        || graph.nodes().stream().anyMatch(SinglePrecision::givesHalf);
  }

  /** Whether a stored tensor is read in 16 bits: not where a cast stands behind it already. */
  private static boolean reachesNodes(Graph graph, OnnxTensor tensor) {
    return isHalf(tensor.type()) && !HalfWeights.isCastBehind(graph, tensor.name());
  }

  private static boolean givesHalf(Node node) {
    return TYPES.stream().anyMatch(name -> statesHalf(node, name))
        || value(node).filter(value -> isHalf(value.type())).isPresent();
  }

  private static Optional<OnnxTensor> value(Node node) {
    return node.is("Constant") || node.is("ConstantOfShape")
        ? node.tensor("value")
        : Optional.empty();
  }

  private static boolean statesHalf(Node node, String attribute) {
    return node.attributeNames().contains(attribute)
        && isHalf(ElementType.ofOnnxCode((int) node.integer(attribute, 0)));
  }

  private static boolean isHalf(ElementType type) {
    return type == ElementType.FLOAT16 || type == ElementType.BFLOAT16;
  }

  private static final class Widening {
    private final Graph graph;
    private final ModelEditor editor;
    private int places;

    Widening(OnnxModel model) {
      graph = model.graph();
      editor = model.edit();
    }

    Rewrite apply() {
      for (Node node : graph.nodes()) {
        if (givesHalf(node)) {
          node(node);
        }
      }
      graph.initializers().values().stream()
          .filter(tensor -> reachesNodes(graph, tensor))
          .forEach(this::stored);
      editor.setInputs(graph.inputs().stream().map(this::widened).toList());
      editor.setOutputs(graph.outputs().stream().map(this::widened).toList());
      return new Rewrite(editor.clearInnerDeclarations().build(), places);
    }

    private void node(Node node) {
      Optional<OnnxTensor> value = value(node);
      places++;
      if (node.is("Constant") && value.isPresent() && value.get().elementCount() > 1) {
        editor.removeNode(node).setInitializer(value.get().renamed(node.output(0)));
        HalfWeights.castBehind(editor, node.output(0));
        return;
      }
      Node wide = node;
      if (value.isPresent() && isHalf(value.get().type())) {
        wide = wide.withTensor("value", inFloat(value.get()));
      }
      for (String attribute : TYPES) {
        if (statesHalf(node, attribute)) {
          wide = wide.withInteger(attribute, ElementType.FLOAT.onnxCode());
        }
      }
      editor.replaceNode(node, wide);
    }

    private void stored(OnnxTensor tensor) {
      places++;
      boolean quantises =
          graph.consumers(tensor.name()).stream()
              .allMatch(node -> node.is("QuantizeLinear") || node.is("DequantizeLinear"));
      if (tensor.elementCount() == 1 || quantises) {
        editor.setInitializer(inFloat(tensor));
      } else {
        HalfWeights.castBehind(editor, tensor.name());
      }
    }

    private ValueInfo widened(ValueInfo value) {
      if (!isHalf(value.type())) {
        return value;
      }
      places++;
      return new ValueInfo(value.name(), ElementType.FLOAT, value.shape());
    }

    private static OnnxTensor inFloat(OnnxTensor tensor) {
      return OnnxTensor.ofFloats(tensor.name(), tensor.toFloats(), tensor.shape());
    }
  }
}
