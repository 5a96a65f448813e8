package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OnnxModelTest {
  private final Path folder;

  OnnxModelTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private static OnnxModel small() {
    return Graphs.withGemmHead().output("logits", ElementType.FLOAT, Graphs.dims(-1, 5)).build(18);
  }

  @Test
  @Tag("reference-data")
  void toBytes_realModels_areReadBackAsWritten() throws Exception {
    for (String name :
        List.of(SharedModels.MOBILENET, SharedModels.SPEECH, SharedModels.TINYBERT)) {
      byte[] original = Files.readAllBytes(SharedModels.file(name));
      OnnxModel model = OnnxModel.parse(original, name);
      assertThat(ModelProto.parseFrom(model.toBytes())).isEqualTo(ModelProto.parseFrom(original));
      assertThat(model.sha256())
          .isEqualTo(
              HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(original)));
    }
  }

  @Test
  void write_thenRead_givesTheSameModel() {
    Path file = folder.resolve("m.onnx");
    OnnxModel model = small().withMetadata(Map.of("labels", "ants,bees"));
    model.write(file);
    OnnxModel again = OnnxModel.read(file);
    assertThat(again.toBytes()).isEqualTo(model.toBytes());
    assertThat(again.sha256()).isEqualTo(model.sha256());
    assertThat(again.metadata()).containsExactly(Map.entry("labels", "ants,bees"));
    assertThat(again.opset()).isEqualTo(18);
    assertThat(again.irVersion()).isEqualTo(8);
    assertThat(again.producer()).isEqualTo("graft");
  }

  @Test
  void write_overAnotherFile_replacesItAndLeavesNothingBeside() throws IOException {
    Path file = folder.resolve("m.onnx");
    Files.writeString(file, "old");
    small().write(file);
    assertThat(OnnxModel.read(file).graph().nodes()).hasSize(5);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void write_veryLongName_isWritten() {
    Path file = folder.resolve("n".repeat(240) + ".onnx");
    small().write(file);
    assertThat(OnnxModel.read(file).toBytes()).isEqualTo(small().toBytes());
  }

  @Test
  void write_intoMissingFolder_saysSoAndWritesNothing() {
    Path file = folder.resolve("none/m.onnx");
    assertThatThrownBy(() -> small().write(file))
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("cannot be written")
        .hasMessageContaining("none");
  }

  @Test
  void edit_unknownFields_survive() throws IOException {
    UnknownFieldSet unknown =
        UnknownFieldSet.newBuilder()
            .addField(
                4000,
                UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(ByteString.copyFromUtf8("future"))
                    .build())
            .build();
    ModelProto.Builder future = small().proto().toBuilder().setUnknownFields(unknown);
    future.getGraphBuilder().setUnknownFields(unknown);
    future.getGraphBuilder().getNodeBuilder(0).setUnknownFields(unknown);
    future.getGraphBuilder().getInitializerBuilder(0).setUnknownFields(unknown);
    OnnxModel model = OnnxModel.parse(future.build().toByteArray(), "future.onnx");
    OnnxModel edited =
        model
            .edit()
            .setInitializer(OnnxTensor.ofFloats("fc.bias", new float[5], 5))
            .renameTensor("logits", "scores")
            .build();
    ModelProto proto = ModelProto.parseFrom(edited.toBytes());
    assertThat(proto.getUnknownFields()).isEqualTo(unknown);
    assertThat(proto.getGraph().getUnknownFields()).isEqualTo(unknown);
    assertThat(proto.getGraph().getNode(0).getUnknownFields()).isEqualTo(unknown);
    assertThat(proto.getGraph().getInitializer(0).getUnknownFields()).isEqualTo(unknown);
  }

  @Test
  void graph_unsortedNodes_areSorted() {
    OnnxModel sorted = small();
    ModelProto.Builder shuffled = sorted.proto().toBuilder();
    shuffled.getGraphBuilder().clearNode();
    List<Node> nodes = sorted.graph().nodes();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      shuffled.getGraphBuilder().addNode(nodes.get(i).proto());
    }
    OnnxModel model = OnnxModel.parse(shuffled.build().toByteArray(), "shuffled.onnx");
    assertThat(model.graph().nodes().stream().map(Node::operator))
        .containsExactly("Conv", "Relu", "GlobalAveragePool", "Flatten", "Gemm");
  }

  @Test
  void graph_initialiserListedAsInput_isNoInput() {
    OnnxModel model =
        Graphs.withInput(-1, 2)
            .input("w", ElementType.FLOAT, Graphs.dims(2))
            .initializer(Graphs.weight("w", 1, 2))
            .node("Add", List.of("x", "w"), "y")
            .output("y", ElementType.FLOAT)
            .build(9);
    assertThat(model.graph().inputs()).extracting(ValueInfo::name).containsExactly("x");
    OnnxModel without =
        model
            .edit()
            .replaceNode(model.graph().nodes().get(0), Node.of("Relu", List.of("x"), List.of("y")))
            .pruneUnreachable()
            .build();
    assertThat(without.proto().getGraph().getInputCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"value", "value_float", "value_floats", "value_int", "value_ints"})
  void constant_everyFormOfConstantNode_isKnown(String attribute) {
    Node constant = Node.of("Constant", List.of(), List.of("c"));
    constant =
        switch (attribute) {
          case "value" ->
              constant.withTensor(attribute, OnnxTensor.ofFloats("", new float[] {3}, 1));
          case "value_float" -> constant.withReal(attribute, 3);
          case "value_floats" -> constant.withReals(attribute, 3);
          case "value_int" -> constant.withInteger(attribute, 3);
          default -> constant.withIntegers(attribute, 3);
        };
    Graph graph =
        Graphs.withInput(-1)
            .node(constant)
            .node("Identity", List.of("c"), "d")
            .node("Mul", List.of("x", "d"), "y")
            .output("y", ElementType.FLOAT)
            .build(18)
            .graph();
    OnnxTensor value = graph.constant("d").orElseThrow();
    assertThat(value.type().isFloating() ? value.toFloats()[0] : value.toLongs()[0]).isEqualTo(3);
    assertThat(graph.constant("y")).isEmpty();
    assertThat(graph.producer("d").orElseThrow().operator()).isEqualTo("Identity");
    assertThat(graph.isOutput("y")).isTrue();
  }

  @Test
  void consumers_tensorReadInsideSubgraph_namesTheOuterNode() {
    OnnxModel branch =
        GraphBuilder.named("then")
            .initializer(Graphs.weight("inner", 1, 1))
            .node("Identity", List.of("inner"), "then_out")
            .output("then_out", ElementType.FLOAT)
            .build(18);
    Node branchNode = Node.of("Relu", List.of("x"), List.of("then_out"));
    ModelProto.Builder builder =
        Graphs.withInput(-1, 2)
            .input("flag", ElementType.BOOL)
            .node("Relu", List.of("x"), "y")
            .output("y", ElementType.FLOAT)
            .build(18)
            .proto()
            .toBuilder();
    var thenGraph =
        branch.proto().getGraph().toBuilder().clearNode().addNode(branchNode.proto()).build();
    builder
        .getGraphBuilder()
        .addNode(
            NodeProto.newBuilder()
                .setOpType("If")
                .addInput("flag")
                .addOutput("z")
                .addAttribute(
                    AttributeProto.newBuilder()
                        .setName("then_branch")
                        .setType(AttributeProto.AttributeType.GRAPH)
                        .setG(thenGraph)));
    OnnxModel model = OnnxModel.parse(builder.build().toByteArray(), "if.onnx");
    assertThat(model.graph().consumers("x"))
        .extracting(Node::operator)
        .containsExactly("Relu", "If");
    Node conditional = model.graph().producer("z").orElseThrow();
    assertThat(conditional.capturedInputs()).containsExactly("x");
    assertThat(conditional.subgraph("then_branch").orElseThrow().nodes()).hasSize(1);
    // A renaming reaches into the branch.
    OnnxModel renamed = model.edit().renameTensor("x", "pixels").build();
    assertThat(renamed.graph().producer("z").orElseThrow().capturedInputs())
        .containsExactly("pixels");
  }
}
