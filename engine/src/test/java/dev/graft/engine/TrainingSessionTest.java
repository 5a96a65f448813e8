package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions learn, freeze what is frozen, and come back from their saved state exactly. */
class TrainingSessionTest {
  private static final int FEATURES = 4;

  @Test
  void step_manyTimes_learnsASeparableProblem() {
    for (OptimizerSettings optimizer :
        List.of(
            new OptimizerSettings.Sgd(0.5, 0.9, true),
            new OptimizerSettings.Adam(0.05),
            new OptimizerSettings.AdamW(0.05),
            new OptimizerSettings.Lbfgs(1, 20))) {
      try (TrainingSession session = TrainingSession.open(twoLayers(), options(optimizer))) {
        double last = Double.NaN;
        for (int i = 0; i < 60; i++) {
          last = session.step(examples(), labels(), 1);
        }
        assertThat(last).as(optimizer.toString()).isLessThan(0.1); // chance is 0.69
        assertThat(session.groupsWithoutGradient()).isEmpty();
      }
    }
  }

  @Test
  void loadOptimizer_afterSave_continuesToTheSameWeights(@TempDir Path folder) {
    TrainingOptions options = options(new OptimizerSettings.AdamW(0.05));
    Map<String, float[]> expected;
    Path state = folder.resolve("optimizer");
    Map<String, float[]> saved;
    try (TrainingSession session = TrainingSession.open(twoLayers(), options)) {
      run(session, 5);
      session.saveOptimizer(state);
      saved = session.weights();
      run(session, 5);
      expected = session.weights();
    }
    try (TrainingSession session = TrainingSession.open(twoLayers(), options)) {
      session.setWeights(saved);
      session.loadOptimizer(state);
      run(session, 5);
      session.weights().forEach((name, value) -> assertThat(value).isEqualTo(expected.get(name)));
    }
  }

  private static void run(TrainingSession session, int steps) {
    for (int i = 0; i < steps; i++) {
      session.step(examples(), labels(), 1);
    }
  }

  private static TrainingOptions options(OptimizerSettings optimizer) {
    return new TrainingOptions(
        Precision.FP32,
        optimizer,
        List.of(
            new ParameterGroup("body", List.of("w1", "b1"), 0.5, 0, 1e-4),
            new ParameterGroup("head", List.of("w2", "b2"), 1, 1e-4, 0)),
        new float[0],
        0,
        0,
        NormStatistics.FROZEN);
  }

  private static FloatTensor examples() {
    return TestTensors.noise(3, 64, FEATURES);
  }

  private static int[] labels() {
    float[] values = examples().values();
    int[] labels = new int[64];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = values[i * FEATURES] + values[i * FEATURES + 1] > 0 ? 1 : 0;
    }
    return labels;
  }

  private static OnnxModel twoLayers() {
    return GraphBuilder.named("two-layers")
        .input("x", ElementType.FLOAT, Dimension.named("N"), Dimension.of(FEATURES))
        .initializer(
            OnnxTensor.ofFloats("w1", TestTensors.noise(1, 8, FEATURES).values(), 8, FEATURES))
        .initializer(OnnxTensor.ofFloats("b1", new float[8], 8))
        .initializer(OnnxTensor.ofFloats("w2", TestTensors.noise(2, 2, 8).values(), 2, 8))
        .initializer(OnnxTensor.ofFloats("b2", new float[2], 2))
        .node(Node.of("Gemm", List.of("x", "w1", "b1"), List.of("h")).withInteger("transB", 1))
        .node("Relu", List.of("h"), "r")
        .node(Node.of("Gemm", List.of("r", "w2", "b2"), List.of("logits")).withInteger("transB", 1))
        .output("logits", ElementType.FLOAT, Dimension.named("N"), Dimension.of(2))
        .build(18);
  }
}
