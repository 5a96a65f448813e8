package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.graft.onnx.Reference.Feed;
import dev.graft.onnx.WeightTensor.Role;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LayersTest {
  private static Map<String, Role> roles(OnnxModel model) {
    return Layers.of(model).stream()
        .flatMap(layer -> layer.tensors().stream())
        .collect(Collectors.toMap(WeightTensor::name, WeightTensor::role));
  }

  private static OnnxModel withOutput(GraphBuilder builder, String output) {
    return builder.output(ValueInfo.ofUnknownShape(output, ElementType.FLOAT)).build(18);
  }

  @Test
  void of_convolutionalClassifier_givesRolesAndFans() {
    OnnxModel model = withOutput(Graphs.withGemmHead(), "logits");
    List<WeightLayer> layers = Layers.of(model);
    assertThat(layers).extracting(WeightLayer::operator).containsExactly("Conv", "Gemm");
    assertThat(layers.get(0).tensors())
        .containsExactly(
            new WeightTensor("stem.weight", Role.CONVOLUTION_WEIGHT, 108, 27, 36),
            new WeightTensor("stem.bias", Role.BIAS, 4, 1, 1));
    assertThat(layers.get(1).tensors().get(0))
        .isEqualTo(new WeightTensor("fc.weight", Role.LINEAR_WEIGHT, 20, 4, 5));
    assertThat(layers.get(1).parameterCount()).isEqualTo(25);
    assertThat(layers.get(1).name()).isEqualTo("fc");
  }

  @Test
  void of_batchNormalization_joinsItsConvolutionWithoutStatistics() {
    OnnxModel model =
        withOutput(
            Graphs.withInput(-1, 3, 4, 4)
                .initializer(Graphs.weight("w", 1, 6, 1, 3, 3))
                .initializer(Graphs.weight("g", 2, 6))
                .initializer(Graphs.weight("b", 3, 6))
                .initializer(Graphs.weight("m", 4, 6))
                .initializer(Graphs.weight("v", 5, 6))
                .node(Node.of("Conv", List.of("x", "w"), List.of("c")).withInteger("group", 3))
                .node("BatchNormalization", List.of("c", "g", "b", "m", "v"), "y"),
            "y");
    List<WeightLayer> layers = Layers.of(model);
    assertThat(layers).hasSize(1);
    assertThat(layers.get(0).tensors())
        .containsExactly(
            new WeightTensor("w", Role.CONVOLUTION_WEIGHT, 54, 9, 18),
            new WeightTensor("g", Role.NORM_SCALE, 6, 1, 1),
            new WeightTensor("b", Role.NORM_BIAS, 6, 1, 1));
  }

  @Test
  void of_rolesThatNeverTrain_areLeftOut() {
    OnnxModel model =
        withOutput(
            Graphs.withInput(-1, 4, 4)
                .initializer(OnnxTensor.ofFloats("low", new float[] {0}))
                .initializer(OnnxTensor.ofFloats("high", new float[] {6}))
                .initializer(OnnxTensor.ofFloats("exponent", new float[] {2}))
                .initializer(OnnxTensor.ofFloats("root", new float[] {0.125f}))
                .initializer(OnnxTensor.ofFloats("mask", new float[] {0, -3.4e38f, 0, 0}, 1, 1, 4))
                .initializer(Graphs.weight("position", 1, 1, 4, 4))
                .initializer(Graphs.weight("gamma", 2, 4))
                .initializer(OnnxTensor.ofLongs("integers", new long[] {1, 2}, 2))
                .node("Clip", List.of("x", "low", "high"), "a")
                .node("Pow", List.of("a", "exponent"), "b")
                .node("Mul", List.of("b", "root"), "c")
                .node("Add", List.of("c", "mask"), "d")
                .node("Add", List.of("d", "position"), "e")
                .node("Mul", List.of("e", "gamma"), "y"),
            "y");
    assertThat(roles(model)).isEqualTo(Map.of("position", Role.BIAS, "gamma", Role.FACTOR));
  }

  @Test
  void of_tracedOperands_nameTheStoredTensor() {
    OnnxModel model =
        withOutput(
            Graphs.withInput(-1, 4)
                .initializer(Graphs.weight("stored", 1, 6, 4))
                .initializer(Graphs.weight("flatBias", 2, 6))
                .initializer(OnnxTensor.ofLongs("shape", new long[] {1, 6}, 2))
                .node("Transpose", List.of("stored"), "turned")
                .node("Identity", List.of("turned"), "same")
                .node("MatMul", List.of("x", "same"), "product")
                .node("Reshape", List.of("flatBias", "shape"), "bias")
                .node("Add", List.of("product", "bias"), "y"),
            "y");
    assertThat(roles(model)).isEqualTo(Map.of("stored", Role.LINEAR_WEIGHT, "flatBias", Role.BIAS));
    assertThat(Layers.of(model).get(0).tensors().get(0).fanIn()).isEqualTo(4);
    assertThat(Layers.of(model).get(0).tensors().get(0).fanOut()).isEqualTo(6);
  }

  @Test
  void of_decomposedLayerNorm_knowsScaleAndBias() {
    OnnxModel model =
        withOutput(
            Graphs.withInput(-1, 4)
                .initializer(Graphs.weight("gamma", 1, 4))
                .initializer(Graphs.weight("beta", 2, 4))
                .node("Abs", List.of("x"), "variance")
                .node("Sqrt", List.of("variance"), "deviation")
                .node("Div", List.of("x", "deviation"), "normal")
                .node("Mul", List.of("normal", "gamma"), "scaled")
                .node("Add", List.of("scaled", "beta"), "y"),
            "y");
    assertThat(roles(model)).isEqualTo(Map.of("gamma", Role.NORM_SCALE, "beta", Role.NORM_BIAS));
  }

  @Test
  void of_tableAndSlopes_areTrainable() {
    OnnxModel model =
        withOutput(
            GraphBuilder.named("t")
                .input("ids", ElementType.INT64, Graphs.dims(-1, 3))
                .initializer(Graphs.weight("table", 1, 10, 4))
                .initializer(Graphs.weight("slope", 2, 4))
                .node("Gather", List.of("table", "ids"), "e")
                .node("PRelu", List.of("e", "slope"), "y"),
            "y");
    assertThat(roles(model)).isEqualTo(Map.of("table", Role.EMBEDDING, "slope", Role.SLOPE));
  }

  @Test
  void of_classToken_isTrainableAndPaddingIsNot() {
    OnnxModel model =
        withOutput(
            Graphs.withInput(-1, 3, 4)
                .initializer(Graphs.weight("token", 1, 1, 1, 4))
                .initializer(OnnxTensor.ofFloats("zeros", new float[4], 1, 1, 4))
                .initializer(OnnxTensor.ofLongs("zero", new long[] {0}, 1))
                .initializer(OnnxTensor.ofLongs("rest", new long[] {1, 4}, 2))
                .node("Shape", List.of("x"), "shape")
                .node("Gather", List.of("shape", "zero"), "batch")
                .node(
                    Node.of("Concat", List.of("batch", "rest"), List.of("target"))
                        .withInteger("axis", 0))
                .node("Expand", List.of("token", "target"), "tokens")
                .node("Expand", List.of("zeros", "target"), "padding")
                .node(
                    Node.of("Concat", List.of("tokens", "x", "padding"), List.of("y"))
                        .withInteger("axis", 1)),
            "y");
    assertThat(roles(model)).isEqualTo(Map.of("token", Role.EMBEDDING));
  }

  @Test
  void of_biasesPickedFromATable_trainTheTable() {
    // Swin: Gather(table, positions) - Reshape - Transpose - Unsqueeze - Add to the scores.
    OnnxModel model =
        withOutput(
            Graphs.withInput(-1, 2, 3, 3)
                .initializer(Graphs.weight("table", 1, 5, 2))
                .initializer(
                    OnnxTensor.ofLongs("positions", new long[] {2, 1, 0, 3, 2, 1, 4, 3, 2}, 3, 3))
                .initializer(OnnxTensor.ofLongs("flat", new long[] {-1}, 1))
                .initializer(OnnxTensor.ofLongs("square", new long[] {3, 3, 2}, 3))
                .initializer(OnnxTensor.ofLongs("front", new long[] {0}, 1))
                .node("Reshape", List.of("positions", "flat"), "indices")
                .node("Gather", List.of("table", "indices"), "picked")
                .node("Reshape", List.of("picked", "square"), "pairs")
                .node(
                    Node.of("Transpose", List.of("pairs"), List.of("heads"))
                        .withIntegers("perm", 2, 0, 1))
                .node("Unsqueeze", List.of("heads", "front"), "bias")
                .node("Softmax", List.of("x"), "scores")
                .node("Add", List.of("scores", "bias"), "y"),
            "y");
    assertThat(roles(model)).isEqualTo(Map.of("table", Role.BIAS));
  }

  @ParameterizedTest
  @CsvSource({"Sub,Div", "Sub,Mul", "Mul,Add", "Add,Mul", "Mul,Sub"})
  void of_normalisationOfTheInput_isNoWeight(String first, String second) {
    OnnxModel model =
        withOutput(
            Graphs.withInput(-1, 4, 4, 3)
                .initializer(Graphs.weight("one", 1, 1, 3, 1, 1))
                .initializer(Graphs.weight("two", 2, 3, 1, 1))
                .initializer(Graphs.weight("w", 3, 4, 3, 1, 1))
                .initializer(Graphs.weight("gamma", 4, 4, 1, 1))
                .node(
                    Node.of("Transpose", List.of("x"), List.of("planes"))
                        .withIntegers("perm", 0, 3, 1, 2))
                .node(first, List.of("planes", "one"), "a")
                .node(second, List.of("a", "two"), "b")
                .node("Conv", List.of("b", "w"), "c")
                .node("Mul", List.of("c", "gamma"), "y"),
            "y");
    assertThat(roles(model)).isEqualTo(Map.of("w", Role.CONVOLUTION_WEIGHT, "gamma", Role.FACTOR));
  }

  @Test
  void of_positionsAddedToTheInput_areTrainable() {
    // Features of another network as input: what differs by place and channel is learned.
    OnnxModel model =
        withOutput(
            Graphs.withInput(-1, 5, 4)
                .initializer(Graphs.weight("position", 1, 1, 5, 4))
                .initializer(Graphs.weight("w", 2, 4, 4))
                .node("Add", List.of("x", "position"), "a")
                .node("MatMul", List.of("a", "w"), "y"),
            "y");
    assertThat(roles(model)).isEqualTo(Map.of("position", Role.BIAS, "w", Role.LINEAR_WEIGHT));
  }

  @Test
  void constantsToInitializers_weightsInConstantNodes_keepTheirNames() {
    OnnxModel model =
        withOutput(
            Graphs.withInput(-1, 4)
                .node(
                    Node.of("Constant", List.of(), List.of("w"))
                        .withTensor("value", Graphs.weight("", 1, 4, 2)))
                .node(Node.of("Constant", List.of(), List.of("s")).withReal("value_float", 2))
                .node("MatMul", List.of("x", "w"), "p")
                .node("Mul", List.of("p", "s"), "y"),
            "y");
    OnnxModel moved = Layers.constantsToInitializers(model);
    assertThat(moved.graph().initializers().keySet()).containsExactly("w");
    assertThat(Layers.trainableTensors(moved)).containsExactly("w");
    assertThat(moved.graph().nodes()).hasSize(3);
    Reference.assertSameOutputs(model, moved, Map.of("x", Feed.random(1, 2, 4)), 0);
  }

  @Test
  void withOwnVectors_vectorsSharedByTheExporter_areSeparated() {
    OnnxModel model =
        withOutput(
            Graphs.withInput(-1, 4)
                .initializer(Graphs.weight("w", 1, 4, 4))
                .initializer(Graphs.weight("layer.0.bias", 2, 4))
                .node("Identity", List.of("layer.0.bias"), "layer.1.bias")
                .node("MatMul", List.of("x", "w"), "a")
                .node("Add", List.of("a", "layer.0.bias"), "b")
                .node("MatMul", List.of("b", "w"), "c")
                .node("Add", List.of("c", "layer.1.bias"), "d")
                .node("Relu", List.of("d"), "e")
                .node("Add", List.of("e", "layer.0.bias"), "y"),
            "y");
    OnnxModel own = Layers.withOwnVectors(model);
    assertThat(own.graph().initializers().keySet())
        .containsExactlyInAnyOrder("w", "layer.0.bias", "layer.1.bias", "layer.0.bias_of_y");
    assertThat(own.graph().producer("y").orElseThrow().inputs())
        .containsExactly("e", "layer.0.bias_of_y");
    Reference.assertSameOutputs(model, own, Map.of("x", Feed.random(1, 2, 4)), 0);
  }

  @Test
  void trainableTensors_sharedWeight_isNamedOnce() {
    OnnxModel model =
        withOutput(
            Graphs.withInput(-1, 4)
                .initializer(Graphs.weight("w", 1, 4, 4))
                .node("MatMul", List.of("x", "w"), "a")
                .node("MatMul", List.of("a", "w"), "y"),
            "y");
    assertThat(Layers.of(model)).hasSize(2);
    assertThat(Layers.trainableTensors(model)).containsExactly("w");
    assertThat(ModelSummary.of(model).trainableCount()).isEqualTo(16);
  }

  @ParameterizedTest
  @CsvSource({
    "layer4.1.conv1.weight, layer4.1",
    "layer1.0.downsample.0.weight, layer1.0",
    "encoder.layer.11.attention.self.query.bias, encoder.layer.11",
    "bert.encoder.layer.0.output.dense.weight, bert.encoder.layer.0",
    "/encoder/layer.3/attention/MatMul, encoder.layer.3",
    "/layer2/layer2.1/conv1/Conv, layer2.1",
    "/blocks/blocks.2/blocks.2.1/conv_pw/Conv, blocks.2.1",
    "block_16_expand.w, block_16",
    "features.3.conv.1.0.weight, features.3",
    "features.18.0.weight, features.18.0",
    "blocks.2.1.conv_pw.weight, blocks.2.1",
    "blocks.11.mlp.fc1.weight, blocks.11",
    "stages.2.blocks.8.conv_dw.weight, stages.2.blocks.8",
    "layers.2.blocks.5.attn.qkv.weight, layers.2.blocks.5",
    "encoder.layers.encoder_layer_3.mlp.0.weight, encoder.layers.encoder_layer_3",
    "vit.encoder.layer.7.layernorm_before.weight, vit.encoder.layer.7",
    "transformer.h.5.attn.weight, transformer.h.5"
  })
  void key_namesOfCommonLibraries_giveTheBlock(String tensor, String expected) {
    assertThat(BlockGrouping.key(layer(tensor), Set.of())).contains(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "conv1.weight",
    "fc.bias",
    "onnx::MatMul_123",
    "475",
    "classifier.1.weight",
    "Conv_1.w"
  })
  void key_namesOutsideBlocks_giveNone(String tensor) {
    assertThat(BlockGrouping.key(layer(tensor), Set.of())).isEmpty();
  }

  private static WeightLayer layer(String tensor) {
    return new WeightLayer(
        "",
        "Conv",
        List.of(Node.of("Conv", List.of("x", tensor), List.of("y"))),
        List.of(new WeightTensor(tensor, Role.CONVOLUTION_WEIGHT, 1, 1, 1)));
  }

  /** x - layer1.0 (residual) - layer1.1 (residual) - fc, all of width 4. */
  private static GraphBuilder residual(String first, String second) {
    return Graphs.withInput(-1, 4)
        .initializer(Graphs.weight(first + "a", 1, 4, 4))
        .initializer(Graphs.weight(first + "b", 2, 4, 4))
        .initializer(Graphs.weight(second + "a", 3, 4, 4))
        .initializer(Graphs.weight(second + "b", 4, 4, 4))
        .initializer(Graphs.weight("fc.weight", 5, 4, 2))
        .node("MatMul", List.of("x", first + "a"), "t1")
        .node("MatMul", List.of("t1", first + "b"), "t2")
        .node("Add", List.of("t2", "x"), "s1")
        .node("MatMul", List.of("s1", second + "a"), "t3")
        .node("MatMul", List.of("t3", second + "b"), "t4")
        .node("Add", List.of("t4", "s1"), "s2")
        .node("MatMul", List.of("s2", "fc.weight"), "y");
  }

  @Test
  void blocks_namedResidualNetwork_followTheNames() {
    OnnxModel model = withOutput(residual("layer1.0.", "layer1.1."), "y");
    assertThat(Layers.blocks(model))
        .extracting(Block::name, Block::inputTensor, Block::parameterCount)
        .containsExactly(
            tuple("layer1.0", "x", 32L), tuple("layer1.1", "s1", 32L), tuple("fc", "s2", 8L));
  }

  @Test
  void blocks_namelessResidualNetwork_followTheSums() {
    OnnxModel model = withOutput(residual("12", "34"), "y");
    assertThat(Layers.blocks(model))
        .extracting(Block::inputTensor)
        .containsExactly("x", "s1", "s2");
  }

  @Test
  void blocks_namesThatCutABranch_areMergedToALegalStart() {
    // Names claim a block between the two products of one residual branch.
    GraphBuilder builder =
        Graphs.withInput(-1, 4)
            .initializer(Graphs.weight("layer.0.w", 1, 4, 4))
            .initializer(Graphs.weight("layer.1.w", 2, 4, 4))
            .initializer(Graphs.weight("layer.2.w", 3, 4, 4))
            .node("MatMul", List.of("x", "layer.0.w"), "t1")
            .node("MatMul", List.of("t1", "layer.1.w"), "t2")
            .node("Add", List.of("t2", "x"), "s1")
            .node("MatMul", List.of("s1", "layer.2.w"), "y");
    assertThat(Layers.blocks(withOutput(builder, "y")))
        .extracting(Block::name, Block::inputTensor)
        .containsExactly(tuple("layer.0", "x"), tuple("layer.2", "s1"));
  }

  @Test
  @Tag("reference-data")
  void blocks_realModels_haveLegalStartsAndAllTheWeights() {
    for (String name :
        List.of(SharedModels.MOBILENET, SharedModels.HEADLESS, SharedModels.SPEECH)) {
      OnnxModel model = SharedModels.read(name).upgradeTo(18);
      List<Block> blocks = Layers.blocks(model);
      assertThat(CachePoints.of(model))
          .as(name)
          .containsSubsequence(blocks.stream().map(Block::inputTensor).toList());
      assertThat(blocks.stream().mapToLong(Block::parameterCount).sum())
          .isEqualTo(ModelSummary.of(model).trainableCount());
    }
    List<Block> headless = Layers.blocks(SharedModels.read(SharedModels.HEADLESS));
    assertThat(headless).hasSize(18);
    assertThat(headless.get(17).inputTensor()).isEqualTo("block_16_project_BN");
    assertThat(headless.get(16).name()).isEqualTo("block_16");
    assertThat(headless.get(16).layers()).hasSize(3);
  }
}
