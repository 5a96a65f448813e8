package dev.graft.zoo.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.graft.onnx.Layers;
import dev.graft.onnx.LinearHead;
import dev.graft.onnx.ModelSummary;
import dev.graft.onnx.OnnxModel;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ArchitectureTest {
  private static final ImageTask SMALL = new ImageTask(64, 10);

  // Weights by the papers' tables, exactly as torchvision and timm count them.
  @Test
  void build_imageNet_hasThePublishedNumberOfWeights() {
    assertThat(trainable(ResNet.RESNET_18.build(ImageTask.IMAGENET, NormForm.BATCH_NORM, 1)))
        .isEqualTo(11_689_512);
    assertThat(trainable(ResNet.RESNET_34.build(ImageTask.IMAGENET, NormForm.BATCH_NORM, 1)))
        .isEqualTo(21_797_672);
    assertThat(trainable(ResNet.RESNET_50.build(ImageTask.IMAGENET, NormForm.BATCH_NORM, 1)))
        .isEqualTo(25_557_032);
    assertThat(trainable(VisionTransformer.small().build(ImageTask.IMAGENET, 1)))
        .isEqualTo(22_050_664);
    assertThat(trainable(VisionTransformer.tiny().build(ImageTask.IMAGENET, 1)))
        .isEqualTo(5_717_416);
  }

  private static long trainable(OnnxModel model) {
    return ModelSummary.of(model).trainableCount();
  }

  // 1.81 and 4.09 billion by torchvision's tables, which count convolutions and linear layers.
  @Test
  void build_imageNet_costsWhatIsPublished() {
    OnnxModel small = ResNet.RESNET_18.build(ImageTask.IMAGENET, NormForm.FOLDED, 1);
    OnnxModel large = ResNet.RESNET_50.build(ImageTask.IMAGENET, NormForm.FOLDED, 1);
    assertThat(ModelSummary.of(small).multiplyAdds()).hasValue(1_814_073_344);
    assertThat(ModelSummary.of(large).multiplyAdds()).hasValue(4_089_184_256L);
  }

  @ParameterizedTest
  @EnumSource(NormForm.class)
  void build_residual_carriesSignals(NormForm norms) throws OrtException {
    for (ResNet network : ResNet.values()) {
      assertCarriesSignals(network.build(SMALL, norms, 3));
    }
  }

  @Test
  void build_transformer_carriesSignals() throws OrtException {
    assertCarriesSignals(new VisionTransformer(64, 3, 4, 16).build(SMALL, 3));
  }

  /** Two images give different logits, of a size that neither vanished nor exploded. */
  private static void assertCarriesSignals(OnnxModel model) throws OrtException {
    float[][] logits = run(model, 2);
    assertThat(logits).hasNumberOfRows(2);
    assertThat(logits[0]).hasSize(10).isNotEqualTo(logits[1]);
    double squares = 0;
    for (float value : logits[0]) {
      squares += (double) value * value;
    }
    assertThat(Math.sqrt(squares / 10)).as(model.source()).isBetween(1e-2, 1e2);
  }

  private static float[][] run(OnnxModel model, int rows) throws OrtException {
    float[] pixels = new float[rows * 3 * SMALL.side() * SMALL.side()];
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(model.toBytes());
        var tensor =
            ai.onnxruntime.OnnxTensor.createTensor(
                environment,
                FloatBuffer.wrap(pixels),
                new long[] {rows, 3, SMALL.side(), SMALL.side()});
        OrtSession.Result result = session.run(Map.of("image", tensor))) {
      return (float[][]) result.get(0).getValue();
    }
  }

  @Test
  void build_folded_hasABiasInThePlaceOfEachNorm() {
    OnnxModel folded = ResNet.RESNET_18.build(SMALL, NormForm.FOLDED, 1);
    OnnxModel normed = ResNet.RESNET_18.build(SMALL, NormForm.BATCH_NORM, 1);
    assertThat(ModelSummary.of(folded).operators()).doesNotContainKey("BatchNormalization");
    assertThat(ModelSummary.of(normed).operators()).containsEntry("BatchNormalization", 20);
    assertThat(Layers.trainableTensors(folded)).contains("layer1.0.conv1.bias", "fc.weight");
    assertThat(Layers.trainableTensors(normed))
        .contains("layer1.0.bn1.bias", "layer4.0.downsample.1.weight")
        .doesNotContain("layer1.0.conv1.bias", "layer1.0.bn1.running_mean");
  }

  @Test
  void build_anyNetwork_itsHeadIsFound() {
    for (OnnxModel model :
        new OnnxModel[] {
          ResNet.RESNET_18.build(SMALL, NormForm.FOLDED, 1),
          VisionTransformer.tiny().build(SMALL, 1)
        }) {
      var head = dev.graft.onnx.HeadFinder.find(model, Optional.empty(), OptionalInt.empty());
      assertThat(head).as(model.source()).isInstanceOf(LinearHead.class);
    }
  }

  @Test
  void build_sameSeed_givesTheSameBytes() {
    byte[] first = VisionTransformer.tiny().build(SMALL, 5).toBytes();
    assertThat(VisionTransformer.tiny().build(SMALL, 5).toBytes()).isEqualTo(first);
    assertThat(VisionTransformer.tiny().build(SMALL, 6).toBytes()).isNotEqualTo(first);
  }

  @Test
  void build_patchesThatDoNotFit_isRefused() {
    assertThatThrownBy(() -> VisionTransformer.small().build(new ImageTask(50, 10), 1))
        .hasMessage(
            "images of 50 pixels cannot be cut into patches of 16: the side must be a multiple");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5})
  void new_headsThatDoNotDivideTheWidth_areRefused(int heads) {
    assertThatThrownBy(() -> new VisionTransformer(64, 2, heads, 16))
        .hasMessageContaining(heads + " heads");
  }

  @Test
  void new_taskWithoutASize_isRefused() {
    assertThatThrownBy(() -> new ImageTask(0, 10)).hasMessageContaining("side 0");
    assertThatThrownBy(() -> new ImageTask(8, 1)).hasMessageContaining("1 classes");
  }
}
