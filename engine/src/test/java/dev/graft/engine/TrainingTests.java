package dev.graft.engine;

import dev.graft.onnx.OnnxModel;
import java.util.List;

/** Options that the tests of training share. */
final class TrainingTests {
  private TrainingTests() {}

  /** Trains the given weights by plain gradient descent in fp32. */
  static TrainingOptions of(List<String> tensors) {
    return of(tensors, new OptimizerSettings.Sgd(0.05, 0, false), Precision.FP32);
  }

  static TrainingOptions of(
      List<String> tensors, OptimizerSettings optimizer, Precision precision) {
    return new TrainingOptions(
        precision,
        optimizer,
        List.of(new ParameterGroup("all", tensors, 1, 0, 0)),
        new float[0],
        0,
        0,
        NormStatistics.FROZEN);
  }

  /** Trains every weight of the residual network, the norms' scales and biases too. */
  static TrainingOptions everything(OptimizerSettings optimizer, Precision precision) {
    return of(trainable(TestGraphs.residual()), optimizer, precision);
  }

  /** All float initialisers but the statistics of batch norms. */
  static List<String> trainable(OnnxModel model) {
    return model.graph().initializers().values().stream()
        .filter(tensor -> tensor.type().isFloating() && !tensor.name().contains("running_"))
        .map(dev.graft.onnx.OnnxTensor::name)
        .toList();
  }
}
