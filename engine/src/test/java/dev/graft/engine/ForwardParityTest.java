package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.onnx.OnnxModel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole networks compute what ONNX Runtime computes: in fp32 closely, in bf16 in direction. */
class ForwardParityTest {
  private static final Path MODELS = Path.of(System.getProperty("graft.shared"), "models");
  private static final double FP32_TOLERANCE = 1e-4;

  @ParameterizedTest
  @CsvSource({
    "resnet,1", "resnet,5",
    "efficientnet,1", "efficientnet,5",
    "mobilenetv3,1", "mobilenetv3,5",
    "vit,1", "vit,5"
  })
  void run_family_equalsOnnxRuntime(String family, int examples) throws Exception {
    OnnxModel model = TestGraphs.of(family);
    check(model, TestTensors.noise(7, examples, 3, TestGraphs.SIDE, TestGraphs.SIDE));
  }

  @Tag("reference-data")
  @ParameterizedTest
  @ValueSource(
      strings = {"mobilenetv2-1.0-imagenet.onnx", "mobilenetv2-0.35-imagenet-headless.onnx"})
  void run_sharedImageModel_equalsOnnxRuntime(String file) throws Exception {
    Path path = MODELS.resolve(file);
    assumeTrue(Files.exists(path), "reference data absent: " + path);
    check(OnnxModel.read(path), TestTensors.noise(7, 3, 3, 224, 224));
  }

  private static void check(OnnxModel model, FloatTensor input) throws Exception {
    FloatTensor expected = OnnxRuntime.run(model, input);
    OnnxModel upgraded = model.upgradeTo(18);
    try (Network exact = Network.load(upgraded, Precision.FP32);
        Network fast = Network.load(upgraded, Precision.BF16)) {
      assertThat(TestTensors.relativeError(exact.run(input), expected)).isLessThan(FP32_TOLERANCE);
      assertThat(PrecisionProof.leastCosine(expected, fast.run(input)))
          .isGreaterThanOrEqualTo(PrecisionProof.LEAST_COSINE);
    }
  }
}
