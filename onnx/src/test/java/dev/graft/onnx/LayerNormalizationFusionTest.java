package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.onnx.Reference.Feed;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Layer norms in single operators are fused, and near misses are left. */
final class LayerNormalizationFusionTest {
  /** How a layer norm is written, or what keeps it from being one. */
  enum Norm {
    PLAIN,
    SQUARE_BY_MUL,
    DIFFERENCE_TWICE,
    BY_RECIPROCAL,
    WITHOUT_BIAS,
    WITHOUT_SCALE,
    OTHER_AXIS,
    AXES_DIFFER,
    EPSILON_COMPUTED,
    DEVIATION_READ_AGAIN,
    MEAN_OF_ANOTHER,
    POWER_OF_THREE
  }

  private static OnnxModel norm(Norm form) {
    long axis = form == Norm.OTHER_AXIS ? 1 : -1;
    GraphBuilder graph =
        Graphs.withInput(-1, 4, 4)
            .initializer(PatternFusionTest.number("power", form == Norm.POWER_OF_THREE ? 3 : 2))
            .initializer(PatternFusionTest.number("stored.epsilon", 1e-3))
            .initializer(Graphs.weight("scale", 1, 4))
            .initializer(Graphs.weight("bias", 2, 4))
            .initializer(OnnxTensor.ofLongs("axes", new long[] {axis}, 1))
            .initializer(OnnxTensor.ofLongs("other", new long[] {1}, 1))
            .node("Abs", List.of("x"), "positive")
            .node("ReduceMean", List.of("positive"), "small")
            .node(
                "ReduceMean",
                List.of(form == Norm.MEAN_OF_ANOTHER ? "positive" : "x", "axes"),
                "mean")
            .node("Sub", List.of("x", "mean"), "centred");
    if (form == Norm.DIFFERENCE_TWICE) {
      graph.node("Sub", List.of("x", "mean"), "again");
    }
    graph
        .node(
            form == Norm.SQUARE_BY_MUL ? "Mul" : "Pow",
            List.of("centred", form == Norm.SQUARE_BY_MUL ? "centred" : "power"),
            "square")
        .node(
            "ReduceMean",
            List.of("square", form == Norm.AXES_DIFFER ? "other" : "axes"),
            "variance")
        .node(
            "Add",
            List.of("variance", form == Norm.EPSILON_COMPUTED ? "small" : "stored.epsilon"),
            "shifted")
        .node("Sqrt", List.of("shifted"), "deviation");
    if (form == Norm.BY_RECIPROCAL) {
      graph.node("Reciprocal", List.of("deviation"), "inverse");
      graph.node("Mul", List.of("inverse", "centred"), "normal");
    } else {
      graph.node(
          "Div",
          List.of(form == Norm.DIFFERENCE_TWICE ? "again" : "centred", "deviation"),
          form == Norm.WITHOUT_SCALE ? "y" : "normal");
    }
    if (form == Norm.WITHOUT_SCALE) {
      return PatternFusionTest.finished(graph);
    }
    graph.node("Mul", List.of("normal", "scale"), form == Norm.WITHOUT_BIAS ? "y" : "scaled");
    if (form != Norm.WITHOUT_BIAS) {
      graph.node("Add", List.of("bias", "scaled"), "y");
    }
    if (form == Norm.DEVIATION_READ_AGAIN) {
      graph.output(ValueInfo.ofUnknownShape("deviation", ElementType.FLOAT));
    }
    return PatternFusionTest.finished(graph);
  }

  @ParameterizedTest
  @CsvSource({
    "PLAIN",
    "SQUARE_BY_MUL",
    "DIFFERENCE_TWICE",
    "BY_RECIPROCAL",
    "WITHOUT_BIAS",
    "WITHOUT_SCALE"
  })
  void layerNorm_asExportersWriteIt_isFused(Norm form) {
    PatternFusionTest.assertFused(
        new LayerNormalizationFusion(), norm(form), Feed.random(3, 2, 4, 4), "LayerNormalization");
  }

  @ParameterizedTest
  @CsvSource({
    "OTHER_AXIS",
    "AXES_DIFFER",
    "EPSILON_COMPUTED",
    "DEVIATION_READ_AGAIN",
    "MEAN_OF_ANOTHER",
    "POWER_OF_THREE"
  })
  void layerNorm_nearMiss_stays(Norm form) {
    PatternFusionTest.assertLeft(new LayerNormalizationFusion(), norm(form));
  }

  /** x s + (bias - mean s) with s = scale / deviation, or what keeps it from being a norm. */
  private static OnnxModel expandedNorm(String change) {
    return PatternFusionTest.finished(
        Graphs.withInput(-1, 4, 4)
            .initializer(PatternFusionTest.number("epsilon", 1e-3))
            .initializer(Graphs.weight("scale", 1, change.equals("scale of one row") ? 1 : 4))
            .initializer(Graphs.weight("bias", 2, 4))
            .initializer(OnnxTensor.ofLongs("axes", new long[] {-1}, 1))
            .node("ReduceMean", List.of("x", "axes"), "mean")
            .node("Sub", List.of("x", "mean"), "centred")
            .node("Mul", List.of("centred", "centred"), "square")
            .node("ReduceMean", List.of("square", "axes"), "variance")
            .node("Add", List.of("variance", "epsilon"), "shifted")
            .node("Sqrt", List.of("shifted"), "deviation")
            .node("Reciprocal", List.of("deviation"), "inverse")
            .node("Mul", List.of("inverse", "scale"), "factor")
            .node("Mul", List.of("x", "factor"), "scaled")
            .node("Mul", List.of("factor", "mean"), "offset")
            .node(
                "Sub",
                change.equals("offset less bias")
                    ? List.of("offset", "bias")
                    : List.of("bias", "offset"),
                "shift")
            .node(
                "Add",
                List.of("scaled", change.equals("offset left out") ? "bias" : "shift"),
                "y"));
  }

  @Test
  void layerNorm_asTensorFlowWritesIt_isFused() {
    OnnxModel model = expandedNorm("");
    PatternFusionTest.assertFused(
        new LayerNormalizationFusion(), model, Feed.random(3, 2, 4, 4), "LayerNormalization");
    Node fused = new LayerNormalizationFusion().apply(model).model().graph().nodes().get(0);
    assertThat(fused.inputs()).containsExactly("x", "scale", "bias");
  }

  @ParameterizedTest
  @ValueSource(strings = {"offset less bias", "offset left out", "scale of one row"})
  void layerNorm_notQuiteAsTensorFlow_stays(String change) {
    PatternFusionTest.assertLeft(new LayerNormalizationFusion(), expandedNorm(change));
  }

  @Test
  void layerNorm_weights_keepTheirNames() {
    Node fused =
        new LayerNormalizationFusion().apply(norm(Norm.PLAIN)).model().graph().nodes().get(0);
    assertThat(fused.inputs()).containsExactly("x", "scale", "bias");
    assertThat(fused.real("epsilon", 0)).isEqualTo(1e-3f);
  }
}
