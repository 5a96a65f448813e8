package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.onnx.ModelJoin.Keeps;
import dev.graft.onnx.Reference.Feed;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ModelJoinTest {
  /** x -> y = factor * x + w; every inner name is the same in both models. */
  private static OnnxModel affine(float factor, int opset) {
    return Graphs.withInput(-1, 2)
        .initializer(OnnxTensor.ofFloats("factor", new float[] {factor}))
        .initializer(OnnxTensor.ofFloats("w", new float[] {factor, 1}, 2))
        .node(Node.of("Mul", List.of("x", "factor"), List.of("t")).withName("scale"))
        .node(Node.of("Add", List.of("t", "w"), List.of("y")).withName("shift"))
        .output("y", ElementType.FLOAT, Graphs.dims(-1, 2))
        .build(opset);
  }

  @ParameterizedTest
  @EnumSource(Keeps.class)
  void chain_collidingNames_keepsOneSideAndPrefixesTheOther(Keeps keeps) {
    OnnxModel first = affine(2, 18).withMetadata(Map.of("from", "first"));
    OnnxModel second = affine(3, 18).withMetadata(Map.of("from", "second"));
    OnnxModel joined = ModelJoin.chain(first, second, Map.of("y", "x"), keeps, "other.");
    // 3 * (2 * x + [2, 1]) + [3, 1] at x = [1, 10]
    assertThat(
            Reference.run(
                    joined,
                    Map.of(
                        joined.graph().inputs().get(0).name(), Feed.of(new float[] {1, 10}, 1, 2)))
                .get(0))
        .containsExactly(15, 64);
    boolean keepsFirst = keeps == Keeps.FIRST;
    float kept = keepsFirst ? 2 : 3;
    assertThat(joined.graph().constant("w").orElseThrow().toFloats()).containsExactly(kept, 1);
    assertThat(joined.graph().constant("other.w").orElseThrow().toFloats())
        .containsExactly(5 - kept, 1);
    assertThat(joined.metadata()).containsEntry("from", keepsFirst ? "first" : "second");
    assertThat(joined.graph().inputs())
        .extracting(ValueInfo::name)
        .containsExactly(keepsFirst ? "x" : "other.x");
    assertThat(joined.graph().outputs())
        .extracting(ValueInfo::name)
        .containsExactly(keepsFirst ? "other.y" : "y");
    assertThat(joined.graph().nodes().stream().map(Node::name).filter(n -> !n.isEmpty()))
        .containsExactlyInAnyOrder("scale", "shift", "other.scale", "other.shift");
  }

  @Test
  void chain_freeInputOfTheSecond_staysAnInput() {
    OnnxModel second =
        GraphBuilder.named("sum")
            .input("a", ElementType.FLOAT, Graphs.dims(-1, 2))
            .input("b", ElementType.FLOAT, Graphs.dims(-1, 2))
            .node("Add", List.of("a", "b"), "z")
            .output("z", ElementType.FLOAT)
            .build(18);
    OnnxModel joined =
        ModelJoin.chain(affine(2, 18), second, Map.of("y", "a"), Keeps.FIRST, "head.");
    assertThat(joined.graph().inputs()).extracting(ValueInfo::name).containsExactly("x", "b");
  }

  @Test
  void chain_unlikeOpsets_namesBothAndTheRemedy() {
    assertThatThrownBy(
            () ->
                ModelJoin.chain(affine(2, 17), affine(3, 18), Map.of("y", "x"), Keeps.FIRST, "p."))
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("version 17")
        .hasMessageContaining("18")
        .hasMessageContaining("Upgrade");
  }

  @Test
  void chain_unknownLink_listsWhatThereIs() {
    assertThatThrownBy(
            () ->
                ModelJoin.chain(affine(2, 18), affine(3, 18), Map.of("q", "x"), Keeps.FIRST, "p."))
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("has no output \"q\"; it has [y]");
    assertThatThrownBy(
            () ->
                ModelJoin.chain(affine(2, 18), affine(3, 18), Map.of("y", "q"), Keeps.FIRST, "p."))
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("has no input \"q\"; it has [x]");
  }

  @Test
  void chain_unlikeElementTypes_namesBoth() {
    OnnxModel bytes =
        GraphBuilder.named("bytes")
            .input("x", ElementType.UINT8, Graphs.dims(-1, 2))
            .node(Node.of("Cast", List.of("x"), List.of("z")).withInteger("to", 1))
            .output("z", ElementType.FLOAT)
            .build(18);
    assertThatThrownBy(
            () -> ModelJoin.chain(affine(2, 18), bytes, Map.of("y", "x"), Keeps.FIRST, "p."))
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("y FLOAT")
        .hasMessageContaining("x UINT8");
  }

  @Test
  void chain_preprocessingBeforeTrunk_keepsTheTrunkBitIdentical() {
    OnnxModel trunk =
        Graphs.withGemmHead().output("logits", ElementType.FLOAT, Graphs.dims(-1, 5)).build(18);
    OnnxModel preprocessing =
        GraphBuilder.named("pixels")
            .input("image", ElementType.UINT8, Graphs.dims(-1, 8, 8, 3))
            .node(
                Node.of("Transpose", List.of("image"), List.of("planes"))
                    .withIntegers("perm", 0, 3, 1, 2))
            .node(Node.of("Cast", List.of("planes"), List.of("x")).withInteger("to", 1))
            .output("x", ElementType.FLOAT, Graphs.dims(-1, 3, 8, 8))
            .build(18);
    OnnxModel joined =
        ModelJoin.chain(preprocessing, trunk, Map.of("x", "x"), Keeps.SECOND, "preprocessing.");
    trunk
        .graph()
        .initializers()
        .forEach(
            (name, tensor) ->
                assertThat(joined.graph().constant(name).orElseThrow().proto())
                    .isEqualTo(tensor.proto()));
    assertThat(joined.graph().inputs()).extracting(ValueInfo::name).containsExactly("image");
    assertThat(joined.graph().outputs()).extracting(ValueInfo::name).containsExactly("logits");
  }
}
