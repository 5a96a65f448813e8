package dev.graft.zoo.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.onnx.ModelSummary;
import dev.graft.onnx.OnnxModel;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ArchitectureNamesTest {
  @Test
  void names_all_areListedInOrder() {
    assertThat(ImageArchitecture.names())
        .containsExactly(
            "resnet-18", "resnet-34", "resnet-50", "mobilenet-v3-small", "vit-ti", "vit-s");
  }

  static List<String> names() {
    return ImageArchitecture.names();
  }

  @ParameterizedTest
  @CsvSource({
    "resnet-18, ResNet-18",
    "resnet18, ResNet-18",
    "ResNet_34, ResNet-34",
    "RESNET-50, ResNet-50",
    "mobilenet-v3-small, MobileNetV3-Small",
    "mobilenet_v3_small, MobileNetV3-Small",
    "mobilenetv3-small, MobileNetV3-Small",
    "vit-ti, vision transformer of width 192",
    "ViT-S, vision transformer of width 384",
    "vits, vision transformer of width 384"
  })
  void named_anySpelling_isTheArchitecture(String name, String description) {
    assertThat(ImageArchitecture.named(name).describe()).startsWith(description);
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet-19", "", "resnet", "model.onnx"})
  void named_unknownName_isRefusedWithTheNames(String name) {
    assertThatThrownBy(() -> ImageArchitecture.named(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "there is no architecture "
                + name
                + ": choose one of resnet-18, resnet-34, resnet-50, mobilenet-v3-small, vit-ti,"
                + " vit-s");
  }

  @ParameterizedTest
  @MethodSource("names")
  void build_anyName_hasAsManyClassesAsAreAskedFor(String name) {
    ImageArchitecture architecture = ImageArchitecture.named(name).at(ImageScale.SMALL);
    OnnxModel model = architecture.build(architecture.task(OptionalInt.of(64), 7), 1);
    assertThat(model.graph().outputs().get(0).shape().orElseThrow().get(1).sizeOr(-1)).isEqualTo(7);
    assertThat(architecture.reference()).contains("https://arxiv.org/abs/");
    assertThat(ImageArchitecture.named(name).at(ImageScale.PHOTO))
        .isEqualTo(ImageArchitecture.named(name))
        .isNotEqualTo(architecture);
  }

  @Test
  void build_convolutionsToBeTrained_haveBatchNorms() {
    for (String name : List.of("resnet-18", "mobilenet-v3-small")) {
      ImageArchitecture architecture = ImageArchitecture.named(name).withWidthTimes(0.25);
      OnnxModel model = architecture.build(architecture.task(OptionalInt.empty(), 7), 1);
      assertThat(ModelSummary.of(model).operators()).as(name).containsKey("BatchNormalization");
      assertThat(ModelSummary.of(model).multiplyAdds())
          .as("cost of %s at an open side", name)
          .isEqualTo(OptionalLong.empty());
    }
  }

  @Test
  void task_noSide_isOpenWhereTheNetworkTakesAny() {
    assertThat(ImageArchitecture.named("resnet-18").task(OptionalInt.empty(), 5).side()).isEmpty();
    assertThat(ImageArchitecture.named("mobilenet-v3-small").task(OptionalInt.empty(), 5).side())
        .isEmpty();
    ImageArchitecture transformer = ImageArchitecture.named("vit-s");
    assertThat(transformer.task(OptionalInt.empty(), 5).side()).hasValue(224);
    assertThat(transformer.forSmallImages().task(OptionalInt.empty(), 5).side()).hasValue(112);
    assertThat(transformer.task(OptionalInt.of(64), 5)).isEqualTo(ImageTask.of(64, 5));
  }

  @Test
  void withWidthTimes_half_isTheNarrowResNet() {
    ImageArchitecture half = ImageArchitecture.named("resnet-18").withWidthTimes(0.5);
    assertThat(half)
        .isEqualTo(ImageArchitecture.named("resnet-18").withChannels(List.of(32, 64, 128, 256)));
  }

  @Test
  void withChannels_networksWithoutStages_areRefused() {
    List<Integer> channels = List.of(32, 64, 128, 256);
    assertThatThrownBy(() -> ImageArchitecture.named("vit-s").withChannels(channels))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a vision transformer has no stages of channels: its published sizes are chosen by"
                + " name");
    assertThatThrownBy(() -> ImageArchitecture.named("mobilenet-v3-small").withChannels(channels))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "MobileNetV3 has channels by its table, not by stage: give a factor on all of them"
                + " instead");
  }

  @Test
  void withWidthTimes_transformerOrOutOfRange_isRefused() {
    assertThatThrownBy(() -> ImageArchitecture.named("vit-s").withWidthTimes(0.5))
        .hasMessage(
            "the width of a vision transformer is bound to its heads: its published sizes are"
                + " chosen by name");
    assertThatThrownBy(() -> ImageArchitecture.named("resnet-18").withWidthTimes(5))
        .hasMessageContaining("at most 4.0 but is 5.0");
  }

  @Test
  void describe_variants_sayWhatTheyAre() {
    assertThat(ResNet.RESNET_18.describe())
        .isEqualTo("ResNet-18 with 64, 128, 256, 512 channels and a stem of stride 4");
    assertThat(ResNet.RESNET_18.withWidthTimes(0.5).forSmallImages().describe())
        .isEqualTo(
            "ResNet-18 with 32, 64, 128, 256 channels, a stem of stride 2 and average-pooled"
                + " shortcuts");
    assertThat(ResNet.RESNET_50.describe()).startsWith("ResNet-50 with ");
    assertThat(MobileNetV3.SMALL.describe()).isEqualTo("MobileNetV3-Small with a stem of stride 2");
    assertThat(MobileNetV3.SMALL.withWidthTimes(0.75).forSmallImages().describe())
        .isEqualTo("MobileNetV3-Small with 0.75 times the channels and a stem of stride 1");
    assertThat(VisionTransformer.small().forSmallImages().describe())
        .isEqualTo(
            "vision transformer of width 384 with 12 layers, 6 heads and patches of 8x8 pixels");
  }

  @Test
  void reference_averagedShortcuts_areCitedToo() {
    assertThat(ResNet.RESNET_18.reference())
        .isEqualTo(
            "He et al. 2016, \"Deep Residual Learning for Image Recognition\","
                + " https://arxiv.org/abs/1512.03385");
    assertThat(ResNet.RESNET_18.forSmallImages().reference()).contains("Bag of Tricks");
  }
}
