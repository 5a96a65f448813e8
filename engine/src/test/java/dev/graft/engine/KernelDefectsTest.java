package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Steps of training at which backward kernels of libtorch and oneDNN have ended the process. */
class KernelDefectsTest {
  @ParameterizedTest
  @EnumSource(Precision.class)
  void step_strideBeyondTheInput_trainsAsOneThatReachesItsEnd(Precision precision) {
    FloatTensor batch = TestTensors.noise(4, 3, 3, 8, 8);
    double[] losses = new double[2];
    for (int i = 0; i < 2; i++) {
      GraphLayers net = GraphLayers.ofImages("strides", 13, 8);
      String x = net.relu(net.convolution("first", "image", 3, 16, 3, 2, 1));
      x = net.convolution("last", x, 16, 48, 1, i == 0 ? 4 : 1 << 20, 1);
      OnnxModel model = net.classifier(3, net.flat(net.globalAverage(x)), 48);
      TrainingOptions options =
          TestTraining.of(
              TestTraining.trainable(model), new OptimizerSettings.Sgd(0.1, 0, false), precision);
      try (TrainingSession session = TrainingSession.open(model, options)) {
        session.step(batch, new int[] {0, 1, 2}, 1);
        losses[i] = session.step(batch, new int[] {0, 1, 2}, 1);
      }
    }
    assertThat(losses[1]).isEqualTo(losses[0]);
  }

  @ParameterizedTest
  @CsvSource({"InstanceNormalization,FP32", "GroupNormalization,BF16", "GroupNormalization,FP32"})
  void step_normOnTheInputItself_trainsScaleAndBias(String operator, Precision precision) {
    // Nothing before the norm trains, as where it begins the blocks that do.
    GraphLayers net = GraphLayers.ofImages("norm", 12, 8);
    String scale = net.uniform("scale", 0.7, 1.3, 3);
    String x =
        net.node(
            Node.of(operator, List.of("image", scale, net.bias("bias", 3)), List.of("normal"))
                .withInteger("num_groups", 3));
    OnnxModel model = net.classifier(3, net.flat(net.relu(x)), 3 * 8 * 8);
    TrainingOptions options =
        TestTraining.of(
            List.of("scale", "bias"), new OptimizerSettings.Sgd(0.1, 0, false), precision);
    try (TrainingSession session = TrainingSession.open(model, options)) {
      FloatTensor batch = TestTensors.noise(4, 3, 3, 8, 8);
      double first = session.step(batch, new int[] {0, 1, 2}, 1);
      assertThat(session.step(batch, new int[] {0, 1, 2}, 1)).isLessThan(first);
      assertThat(session.groupsWithoutGradient()).isEmpty();
    }
  }
}
