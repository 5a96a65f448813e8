package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputGradientTest {
  private static final int COLUMN = 3;

  /**
   * Along the gradient itself the directional derivative is its squared length; central differences
   * of the running network give it with an error of the order of the step's square.
   */
  @ParameterizedTest
  @ValueSource(strings = {"resnet", "efficientnet", "mobilenetv3", "vit"})
  void of_network_equalsFiniteDifferencesOfTheRunningNetwork(String family) {
    OnnxModel model = TestGraphs.of(family);
    FloatTensor images = TestTensors.noise(5, 2, 3, TestGraphs.SIDE, TestGraphs.SIDE);
    try (InputGradient gradients = InputGradient.load(model);
        Network network = Network.load(model, Precision.FP32)) {
      InputGradient.Slope slope = gradients.of(images, COLUMN);
      FloatTensor plain = network.run(images);
      assertThat(TestTensors.relativeError(slope.output(), plain)).isLessThan(1e-4);
      float[] gradient = slope.gradient().values();
      for (int example = 0; example < 2; example++) {
        int width = images.width();
        double squared = 0;
        for (int i = example * width; i < (example + 1) * width; i++) {
          squared += (double) gradient[i] * gradient[i];
        }
        assertThat(squared).as("squared length of the gradient").isPositive();
        double step = 4e-3 / Math.sqrt(squared);
        double ahead = logit(network, images, gradient, example, step);
        double behind = logit(network, images, gradient, example, -step);
        assertThat((ahead - behind) / (2 * step) / squared).isCloseTo(1, within(0.02));
      }
    }
  }

  /** The logit with one example moved along its gradient; the other stays. */
  private static double logit(
      Network network, FloatTensor images, float[] gradient, int example, double step) {
    float[] moved = images.values().clone();
    int width = images.width();
    for (int i = example * width; i < (example + 1) * width; i++) {
      moved[i] += (float) (step * gradient[i]);
    }
    FloatTensor output = network.run(new FloatTensor(moved, images.shape()));
    return output.values()[example * TestGraphs.CLASSES + COLUMN];
  }

  /** y = (x W)^2, so that dy_c/dx_k = 2 (x W)_c W_kc: worked out by hand. */
  @Test
  void of_smallGraph_isTheGradientWorkedOutByHand() {
    OnnxModel model = square();
    try (InputGradient gradients = InputGradient.load(model)) {
      InputGradient.Slope slope =
          gradients.of(new FloatTensor(new float[] {1, 2, -1, 0.5f}, 2, 2), 1);
      // x W = (1+6, 2+8) = (7, 10) and (-1+1.5, -2+2) = (0.5, 0)
      assertThat(slope.output().values()).containsExactly(49, 100, 0.25f, 0);
      // 2*10*(2, 4) and 2*0*(2, 4)
      assertThat(slope.gradient().values()).containsExactly(40, 80, 0, 0);
      assertThat(slope.gradient().shape()).containsExactly(2, 2);
    }
  }

  @Test
  void of_outputThatDoesNotDependOnTheInput_isZero() {
    OnnxModel model =
        GraphBuilder.named("rounded")
            .input("x", ElementType.FLOAT, Dimension.named("N"), Dimension.of(2))
            .node("Round", List.of("x"), "y")
            .output("y", ElementType.FLOAT, Dimension.named("N"), Dimension.of(2))
            .build(18);
    try (InputGradient gradients = InputGradient.load(model)) {
      InputGradient.Slope slope = gradients.of(new FloatTensor(new float[] {1.2f, 3.9f}, 1, 2), 0);
      assertThat(slope.gradient().values()).containsExactly(0, 0);
    }
  }

  @Test
  void of_columnBeyondTheOutput_isRefused() {
    try (InputGradient gradients = InputGradient.load(square())) {
      FloatTensor one = new FloatTensor(new float[] {1, 2}, 1, 2);
      assertThatThrownBy(() -> gradients.of(one, 2))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("column 2")
          .hasMessageContaining("[1, 2]");
    }
  }

  @Test
  void of_manyPasses_leavesNoTensorBehind() {
    OnnxModel model = TestGraphs.of("resnet");
    FloatTensor images = TestTensors.noise(5, 4, 3, TestGraphs.SIDE, TestGraphs.SIDE);
    try (InputGradient gradients = InputGradient.load(model);
        PointerScope outer = new PointerScope()) {
      gradients.of(images, 0);
      long before = org.bytedeco.javacpp.Pointer.totalCount();
      for (int i = 0; i < 5; i++) {
        gradients.of(images, i);
      }
      assertThat(org.bytedeco.javacpp.Pointer.totalCount()).isEqualTo(before);
    }
  }

  private static OnnxModel square() {
    return GraphBuilder.named("square")
        .input("x", ElementType.FLOAT, Dimension.named("N"), Dimension.of(2))
        .initializer(OnnxTensor.ofFloats("w", new float[] {1, 2, 3, 4}, 2, 2))
        .node("MatMul", List.of("x", "w"), "product")
        .node("Mul", List.of("product", "product"), "y")
        .output("y", ElementType.FLOAT, Dimension.named("N"), Dimension.of(2))
        .build(18);
  }
}
