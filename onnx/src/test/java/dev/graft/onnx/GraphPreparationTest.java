package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.graft.onnx.GraphPreparation.Outcome;
import dev.graft.onnx.GraphPreparation.Step;
import dev.graft.onnx.Reference.Feed;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order of the passes, and those that are no fusion and have no test of their own. */
final class GraphPreparationTest {
  private static ValueInfo anything(String name) {
    return ValueInfo.ofUnknownShape(name, ElementType.FLOAT);
  }

  private static OnnxTensor half(OnnxTensor tensor) {
    ByteBuffer zeros = ByteBuffer.allocate((int) tensor.elementCount() * 2);
    return OnnxTensor.ofRaw(tensor.name(), ElementType.FLOAT16, zeros, tensor.shape())
        .withFloats(tensor.toFloats());
  }

  private static Node cast(String from, String to, ElementType type) {
    return Node.of("Cast", List.of(from), List.of(to)).withInteger("to", type.onnxCode());
  }

  // The list.

  @Test
  void passes_ofBothLists_haveNamesOfTheirOwnAndPurposes() {
    List<GraphPass> all =
        Stream.concat(
                GraphPreparation.forTraining().passes().stream(),
                GraphPreparation.forRunning().passes().stream())
            .toList();
    assertThat(all).extracting(GraphPass::name).doesNotHaveDuplicates();
    assertThat(all).allMatch(pass -> pass.purpose().length() > 20);
    assertThat(all.stream().map(Object::getClass).distinct()).hasSameSizeAs(all);
  }

  @Test
  void attempt_model_tellsPlacesAndNodesOfEachPass() {
    OnnxModel model =
        Graphs.withInput(-1, 4)
            .node("Identity", List.of("x"), "same")
            .node("Sigmoid", List.of("same"), "gate")
            .node("Mul", List.of("same", "gate"), "y")
            .output(anything("y"))
            .build(18);
    Outcome outcome = GraphPreparation.forRunning().attempt(model);
    assertThat(outcome.problem()).isEmpty();
    assertThat(outcome.steps())
        .filteredOn(step -> step.places() > 0)
        .extracting(Step::pass, Step::places, Step::nodesBefore, Step::nodesAfter)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("empty steps", 1, 3, 2),
            org.assertj.core.groups.Tuple.tuple("silu", 1, 2, 1));
    assertThat(outcome.model().sha256())
        .isEqualTo(GraphPreparation.forRunning().apply(model).sha256());
  }

  @Test
  void attempt_passThatFails_keepsTheModelBeforeItAndTheReason() {
    OnnxModel model =
        GraphBuilder.named("q")
            .input("x", ElementType.UINT8, Graphs.dims(-1, 2))
            .initializer(OnnxTensor.ofBytes("w", new byte[] {1, 2}, 2, 1))
            .node("MatMulInteger", List.of("x", "w"), "y")
            .output("y", ElementType.INT32)
            .build(13);
    Outcome outcome = GraphPreparation.forTraining().attempt(model);
    assertThat(outcome.problem().orElseThrow()).hasMessageContaining("MatMulInteger \"y\"");
    assertThat(outcome.steps()).extracting(Step::pass).endsWith("half precision");
    assertThat(outcome.model().opset()).isEqualTo(18);
    assertThatThrownBy(() -> GraphPreparation.forTraining().apply(model))
        .isInstanceOf(OnnxModelException.class);
  }

  @Test
  void apply_twice_changesNothingMore() {
    OnnxModel model = Graphs.withGemmHead().output("logits", ElementType.FLOAT).build(11);
    OnnxModel once = GraphPreparation.forTraining().apply(model);
    assertThat(GraphPreparation.forTraining().attempt(once).steps())
        .allMatch(step -> step.places() == 0);
    Reference.assertSameOutputs(model, once, Map.of("x", Feed.random(1, 2, 3, 8, 8)), 1e-6f);
  }

  // Half precision.

  private static OnnxModel halfModel() {
    return GraphBuilder.named("half")
        .input("x", ElementType.FLOAT16, Graphs.dims(-1, 4))
        .initializer(half(Graphs.weight("fc.weight", 1, 4, 5)))
        .initializer(half(Graphs.weight("fc.bias", 2, 5)))
        .initializer(half(OnnxTensor.ofFloats("two", new float[] {2})))
        .node("MatMul", List.of("x", "fc.weight"), "product")
        .node("Add", List.of("product", "fc.bias"), "sum")
        .node(cast("sum", "wide", ElementType.FLOAT))
        .node(cast("wide", "narrow", ElementType.FLOAT16))
        .node("Mul", List.of("narrow", "two"), "y")
        .output("y", ElementType.FLOAT16, Graphs.dims(-1, 5))
        .build(18);
  }

  @Test
  void singlePrecision_halfModel_computesInFloatFromTheStoredBits() {
    OnnxModel model = halfModel();
    GraphPass.Rewrite rewrite = new SinglePrecision().apply(model);
    OnnxModel wide = rewrite.model();
    assertThat(wide.graph().inputs().get(0).type()).isEqualTo(ElementType.FLOAT);
    assertThat(wide.graph().outputs().get(0).type()).isEqualTo(ElementType.FLOAT);
    for (String name : List.of("fc.weight", "fc.bias")) {
      assertThat(wide.graph().constant(name).orElseThrow().data())
          .isEqualTo(model.graph().constant(name).orElseThrow().data());
      assertThat(wide.graph().constant(name).orElseThrow().type()).isEqualTo(ElementType.FLOAT16);
    }
    assertThat(Layers.trainableTensors(wide)).containsExactly("fc.weight", "fc.bias");
    Feed x = Feed.random(3, 2, 4);
    float[] weight = model.graph().constant("fc.weight").orElseThrow().toFloats();
    float[] bias = model.graph().constant("fc.bias").orElseThrow().toFloats();
    float[] expected = new float[10];
    for (int i = 0; i < 10; i++) {
      expected[i] = bias[i % 5];
      for (int k = 0; k < 4; k++) {
        expected[i] += x.floats()[i / 5 * 4 + k] * weight[k * 5 + i % 5];
      }
      expected[i] *= 2;
    }
    assertThat(Reference.run(wide, Map.of("x", x)).get(0))
        .usingComparatorWithPrecision(1e-5f)
        .containsExactly(expected);
  }

  @Test
  void singlePrecision_trainedWeight_isStoredInHalfAgain() {
    OnnxModel wide = new SinglePrecision().apply(halfModel()).model();
    OnnxTensor stored = wide.graph().constant("fc.bias").orElseThrow();
    float[] trained = new float[5];
    Arrays.fill(trained, 0.1f);
    OnnxTensor saved =
        wide.edit()
            .setInitializer(stored.withFloats(trained))
            .build()
            .graph()
            .constant("fc.bias")
            .orElseThrow();
    assertThat(saved.type()).isEqualTo(ElementType.FLOAT16);
    assertThat(saved.toFloats()[0]).isEqualTo(0.099975586f);
  }

  @Test
  void singlePrecision_itsOwnResult_isUntouched() {
    OnnxModel wide = new SinglePrecision().apply(halfModel()).model();
    assertThat(new SinglePrecision().apply(wide).model()).isSameAs(wide);
  }

  @Test
  void singlePrecision_floatModel_isUntouched() {
    OnnxModel model = Graphs.withGemmHead().output("logits", ElementType.FLOAT).build(18);
    assertThat(new SinglePrecision().apply(model).model()).isSameAs(model);
  }

  // Conditions.

  private static GraphProto branch(String operator, String inner) {
    return GraphProto.newBuilder()
        .setName(inner)
        .addNode(
            NodeProto.newBuilder()
                .setOpType(operator)
                .setName("same name in both")
                .addInput("x")
                .addOutput("inner"))
        .addNode(NodeProto.newBuilder().setOpType("Neg").addInput("inner").addOutput("out"))
        .addOutput(ValueInfoProto.newBuilder().setName("out"))
        .build();
  }

  private static Node choice(String condition) {
    NodeProto.Builder node =
        NodeProto.newBuilder().setOpType("If").addInput(condition).addOutput("y");
    node.addAttribute(graph("then_branch", branch("Abs", "then")));
    node.addAttribute(graph("else_branch", branch("Exp", "else")));
    return new Node(node.build());
  }

  private static AttributeProto graph(String name, GraphProto graph) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.GRAPH)
        .setG(graph)
        .build();
  }

  private static OnnxTensor truth(boolean value) {
    ByteBuffer bytes = ByteBuffer.wrap(new byte[] {(byte) (value ? 1 : 0)});
    return OnnxTensor.ofRaw("condition", ElementType.BOOL, bytes);
  }

  @ParameterizedTest
  @CsvSource({"true, Abs", "false, Exp"})
  void conditions_constant_becomesTheBranchThatIsTaken(boolean value, String operator) {
    OnnxModel model =
        Graphs.withInput(-1, 4)
            .initializer(truth(value))
            .node(choice("condition"))
            .output(anything("y"))
            .build(18);
    GraphPass.Rewrite rewrite = new ConditionInlining().apply(model);
    assertThat(rewrite.places()).isEqualTo(1);
    assertThat(rewrite.model().graph().nodes())
        .extracting(Node::operator)
        .containsExactly(operator, "Neg", "Identity");
    Reference.assertSameOutputs(model, rewrite.model(), Map.of("x", Feed.random(1, 2, 4)), 1e-6f);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "0, 0"})
  void conditions_onASize_areKnownUnlessItIsTheBatch(long axis, int places) {
    // Is the size of this axis 1? The file says so of both, but the batch is freed later.
    OnnxModel model =
        Graphs.withInput(1, 1)
            .initializer(OnnxTensor.ofLongs("axis", new long[] {axis}))
            .initializer(OnnxTensor.ofLongs("one", new long[] {1}))
            .node("Shape", List.of("x"), "shape")
            .node("Gather", List.of("shape", "axis"), "size")
            .node("Equal", List.of("size", "one"), "condition")
            .node(choice("condition"))
            .output(anything("y"))
            .build(18);
    assertThat(new ConditionInlining().apply(model).places()).isEqualTo(places);
  }

  // Single numbers and empty steps.

  @Test
  void scalars_scaleDerivedFromASize_isComputed() {
    OnnxModel model =
        Graphs.withInput(-1, 4)
            .initializer(OnnxTensor.ofLongs("size", new long[] {16}))
            .initializer(OnnxTensor.ofFloats("one", new float[] {1}))
            .initializer(Graphs.weight("vector", 1, 4))
            .node(cast("size", "real", ElementType.FLOAT))
            .node("Sqrt", List.of("real"), "root")
            .node("Div", List.of("one", "root"), "scale")
            .node("Mul", List.of("vector", "vector"), "left")
            .node("Mul", List.of("x", "scale"), "scaled")
            .node("Add", List.of("scaled", "left"), "y")
            .output(anything("y"))
            .build(18);
    GraphPass.Rewrite rewrite = new ScalarFolding().apply(model);
    assertThat(rewrite.places()).isEqualTo(3);
    assertThat(rewrite.model().graph().nodes())
        .extracting(Node::operator)
        .containsExactlyInAnyOrder("Mul", "Mul", "Add");
    assertThat(rewrite.model().graph().constant("scale").orElseThrow().toFloats())
        .containsExactly(0.25f);
  }

  @Test
  void emptySteps_dropoutIdentityAndFloatCasts_areDropped() {
    OnnxModel model =
        Graphs.withInput(-1, 4)
            .node("Identity", List.of("x"), "a")
            .node("Dropout", List.of("a"), "b")
            .node(cast("b", "c", ElementType.FLOAT16))
            .node(cast("c", "d", ElementType.FLOAT))
            .node("Neg", List.of("d"), "e")
            .node("Identity", List.of("e"), "y")
            .output(anything("y"))
            .build(18);
    OnnxModel left = new StepRemoval().apply(model).model();
    // The last one gives an output its name.
    assertThat(left.graph().nodes()).extracting(Node::operator).containsExactly("Neg", "Identity");
    assertThat(left.graph().nodes().get(0).inputs()).containsExactly("x");
  }

  @Test
  void emptySteps_castsThroughIntegersAndMasksThatAreRead_stay() {
    OnnxModel model =
        Graphs.withInput(-1, 4)
            .node(cast("x", "whole", ElementType.INT64))
            .node(cast("whole", "real", ElementType.FLOAT))
            .node(Node.of("Dropout", List.of("real"), List.of("dropped", "kept")))
            .node(cast("kept", "mask", ElementType.FLOAT))
            .node("Mul", List.of("dropped", "mask"), "y")
            .output(anything("y"))
            .build(18);
    assertThat(new StepRemoval().apply(model).model()).isSameAs(model);
  }
}
