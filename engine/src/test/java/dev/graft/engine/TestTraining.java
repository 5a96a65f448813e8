package dev.graft.engine;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.ModelEditor;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Models, options and formulas that the tests of training share. */
final class TestTraining {
  static final int FEATURES = 4;
  static final int CLASSES = 3;

  private TestTraining() {}

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
        Objective.CLASSIFICATION,
        0,
        NormStatistics.FROZEN);
  }

  /** One group by plain gradient descent with rate 1, so that a step is the gradient. */
  static TrainingOptions descent(ParameterGroup group, double gradientNorm) {
    return new TrainingOptions(
        Precision.FP32,
        new OptimizerSettings.Sgd(1, 0, false),
        List.of(group),
        Objective.CLASSIFICATION,
        gradientNorm,
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
        .map(OnnxTensor::name)
        .toList();
  }

  /** logits = x W' + b with W [3,4]. */
  static OnnxModel linear() {
    return GraphBuilder.named("linear")
        .input("x", ElementType.FLOAT, Dimension.named("N"), Dimension.of(FEATURES))
        .initializer(
            OnnxTensor.ofFloats(
                "w", TestTensors.noise(1, CLASSES, FEATURES).values(), CLASSES, FEATURES))
        .initializer(OnnxTensor.ofFloats("b", new float[] {0.1f, -0.2f, 0.3f}, CLASSES))
        .node(Node.of("Gemm", List.of("x", "w", "b"), List.of("logits")).withInteger("transB", 1))
        .output("logits", ElementType.FLOAT, Dimension.named("N"), Dimension.of(CLASSES))
        .build(18);
  }

  /** An initialiser of a model. */
  static OnnxTensor stored(OnnxModel model, String name) {
    return model.graph().constant(name).orElseThrow();
  }

  /** The values of a weight that is there. */
  static float[] values(Map<String, float[]> weights, String name) {
    return Objects.requireNonNull(weights.get(name), name);
  }

  /** The model with other values of some initialisers. */
  static OnnxModel with(OnnxModel model, Map<String, float[]> weights) {
    ModelEditor editor = model.edit();
    weights.forEach(
        (name, values) -> editor.setInitializer(stored(model, name).withFloats(values)));
    return editor.build();
  }

  /**
   * The weighted, smoothed cross-entropy of {@link #linear()} in double precision: sum_i ((1 - e)
   * w_yi l_i,yi + e / C sum_c w_c l_i,c) / sum_i w_yi with l = -log softmax (Szegedy et al. 2016,
   * section 7; weights as in libtorch's cross_entropy_loss).
   */
  static double loss(FloatTensor batch, int[] labels, float[] classWeights, double smoothing) {
    return loss(linear(), batch, labels, classWeights, smoothing);
  }

  /** The same with other weights. */
  static double loss(
      OnnxModel model, FloatTensor batch, int[] labels, float[] classWeights, double smoothing) {
    float[] w = stored(model, "w").toFloats();
    float[] b = stored(model, "b").toFloats();
    double sum = 0;
    double total = 0;
    for (int row = 0; row < labels.length; row++) {
      double[] losses = new double[CLASSES];
      double exponentials = 0;
      for (int c = 0; c < CLASSES; c++) {
        losses[c] = -b[c];
        for (int f = 0; f < FEATURES; f++) {
          losses[c] -= (double) w[c * FEATURES + f] * batch.values()[row * FEATURES + f];
        }
        exponentials += Math.exp(-losses[c]);
      }
      double spread = 0;
      for (int c = 0; c < CLASSES; c++) {
        losses[c] += Math.log(exponentials);
        spread += classWeights[c] * losses[c];
      }
      double own = classWeights[labels[row]] * losses[labels[row]];
      sum += (1 - smoothing) * own + smoothing / CLASSES * spread;
      total += classWeights[labels[row]];
    }
    return sum / total;
  }
}
