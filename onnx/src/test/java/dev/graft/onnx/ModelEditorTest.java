package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

final class ModelEditorTest {
  private static OnnxModel model() {
    return Graphs.withGemmHead().output("logits", ElementType.FLOAT, Graphs.dims(-1, 5)).build(18);
  }

  @Test
  void build_untouched_givesTheSameBytes() {
    assertThat(model().edit().build().toBytes()).isEqualTo(model().toBytes());
  }

  @Test
  void edit_original_staysAsItWas() {
    OnnxModel original = model();
    byte[] before = original.toBytes();
    original
        .edit()
        .setInitializer(Graphs.weight("fc.bias", 9, 5))
        .setMetadata(Map.of("a", "b"))
        .build();
    assertThat(original.toBytes()).isEqualTo(before);
  }

  @Test
  void setInitializer_existing_keepsItsPlaceAndTheOthersBytes() {
    OnnxModel edited = model().edit().setInitializer(Graphs.weight("stem.bias", 9, 4)).build();
    assertThat(edited.graph().initializers().keySet())
        .containsExactlyElementsOf(model().graph().initializers().keySet());
    assertThat(edited.graph().constant("stem.weight").orElseThrow().proto())
        .isEqualTo(model().graph().constant("stem.weight").orElseThrow().proto());
  }

  @Test
  void renameTensor_everywhere_followsAndRefusesTakenNames() {
    ModelEditor editor = model().edit();
    OnnxModel renamed =
        editor.renameTensor("fc.weight", "w").renameTensor("logits", "scores").build();
    assertThat(renamed.graph().initializers().keySet())
        .containsExactly("stem.weight", "stem.bias", "w", "fc.bias");
    assertThat(renamed.graph().outputs().get(0).name()).isEqualTo("scores");
    assertThat(renamed.graph().producer("scores").orElseThrow().inputs())
        .containsExactly("flat", "w", "fc.bias");
    assertThatThrownBy(() -> editor.renameTensor("w", "flat"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"flat\": the name is in use");
  }

  @Test
  void replaceNode_readBeforeARenaming_isStillFound() {
    OnnxModel original = model();
    Node relu = original.graph().producer("activated").orElseThrow();
    OnnxModel edited =
        original
            .edit()
            .renameTensor("stem", "stem2")
            .replaceNode(relu, Node.of("Sigmoid", List.of("stem2"), List.of("activated")))
            .build();
    assertThat(edited.graph().producer("activated").orElseThrow().operator()).isEqualTo("Sigmoid");
  }

  @Test
  void removeNode_unknown_isRefused() {
    ModelEditor editor = model().edit();
    Node stranger = Node.of("Relu", List.of("x"), List.of("other"));
    assertThatThrownBy(() -> editor.removeNode(stranger))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessageContaining("Relu \"other\"");
  }

  @Test
  void insertAndRedirect_putANodeBetween() {
    OnnxModel original = model();
    Node conv = original.graph().producer("stem").orElseThrow();
    OnnxModel edited =
        original
            .edit()
            .redirectConsumers("stem", "bent")
            .insertAfter(conv, Node.of("Tanh", List.of("stem"), List.of("bent")))
            .build();
    assertThat(edited.graph().nodes())
        .extracting(Node::operator)
        .containsExactly("Conv", "Tanh", "Relu", "GlobalAveragePool", "Flatten", "Gemm");
  }

  @Test
  void build_danglingInput_isRefusedByName() {
    ModelEditor editor = model().edit().removeInitializer("fc.bias");
    assertThatThrownBy(editor::build)
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("\"fc.bias\"");
  }

  @Test
  void pruneUnreachable_deadEnds_go() {
    OnnxModel pruned =
        model()
            .edit()
            .addNode(Node.of("Neg", List.of("flat"), List.of("dead")))
            .setInitializer(Graphs.weight("unused", 1, 3))
            .pruneUnreachable()
            .build();
    assertThat(pruned.toBytes()).isEqualTo(model().toBytes());
  }

  @Test
  void freshName_taken_getsANumber() {
    ModelEditor editor = model().edit();
    assertThat(editor.freshName("new")).isEqualTo("new");
    assertThat(editor.freshName("flat")).isNotEqualTo("flat").startsWith("flat_");
  }

  @Test
  void node_withAttributes_areReadBackAndTypeChecked() {
    Node node =
        Node.of("Op", List.of("a", "", "c"), List.of("y"))
            .withInteger("i", 3)
            .withReal("r", 0.5f)
            .withText("t", "zwölf")
            .withIntegers("is", 1, 2)
            .withReals("rs", 1, 2)
            .withTensor("v", Graphs.weight("", 1, 2))
            .withInteger("i", 4);
    assertThat(node.integer("i", 0)).isEqualTo(4);
    assertThat(node.real("r", 0)).isEqualTo(0.5f);
    assertThat(node.text("t", "")).isEqualTo("zwölf");
    assertThat(node.integers("is")).containsExactly(1, 2);
    assertThat(node.reals("rs")).containsExactly(1, 2);
    assertThat(node.tensor("v").orElseThrow().elementCount()).isEqualTo(2);
    assertThat(node.integer("absent", 7)).isEqualTo(7);
    assertThat(node.attributeNames()).containsExactlyInAnyOrder("i", "r", "t", "is", "rs", "v");
    assertThat(node.hasInput(1)).isFalse();
    assertThat(node.hasInput(3)).isFalse();
    assertThat(node.describe()).isEqualTo("Op \"y\" (a, , c -> y)");
    assertThatThrownBy(() -> node.integer("t", 0))
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("attribute t of Op \"y\"")
        .hasMessageContaining("has type STRING: expected INT");
  }
}
