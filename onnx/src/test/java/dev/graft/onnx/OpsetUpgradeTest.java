package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import dev.graft.onnx.Reference.Feed;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each adapter: the structure it leaves, and equal outputs in ONNX Runtime before and after. */
final class OpsetUpgradeTest {
  private static Node unary(String operator) {
    return Node.of(operator, List.of("x"), List.of("y"));
  }

  private static Node only(OnnxModel model, String operator) {
    List<Node> found = model.graph().nodes().stream().filter(node -> node.is(operator)).toList();
    assertThat(found).as(operator).hasSize(1);
    return found.get(0);
  }

  private static OnnxModel upgradedWithSameOutputs(OnnxModel model, long... shape) {
    OnnxModel upgraded = model.upgradeTo(18);
    assertThat(upgraded.opset()).isEqualTo(18);
    Reference.assertSameOutputs(model, upgraded, Map.of("x", Feed.random(7, shape)), 1e-6f);
    return upgraded;
  }

  @Test
  void clip_attributes_becomeScalarInputs() {
    Node clip = unary("Clip").withReal("min", -0.5f).withReal("max", 0.25f);
    OnnxModel upgraded = upgradedWithSameOutputs(Graphs.single(9, clip, -1, 4), 3, 4);
    Node after = only(upgraded, "Clip");
    assertThat(after.attributeNames()).isEmpty();
    assertThat(after.inputs()).hasSize(3);
    OnnxTensor low = upgraded.graph().constant(after.input(1)).orElseThrow();
    assertThat(low.rank()).isZero();
    assertThat(low.toFloats()).containsExactly(-0.5f);
  }

  @Test
  void clip_maximumAlone_leavesMinimumAbsent() {
    OnnxModel upgraded =
        upgradedWithSameOutputs(
            Graphs.single(7, unary("Clip").withReal("max", 0.25f), -1, 4), 3, 4);
    assertThat(only(upgraded, "Clip").hasInput(1)).isFalse();
    assertThat(only(upgraded, "Clip").hasInput(2)).isTrue();
  }

  @Test
  void clip_halfPrecisionData_getsHalfPrecisionBounds() {
    OnnxModel model =
        GraphBuilder.named("half")
            .input("x", ElementType.FLOAT16, Graphs.dims(-1, 2))
            .node(unary("Clip").withReal("min", 0).withReal("max", 6))
            .output("y", ElementType.FLOAT16)
            .build(9);
    OnnxModel upgraded = model.upgradeTo(18);
    assertThat(upgraded.graph().constant(only(upgraded, "Clip").input(2)).orElseThrow().type())
        .isEqualTo(ElementType.FLOAT16);
  }

  @ParameterizedTest
  @ValueSource(strings = {"constant", "reflect", "edge"})
  void pad_attributes_becomeInputs(String mode) {
    Node pad =
        unary("Pad")
            .withText("mode", mode)
            .withIntegers("pads", 0, 0, 1, 2, 0, 0, 2, 1)
            .withReal("value", 0.5f);
    OnnxModel upgraded = upgradedWithSameOutputs(Graphs.single(10, pad, -1, 2, 4, 4), 1, 2, 4, 4);
    assertThat(only(upgraded, "Pad").attributeNames()).containsExactly("mode");
  }

  @Test
  void slice_attributes_becomeInputs() {
    Node slice =
        unary("Slice")
            .withIntegers("starts", 1, -3)
            .withIntegers("ends", 3, 9000)
            .withIntegers("axes", 1, 2);
    OnnxModel upgraded = upgradedWithSameOutputs(Graphs.single(9, slice, -1, 4, 5), 2, 4, 5);
    assertThat(only(upgraded, "Slice").inputs()).hasSize(4);
    assertThat(only(upgraded, "Slice").attributeNames()).isEmpty();
  }

  @Test
  void topK_attribute_becomesInput() {
    Node top = Node.of("TopK", List.of("x"), List.of("y", "indices")).withInteger("k", 2);
    OnnxModel upgraded = upgradedWithSameOutputs(Graphs.single(9, top, -1, 5), 2, 5);
    assertThat(upgraded.graph().constant(only(upgraded, "TopK").input(1)).orElseThrow().toLongs())
        .containsExactly(2);
  }

  @Test
  void dropout_ratio_becomesInputAndUnreadMaskGoes() {
    Node dropout = Node.of("Dropout", List.of("x"), List.of("y", "mask")).withReal("ratio", 0.3f);
    OnnxModel upgraded = upgradedWithSameOutputs(Graphs.single(10, dropout, -1, 5), 2, 5);
    Node after = only(upgraded, "Dropout");
    assertThat(after.outputs()).containsExactly("y");
    assertThat(after.attributeNames()).isEmpty();
    assertThat(upgraded.graph().constant(after.input(1)).orElseThrow().toFloats())
        .containsExactly(0.3f);
    assertThat(after.hasInput(2)).isFalse();
  }

  @Test
  void softmax_lastAxis_staysOneNode() {
    Node softmax = unary("Softmax").withInteger("axis", 2);
    OnnxModel upgraded = upgradedWithSameOutputs(Graphs.single(11, softmax, -1, 3, 4), 2, 3, 4);
    assertThat(upgraded.graph().nodes()).hasSize(1);
    assertThat(only(upgraded, "Softmax").integer("axis", -1)).isEqualTo(2);
  }

  @Test
  void softmax_defaultAxisOfMatrix_isStated() {
    OnnxModel upgraded = upgradedWithSameOutputs(Graphs.single(12, unary("Softmax"), -1, 4), 3, 4);
    assertThat(upgraded.graph().nodes()).hasSize(1);
    assertThat(only(upgraded, "Softmax").integer("axis", -7)).isEqualTo(1);
  }

  @Test
  void softmax_onePositionAfterAxis_staysOneNode() {
    OnnxModel upgraded =
        upgradedWithSameOutputs(Graphs.single(12, unary("Softmax"), -1, 4, 1, 1), 3, 4, 1, 1);
    assertThat(upgraded.graph().nodes()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"Softmax, 1", "LogSoftmax, 1", "Softmax, 0", "Hardmax, 1", "Softmax, -2"})
  void softmax_severalAxesAfterAxis_isFlattened(String operator, long axis) {
    Node softmax = unary(operator).withInteger("axis", axis);
    OnnxModel upgraded = upgradedWithSameOutputs(Graphs.single(11, softmax, -1, 3, 4), 2, 3, 4);
    assertThat(upgraded.graph().nodes().stream().map(Node::operator))
        .containsExactlyInAnyOrder("Shape", "Flatten", operator, "Reshape");
    assertThat(only(upgraded, operator).integer("axis", 0)).isEqualTo(-1);
  }

  @Test
  void squeezeAndUnsqueeze_axes_becomeInputs() {
    OnnxModel model =
        Graphs.withInput(-1, 1, 4)
            .node(Node.of("Squeeze", List.of("x"), List.of("s")).withIntegers("axes", 1))
            .node(Node.of("Unsqueeze", List.of("s"), List.of("y")).withIntegers("axes", 0, 3))
            .output(ValueInfo.ofUnknownShape("y", ElementType.FLOAT))
            .build(11);
    OnnxModel upgraded = upgradedWithSameOutputs(model, 2, 1, 4);
    Node unsqueeze = only(upgraded, "Unsqueeze");
    assertThat(upgraded.graph().constant(unsqueeze.input(1)).orElseThrow().toLongs())
        .containsExactly(0, 3);
    assertThat(only(upgraded, "Squeeze").hasAttribute("axes")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ReduceSum",
        "ReduceMean",
        "ReduceMax",
        "ReduceMin",
        "ReduceProd",
        "ReduceL1",
        "ReduceL2",
        "ReduceSumSquare",
        "ReduceLogSumExp"
      })
  void reduce_axes_becomeInput(String operator) {
    Node reduce = unary(operator).withIntegers("axes", 1, 2).withInteger("keepdims", 0);
    OnnxModel upgraded = upgradedWithSameOutputs(Graphs.single(12, reduce, -1, 3, 4), 2, 3, 4);
    assertThat(only(upgraded, operator).attributeNames()).containsExactly("keepdims");
    assertThat(only(upgraded, operator).hasInput(1)).isTrue();
  }

  @Test
  void reduce_withoutAxes_stillReducesAll() {
    OnnxModel upgraded =
        upgradedWithSameOutputs(Graphs.single(11, unary("ReduceMean"), -1, 3), 2, 3);
    assertThat(only(upgraded, "ReduceMean").inputs()).hasSize(1);
  }

  @Test
  void split_sizes_becomeInput() {
    Node split =
        Node.of("Split", List.of("x"), List.of("a", "b"))
            .withInteger("axis", 1)
            .withIntegers("split", 1, 3);
    OnnxModel model =
        Graphs.withInput(-1, 4)
            .node(split)
            .output(ValueInfo.ofUnknownShape("a", ElementType.FLOAT))
            .output(ValueInfo.ofUnknownShape("b", ElementType.FLOAT))
            .build(11);
    OnnxModel upgraded = upgradedWithSameOutputs(model, 2, 4);
    assertThat(only(upgraded, "Split").hasInput(1)).isTrue();
    assertThat(only(upgraded, "Split").hasAttribute("num_outputs")).isFalse();
  }

  @Test
  void split_equalParts_stateTheirNumber() {
    Node split = Node.of("Split", List.of("x"), List.of("y", "b")).withInteger("axis", 1);
    OnnxModel upgraded = upgradedWithSameOutputs(Graphs.single(13, split, -1, 4), 2, 4);
    assertThat(only(upgraded, "Split").integer("num_outputs", 0)).isEqualTo(2);
  }

  private static GraphBuilder batchNormalization(Node node) {
    return Graphs.withInput(-1, 3, 2, 2)
        .initializer(Graphs.weight("scale", 1, 3))
        .initializer(Graphs.weight("bias", 2, 3))
        .initializer(Graphs.weight("mean", 3, 3))
        .initializer(OnnxTensor.ofFloats("variance", new float[] {1, 2, 0.5f}, 3))
        .node(node)
        .output(ValueInfo.ofUnknownShape("y", ElementType.FLOAT));
  }

  private static final List<String> NORM = List.of("x", "scale", "bias", "mean", "variance");

  @Test
  void batchNormalization_spatialAttribute_goes() {
    Node norm = Node.of("BatchNormalization", NORM, List.of("y")).withInteger("spatial", 1);
    OnnxModel upgraded = upgradedWithSameOutputs(batchNormalization(norm).build(7), 2, 3, 2, 2);
    assertThat(only(upgraded, "BatchNormalization").attributeNames()).isEmpty();
  }

  @Test
  void batchNormalization_unreadStatistics_go() {
    Node norm = Node.of("BatchNormalization", NORM, List.of("y", "m", "v", "sm", "sv"));
    OnnxModel upgraded = batchNormalization(norm).build(9).upgradeTo(18);
    assertThat(only(upgraded, "BatchNormalization").outputs()).containsExactly("y");
  }

  @Test
  void batchNormalization_readStatistics_stateTrainingMode() {
    Node norm = Node.of("BatchNormalization", NORM, List.of("y", "m"));
    OnnxModel upgraded =
        batchNormalization(norm)
            .output(ValueInfo.ofUnknownShape("m", ElementType.FLOAT))
            .build(9)
            .upgradeTo(18);
    assertThat(only(upgraded, "BatchNormalization").integer("training_mode", 0)).isEqualTo(1);
    assertThat(only(upgraded, "BatchNormalization").outputs()).containsExactly("y", "m");
  }

  @Test
  void batchNormalization_readSavedStatistics_areRefusedByName() {
    Node norm = Node.of("BatchNormalization", NORM, List.of("y", "m", "v", "sm"));
    OnnxModel model =
        batchNormalization(norm).output(ValueInfo.ofUnknownShape("sm", ElementType.FLOAT)).build(9);
    assertThatThrownBy(() -> model.upgradeTo(18))
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("BatchNormalization \"y\"")
        .hasMessageContaining("saved statistics");
  }

  @Test
  void batchNormalization_perPosition_isWrittenOut() {
    GraphBuilder builder = Graphs.withInput(-1, 2, 3);
    for (String name : List.of("scale", "bias", "mean")) {
      builder.initializer(Graphs.weight(name, name.length(), 2, 3));
    }
    builder.initializer(OnnxTensor.ofFloats("variance", new float[] {1, 2, 3, 0.5f, 4, 5}, 2, 3));
    OnnxModel model =
        builder
            .node(Node.of("BatchNormalization", NORM, List.of("y")).withInteger("spatial", 0))
            .output(ValueInfo.ofUnknownShape("y", ElementType.FLOAT))
            .build(7);
    OnnxModel upgraded = upgradedWithSameOutputs(model, 2, 2, 3);
    assertThat(upgraded.graph().nodes()).noneMatch(node -> node.is("BatchNormalization"));
  }

  @Test
  void oneHot_negativeIndices_stayOutside() {
    OnnxModel model =
        GraphBuilder.named("one hot")
            .input("x", ElementType.INT64, Graphs.dims(3))
            .initializer(OnnxTensor.ofLongs("depth", new long[] {4}))
            .initializer(OnnxTensor.ofFloats("values", new float[] {0, 1}, 2))
            .node(Node.of("OneHot", List.of("x", "depth", "values"), List.of("y")))
            .output(ValueInfo.ofUnknownShape("y", ElementType.FLOAT))
            .build(9);
    // ONNX Runtime gives the old operator the new meaning; the standard's old one is all "off".
    List<float[]> outputs =
        Reference.run(model.upgradeTo(18), Map.of("x", Feed.ofLongs(new long[] {1, -1, 9}, 3)));
    assertThat(outputs.get(0)).containsExactly(0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void dropout_readMaskOfTheInputsType_isCast() {
    OnnxModel upgraded =
        Graphs.withInput(-1, 5)
            .node(Node.of("Dropout", List.of("x"), List.of("y", "mask")))
            .output(ValueInfo.ofUnknownShape("mask", ElementType.FLOAT))
            .build(7)
            .upgradeTo(18);
    Node cast = only(upgraded, "Cast");
    assertThat(cast.outputs()).containsExactly("mask");
    assertThat(cast.integer("to", 0)).isEqualTo(ElementType.FLOAT.onnxCode());
    assertThat(cast.input(0)).isEqualTo(only(upgraded, "Dropout").output(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"floor", "round_prefer_floor"})
  void resize_halfPixelOfTensorFlow_isShifted(String nearest) {
    Node resize =
        Node.of("Resize", List.of("x", "roi", "scales"), List.of("y"))
            .withText("coordinate_transformation_mode", "tf_half_pixel_for_nn")
            .withText("nearest_mode", nearest);
    OnnxModel model =
        Graphs.withInput(-1, 1, 4, 6)
            .initializer(OnnxTensor.ofFloats("roi", new float[0], 0))
            .initializer(OnnxTensor.ofFloats("scales", new float[] {1, 1, 0.5f, 2.5f}, 4))
            .node(resize)
            .output(ValueInfo.ofUnknownShape("y", ElementType.FLOAT))
            .build(11);
    upgradedWithSameOutputs(model, 1, 1, 4, 6);
  }

  @ParameterizedTest
  @CsvSource({"7, nearest", "7, linear", "9, nearest", "9, linear"})
  void upsample_becomesResizeWithTheOldCoordinates(int opset, String mode) {
    GraphBuilder builder = Graphs.withInput(-1, 1, 3, 4);
    if (opset == 7) {
      builder.node(unary("Upsample").withText("mode", mode).withReals("scales", 1, 1, 2, 3));
    } else {
      builder
          .initializer(OnnxTensor.ofFloats("scales", new float[] {1, 1, 2, 3}, 4))
          .node(Node.of("Upsample", List.of("x", "scales"), List.of("y")).withText("mode", mode));
    }
    OnnxModel model = builder.output(ValueInfo.ofUnknownShape("y", ElementType.FLOAT)).build(opset);
    OnnxModel upgraded = upgradedWithSameOutputs(model, 1, 1, 3, 4);
    Node resize = only(upgraded, "Resize");
    assertThat(resize.text("coordinate_transformation_mode", "")).isEqualTo("asymmetric");
    assertThat(resize.hasInput(1)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"nearest, 2", "nearest, 0.6", "linear, 2", "linear, 0.6"})
  void resize10_keepsItsNumbers(String mode, float scale) {
    OnnxModel model =
        Graphs.withInput(-1, 1, 5, 5)
            .initializer(OnnxTensor.ofFloats("scales", new float[] {1, 1, scale, scale}, 4))
            .node(Node.of("Resize", List.of("x", "scales"), List.of("y")).withText("mode", mode))
            .output(ValueInfo.ofUnknownShape("y", ElementType.FLOAT))
            .build(10);
    upgradedWithSameOutputs(model, 1, 1, 5, 5);
  }

  @Test
  void resize11_halfPixelForNearest_keepsItsNumbers() {
    OnnxModel model =
        Graphs.withInput(-1, 1, 4, 4)
            .initializer(OnnxTensor.ofFloats("roi", new float[0], 0))
            .initializer(OnnxTensor.ofFloats("scales", new float[] {1, 1, 1.5f, 0.5f}, 4))
            .node(
                Node.of("Resize", List.of("x", "roi", "scales"), List.of("y"))
                    .withText("coordinate_transformation_mode", "tf_half_pixel_for_nn")
                    .withText("nearest_mode", "floor"))
            .output(ValueInfo.ofUnknownShape("y", ElementType.FLOAT))
            .build(11);
    OnnxModel upgraded = upgradedWithSameOutputs(model, 1, 1, 4, 4);
    assertThat(only(upgraded, "Resize").text("nearest_mode", "")).isEqualTo("round_prefer_ceil");
  }

  @Test
  void scatter_isRenamed() {
    OnnxModel model =
        Graphs.withInput(-1, 3)
            .initializer(OnnxTensor.ofLongs("indices", new long[] {2}, 1, 1))
            .initializer(OnnxTensor.ofFloats("updates", new float[] {9}, 1, 1))
            .node(
                Node.of("Scatter", List.of("x", "indices", "updates"), List.of("y"))
                    .withInteger("axis", 1))
            .output(ValueInfo.ofUnknownShape("y", ElementType.FLOAT))
            .build(9);
    assertThat(only(upgradedWithSameOutputs(model, 1, 3), "ScatterElements").integer("axis", 0))
        .isEqualTo(1);
  }

  @Test
  void dft_axisAttribute_becomesInputAtTwenty() {
    Node dft = Node.of("DFT", List.of("x"), List.of("y")).withInteger("axis", 1);
    OnnxModel model = Graphs.single(18, dft, -1, 8, 1);
    OnnxModel upgraded = model.upgradeTo(20);
    Reference.assertSameOutputs(model, upgraded, Map.of("x", Feed.random(3, 2, 8, 1)), 1e-5f);
    Node after = only(upgraded, "DFT");
    assertThat(after.inputs()).hasSize(3);
    assertThat(upgraded.graph().constant(after.input(2)).orElseThrow().toLongs())
        .containsExactly(1);
  }

  @Test
  void groupNormalization_perGroupScale_becomesPerChannelAtTwentyOne() {
    OnnxModel model =
        Graphs.withInput(-1, 4, 2, 2)
            .initializer(OnnxTensor.ofFloats("scale", new float[] {2, 3}, 2))
            .initializer(OnnxTensor.ofFloats("bias", new float[] {0, 1}, 2))
            .node(
                Node.of("GroupNormalization", List.of("x", "scale", "bias"), List.of("y"))
                    .withInteger("num_groups", 2))
            .output(ValueInfo.ofUnknownShape("y", ElementType.FLOAT))
            .build(18);
    OnnxModel upgraded = model.upgradeTo(21);
    Node after = only(upgraded, "GroupNormalization");
    assertThat(upgraded.graph().constant(after.input(1)).orElseThrow().toFloats())
        .containsExactly(2, 2, 3, 3);
    assertThat(upgraded.graph().constant(after.input(2)).orElseThrow().toFloats())
        .containsExactly(0, 0, 1, 1);
  }

  @Test
  void gridSample_modes_areRenamedAtTwenty() {
    OnnxModel model =
        Graphs.withInput(-1, 1, 3, 3)
            .initializer(Graphs.weight("grid", 1, 1, 2, 2, 2))
            .node(
                Node.of("GridSample", List.of("x", "grid"), List.of("y"))
                    .withText("mode", "bicubic"))
            .output(ValueInfo.ofUnknownShape("y", ElementType.FLOAT))
            .build(16);
    OnnxModel upgraded = model.upgradeTo(20);
    assertThat(only(upgraded, "GridSample").text("mode", "")).isEqualTo("cubic");
    Reference.assertSameOutputs(model, upgraded, Map.of("x", Feed.random(3, 1, 1, 3, 3)), 1e-5f);
  }

  @Test
  void roiAlign_keepsItsCoordinates() {
    OnnxModel model =
        Graphs.withInput(-1, 1, 6, 6)
            .initializer(OnnxTensor.ofFloats("rois", new float[] {0, 0, 4, 4}, 1, 4))
            .initializer(OnnxTensor.ofLongs("batch", new long[] {0}, 1))
            .node(
                Node.of("RoiAlign", List.of("x", "rois", "batch"), List.of("y"))
                    .withInteger("output_height", 2)
                    .withInteger("output_width", 2))
            .output(ValueInfo.ofUnknownShape("y", ElementType.FLOAT))
            .build(12);
    upgradedWithSameOutputs(model, 1, 1, 6, 6);
  }

  @Test
  void upgradeTo_nodesInsideSubgraphs_areAdapted() {
    var branch =
        GraphProto.newBuilder()
            .setName("then")
            .addNode(
                Node.of("Clip", List.of("x"), List.of("inner"))
                    .withReal("min", -0.25f)
                    .withReal("max", 0.25f)
                    .proto())
            .addOutput(ValueInfo.ofUnknownShape("inner", ElementType.FLOAT).toProto())
            .build();
    var other =
        branch.toBuilder()
            .setName("else")
            .setNode(0, Node.of("Neg", List.of("x"), List.of("inner")).proto())
            .build();
    NodeProto conditional =
        NodeProto.newBuilder()
            .setOpType("If")
            .addInput("flag")
            .addOutput("y")
            .addAttribute(graphAttribute("then_branch", branch))
            .addAttribute(graphAttribute("else_branch", other))
            .build();
    OnnxModel model =
        Graphs.withInput(-1, 3)
            .initializer(
                OnnxTensor.ofRaw("flag", ElementType.BOOL, ByteBuffer.wrap(new byte[] {1})))
            .node(new Node(conditional))
            .output(ValueInfo.ofUnknownShape("y", ElementType.FLOAT))
            .build(9);
    OnnxModel upgraded = upgradedWithSameOutputs(model, 2, 3);
    Graph then = only(upgraded, "If").subgraph("then_branch").orElseThrow();
    assertThat(then.nodes().stream().map(Node::operator))
        .containsExactly("Constant", "Constant", "Clip");
  }

  private static AttributeProto graphAttribute(String name, GraphProto graph) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.GRAPH)
        .setG(graph)
        .build();
  }

  @Test
  void upgradeTo_newerModel_keepsItsOpset() {
    OnnxModel model = Graphs.single(21, unary("Relu"), -1, 3);
    assertThat(model.upgradeTo(18)).isSameAs(model);
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 29})
  void upgradeTo_unknownOpset_isRefused(int opset) {
    OnnxModel model = Graphs.single(18, unary("Relu"), -1, 3);
    assertThatThrownBy(() -> model.upgradeTo(opset))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected 7 to 28");
  }

  @Test
  void upgradeTo_localFunction_isExpandedWithItsAttributes() {
    OnnxModel model = scaledTwice();
    OnnxModel upgraded = model.upgradeTo(18);
    assertThat(upgraded.proto().getFunctionsCount()).isZero();
    assertThat(upgraded.graph().nodes().stream().map(Node::operator))
        .containsExactly("LeakyRelu", "Neg", "LeakyRelu", "Neg");
    assertThat(upgraded.graph().nodes().get(0).real("alpha", 0)).isEqualTo(0.5f);
    assertThat(upgraded.graph().nodes().get(2).real("alpha", 0)).isEqualTo(0.25f);
    Reference.assertSameOutputs(model, upgraded, Map.of("x", Feed.random(5, 2, 3)), 0);
  }

  /** y = f(f(x; 0.5); 0.25), f(a; slope) = -LeakyRelu(a; slope); the caller's tensor is named b. */
  private static OnnxModel scaledTwice() {
    NodeProto leaky =
        Node.of("LeakyRelu", List.of("a"), List.of("t")).proto().toBuilder()
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("alpha")
                    .setType(AttributeProto.AttributeType.FLOAT)
                    .setRefAttrName("slope"))
            .build();
    var function =
        FunctionProto.newBuilder()
            .setName("f")
            .setDomain("local")
            .addInput("a")
            .addOutput("b")
            .addAttribute("slope")
            .addNode(leaky)
            .addNode(Node.of("Neg", List.of("t"), List.of("b")).proto())
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(18));
    ModelProto.Builder model =
        Graphs.withInput(-1, 3)
            .opset("local", 1)
            .node(
                Node.of("f", List.of("x"), List.of("b"))
                    .withDomain("local")
                    .withReal("slope", 0.5f))
            .node(
                Node.of("f", List.of("b"), List.of("y"))
                    .withDomain("local")
                    .withReal("slope", 0.25f))
            .output(ValueInfo.ofUnknownShape("y", ElementType.FLOAT))
            .build(18)
            .proto()
            .toBuilder()
            .addFunctions(function);
    return OnnxModel.parse(model.build().toByteArray(), "functions.onnx");
  }

  @Test
  @Tag("reference-data")
  void upgradeTo_realModels_giveTheSameOutputs() {
    Feed ids = Feed.ofLongs(new long[] {101, 7, 42, 102}, 1, 4);
    Feed ones = Feed.ofLongs(new long[] {1, 1, 1, 1}, 1, 4);
    Feed zeros = Feed.ofLongs(new long[] {0, 0, 0, 0}, 1, 4);
    Map<String, Map<String, Feed>> feeds =
        Map.of(
            SharedModels.MOBILENET, Map.of("input", Feed.random(1, 1, 3, 224, 224)),
            SharedModels.HEADLESS, Map.of("x", Feed.random(1, 1, 3, 224, 224)),
            SharedModels.SPEECH, Map.of("input_1", Feed.random(1, 2, 76, 32, 1)),
            SharedModels.MEL, Map.of("input", Feed.random(1, 1, 4000)),
            SharedModels.WORD2VEC, Map.of("input_ids", ids, "attention_mask", ones),
            SharedModels.TINYBERT,
                Map.of("input_ids", ids, "attention_mask", ones, "token_type_ids", zeros));
    feeds.forEach(
        (name, feed) -> {
          OnnxModel model = SharedModels.read(name);
          Reference.assertSameOutputs(model, model.upgradeTo(18), feed, 1e-5f);
          Reference.assertSameOutputs(model, model.upgradeTo(18).withFoldedShapes(), feed, 1e-5f);
        });
  }
}
