package dev.graft.onnx;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A model in figures.
 *
 * @param parameterCount the number of stored float values
 * @param trainableCount how many of them may train, each stored tensor counted once
 * @param multiplyAdds multiplications of Conv, Gemm and MatMul for one example; empty where shapes
 *     are not known
 * @param inputKind what the model takes
 * @param operators how often each operator occurs, by name
 * @param opset the version of the default operator set
 */
public record ModelSummary(
    long parameterCount,
    long trainableCount,
    OptionalLong multiplyAdds,
    InputKind inputKind,
    Map<String, Integer> operators,
    int opset) {

  /** Counts a model with its declared input shapes; a symbolic first dimension counts as 1. */
  public static ModelSummary of(OnnxModel model) {
    return of(model, Map.of());
  }

  /** Counts a model with these shapes for the named inputs. */
  public static ModelSummary of(OnnxModel model, Map<String, long[]> inputShapes) {
    OnnxModel flat = FunctionInliner.inline(model);
    Graph graph = flat.graph();
    long parameters = 0;
    for (OnnxTensor tensor : graph.initializers().values()) {
      parameters += tensor.type().isFloating() ? tensor.elementCount() : 0;
    }
    Map<String, Integer> operators = new TreeMap<>();
    for (Node node : graph.nodes()) {
      operators.merge(node.operator(), 1, Integer::sum);
      if (node.is("Constant")) {
        OnnxTensor value = graph.constant(node.output(0)).orElse(null);
        parameters +=
            value != null && value.type().isFloating() && value.elementCount() > 1
                ? value.elementCount()
                : 0;
      }
    }
    Map<String, Long> trainable = new TreeMap<>();
    Layers.of(flat)
        .forEach(
            layer ->
                layer
                    .tensors()
                    .forEach(tensor -> trainable.put(tensor.name(), tensor.elementCount())));
    return new ModelSummary(
        parameters,
        trainable.values().stream().mapToLong(Long::longValue).sum(),
        multiplyAdds(graph, inputShapes),
        InputKind.detect(flat),
        operators,
        flat.opset());
  }

  private static OptionalLong multiplyAdds(Graph graph, Map<String, long[]> given) {
    ShapeInference shapes = ShapeInference.of(graph, oneExample(graph, given));
    long total = 0;
    for (Node node : graph.nodes()) {
      long outputs = shapes.facts(node.output(0)).elementCount();
      TensorFacts weight = shapes.facts(node.input(1));
      long each;
      switch (node.operator()) {
        case "Conv", "ConvInteger" -> each = weight.elementCount() / Math.max(1, weight.size(0));
        case "Gemm" -> each = weight.size(node.integer("transB", 0) == 1 ? 1 : 0);
        case "MatMul", "MatMulInteger" -> each = shapes.facts(node.input(0)).size(-1);
        default -> each = 0;
      }
      if (each == 0) {
        continue;
      }
      if (each < 0 || outputs < 0) {
        return OptionalLong.empty();
      }
      total += each * outputs;
    }
    return OptionalLong.of(total);
  }

  private static Map<String, long[]> oneExample(Graph graph, Map<String, long[]> given) {
    Map<String, long[]> shapes = new TreeMap<>(given);
    for (ValueInfo input : graph.inputs()) {
      List<Dimension> declared = input.shape().orElse(List.of());
      if (!given.containsKey(input.name()) && !declared.isEmpty()) {
        long[] shape = declared.stream().mapToLong(d -> d.sizeOr(TensorFacts.UNKNOWN)).toArray();
        shape[0] = shape[0] == TensorFacts.UNKNOWN ? 1 : shape[0];
        shapes.put(input.name(), shape);
      }
    }
    return shapes;
  }
}
