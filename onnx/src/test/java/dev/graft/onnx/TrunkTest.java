package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.onnx.Reference.Feed;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class TrunkTest {
  private static OnnxModel classifier() {
    return Graphs.withGemmHead().output("logits", ElementType.FLOAT, Graphs.dims(-1, 5)).build(18);
  }

  @Test
  void cut_featureTensor_dropsTheHeadsWeightsOnly() {
    OnnxModel model = classifier();
    OnnxModel trunk = Trunk.cut(model, "flat");
    assertThat(trunk.graph().initializers().keySet()).containsExactly("stem.weight", "stem.bias");
    assertThat(trunk.graph().outputs())
        .containsExactly(ValueInfo.of("flat", ElementType.FLOAT, Graphs.dims(-1, 4)));
    trunk
        .graph()
        .initializers()
        .forEach(
            (name, tensor) ->
                assertThat(tensor.proto())
                    .isEqualTo(model.graph().constant(name).orElseThrow().proto()));
  }

  @Test
  void cut_unknownTensor_listsCandidates() {
    assertThatThrownBy(() -> Trunk.cut(classifier(), "nowhere"))
        .isInstanceOf(HeadNotFoundException.class)
        .hasMessageContaining("\"nowhere\"")
        .hasMessageContaining("flat");
  }

  @Test
  void withFeatures_olderOpset_asksForUpgrade() {
    OnnxModel old = Graphs.withGemmHead().output("logits", ElementType.FLOAT).build(11);
    Head head = new NoHead("activated", Pooling.MEAN, "test");
    assertThatThrownBy(() -> Trunk.withFeatures(old, head))
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("Upgrade the model first");
  }

  @Test
  void withFeatures_onePosition_isFlattened() {
    OnnxModel trunk = Trunk.withFeatures(classifier(), new NoHead("pooled", Pooling.NONE, "test"));
    Map<String, Feed> feeds = Map.of("x", Feed.random(3, 2, 3, 8, 8));
    assertThat(Reference.run(trunk, feeds).get(0)).hasSize(8);
    assertThat(trunk.graph().outputs().get(0).name()).isEqualTo(Trunk.FEATURES);
    assertThat(trunk.graph().outputs().get(0).rank()).isEqualTo(2);
  }

  private static OnnxModel tokens(boolean masked) {
    GraphBuilder builder = Graphs.withInput(-1, 3, 2);
    if (masked) {
      builder.input("attention_mask", ElementType.INT64, Graphs.dims(-1, 3));
    }
    return builder
        .node("Identity", List.of("x"), "hidden")
        .output("hidden", ElementType.FLOAT, Graphs.dims(-1, 3, 2))
        .build(18);
  }

  private static final Feed STATES =
      Feed.of(new float[] {1, 2, 3, 4, 50, 60, 1, 1, 2, 2, 3, 3}, 2, 3, 2);

  @Test
  void withFeatures_meanWithoutMask_averagesPositions() {
    OnnxModel trunk = Trunk.withFeatures(tokens(false), new NoHead("hidden", Pooling.MEAN, "test"));
    assertThat(Reference.run(trunk, Map.of("x", STATES)).get(0)).containsExactly(18, 22, 2, 2);
  }

  @Test
  void withFeatures_meanWithMask_leavesPaddingOut() {
    OnnxModel trunk = Trunk.withFeatures(tokens(true), new NoHead("hidden", Pooling.MEAN, "test"));
    Feed mask = Feed.ofLongs(new long[] {1, 1, 0, 0, 0, 0}, 2, 3);
    // The second example has no token at all: zeros, not NaN.
    assertThat(Reference.run(trunk, Map.of("x", STATES, "attention_mask", mask)).get(0))
        .containsExactly(2, 3, 0, 0);
  }

  @Test
  void withFeatures_meanAndDeviationWithoutMask_areThoseOfAllPositions() {
    OnnxModel trunk =
        Trunk.withFeatures(tokens(false), new NoHead("hidden", Pooling.MEAN_AND_DEVIATION, "test"));
    float[] features = Reference.run(trunk, Map.of("x", STATES)).get(0);
    double spread = Math.sqrt((17 * 17 + 15 * 15 + 32 * 32) / 3.0);
    double wider = Math.sqrt((20 * 20 + 18 * 18 + 38 * 38) / 3.0);
    double third = Math.sqrt(2 / 3.0 + 1e-5);
    assertClose(features, 18, 22, spread, wider, 2, 2, third, third);
  }

  @Test
  void withFeatures_meanAndDeviationWithMask_leavePaddingOut() {
    OnnxModel trunk =
        Trunk.withFeatures(tokens(true), new NoHead("hidden", Pooling.MEAN_AND_DEVIATION, "test"));
    Feed mask = Feed.ofLongs(new long[] {1, 1, 0, 0, 0, 0}, 2, 3);
    float[] features = Reference.run(trunk, Map.of("x", STATES, "attention_mask", mask)).get(0);
    double nothing = Math.sqrt(1e-5);
    assertClose(features, 2, 3, 1, 1, 0, 0, nothing, nothing);
  }

  @Test
  void withFeatures_meanAndDeviationOfMaps_areThoseOfEachChannel() {
    OnnxModel maps =
        Graphs.withInput(-1, 2, 2, 2)
            .node("Identity", List.of("x"), "maps")
            .output("maps", ElementType.FLOAT, Graphs.dims(-1, 2, 2, 2))
            .build(18);
    OnnxModel trunk =
        Trunk.withFeatures(maps, new NoHead("maps", Pooling.MEAN_AND_DEVIATION, "test"));
    Feed feed = Feed.of(new float[] {1, 1, 5, 5, 7, 7, 7, 7}, 1, 2, 2, 2);
    assertClose(
        Reference.run(trunk, Map.of("x", feed)).get(0), 3, 7, Math.sqrt(4.00001), Math.sqrt(1e-5));
    assertThat(trunk.graph().outputs().get(0).rank()).isEqualTo(2);
  }

  private static void assertClose(float[] values, double... expected) {
    assertThat(values).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(values[i]).as("value %d", i).isCloseTo((float) expected[i], within(1e-4f));
    }
  }

  @Test
  void withFeatures_classToken_takesTheFirstPosition() {
    OnnxModel trunk =
        Trunk.withFeatures(tokens(false), new NoHead("hidden", Pooling.CLASS_TOKEN, "test"));
    assertThat(Reference.run(trunk, Map.of("x", STATES)).get(0)).containsExactly(1, 2, 1, 1);
  }

  @Test
  @Tag("reference-data")
  void withFeatures_realModels_giveOneVectorForEachExample() {
    OnnxModel bert = SharedModels.read(SharedModels.TINYBERT).upgradeTo(18);
    Head head = HeadFinder.find(bert, Optional.empty(), OptionalInt.empty());
    Feed ids = Feed.ofLongs(new long[] {101, 7, 102, 101, 9, 102}, 2, 3);
    Feed mask = Feed.ofLongs(new long[] {1, 1, 1, 1, 1, 0}, 2, 3);
    Feed types = Feed.ofLongs(new long[6], 2, 3);
    OnnxModel trunk = Trunk.withFeatures(bert, head);
    assertThat(trunk.graph().initializers()).doesNotContainKey("pooler.dense.weight");
    assertThat(
            Reference.run(
                    trunk,
                    Map.of("input_ids", ids, "attention_mask", mask, "token_type_ids", types))
                .get(0))
        .hasSize(100);

    OnnxModel speech = SharedModels.read(SharedModels.SPEECH).upgradeTo(18);
    OnnxModel embedding =
        Trunk.withFeatures(speech, HeadFinder.find(speech, Optional.empty(), OptionalInt.empty()));
    assertThat(Reference.run(embedding, Map.of("input_1", Feed.random(1, 2, 76, 32, 1))).get(0))
        .hasSize(192);
  }
}
