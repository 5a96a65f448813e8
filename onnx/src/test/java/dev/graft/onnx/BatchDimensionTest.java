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
  void withDynamicBatch_rowsOfAllExamplesAsOutput_isRefused() {
    // [1, 3, 4] -> [3, 4] -> [1, 3, 3]: the examples' rows run together and are never parted again.
    assertThatThrownBy(() -> baked(3, 4).withDynamicBatch())
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("the output \"y\" has it elsewhere than first, after MatMul");
  }

  @Test
  void withDynamicBatch_softmaxOverRowsOfAllExamples_isRefused() {
    assertRefusedAt(
        Node.of("Softmax", List.of("rows"), List.of("z")).withInteger("axis", 0), "Softmax \"z\"");
  }

  @Test
  void withDynamicBatch_sumOverRowsOfAllExamples_isRefused() {
    assertRefusedAt(
        Node.of("ReduceSum", List.of("rows"), List.of("sum")).withIntegers("axes", 0),
        "ReduceSum \"sum\"");
  }

  @Test
  void withDynamicBatch_productOverRowsOfAllExamples_isRefused() {
    assertRefusedAt(Node.of("MatMul", List.of("gram", "rows"), List.of("z")), "MatMul \"z\"");
  }

  @Test
  void withDynamicBatch_firstRowsOfAllExamples_isRefused() {
    assertRefusedAt(
        Node.of("Slice", List.of("rows"), List.of("z"))
            .withIntegers("starts", 0)
            .withIntegers("ends", 2)
            .withIntegers("axes", 0),
        "Slice \"z\"");
  }

  /** [1, 3, 4] -> rows [3, 4] -> the node. */
  private static void assertRefusedAt(Node mixing, String named) {
    OnnxModel model =
        GraphBuilder.named("mixing")
            .input("x", ElementType.FLOAT, Graphs.dims(1, 3, 4))
            .initializer(OnnxTensor.ofLongs("flat", new long[] {3, 4}, 2))
            .initializer(OnnxTensor.ofLongs("whole", new long[] {1, -1, 4}, 3))
            .initializer(Graphs.weight("gram", 1, 3, 3))
            .node("Reshape", List.of("x", "flat"), "rows")
            .node(mixing)
            .node("Reshape", List.of(mixing.output(0), "whole"), "y")
            .output("y", ElementType.FLOAT, Dimension.of(1))
            .build(9);
    assertThatThrownBy(model::withDynamicBatch)
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("the batch is lost at " + named);
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
        .hasMessageContaining("the batch is lost at Add \"y\"");
  }

  // --- transformers as exporters write them with a batch of 1: 5 tokens of width 8 in 2 heads

  /** As torch.onnx writes timm's attention without constant folding: targets put together. */
  @Test
  void withDynamicBatch_headsSplitByAssembledTargets_examplesStayApart() {
    GraphBuilder graph =
        tokens()
            .initializer(OnnxTensor.ofLongs("one", new long[] {1}, 1))
            .initializer(OnnxTensor.ofLongs("axes", new long[] {0}, 1))
            .initializer(OnnxTensor.ofLongs("five", new long[] {5}, 1))
            .initializer(Graphs.weight("qkv.weight", 3, 8, 24));
    for (String size : List.of("1", "2", "3", "4", "5", "8")) {
      graph
          .initializer(OnnxTensor.ofLongs("n" + size, new long[] {Long.parseLong(size)}))
          .node("Unsqueeze", List.of("n" + size, "axes"), "d" + size);
    }
    OnnxModel model =
        graph
            .node(concat("split", "d1", "d5", "d3", "d2", "d4"))
            .node(concat("joined", "d1", "d5", "d8"))
            .node("MatMul", List.of("tokens", "qkv.weight"), "qkv")
            .node("Reshape", List.of("qkv", "split"), "parts")
            .node(transpose("parts", "turned", 2, 0, 3, 1, 4))
            .node("Gather", List.of("turned", "i0"), "q")
            .node("Gather", List.of("turned", "i1"), "k")
            .node("Gather", List.of("turned", "i2"), "v")
            .node(transpose("k", "kt", 0, 1, 3, 2))
            .node("MatMul", List.of("q", "kt"), "scores")
            .node(Node.of("Softmax", List.of("scores"), List.of("a")).withInteger("axis", -1))
            .node("MatMul", List.of("a", "v"), "mixed")
            .node(transpose("mixed", "back", 0, 2, 1, 3))
            .node("Reshape", List.of("back", "joined"), "attended")
            .node("Add", List.of("tokens", "attended"), "sum")
            .node(Node.of("Gather", List.of("sum", "i0"), List.of("y")).withInteger("axis", 1))
            .output("y", ElementType.FLOAT, Graphs.dims(1, 8))
            .build(17);
    assertExamplesStayApart(model);
  }

  /** As torch.onnx writes torch.nn.MultiheadAttention: [positions, N * heads, width]. */
  @Test
  void withDynamicBatch_headsFoldedIntoTheBatch_examplesStayApart() {
    OnnxModel model =
        tokens()
            .initializer(longs("heads", 5, 2, 4))
            .initializer(longs("apart", 1, 2, 5, 4))
            .initializer(longs("rows", 5, 8))
            .initializer(longs("positions", 5, 1, 8))
            .initializer(Graphs.weight("q.weight", 3, 8, 8))
            .initializer(Graphs.weight("k.weight", 4, 8, 8))
            .initializer(Graphs.weight("out.weight", 5, 8, 8))
            .initializer(Graphs.weight("out.bias", 6, 8))
            .node(transpose("tokens", "first", 1, 0, 2))
            .node("MatMul", List.of("first", "q.weight"), "q")
            .node("MatMul", List.of("first", "k.weight"), "k")
            .node("Reshape", List.of("q", "heads"), "q1")
            .node("Reshape", List.of("k", "heads"), "k1")
            .node(transpose("q1", "q2", 1, 0, 2))
            .node(transpose("k1", "k2", 1, 0, 2))
            .node("Reshape", List.of("q2", "apart"), "q3")
            .node("Reshape", List.of("k2", "apart"), "k3")
            .node(transpose("k3", "kt", 0, 1, 3, 2))
            .node("MatMul", List.of("q3", "kt"), "scores")
            .node(Node.of("Softmax", List.of("scores"), List.of("a")).withInteger("axis", -1))
            .node("MatMul", List.of("a", "k3"), "mixed")
            .node(transpose("mixed", "back", 2, 0, 1, 3))
            .node("Reshape", List.of("back", "rows"), "wide")
            .node(
                Node.of("Gemm", List.of("wide", "out.weight", "out.bias"), List.of("projected"))
                    .withInteger("transB", 1))
            .node("Reshape", List.of("projected", "positions"), "attended")
            .node(transpose("attended", "z", 1, 0, 2))
            .node("Add", List.of("tokens", "z"), "sum")
            .node(Node.of("Gather", List.of("sum", "i0"), List.of("y")).withInteger("axis", 1))
            .output("y", ElementType.FLOAT, Graphs.dims(1, 8))
            .build(17);
    assertExamplesStayApart(model);
  }

  /** As torch.onnx writes the windows of Swin: [N * windows, positions, width]. */
  @Test
  void withDynamicBatch_windowsFoldedIntoTheBatch_examplesStayApart() {
    OnnxModel model =
        GraphBuilder.named("windows")
            .input("x", ElementType.FLOAT, Graphs.dims(1, 4, 4, 4))
            .initializer(longs("cut", 1, 2, 2, 2, 2, 4))
            .initializer(longs("windows", -1, 4, 4))
            .initializer(longs("heads", 4, 4, 2, 2))
            .initializer(longs("joined", 4, 4, 4))
            .initializer(longs("uncut", -1, 2, 2, 2, 2, 4))
            .initializer(longs("whole", 1, 4, 4, 4))
            .node("Reshape", List.of("x", "cut"), "a")
            .node(transpose("a", "b", 0, 1, 3, 2, 4, 5))
            .node("Reshape", List.of("b", "windows"), "c")
            .node("Reshape", List.of("c", "heads"), "d")
            .node(transpose("d", "e", 0, 2, 1, 3))
            .node(transpose("d", "f", 0, 2, 3, 1))
            .node("MatMul", List.of("e", "f"), "scores")
            .node(Node.of("Softmax", List.of("scores"), List.of("s")).withInteger("axis", -1))
            .node("MatMul", List.of("s", "e"), "g")
            .node(transpose("g", "h", 0, 2, 1, 3))
            .node("Reshape", List.of("h", "joined"), "i")
            .node("Reshape", List.of("i", "uncut"), "j")
            .node(transpose("j", "k", 0, 1, 3, 2, 4, 5))
            .node("Reshape", List.of("k", "whole"), "l")
            .node("Add", List.of("x", "l"), "y")
            .output("y", ElementType.FLOAT, Graphs.dims(1, 4, 4, 4))
            .build(17);
    assertExamplesStayApart(model);
  }

  /** [1, 4, 4, 4] pixels become 4 tokens of width 8 behind a class token. */
  private static GraphBuilder tokens() {
    return GraphBuilder.named("attention")
        .input("x", ElementType.FLOAT, Graphs.dims(1, 4, 4, 4))
        .initializer(Graphs.weight("patch.weight", 1, 8, 4, 2, 2))
        .initializer(Graphs.weight("class", 2, 1, 1, 8))
        .initializer(longs("patches", 1, 8, 4))
        .initializer(longs("one.class", 1, 1, 8))
        .initializer(OnnxTensor.ofLongs("i0", new long[] {0}))
        .initializer(OnnxTensor.ofLongs("i1", new long[] {1}))
        .initializer(OnnxTensor.ofLongs("i2", new long[] {2}))
        .node(
            Node.of("Conv", List.of("x", "patch.weight"), List.of("conv"))
                .withIntegers("strides", 2, 2))
        .node("Reshape", List.of("conv", "patches"), "flat")
        .node(transpose("flat", "rest", 0, 2, 1))
        .node("Expand", List.of("class", "one.class"), "token")
        .node(
            Node.of("Concat", List.of("token", "rest"), List.of("tokens")).withInteger("axis", 1));
  }

  private static OnnxTensor longs(String name, long... values) {
    return OnnxTensor.ofLongs(name, values, values.length);
  }

  private static Node concat(String output, String... inputs) {
    return Node.of("Concat", List.of(inputs), List.of(output)).withInteger("axis", 0);
  }

  private static Node transpose(String input, String output, long... order) {
    return Node.of("Transpose", List.of(input), List.of(output)).withIntegers("perm", order);
  }

  /** Three examples at once must give what the baked file gives for each alone. */
  private static void assertExamplesStayApart(OnnxModel baked) {
    OnnxModel dynamic = baked.withDynamicBatch();
    int examples = 3;
    Feed all = Feed.random(7, examples, 4, 4, 4);
    float[] together = Reference.run(dynamic, Map.of("x", all)).get(0);
    int width = together.length / examples;
    for (int i = 0; i < examples; i++) {
      float[] own = Arrays.copyOfRange(all.floats(), i * 64, (i + 1) * 64);
      float[] alone = Reference.run(baked, Map.of("x", Feed.of(own, 1, 4, 4, 4))).get(0);
      assertThat(Arrays.copyOfRange(together, i * width, (i + 1) * width))
          .usingComparatorWithPrecision(1e-5f)
          .containsExactly(alone);
    }
  }

  @Test
  void withDynamicBatch_freeBatch_isUntouched() {
    OnnxModel model = Graphs.withGemmHead().output("logits", ElementType.FLOAT).build(18);
    assertThat(model.withDynamicBatch()).isSameAs(model);
  }
}
