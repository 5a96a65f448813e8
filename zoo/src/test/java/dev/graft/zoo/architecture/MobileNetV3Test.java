package dev.graft.zoo.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import dev.graft.onnx.HeadFinder;
import dev.graft.onnx.Layers;
import dev.graft.onnx.LinearHead;
import dev.graft.onnx.ModelSummary;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MobileNetV3Test {
  private static final ImageTask SMALL = ImageTask.of(64, 10);
  private static final ImageTask OPEN = ImageTask.ofAnySide(10);

  private static OnnxModel trained() {
    return MobileNetV3.SMALL.build(SMALL, NormForm.BATCH_NORM, 1);
  }

  // At width 1 as torchvision counts it; the others by the paper's table, added up apart from this.
  @ParameterizedTest
  @CsvSource({
    "1, 2542856, 56510400",
    "0.75, 1653920, 39115576",
    "0.5, 917264, 18970736",
    "0.35, 558744, 11238936"
  })
  void build_imageNet_hasThePublishedSize(double width, long weights, long multiplyAdds) {
    MobileNetV3 network = MobileNetV3.SMALL.withWidthTimes(width);
    assertThat(
            ModelSummary.of(network.build(ImageTask.IMAGENET, NormForm.BATCH_NORM, 1))
                .trainableCount())
        .isEqualTo(weights);
    assertThat(
            ModelSummary.of(network.build(ImageTask.IMAGENET, NormForm.FOLDED, 1)).multiplyAdds())
        .hasValue(multiplyAdds);
  }

  @Test
  void build_folded_carriesSignals() throws OrtException {
    for (MobileNetV3 network :
        List.of(MobileNetV3.SMALL, MobileNetV3.SMALL.withWidthTimes(0.5).forSmallImages())) {
      Runs.assertCarriesSignals(network.build(SMALL, NormForm.FOLDED, 3), 64);
      Runs.assertCarriesSignals(network.build(OPEN, NormForm.FOLDED, 3), 96);
    }
  }

  // Fresh batch norms pass on without statistics, so that gates and hard swish make signals small.
  @ParameterizedTest
  @ValueSource(ints = {32, 33, 65, 96, 224})
  void build_openSide_takesEvenAndOddOnes(int side) throws OrtException {
    for (MobileNetV3 network :
        List.of(
            MobileNetV3.SMALL,
            MobileNetV3.SMALL.forSmallImages(),
            MobileNetV3.SMALL.withWidthTimes(0.1))) {
      Runs.assertTellsApart(network.build(OPEN, NormForm.BATCH_NORM, 3), side);
    }
  }

  // 16 times smaller instead of 32: by hand from the table of strides.
  @ParameterizedTest
  @CsvSource({"false, 5502720", "true, 18834432"})
  void forSmallImages_sameWeights_lookAtFourTimesThePlaces(boolean small, long multiplyAdds) {
    MobileNetV3 network = small ? MobileNetV3.SMALL.forSmallImages() : MobileNetV3.SMALL;
    ModelSummary summary = ModelSummary.of(network.build(SMALL, NormForm.FOLDED, 1));
    assertThat(summary.multiplyAdds()).hasValue(multiplyAdds);
  }

  @Test
  void build_batchNorm_hasTorchvisionsNamesAndEpsilon() {
    OnnxModel model = trained();
    assertThat(ModelSummary.of(model).operators())
        .containsEntry("BatchNormalization", 34)
        .containsEntry("HardSwish", 19)
        .containsEntry("HardSigmoid", 9)
        .containsEntry("Relu", 14)
        .containsEntry("Add", 6);
    assertThat(Layers.trainableTensors(model))
        .contains(
            "features.0.0.weight",
            "features.1.block.0.0.weight",
            "features.1.block.1.fc1.weight",
            "features.1.block.2.1.bias",
            "features.4.block.2.fc2.bias",
            "features.11.block.3.0.weight",
            "features.12.1.weight",
            "classifier.0.weight",
            "classifier.3.bias")
        .doesNotContain("features.0.0.bias", "features.0.1.running_mean");
    for (Node node : model.graph().nodes()) {
      if (node.is("BatchNormalization")) {
        assertThat(node.real("epsilon", 1e-5f)).as(node.name()).isEqualTo(1e-3f);
      }
    }
  }

  // Deviations by hand. In front of hard swish: sqrt(3 / 576), sqrt(3 / 25) for a channel of 5x5,
  // sqrt(3 / 576) for the hidden layer; in front of a rectifier sqrt(2 / 576); of a gate
  // sqrt(1 / 144); of a sum sqrt(1 / 96); the last layer, uniform, sqrt(2 / 1034).
  @ParameterizedTest
  @CsvSource({
    "features.11.block.0.0.weight, 0.072169",
    "features.11.block.1.0.weight, 0.346410",
    "features.11.block.2.fc1.weight, 0.058926",
    "features.11.block.2.fc2.weight, 0.083333",
    "features.11.block.3.0.weight, 0.102062",
    "classifier.0.weight, 0.072169",
    "classifier.3.weight, 0.043980"
  })
  void build_freshWeights_haveTheDeviationOfTheirRole(String tensor, double expected) {
    float[] values = trained().graph().constant(tensor).orElseThrow().toFloats();
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    assertThat(Math.sqrt(squares / values.length))
        .isCloseTo(expected, Percentage.withPercentage(3));
  }

  @Test
  void build_freshBiases_areZero() {
    OnnxModel model = trained();
    for (String tensor : Layers.trainableTensors(model)) {
      if (tensor.endsWith(".bias")) {
        float[] values = model.graph().constant(tensor).orElseThrow().toFloats();
        assertThat(values).as(tensor).containsOnly(0);
      }
    }
  }

  @Test
  void build_anyTask_itsHeadIsFoundBehindTheHiddenLayer() {
    var head = HeadFinder.find(trained(), Optional.empty(), OptionalInt.empty());
    assertThat(head).isInstanceOf(LinearHead.class);
    assertThat(((LinearHead) head).features()).isEqualTo(1024);
  }

  @Test
  void build_sameSeed_givesTheSameBytes() {
    byte[] first = trained().toBytes();
    assertThat(trained().toBytes()).isEqualTo(first);
    assertThat(MobileNetV3.SMALL.build(SMALL, NormForm.BATCH_NORM, 2).toBytes())
        .isNotEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 4.1, Double.NaN, Double.POSITIVE_INFINITY})
  void withWidthTimes_outOfRange_isRefused(double width) {
    assertThatThrownBy(() -> MobileNetV3.SMALL.withWidthTimes(width))
        .hasMessage("a factor on the channels must be above 0 and at most 4.0 but is " + width);
  }

  // By the reference formula: 11 and 18 go up, for 8 and 16 would be less than nine tenths of them.
  @ParameterizedTest
  @CsvSource({"1, 8", "8, 8", "11, 16", "12, 16", "14, 16", "18, 24", "19.9, 24", "57.6, 56"})
  void toMultipleOfEight_anyNumber_isAtMostATenthLess(double channels, int expected) {
    assertThat(ChannelRounding.toMultipleOfEight(channels)).isEqualTo(expected);
  }
}
