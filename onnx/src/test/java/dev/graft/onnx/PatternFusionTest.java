package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.onnx.Reference.Feed;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each fusion on graphs as exporters write them, and on near misses that have to stay. */
final class PatternFusionTest {
  private static final float TOLERANCE = 1e-5f;

  static OnnxTensor number(String name, double value) {
    return OnnxTensor.ofFloats(name, new float[] {(float) value});
  }

  private static List<String> operators(OnnxModel model) {
    return model.graph().nodes().stream().map(Node::operator).toList();
  }

  static OnnxModel finished(GraphBuilder graph) {
    return graph.output(ValueInfo.ofUnknownShape("y", ElementType.FLOAT)).build(18);
  }

  static void assertFused(GraphPass pass, OnnxModel model, Feed x, String... operators) {
    GraphPass.Rewrite rewrite = pass.apply(model);
    assertThat(operators(rewrite.model())).containsExactly(operators);
    assertThat(rewrite.places()).isEqualTo(1);
    Reference.assertSameOutputs(model, rewrite.model(), Map.of("x", x), TOLERANCE);
  }

  static void assertLeft(GraphPass pass, OnnxModel model) {
    GraphPass.Rewrite rewrite = pass.apply(model);
    assertThat(rewrite.places()).isZero();
    assertThat(rewrite.model()).isSameAs(model);
  }

  // GELU.

  private static GraphBuilder gelu() {
    return Graphs.withInput(-1, 5)
        .initializer(number("root", Math.sqrt(2)))
        .initializer(number("inverse", Math.sqrt(0.5)))
        .initializer(number("one", 1))
        .initializer(number("two", 2))
        .initializer(number("three", 3))
        .initializer(number("half", 0.5))
        .initializer(number("cube", 0.044715))
        .initializer(number("factor", 0.7978845608))
        .initializer(Graphs.weight("vector", 5, 5));
  }

  private static GraphBuilder erf() {
    return gelu()
        .node("Div", List.of("x", "root"), "scaled")
        .node("Erf", List.of("scaled"), "erf")
        .node("Add", List.of("erf", "one"), "gate");
  }

  static Stream<Arguments> gelus() {
    return Stream.of(
        Arguments.of(
            "x gate, then half",
            erf().node("Mul", List.of("x", "gate"), "p").node("Mul", List.of("p", "half"), "y")),
        Arguments.of(
            "half x, then gate",
            erf().node("Mul", List.of("half", "x"), "p").node("Mul", List.of("p", "gate"), "y")),
        Arguments.of(
            "half gate, then x",
            erf().node("Mul", List.of("gate", "half"), "p").node("Mul", List.of("x", "p"), "y")),
        Arguments.of(
            "divided by two",
            erf().node("Mul", List.of("gate", "x"), "p").node("Div", List.of("p", "two"), "y")),
        Arguments.of(
            "times the inverse root",
            gelu()
                .node("Mul", List.of("x", "inverse"), "scaled")
                .node("Erf", List.of("scaled"), "erf")
                .node("Add", List.of("one", "erf"), "gate")
                .node("Mul", List.of("x", "gate"), "p")
                .node("Mul", List.of("p", "half"), "y")),
        Arguments.of(
            "tanh of the sum with a cube",
            tanh(
                gelu()
                    .node("Pow", List.of("x", "three"), "power")
                    .node("Mul", List.of("power", "cube"), "term")
                    .node("Add", List.of("x", "term"), "sum")
                    .node("Mul", List.of("sum", "factor"), "inner"))),
        Arguments.of(
            "tanh of a product",
            tanh(
                gelu()
                    .node("Mul", List.of("x", "x"), "square")
                    .node("Mul", List.of("cube", "square"), "term")
                    .node("Add", List.of("one", "term"), "sum")
                    .node("Mul", List.of("x", "factor"), "scaled")
                    .node("Mul", List.of("scaled", "sum"), "inner"))));
  }

  private static GraphBuilder tanh(GraphBuilder inner) {
    return inner
        .node("Tanh", List.of("inner"), "tanh")
        .node("Add", List.of("tanh", "one"), "gate")
        .node("Mul", List.of("x", "gate"), "p")
        .node("Mul", List.of("p", "half"), "y");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("gelus")
  void gelu_asExportersWriteIt_isFused(String form, GraphBuilder graph) {
    assertFused(new GeluFusion(), finished(graph), Feed.random(4, 3, 5), "Gelu");
  }

  static Stream<Arguments> almostGelus() {
    return Stream.of(
        Arguments.of(
            "a gate of two",
            gelu()
                .node("Div", List.of("x", "root"), "scaled")
                .node("Erf", List.of("scaled"), "erf")
                .node("Add", List.of("erf", "two"), "gate")
                .node("Mul", List.of("x", "gate"), "p")
                .node("Mul", List.of("p", "half"), "y")),
        Arguments.of(
            "another root",
            gelu()
                .node("Div", List.of("x", "two"), "scaled")
                .node("Erf", List.of("scaled"), "erf")
                .node("Add", List.of("erf", "one"), "gate")
                .node("Mul", List.of("x", "gate"), "p")
                .node("Mul", List.of("p", "half"), "y")),
        Arguments.of(
            "no half", erf().node("Mul", List.of("x", "gate"), "p").node("Neg", List.of("p"), "y")),
        Arguments.of(
            "a vector in place of x",
            erf()
                .node("Mul", List.of("vector", "gate"), "p")
                .node("Mul", List.of("p", "half"), "y")),
        Arguments.of(
            "a gate that is read again",
            erf()
                .node("Mul", List.of("x", "gate"), "p")
                .node("Mul", List.of("p", "half"), "q")
                .node("Add", List.of("q", "gate"), "y")),
        Arguments.of(
            "a square in place of the cube",
            tanh(
                gelu()
                    .node("Pow", List.of("x", "two"), "power")
                    .node("Mul", List.of("power", "cube"), "term")
                    .node("Add", List.of("x", "term"), "sum")
                    .node("Mul", List.of("sum", "factor"), "inner"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("almostGelus")
  void gelu_nearMiss_stays(String form, GraphBuilder graph) {
    assertLeft(new GeluFusion(), finished(graph));
  }

  // Swish and HardSwish.

  @Test
  void swish_siluAndScaledSigmoid_areFused() {
    GraphBuilder silu =
        Graphs.withInput(-1, 5)
            .node("Sigmoid", List.of("x"), "gate")
            .node("Mul", List.of("gate", "x"), "y");
    GraphBuilder quick =
        Graphs.withInput(-1, 5)
            .initializer(number("alpha", 1.702))
            .node("Mul", List.of("alpha", "x"), "scaled")
            .node("Sigmoid", List.of("scaled"), "gate")
            .node("Mul", List.of("x", "gate"), "y");
    assertFused(new SwishFusion(), finished(silu), Feed.random(9, 3, 5), "Swish");
    assertFused(new SwishFusion(), finished(quick), Feed.random(9, 3, 5), "Swish");
    OnnxModel fused = new SwishFusion().apply(finished(quick)).model();
    assertThat(fused.graph().nodes().get(0).inputs()).containsExactly("x");
    assertThat(fused.graph().nodes().get(0).real("alpha", 0)).isEqualTo(1.702f);
  }

  @Test
  void swish_gateOfAnotherOrReadTwice_stays() {
    assertLeft(
        new SwishFusion(),
        finished(
            Graphs.withInput(-1, 5)
                .node("Neg", List.of("x"), "other")
                .node("Sigmoid", List.of("other"), "gate")
                .node("Mul", List.of("gate", "x"), "y")));
    assertLeft(
        new SwishFusion(),
        finished(
            Graphs.withInput(-1, 5)
                .node("Sigmoid", List.of("x"), "gate")
                .node("Mul", List.of("gate", "x"), "product")
                .node("Add", List.of("gate", "product"), "y")));
  }

  private static GraphBuilder hard(double shift, double top) {
    return Graphs.withInput(-1, 5)
        .initializer(number("three", shift))
        .initializer(number("zero", 0))
        .initializer(number("six", top))
        .initializer(number("divisor", 6))
        .node("Add", List.of("x", "three"), "shifted")
        .node("Clip", List.of("shifted", "zero", "six"), "clipped");
  }

  @Test
  void hardSwish_asExportersWriteIt_isFused() {
    Feed x = Feed.of(new float[] {-4, -3, -1, 0, 1, 2, 3, 3.5f, 9, -0.5f}, 2, 5);
    assertFused(
        new HardSwishFusion(),
        finished(
            hard(3, 6)
                .node("Mul", List.of("x", "clipped"), "p")
                .node("Div", List.of("p", "divisor"), "y")),
        x,
        "HardSwish");
    assertFused(
        new HardSwishFusion(),
        finished(
            hard(3, 6)
                .node("Div", List.of("clipped", "divisor"), "p")
                .node("Mul", List.of("p", "x"), "y")),
        x,
        "HardSwish");
    assertFused(new HardSwishFusion(), hardSigmoid(1 / 6f), x, "HardSwish");
  }

  private static OnnxModel hardSigmoid(float alpha) {
    return finished(
        Graphs.withInput(-1, 5)
            .node(
                Node.of("HardSigmoid", List.of("x"), List.of("gate"))
                    .withReal("alpha", alpha)
                    .withReal("beta", 0.5f))
            .node("Mul", List.of("x", "gate"), "y"));
  }

  @Test
  void hardSwish_otherConstants_stay() {
    assertLeft(new HardSwishFusion(), hardSigmoid(0.2f));
    assertLeft(
        new HardSwishFusion(),
        finished(
            hard(2, 6)
                .node("Mul", List.of("x", "clipped"), "p")
                .node("Div", List.of("p", "divisor"), "y")));
    assertLeft(
        new HardSwishFusion(),
        finished(
            hard(3, 5)
                .node("Mul", List.of("x", "clipped"), "p")
                .node("Div", List.of("p", "divisor"), "y")));
    assertLeft(
        new HardSwishFusion(),
        finished(
            hard(3, 6)
                .node("Mul", List.of("x", "clipped"), "p")
                .node("Div", List.of("divisor", "p"), "y")));
  }

  // Softmax.

  private static GraphBuilder softmax(long maximumAxis, long sumAxis) {
    return Graphs.withInput(-1, 3, 3)
        .initializer(OnnxTensor.ofLongs("of.maximum", new long[] {maximumAxis}, 1))
        .initializer(OnnxTensor.ofLongs("of.sum", new long[] {sumAxis}, 1))
        .node("ReduceMax", List.of("x", "of.maximum"), "maximum")
        .node("Sub", List.of("x", "maximum"), "below")
        .node("Exp", List.of("below"), "powers")
        .node("ReduceSum", List.of("powers", "of.sum"), "sum");
  }

  @Test
  void softmax_overAnyOneAxis_isFused() {
    for (long axis : new long[] {1, -1}) {
      OnnxModel model = finished(softmax(axis, axis).node("Div", List.of("powers", "sum"), "y"));
      assertFused(new SoftmaxFusion(), model, Feed.random(6, 2, 3, 3), "Softmax");
    }
  }

  @Test
  void softmax_sumAlongAnotherAxis_keepsTheMaximum() {
    OnnxModel model = finished(softmax(1, 2).node("Div", List.of("powers", "sum"), "y"));
    // Any constant along the axis of the sum may be taken off; this one is not constant there.
    assertFused(new SoftmaxFusion(), model, Feed.random(7, 2, 3, 3), "ReduceMax", "Sub", "Softmax");
  }

  @Test
  void softmax_quotientTheOtherWayOrSumReadAgain_stays() {
    assertLeft(
        new SoftmaxFusion(), finished(softmax(1, 1).node("Div", List.of("sum", "powers"), "y")));
    assertLeft(
        new SoftmaxFusion(),
        finished(
            softmax(1, 1)
                .node("Div", List.of("powers", "sum"), "shares")
                .node("Add", List.of("shares", "sum"), "y")));
  }
}
