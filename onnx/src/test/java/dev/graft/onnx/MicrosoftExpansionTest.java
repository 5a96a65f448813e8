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

/** Written-out operators against ONNX Runtime, which runs the fused ones itself. */
final class MicrosoftExpansionTest {
  private static final Feed IMAGE = Feed.random(2, 2, 3, 6, 6);
  private static final Feed SEQUENCE = Feed.random(3, 2, 3, 8);

  private static Node fused(String operator, String... inputs) {
    return Node.of(operator, List.of(inputs), List.of("y")).withDomain("com.microsoft");
  }

  private static OnnxModel finished(GraphBuilder graph) {
    return graph
        .output(ValueInfo.ofUnknownShape("y", ElementType.FLOAT))
        .opset("com.microsoft", 1)
        .build(17);
  }

  private static GraphBuilder sequence() {
    return Graphs.withInput(2, 3, 8)
        .initializer(Graphs.weight("skip", 1, 3, 8))
        .initializer(Graphs.weight("gamma", 2, 8))
        .initializer(Graphs.weight("beta", 3, 8))
        .initializer(Graphs.weight("bias", 4, 8))
        .initializer(Graphs.weight("square", 5, 8, 8))
        .initializer(Graphs.weight("qkv", 6, 8, 24))
        .initializer(Graphs.weight("qkv.bias", 7, 24))
        .initializer(OnnxTensor.ofInts("mask", new int[] {1, 1, 0, 1, 1, 1}, 2, 3))
        .initializer(OnnxTensor.ofInts("lengths", new int[] {2, 3}, 2));
  }

  private static GraphBuilder image() {
    return Graphs.withInput(-1, 3, 6, 6)
        .initializer(Graphs.weight("kernel", 8, 3, 3, 3, 3))
        .initializer(Graphs.weight("kernel.bias", 9, 3));
  }

  private static Node padded(Node node) {
    return node.withIntegers("pads", 1, 1, 1, 1).withIntegers("kernel_shape", 3, 3);
  }

  static Stream<Arguments> graphs() {
    Node norm = fused("SkipLayerNormalization", "x", "wide", "gamma", "beta");
    Node biased = fused("SkipLayerNormalization", "x", "wide", "gamma", "beta", "bias");
    Node matrices = fused("FusedMatMul", "x", "square").withReal("alpha", 0.5f);
    Node attention = fused("Attention", "x", "qkv", "qkv.bias").withInteger("num_heads", 2);
    Node masked = fused("Attention", "x", "qkv", "qkv.bias", "mask").withInteger("num_heads", 2);
    Node cut = fused("Attention", "x", "qkv", "qkv.bias", "lengths").withInteger("num_heads", 2);
    Node convolution = padded(fused("FusedConv", "x", "kernel", "kernel.bias"));
    Node clipped =
        convolution.withText("activation", "Clip").withReals("activation_params", -0.1f, 0.2f);
    Node summed =
        padded(fused("FusedConv", "x", "kernel", "kernel.bias", "x"))
            .withText("activation", "Relu");
    return Stream.of(
        Arguments.of("Gelu", sequence().node(fused("Gelu", "x")), SEQUENCE),
        Arguments.of("BiasGelu", sequence().node(fused("BiasGelu", "x", "bias")), SEQUENCE),
        Arguments.of("FastGelu", sequence().node(fused("FastGelu", "x")), SEQUENCE),
        Arguments.of(
            "FastGelu with bias", sequence().node(fused("FastGelu", "x", "bias")), SEQUENCE),
        Arguments.of("QuickGelu", sequence().node(fused("QuickGelu", "x")), SEQUENCE),
        Arguments.of(
            "SkipLayerNormalization",
            sequence().node("Neg", List.of("x"), "wide").node(norm),
            SEQUENCE),
        Arguments.of(
            "SkipLayerNormalization with bias",
            sequence().node("Abs", List.of("x"), "wide").node(biased),
            SEQUENCE),
        Arguments.of("FusedMatMul", sequence().node(matrices), SEQUENCE),
        Arguments.of(
            "FusedMatMul, transposed",
            sequence().node(matrices.withInteger("transB", 1)),
            SEQUENCE),
        Arguments.of("Attention", sequence().node(attention), SEQUENCE),
        Arguments.of("Attention with a mask", sequence().node(masked), SEQUENCE),
        Arguments.of("Attention with lengths", sequence().node(cut), SEQUENCE),
        Arguments.of(
            "FusedConv, Relu", image().node(convolution.withText("activation", "Relu")), IMAGE),
        Arguments.of("FusedConv, Clip", image().node(clipped), IMAGE),
        Arguments.of("FusedConv, sum", image().node(summed), IMAGE));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("graphs")
  void apply_fusedOperator_givesTheSameInStandardOperators(
      String what, GraphBuilder graph, Feed x) {
    OnnxModel model = finished(graph);
    GraphPass.Rewrite rewrite = new MicrosoftExpansion().apply(model);
    assertThat(rewrite.places()).isEqualTo(1);
    assertThat(rewrite.model().graph().nodes()).allMatch(node -> node.domain().isEmpty());
    Reference.assertSameOutputs(model, rewrite.model(), Map.of("x", x), 2e-4f);
  }

  @Test
  void apply_embeddingAndAttentionBehindIt_areBothWrittenOut() {
    Node embedding =
        Node.of(
                "EmbedLayerNormalization",
                List.of("ids", "segments", "words", "places", "kinds", "gamma", "beta", "mask"),
                List.of("embedded", "lengths"))
            .withDomain("com.microsoft")
            .withReal("epsilon", 1e-5f);
    Node attention =
        fused("Attention", "embedded", "qkv", "qkv.bias", "lengths").withInteger("num_heads", 2);
    GraphBuilder graph =
        GraphBuilder.named("embedding")
            .input("x", ElementType.INT64, Graphs.dims(2, 3))
            .initializer(OnnxTensor.ofInts("segments", new int[] {0, 0, 1, 0, 1, 1}, 2, 3))
            .initializer(OnnxTensor.ofInts("mask", new int[] {1, 1, 0, 1, 1, 1}, 2, 3))
            .initializer(Graphs.weight("words", 1, 9, 8))
            .initializer(Graphs.weight("places", 2, 5, 8))
            .initializer(Graphs.weight("kinds", 3, 2, 8))
            .initializer(Graphs.weight("gamma", 4, 8))
            .initializer(Graphs.weight("beta", 5, 8))
            .initializer(Graphs.weight("qkv", 6, 8, 24))
            .initializer(Graphs.weight("qkv.bias", 7, 24))
            .node(Node.of("Cast", List.of("x"), List.of("ids")).withInteger("to", 6))
            .node(embedding)
            .node(attention);
    OnnxModel model = finished(graph);
    GraphPass.Rewrite rewrite = new MicrosoftExpansion().apply(model);
    assertThat(rewrite.places()).isEqualTo(2);
    assertThat(rewrite.model().graph().nodes()).allMatch(node -> node.domain().isEmpty());
    Feed ids = Feed.ofLongs(new long[] {3, 8, 0, 1, 1, 5}, 2, 3);
    Reference.assertSameOutputs(model, rewrite.model(), Map.of("x", ids), 2e-4f);
    assertThat(Layers.trainableTensors(rewrite.model()))
        .contains("words", "places", "gamma", "beta", "qkv", "qkv.bias");
  }

  @Test
  void apply_causalAttentionAndUnknownOperators_stayForTheEngineToName() {
    OnnxModel model =
        finished(
            sequence()
                .node(
                    fused("Attention", "x", "qkv", "qkv.bias")
                        .withInteger("num_heads", 2)
                        .withInteger("unidirectional", 1)));
    assertThat(new MicrosoftExpansion().apply(model).places()).isZero();
  }

  @Test
  void apply_modelOfTheStandardAlone_isUntouched() {
    OnnxModel model = Graphs.withGemmHead().output("logits", ElementType.FLOAT).build(17);
    assertThat(new MicrosoftExpansion().apply(model).model()).isSameAs(model);
  }
}
