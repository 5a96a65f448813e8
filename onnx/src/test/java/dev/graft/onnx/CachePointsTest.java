package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.onnx.Reference.Feed;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class CachePointsTest {
  @Test
  void of_chain_isEveryTensor() {
    OnnxModel model = Graphs.withGemmHead().output("logits", ElementType.FLOAT).build(18);
    assertThat(CachePoints.of(model))
        .containsExactly("x", "stem", "activated", "pooled", "flat", "logits");
  }

  @Test
  void of_residual_skipsWhatABranchPasses() {
    OnnxModel model =
        Graphs.withInput(-1, 4)
            .node("Relu", List.of("x"), "a")
            .node("Tanh", List.of("a"), "b")
            .node("Add", List.of("a", "b"), "c")
            .node("Neg", List.of("c"), "y")
            .output("y", ElementType.FLOAT)
            .build(18);
    assertThat(CachePoints.of(model)).containsExactly("x", "a", "c", "y");
  }

  @Test
  void of_constantSide_doesNotCount() {
    OnnxModel model =
        Graphs.withInput(-1, 4)
            .initializer(Graphs.weight("w", 1, 4))
            .node("Identity", List.of("w"), "w2")
            .node("Relu", List.of("x"), "a")
            .node("Add", List.of("a", "w2"), "y")
            .output("y", ElementType.FLOAT)
            .build(18);
    assertThat(CachePoints.of(model)).containsExactly("x", "a", "y");
  }

  @Test
  void of_shapeOfEarlierTensor_forbidsTheCutUntilItIsFolded() {
    OnnxModel model =
        Graphs.withInput(-1, 4, 2)
            .initializer(OnnxTensor.ofLongs("zero", new long[] {0}, 1))
            .initializer(OnnxTensor.ofLongs("eight", new long[] {8}, 1))
            .node("Shape", List.of("x"), "shape")
            .node("Gather", List.of("shape", "zero"), "batch")
            .node(
                Node.of("Concat", List.of("batch", "eight"), List.of("target"))
                    .withInteger("axis", 0))
            .node("Relu", List.of("x"), "a")
            .node("Reshape", List.of("a", "target"), "y")
            .output("y", ElementType.FLOAT)
            .build(18);
    assertThat(CachePoints.of(model)).containsExactly("x", "y");
    OnnxModel folded = model.withFoldedShapes();
    assertThat(CachePoints.of(folded)).containsExactly("x", "a", "y");
    Node reshape = folded.graph().producer("y").orElseThrow();
    assertThat(folded.graph().constant(reshape.input(1)).orElseThrow().toLongs())
        .containsExactly(0, 8);
    Reference.assertSameOutputs(model, folded, Map.of("x", Feed.random(3, 5, 4, 2)), 0);
  }

  @Test
  void of_twoInputs_startsWhereTheyMeet() {
    OnnxModel model =
        Graphs.withInput(-1, 4)
            .input("z", ElementType.FLOAT, Graphs.dims(-1, 4))
            .node("Add", List.of("x", "z"), "a")
            .node("Relu", List.of("a"), "y")
            .output("y", ElementType.FLOAT)
            .build(18);
    assertThat(CachePoints.of(model)).containsExactly("a", "y");
  }

  @Test
  void of_twoOutputs_endsBeforeTheyPart() {
    OnnxModel model =
        Graphs.withInput(-1, 4)
            .node("Relu", List.of("x"), "a")
            .node("Tanh", List.of("a"), "y")
            .node("Neg", List.of("a"), "z")
            .output("y", ElementType.FLOAT)
            .output("z", ElementType.FLOAT)
            .build(18);
    assertThat(CachePoints.of(model)).containsExactly("x", "a");
    assertThat(CachePoints.of(model, "z")).containsExactly("x", "a", "z");
  }

  @Test
  void of_splitOutputsThatMeetAgain_areNoPoints() {
    OnnxModel model =
        Graphs.withInput(-1, 4)
            .node(
                Node.of("Split", List.of("x"), List.of("a", "b"))
                    .withInteger("axis", 1)
                    .withInteger("num_outputs", 2))
            .node("Mul", List.of("a", "b"), "y")
            .output("y", ElementType.FLOAT)
            .build(18);
    assertThat(CachePoints.of(model)).containsExactly("x", "y");
  }

  @Test
  @Tag("reference-data")
  void of_headlessMobilenet_areTheBlockBoundaries() {
    List<String> points = CachePoints.of(SharedModels.read(SharedModels.HEADLESS));
    assertThat(points).contains("block_2_add", "block_15_add", "block_16_project_BN", "feat");
    assertThat(points).doesNotContain("block_2_expand", "block_15_depthwise");
  }
}
