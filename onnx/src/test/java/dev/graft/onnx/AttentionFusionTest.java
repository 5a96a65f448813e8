package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.onnx.Reference.Feed;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class AttentionFusionTest {
  /** Where scale and mask stand, or what keeps the group from being attention. */
  enum Form {
    SCALE_BEHIND,
    DIVIDED_BEHIND,
    SCALE_AT_QUERY,
    SCALE_AT_BOTH,
    NO_SCALE,
    MASK_ADDED,
    MASK_OF_LOWEST,
    MASK_BY_WHERE,
    KEY_NOT_TURNED
  }

  enum NearMiss {
    SCALE_PER_HEAD,
    SCALE_COMPUTED,
    OTHER_AXIS,
    SHARES_READ_AGAIN,
    SCORES_ARE_AN_OUTPUT,
    SHARES_ON_THE_RIGHT
  }

  private static OnnxTensor number(String name, double value) {
    return OnnxTensor.ofFloats(name, new float[] {(float) value});
  }

  /** x [N,T=3,H=2,d=4] is query, key and value at once. */
  private static GraphBuilder start() {
    float[] hides = {0, -1e4f, 0, 0, 0, -1e4f, -1e4f, 0, 0};
    float[] lowest = {0, -3.4028235e38f, 0, 0, 0, -3.4028235e38f, -3.4028235e38f, 0, 0};
    return Graphs.withInput(-1, 3, 2, 4)
        .initializer(number("scale", 0.5))
        .initializer(number("root", Math.sqrt(0.5)))
        .initializer(number("two", 2))
        .initializer(number("fill", -3.4028235e38f))
        .initializer(Graphs.weight("per.head", 4, 1, 2, 1, 1))
        .initializer(OnnxTensor.ofFloats("mask", hides, 1, 1, 3, 3))
        .initializer(OnnxTensor.ofFloats("lowest", lowest, 1, 1, 3, 3))
        .initializer(number("zero", 0))
        .node(Node.of("Less", List.of("mask", "zero"), List.of("hidden")))
        .node(turn("x", "query", 0, 2, 1, 3))
        .node("Neg", List.of("x"), "other")
        .node(turn("other", "value", 0, 2, 1, 3));
  }

  private static Node turn(String from, String to, long... order) {
    return Node.of("Transpose", List.of(from), List.of(to)).withIntegers("perm", order);
  }

  private static OnnxModel attention(Form form) {
    GraphBuilder graph = start();
    String query = "query";
    String key = "key";
    if (form == Form.KEY_NOT_TURNED) {
      graph.node(turn("x", "seen", 0, 2, 1, 3)).node(turn("seen", "key", 0, 1, 3, 2));
    } else {
      graph.node(turn("x", "key", 0, 2, 3, 1));
    }
    if (form == Form.SCALE_AT_QUERY || form == Form.SCALE_AT_BOTH) {
      String factor = form == Form.SCALE_AT_BOTH ? "root" : "scale";
      graph.node("Mul", List.of("query", factor), "scaled.query");
      query = "scaled.query";
    }
    if (form == Form.SCALE_AT_BOTH) {
      graph.node("Mul", List.of("key", "root"), "scaled.key");
      key = "scaled.key";
    }
    graph.node("MatMul", List.of(query, key), "products");
    String scores = "products";
    if (form == Form.SCALE_BEHIND || form.name().startsWith("MASK")) {
      graph.node("Mul", List.of("products", "scale"), "scores");
      scores = "scores";
    } else if (form == Form.DIVIDED_BEHIND) {
      graph.node("Div", List.of("products", "two"), "scores");
      scores = "scores";
    }
    if (form == Form.MASK_ADDED || form == Form.MASK_OF_LOWEST) {
      String mask = form == Form.MASK_ADDED ? "mask" : "lowest";
      graph.node("Add", List.of(scores, mask), "masked");
      scores = "masked";
    } else if (form == Form.MASK_BY_WHERE) {
      graph.node("Where", List.of("hidden", "fill", scores), "masked");
      scores = "masked";
    }
    return graph
        .node(Node.of("Softmax", List.of(scores), List.of("shares")).withInteger("axis", -1))
        .node("MatMul", List.of("shares", "value"), "y")
        .output(ValueInfo.ofUnknownShape("y", ElementType.FLOAT))
        .build(18);
  }

  @ParameterizedTest
  @EnumSource
  void apply_attentionAsExportersWriteIt_isFused(Form form) {
    OnnxModel model = attention(form);
    GraphPass.Rewrite rewrite = new AttentionFusion().apply(model);
    assertThat(rewrite.places()).isEqualTo(1);
    assertThat(rewrite.model().graph().nodes())
        .extracting(Node::operator)
        .contains("Attention")
        .doesNotContain("Softmax", "MatMul");
    Reference.assertSameOutputs(
        model, rewrite.model(), Map.of("x", Feed.random(8, 2, 3, 2, 4)), 1e-5f);
  }

  private static OnnxModel nearMiss(NearMiss form) {
    GraphBuilder graph =
        start()
            .node(turn("x", "key", 0, 2, 3, 1))
            .node("ReduceMean", List.of("x"), "mean")
            .node("MatMul", List.of("query", "key"), "products")
            .node(
                "Mul",
                List.of(
                    "products",
                    switch (form) {
                      case SCALE_PER_HEAD -> "per.head";
                      case SCALE_COMPUTED -> "mean";
                      default -> "scale";
                    }),
                "scores")
            .node(
                Node.of("Softmax", List.of("scores"), List.of("shares"))
                    .withInteger("axis", form == NearMiss.OTHER_AXIS ? 2 : -1));
    if (form == NearMiss.SHARES_ON_THE_RIGHT) {
      graph.node(turn("value", "turned", 0, 1, 3, 2));
      graph.node("MatMul", List.of("turned", "shares"), "y");
    } else {
      graph.node("MatMul", List.of("shares", "value"), "y");
    }
    if (form == NearMiss.SHARES_READ_AGAIN) {
      graph.node("Neg", List.of("shares"), "again");
      graph.output(ValueInfo.ofUnknownShape("again", ElementType.FLOAT));
    } else if (form == NearMiss.SCORES_ARE_AN_OUTPUT) {
      graph.output(ValueInfo.ofUnknownShape("scores", ElementType.FLOAT));
    }
    return graph.output(ValueInfo.ofUnknownShape("y", ElementType.FLOAT)).build(18);
  }

  @ParameterizedTest
  @EnumSource
  void apply_nearMiss_stays(NearMiss form) {
    OnnxModel model = nearMiss(form);
    GraphPass.Rewrite rewrite = new AttentionFusion().apply(model);
    assertThat(rewrite.places()).isZero();
    assertThat(rewrite.model()).isSameAs(model);
  }

  @Test
  void apply_scaleAtBothSides_multiplies() {
    Node fused =
        new AttentionFusion()
            .apply(attention(Form.SCALE_AT_BOTH)).model().graph().nodes().stream()
                .filter(node -> node.is("Attention"))
                .findFirst()
                .orElseThrow();
    assertThat(fused.real("scale", 0)).isCloseTo(0.5f, Offset.offset(1e-6f));
    assertThat(fused.inputs()).hasSize(3);
  }
}
