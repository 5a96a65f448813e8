package dev.graft.transfer.training;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A head as an ONNX graph: features [N, width] in, logits [N, classes] out. */
public final class HeadModel {
  /** The graph's input. */
  public static final String INPUT = "head_features";

  /** The graph's output. */
  public static final String LOGITS = "logits";

  private HeadModel() {}

  /** Dense layers with rectifiers between them. */
  public static OnnxModel of(List<DenseLayer> layers, int opset) {
    GraphBuilder graph =
        GraphBuilder.named("head")
            .input(
                INPUT,
                ElementType.FLOAT,
                Dimension.named("batch"),
                Dimension.of(layers.get(0).inputs()));
    String tensor = INPUT;
    for (int i = 0; i < layers.size(); i++) {
      DenseLayer layer = layers.get(i);
      boolean last = i == layers.size() - 1;
      String sum = last ? LOGITS : "head." + i + ".sum";
      graph.initializer(
          OnnxTensor.ofFloats(weightName(i), layer.weight(), layer.outputs(), layer.inputs()));
      graph.initializer(OnnxTensor.ofFloats(biasName(i), layer.bias(), layer.outputs()));
      graph.node(
          Node.of("Gemm", List.of(tensor, weightName(i), biasName(i)), List.of(sum))
              .withInteger("transB", 1)
              .withName("head." + i));
      tensor = sum;
      if (!last) {
        tensor = "head." + i + ".rectified";
        graph.node("Relu", List.of(sum), tensor);
      }
    }
    int classes = layers.get(layers.size() - 1).outputs();
    return graph
        .output(LOGITS, ElementType.FLOAT, Dimension.named("batch"), Dimension.of(classes))
        .build(opset);
  }

  /** The layers with the trained values of a session. */
  public static List<DenseLayer> withWeights(
      List<DenseLayer> layers, Map<String, float[]> trained) {
    List<DenseLayer> result = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      DenseLayer layer = layers.get(i);
      result.add(
          new DenseLayer(
              layer.inputs(),
              layer.outputs(),
              java.util.Objects.requireNonNull(trained.get(weightName(i))),
              java.util.Objects.requireNonNull(trained.get(biasName(i)))));
    }
    return result;
  }

  /** Names of all weights and biases of a head with so many layers. */
  public static List<String> tensorNames(int layers) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      names.add(weightName(i));
      names.add(biasName(i));
    }
    return names;
  }

  private static String weightName(int layer) {
    return "head." + layer + ".weight";
  }

  private static String biasName(int layer) {
    return "head." + layer + ".bias";
  }
}
