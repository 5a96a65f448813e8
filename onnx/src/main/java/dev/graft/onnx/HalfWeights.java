package dev.graft.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Stores the weights of a model in FLOAT16 and casts each to FLOAT behind its place.
 *
 * <p>Weights are told by their role, as {@link Layers} tells it. Those with at most one axis longer
 * than 1 (biases, norms, class tokens) stay as they are: they take little room, and a batch norm
 * multiplies all that an error in its scale touches.
 */
final class HalfWeights {
  private HalfWeights() {}

  static OnnxModel stored(OnnxModel model) {
    Set<String> weights = new HashSet<>(Layers.trainableTensors(model));
    ModelEditor editor = model.edit();
    boolean changed = false;
    for (OnnxTensor tensor : model.graph().initializers().values()) {
      if (weights.contains(tensor.name())
          && tensor.type() == ElementType.FLOAT
          && !isVector(tensor)
          && !model.graph().isOutput(tensor.name())) {
        OnnxTensor half = tensor.inHalf();
        if (isFinite(half)) {
          editor.setInitializer(half);
          castBehind(editor, tensor.name());
          changed = true;
        }
      }
    }
    return changed ? editor.build() : model;
  }

  /** Lets all that read a stored tensor read a Cast of it to FLOAT. */
  static void castBehind(ModelEditor editor, String stored) {
    String wide = editor.freshName(stored + "_float");
    editor.redirectConsumers(stored, wide);
    Node cast =
        Node.of("Cast", List.of(stored), List.of(wide))
            .withInteger("to", ElementType.FLOAT.onnxCode());
    List<Node> nodes = new ArrayList<>(List.of(cast));
    nodes.addAll(editor.nodes());
    editor.setNodes(nodes);
  }

  /** Whether a stored tensor is read through casts to FLOAT alone, as this class leaves it. */
  static boolean isCastBehind(Graph graph, String stored) {
    List<Node> readers = graph.consumers(stored);
    return !readers.isEmpty()
        && !graph.isOutput(stored)
        && readers.stream()
            .allMatch(
                node -> node.is("Cast") && node.integer("to", 0) == ElementType.FLOAT.onnxCode());
  }

  private static boolean isVector(OnnxTensor tensor) {
    return Arrays.stream(tensor.shape()).filter(length -> length > 1).count() <= 1;
  }

  /** Whether no value is above what FLOAT16 holds, 65,504. */
  private static boolean isFinite(OnnxTensor half) {
    for (float value : half.toFloats()) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
