package dev.graft.transfer.training;

import dev.graft.onnx.ModelEditor;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import java.util.Map;
import java.util.Objects;

/** Trained values of some initialisers of a network. */
public final class TrainedWeights {
  private TrainedWeights() {}

  /** The network with these values in the place of those of the same names. */
  public static OnnxModel into(OnnxModel network, Map<String, float[]> trained) {
    ModelEditor editor = network.edit();
    trained.forEach(
        (name, values) -> {
          OnnxTensor stored = Objects.requireNonNull(network.graph().initializers().get(name));
          editor.setInitializer(stored.withFloats(values));
        });
    return editor.build();
  }
}
