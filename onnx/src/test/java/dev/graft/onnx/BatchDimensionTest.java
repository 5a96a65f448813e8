package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.onnx.Reference.Feed;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BatchDimensionTest {
  private static OnnxModel baked(long... target) {
    return GraphBuilder.named("baked")
        .input("x", ElementType.FLOAT, Dimension.of(1), Dimension.of(3), Dimension.of(4))
        .initializer(OnnxTensor.ofLongs("target", target, target.length))
        .initializer(Graphs.weight("w", 1, 4, 3))
        .node("Relu", List.of("x"), "a")
        .node("Reshape", List.of("a", "target"), "b")
        .node("MatMul", List.of("b", "w"), "y")
        .output("y", ElementType.FLOAT, Dimension.of(1))
        .build(18);
  }

  @ParameterizedTest
  @CsvSource({"1 3 4, 0 3 4", "1 -1 4, 0 -1 4", "1 1 3 4, 0 1 3 4"})
  void withDynamicBatch_bakedReshape_isFreed(String target, String freed) {
    OnnxModel model = baked(Arrays.stream(target.split(" ")).mapToLong(Long::parseLong).toArray());
    OnnxModel dynamic = model.withDynamicBatch();
    Node reshape = dynamic.graph().producer("b").orElseThrow();
    assertThat(dynamic.graph().constant(reshape.input(1)).orElseThrow().toLongs())
        .containsExactly(Arrays.stream(freed.split(" ")).mapToLong(Long::parseLong).toArray());
    assertThat(dynamic.graph().inputs().get(0).size(0)).isEqualTo(-1);
    Feed one = Feed.random(3, 1, 3, 4);
    Reference.assertSameOutputs(model, dynamic, Map.of("x", one), 0);
    assertThat(Reference.run(dynamic, Map.of("x", Feed.random(3, 5, 3, 4))).get(0)).hasSize(45);
  }

  @Test
  void withDynamicBatch_classTokenBesideOneExample_isRepeatedForEach() {
    OnnxModel model =
        GraphBuilder.named("token")
            .input("x", ElementType.FLOAT, Dimension.of(1), Dimension.of(3), Dimension.of(4))
            .initializer(Graphs.weight("token", 1, 1, 1, 4))
            .node(Node.of("Concat", List.of("token", "x"), List.of("y")).withInteger("axis", 1))
            .output("y", ElementType.FLOAT, Dimension.of(1), Dimension.of(4), Dimension.of(4))
            .build(12);
    OnnxModel dynamic = model.withDynamicBatch();
    Reference.assertSameOutputs(model, dynamic, Map.of("x", Feed.random(3, 1, 3, 4)), 0);
    float[] two = Reference.run(dynamic, Map.of("x", Feed.random(3, 2, 3, 4))).get(0);
    assertThat(Arrays.copyOfRange(two, 16, 20))
        .containsExactly(model.graph().constant("token").orElseThrow().toFloats());
    assertThat(Layers.trainableTensors(dynamic)).containsExactly("token");
  }

  @Test
  void withDynamicBatch_batchMovedElsewhereByTranspose_isRefusedByName() {
    OnnxModel model =
        GraphBuilder.named("moved")
            .input("x", ElementType.FLOAT, Dimension.of(1), Dimension.of(3))
            .node(Node.of("Transpose", List.of("x"), List.of("y")).withName("turn"))
            .output("y", ElementType.FLOAT, Dimension.of(3), Dimension.of(1))
            .build(18);
    assertThatThrownBy(model::withDynamicBatch)
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("Transpose \"turn\"")
        .hasMessageContaining("the output \"y\" has it elsewhere than first")
        .hasMessageContaining("dynamic_axes");
  }

  @Test
  void withDynamicBatch_mergedBatch_isRefused() {
    // [1, 3, 4] -> [3, 4]: the examples' rows would run together.
    assertThatThrownBy(() -> baked(3, 4).withDynamicBatch())
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("the batch is lost at Reshape \"b\"");
  }

  @Test
  void withDynamicBatch_batchHiddenInAnotherDimension_isRefused() {
    // Attention exports write [positions, batch * heads, width]; with a batch of 1 that is [3, 2,
    // 2].
    OnnxModel model =
        GraphBuilder.named("heads")
            .input("x", ElementType.FLOAT, Dimension.of(1), Dimension.of(3), Dimension.of(4))
            .initializer(OnnxTensor.ofLongs("split", new long[] {3, 2, 2}, 3))
            .initializer(OnnxTensor.ofLongs("joined", new long[] {1, 3, 4}, 3))
            .node(Node.of("Transpose", List.of("x"), List.of("t")).withIntegers("perm", 1, 0, 2))
            .node("Reshape", List.of("t", "split"), "heads")
            .node("Reshape", List.of("heads", "joined"), "z")
            // Adding the examples would broadcast the one that is left over all of them.
            .node("Add", List.of("x", "z"), "y")
            .output("y", ElementType.FLOAT, Dimension.of(1), Dimension.of(3), Dimension.of(4))
            .build(18);
    assertThatThrownBy(model::withDynamicBatch)
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("the batch is lost at Reshape \"heads\"");
  }

  @Test
  void withDynamicBatch_freeBatch_isUntouched() {
    OnnxModel model = Graphs.withGemmHead().output("logits", ElementType.FLOAT).build(18);
    assertThat(model.withDynamicBatch()).isSameAs(model);
  }
}
