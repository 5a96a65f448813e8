package dev.graft.zoo.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import dev.graft.onnx.Layers;
import dev.graft.onnx.LinearHead;
import dev.graft.onnx.ModelSummary;
import dev.graft.onnx.OnnxModel;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ArchitectureTest {
  private static final ImageTask SMALL = ImageTask.of(64, 10);

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
    for (ResNet network :
        List.of(
            ResNet.RESNET_18,
            ResNet.RESNET_34,
            ResNet.RESNET_50,
            ResNet.RESNET_18.withChannels(List.of(8, 16, 24, 32)).forSmallImages(),
            ResNet.RESNET_50.forSmallImages())) {
      Runs.assertCarriesSignals(network.build(SMALL, norms, 3), 64);
    }
  }

  @Test
  void build_transformer_carriesSignals() throws OrtException {
    Runs.assertCarriesSignals(new VisionTransformer(64, 3, 4, 16).build(SMALL, 3), 64);
  }

  // Each stage halves an odd size to the larger half, on both ways through a block.
  @ParameterizedTest
  @ValueSource(ints = {32, 33, 65, 96, 224})
  void build_openSide_takesEvenAndOddOnes(int side) throws OrtException {
    ImageTask open = ImageTask.ofAnySide(10);
    List<Integer> narrow = List.of(8, 16, 24, 32);
    for (ResNet network :
        List.of(
            ResNet.RESNET_18.withChannels(narrow),
            ResNet.RESNET_18.withChannels(narrow).forSmallImages(),
            ResNet.RESNET_50.withChannels(narrow).forSmallImages())) {
      Runs.assertCarriesSignals(network.build(open, NormForm.BATCH_NORM, 3), side);
    }
  }

  @Test
  void halvedByMean_sideIsOdd_countsOnlyThePlacesThatAreThere() throws OrtException {
    NetworkLayers net = new NetworkLayers("mean", ImageTask.ofAnySide(4).input(), 4);
    String halved = net.halvedByMean(ImageTask.INPUT);
    OnnxModel model = net.classifier("fc", net.pooled(halved), 3, 1);
    // Images of ones have halves of ones, whatever their size.
    float[] even = Runs.logits(model, ones(8), 8)[0];
    float[] odd = Runs.logits(model, ones(9), 9)[0];
    assertThat(odd).containsExactly(even, Offset.offset(1e-6f));
  }

  private static float[] ones(int side) {
    float[] pixels = new float[3 * side * side];
    Arrays.fill(pixels, 1);
    return pixels;
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
  void build_storedInHalf_halvesTheFileAndGivesNearlyTheSameLogits() throws OrtException {
    for (OnnxModel model :
        List.of(
            ResNet.RESNET_18
                .withChannels(List.of(16, 24, 32, 48))
                .forSmallImages()
                .build(SMALL, NormForm.BATCH_NORM, 3),
            new VisionTransformer(64, 3, 4, 16).build(SMALL, 3))) {
      OnnxModel half = model.withHalfWeights();
      assertThat((double) half.toBytes().length / model.toBytes().length)
          .as(model.source())
          .isLessThan(0.56);
      assertThat(Layers.trainableTensors(half))
          .containsExactlyElementsOf(Layers.trainableTensors(model));
      float[] expected = Runs.logits(model, Runs.noise(2, 64), 64)[0];
      double largest = 0;
      for (float value : expected) {
        largest = Math.max(largest, Math.abs(value));
      }
      assertThat(Runs.logits(half, Runs.noise(2, 64), 64)[0])
          .usingComparatorWithPrecision((float) (1e-2 * largest))
          .containsExactly(expected);
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
    assertThatThrownBy(() -> VisionTransformer.small().build(ImageTask.of(50, 10), 1))
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
    assertThatThrownBy(() -> ImageTask.of(0, 10)).hasMessageContaining("side 0");
    assertThatThrownBy(() -> ImageTask.of(8, 1)).hasMessageContaining("1 classes");
  }

  @Test
  void new_widthsThatDoNotFitTheStages_areRefused() {
    assertThatThrownBy(() -> ResNet.RESNET_18.withChannels(List.of(8, 16)))
        .hasMessage(
            "a residual network of 4 stages needs as many widths of 1 to 65536 but has [8, 16]");
    assertThatThrownBy(() -> ResNet.RESNET_18.withChannels(List.of(8, 16, 32, 65_537)))
        .hasMessageContaining("[8, 16, 32, 65537]");
  }

  @Test
  void build_moreWeightsThanAFileHolds_isRefusedBeforeTheyAreAllocated() {
    ResNet wide = ResNet.RESNET_18.withChannels(List.of(65_536, 65_536, 65_536, 65_536));
    assertThatThrownBy(() -> wide.build(SMALL, NormForm.BATCH_NORM, 1))
        .hasMessageContaining("more than 500 million weights (reached at layer1.0.conv1.weight)");
  }
}
