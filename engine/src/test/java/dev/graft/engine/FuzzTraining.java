package dev.graft.engine;

import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.GraphPreparation;
import dev.graft.onnx.Layers;
import dev.graft.onnx.ModelEditor;
import dev.graft.onnx.ModelJoin;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import dev.graft.onnx.ValueInfo;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * One step of training a mutant with a new head on its first output, as fine-tuning takes it: the
 * graph is prepared, the head joined, and all that may train does.
 */
final class FuzzTraining {
  private static final int CLASSES = 3;
  private static final String FEATURES = "head.features";

  private FuzzTraining() {}

  /** The model with stored values in the place of all inputs but the first. */
  static OnnxModel withOneInput(OnnxModel model, List<OnnxTensor> inputs) {
    List<ValueInfo> declared = model.graph().inputs();
    if (declared.size() < 2 || inputs.size() < declared.size()) {
      return model;
    }
    ModelEditor editor = model.edit().setInputs(declared.subList(0, 1));
    for (int i = 1; i < declared.size(); i++) {
      editor.setInitializer(inputs.get(i).renamed(declared.get(i).name()));
    }
    return editor.build();
  }

  /** The model in the form that is trained, with a head on the sum of each example's features. */
  static OnnxModel withHead(OnnxModel model) {
    OnnxModel prepared = GraphPreparation.forTraining().apply(model);
    ValueInfo output = prepared.graph().outputs().get(0);
    OnnxModel head =
        GraphBuilder.named("head")
            .input(ValueInfo.ofUnknownShape(FEATURES, output.type()))
            .initializer(OnnxTensor.ofLongs("head.axes", new long[] {1}, 1))
            .initializer(OnnxTensor.ofFloats("head.weight", new float[] {0.1f, 0, -0.1f}, 1, 3))
            .initializer(OnnxTensor.ofFloats("head.bias", new float[CLASSES], CLASSES))
            .node(
                Node.of("Cast", List.of(FEATURES), List.of("head.floats"))
                    .withInteger("to", ElementType.FLOAT.onnxCode()))
            .node("Flatten", List.of("head.floats"), "head.rows")
            .node("ReduceSum", List.of("head.rows", "head.axes"), "head.sum")
            .node("MatMul", List.of("head.sum", "head.weight"), "head.product")
            .node("Add", List.of("head.product", "head.bias"), "head.logits")
            .output(ValueInfo.ofUnknownShape("head.logits", ElementType.FLOAT))
            .build(prepared.opset());
    OnnxModel single = prepared.edit().setOutputs(List.of(output)).build();
    return ModelJoin.chain(
        single, head, Map.of(output.name(), FEATURES), ModelJoin.Keeps.FIRST, "fuzz.");
  }

  /**
   * A step on the batch; which way through the network it takes follows from the seed.
   *
   * @return whether there was anything to train
   */
  static boolean step(OnnxModel network, FloatTensor batch, long seed) {
    List<String> trainable = Layers.trainableTensors(network);
    if (trainable.isEmpty()) {
      return false; // the first output does not depend on the input
    }
    ActivationMemory activations =
        (seed & 1) == 0 ? ActivationMemory.KEPT : ActivationMemory.RECOMPUTED;
    OptionalInt atOnce = (seed & 2) == 0 ? OptionalInt.empty() : OptionalInt.of(1);
    Precision precision = (seed & 4) == 0 ? Precision.FP32 : Precision.BF16;
    TrainingOptions options =
        TestTraining.of(trainable, new OptimizerSettings.Sgd(0.01, 0.9, false), precision)
            .withPasses(new BatchPasses(atOnce, activations));
    try (TrainingSession session = TrainingSession.open(network, options)) {
      session.step(batch, new int[batch.rows()], 1);
    }
    return true;
  }
}
