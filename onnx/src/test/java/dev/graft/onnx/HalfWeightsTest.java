package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.onnx.Reference.Feed;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HalfWeightsTest {
  private static final Feed PIXELS = Feed.random(9, 2, 3, 8, 8);

  /** Convolution, batch norm, pooling and a linear head of 40 classes. */
  private static OnnxModel network() {
    return Graphs.withInput(-1, 3, 8, 8)
        .initializer(Graphs.weight("stem.weight", 1, 24, 3, 5, 5))
        .initializer(Graphs.weight("norm.weight", 2, 24))
        .initializer(Graphs.weight("norm.bias", 3, 24))
        .initializer(Graphs.weight("norm.running_mean", 4, 24))
        .initializer(positive("norm.running_var", 24))
        .initializer(Graphs.weight("token", 5, 1, 24, 1, 1))
        .initializer(Graphs.weight("fc.weight", 6, 40, 24))
        .initializer(Graphs.weight("fc.bias", 7, 40))
        .node("Conv", List.of("x", "stem.weight"), "stem")
        .node(
            "BatchNormalization",
            List.of("stem", "norm.weight", "norm.bias", "norm.running_mean", "norm.running_var"),
            "normed")
        .node("Add", List.of("normed", "token"), "moved")
        .node("Relu", List.of("moved"), "activated")
        .node("GlobalAveragePool", List.of("activated"), "pooled")
        .node("Flatten", List.of("pooled"), "flat")
        .node(
            Node.of("Gemm", List.of("flat", "fc.weight", "fc.bias"), List.of("logits"))
                .withInteger("transB", 1))
        .output("logits", ElementType.FLOAT, Graphs.dims(-1, 40))
        .build(18);
  }

  private static OnnxTensor positive(String name, int count) {
    float[] values = new float[count];
    Arrays.fill(values, 0.7f);
    return OnnxTensor.ofFloats(name, values, count);
  }

  private static OnnxTensor stored(OnnxModel model, String name) {
    return model.graph().constant(name).orElseThrow();
  }

  @Test
  void withHalfWeights_network_storesMatricesInHalfAndVectorsAsTheyWere() {
    OnnxModel model = network();
    OnnxModel half = model.withHalfWeights();
    assertThat(half.graph().initializers().keySet())
        .containsExactlyElementsOf(model.graph().initializers().keySet());
    for (OnnxTensor tensor : model.graph().initializers().values()) {
      boolean matrix = List.of("stem.weight", "fc.weight").contains(tensor.name());
      OnnxTensor now = stored(half, tensor.name());
      assertThat(now.type())
          .as(tensor.name())
          .isEqualTo(matrix ? ElementType.FLOAT16 : ElementType.FLOAT);
      assertThat(now.shape()).isEqualTo(tensor.shape());
      if (!matrix) {
        assertThat(now.data()).isEqualTo(tensor.data());
      }
    }
  }

  // 1 + 2^-11 lies half-way between 1 and the next number, 1 + 2^-10: 1 has the even last bit.
  @Test
  void withHalfWeights_values_areRoundedToNearestEven() {
    float[] values = {1 + 0x1p-11f, 1 + 0x1.8p-10f, 1e-7f, 65504};
    OnnxModel half = product(values).withHalfWeights();
    assertThat(stored(half, "w").toFloats()).containsExactly(1, 1 + 0x1p-9f, 0x1p-23f, 65504);
  }

  @ParameterizedTest
  @ValueSource(floats = {65520, -1e6f, Float.NaN, Float.POSITIVE_INFINITY})
  void withHalfWeights_valueThatHalfDoesNotHold_staysFloat(float value) {
    OnnxModel model = product(new float[] {1, 2, value, 4});
    assertThat(model.withHalfWeights()).isSameAs(model);
  }

  private static OnnxModel product(float[] values) {
    return Graphs.withInput(-1, 2)
        .initializer(OnnxTensor.ofFloats("w", values, 2, 2))
        .node("MatMul", List.of("x", "w"), "y")
        .output("y", ElementType.FLOAT, Graphs.dims(-1, 2))
        .build(18);
  }

  @Test
  void withHalfWeights_writtenAndRead_givesNearlyTheSameOutputs(@TempDir Path folder) {
    OnnxModel model = network();
    Path file = folder.resolve("half.onnx");
    model.withHalfWeights().write(file);
    OnnxModel half = OnnxModel.read(file);
    float[] expected = Reference.run(model, Map.of("x", PIXELS)).get(0);
    float[] found = Reference.run(half, Map.of("x", PIXELS)).get(0);
    float largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(found).usingComparatorWithPrecision(1e-2f * largest).containsExactly(expected);
    assertThat(found).isNotEqualTo(expected);
    // The prepared form computes from the same stored bits.
    Reference.assertSameOutputs(
        half, GraphPreparation.forTraining().apply(half), Map.of("x", PIXELS), 1e-6f);
  }

  @Test
  void withHalfWeights_network_halvesTheFile() {
    OnnxModel model = network();
    int weights = 4 * (24 * 75 + 40 * 24);
    assertThat(model.toBytes().length - model.withHalfWeights().toBytes().length)
        .isBetween(weights / 2 - 200, weights / 2);
  }

  @Test
  void withHalfWeights_headTrunkAndLayers_areFoundAsBefore() {
    OnnxModel model = network();
    OnnxModel half = model.withHalfWeights();
    assertThat(Layers.trainableTensors(half))
        .containsExactlyElementsOf(Layers.trainableTensors(model));
    LinearHead head = (LinearHead) HeadFinder.find(half, Optional.empty(), OptionalInt.of(40));
    assertThat(head.weightName()).isEqualTo("fc.weight");
    assertThat(head.featureTensor()).isEqualTo("flat");
    OnnxModel trunk = Trunk.withFeatures(half, head);
    assertThat(trunk.graph().initializers())
        .containsKey("stem.weight")
        .doesNotContainKey("fc.weight");
    HeadProof proof =
        HeadProof.of(
            head,
            head.weights(half),
            Reference.run(trunk, Map.of("x", PIXELS)).get(0),
            Reference.run(half, Map.of("x", PIXELS)).get(0));
    assertThat(proof.holds()).as(proof.toString()).isTrue();
  }

  @Test
  void withHalfWeights_preparedForTraining_castsEachWeightOnce() {
    OnnxModel half = network().withHalfWeights();
    OnnxModel prepared = GraphPreparation.forTraining().apply(half);
    assertThat(prepared.graph().nodes().stream().filter(node -> node.is("Cast"))).hasSize(2);
    assertThat(Layers.trainableTensors(prepared))
        .containsExactlyElementsOf(Layers.trainableTensors(half));
    assertThat(stored(prepared, "stem.weight").type()).isEqualTo(ElementType.FLOAT16);
    assertThat(prepared.withHalfWeights()).isSameAs(prepared);
  }

  @Test
  void withHalfWeights_weightOfTwoNodes_isCastOnceForBoth() {
    OnnxModel model =
        Graphs.withInput(-1, 4)
            .initializer(Graphs.weight("w", 1, 4, 4))
            .node("MatMul", List.of("x", "w"), "a")
            .node("Tanh", List.of("a"), "b")
            .node("MatMul", List.of("b", "w"), "y")
            .output("y", ElementType.FLOAT, Graphs.dims(-1, 4))
            .build(18);
    OnnxModel half = model.withHalfWeights();
    assertThat(half.graph().consumers("w")).singleElement().matches(node -> node.is("Cast"));
    Reference.assertSameOutputs(model, half, Map.of("x", Feed.random(2, 3, 4)), 1e-2f);
  }

  @Test
  void withHalfWeights_tableThatIsNoWeight_staysFloat() {
    OnnxModel model =
        Graphs.withInput(-1, 2)
            .initializer(OnnxTensor.ofFloats("mask", new float[] {0, -1e4f, 0, 0}, 2, 2))
            .node("Add", List.of("x", "mask"), "y")
            .output("y", ElementType.FLOAT, Graphs.dims(2, 2))
            .build(18);
    assertThat(model.withHalfWeights()).isSameAs(model);
  }
}
