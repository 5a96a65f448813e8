package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class PooledMapsTest {
  private static GraphBuilder maps() {
    return Graphs.withInput(-1, 3, 8, 8).node("Relu", List.of("x"), "maps");
  }

  private static Optional<String> before(GraphBuilder graph, String feature) {
    OnnxModel model =
        graph.node("Identity", List.of(feature), "out").output("out", ElementType.FLOAT).build(18);
    return PooledMaps.before(model, new NoHead(feature, Pooling.NONE, "test"));
  }

  @Test
  void before_globalAverageAndReshapes_isTheMap() {
    GraphBuilder graph =
        maps()
            .node("GlobalAveragePool", List.of("maps"), "pooled")
            .node("Flatten", List.of("pooled"), "flat")
            .node("Dropout", List.of("flat"), "feature");
    assertThat(before(graph, "feature")).contains("maps");
  }

  @Test
  void before_meanOverBothSides_isTheMap() {
    GraphBuilder graph =
        maps()
            .initializer(OnnxTensor.ofLongs("axes", new long[] {-1, -2}, 2))
            .node("ReduceMean", List.of("maps", "axes"), "feature");
    assertThat(before(graph, "feature")).contains("maps");
  }

  @Test
  void before_meanOverChannels_isNone() {
    GraphBuilder graph =
        maps()
            .initializer(OnnxTensor.ofLongs("axes", new long[] {1}, 1))
            .node("ReduceMean", List.of("maps", "axes"), "feature");
    assertThat(before(graph, "feature")).isEmpty();
  }

  @Test
  void before_averageOfTheWholeMap_isTheMap() {
    GraphBuilder graph =
        maps()
            .node(
                Node.of("AveragePool", List.of("maps"), List.of("feature"))
                    .withIntegers("kernel_shape", 8, 8));
    assertThat(before(graph, "feature")).contains("maps");
  }

  @Test
  void before_averageOfNeighbours_isNone() {
    GraphBuilder graph =
        maps()
            .node(
                Node.of("AveragePool", List.of("maps"), List.of("feature"))
                    .withIntegers("kernel_shape", 2, 2));
    assertThat(before(graph, "feature")).isEmpty();
  }

  @Test
  void before_somethingBetweenMeanAndHead_isNone() {
    GraphBuilder graph =
        maps()
            .node("GlobalAveragePool", List.of("maps"), "pooled")
            .node("Relu", List.of("pooled"), "feature");
    assertThat(before(graph, "feature")).isEmpty();
  }

  @Test
  void before_headThatPoolsItself_isItsTensor() {
    OnnxModel model = maps().output("maps", ElementType.FLOAT, Graphs.dims(-1, 3, 8, 8)).build(18);
    assertThat(PooledMaps.before(model, new NoHead("maps", Pooling.MEAN, "test"))).contains("maps");
  }

  @Test
  @Tag("reference-data")
  void before_publishedNetwork_isTheLastMap() {
    OnnxModel model = SharedModels.read(SharedModels.MOBILENET).upgradeTo(18);
    Head head = HeadFinder.find(model, Optional.empty(), OptionalInt.empty());
    String maps = PooledMaps.before(model, head).orElseThrow();
    assertThat(ShapeInference.of(model.graph()).facts(maps).size(1)).isEqualTo(1280);
  }
}
