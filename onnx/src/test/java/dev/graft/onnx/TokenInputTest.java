package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.onnx.Reference.Feed;
import dev.graft.onnx.text.TokenInput;
import dev.graft.onnx.text.TokenInput.Role;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** In this package, beside what runs models for tests. */
final class TokenInputTest {
  private static final Dimension[] DIMS = Graphs.dims(-1, -1);

  private static GraphBuilder graph(ElementType type) {
    return GraphBuilder.named("text")
        .input("input_ids", type, DIMS)
        .input("attention_mask", type, DIMS)
        .input("token_type_ids", type, DIMS)
        .input("position_ids", type, DIMS);
  }

  /** All four inputs side by side as floats, [N, 4 T]. */
  private static OnnxModel sideBySide(ElementType type) {
    return graph(type)
        .node(
            Node.of(
                    "Concat",
                    List.of("input_ids", "attention_mask", "token_type_ids", "position_ids"),
                    List.of("all"))
                .withInteger("axis", 1))
        .node(Node.of("Cast", List.of("all"), List.of("out")).withInteger("to", 1))
        .output("out", ElementType.FLOAT)
        .build(18);
  }

  @Test
  void single_everyInput_followsFromTheTokens() {
    for (ElementType type : List.of(ElementType.INT64, ElementType.INT32)) {
      OnnxModel model = sideBySide(type);
      TokenInput input = TokenInput.of(model);
      assertThat(input.inputs().keySet()).containsExactlyInAnyOrder(Role.values());
      assertThat(input.fixedTokens()).isEmpty();

      OnnxModel single = input.single(model, 9);
      assertThat(single.graph().inputs())
          .singleElement()
          .satisfies(one -> assertThat(one.name()).isEqualTo(TextTensors.TOKENS))
          .satisfies(one -> assertThat(one.type()).isEqualTo(ElementType.FLOAT));
      Feed tokens = Feed.of(new float[] {7, 16_000_003, 9, 5, 9, 9}, 2, 3);
      assertThat(Reference.run(single, Map.of(TextTensors.TOKENS, tokens)).get(0))
          .containsExactly(
              7,
              16_000_003,
              9,
              1,
              1,
              0,
              0,
              0,
              0,
              0,
              1,
              2, // the first text
              5,
              9,
              9,
              1,
              0,
              0,
              0,
              0,
              0,
              0,
              1,
              2);
    }
  }

  @Test
  void of_fixedLength_isTold() {
    OnnxModel model =
        GraphBuilder.named("text")
            .input("ids", ElementType.INT64, Graphs.dims(-1, 16))
            .node(Node.of("Cast", List.of("ids"), List.of("out")).withInteger("to", 1))
            .output("out", ElementType.FLOAT)
            .build(18);
    assertThat(TokenInput.of(model).fixedTokens()).hasValue(16);
  }

  @Test
  void of_strangeInput_isNamedWithItsShape() {
    OnnxModel model =
        graph(ElementType.INT64)
            .input("past_key", ElementType.FLOAT, Graphs.dims(-1, 2, 3))
            .node("Identity", List.of("past_key"), "out")
            .output("out", ElementType.FLOAT)
            .build(18);
    assertThatThrownBy(() -> TokenInput.of(model))
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContainingAll("past_key", "input_ids", "Export the encoder alone");
  }

  @Test
  void of_noTokens_isRefused() {
    OnnxModel model =
        GraphBuilder.named("text")
            .input("attention_mask", ElementType.INT64, DIMS)
            .node(Node.of("Cast", List.of("attention_mask"), List.of("out")).withInteger("to", 1))
            .output("out", ElementType.FLOAT)
            .build(18);
    assertThatThrownBy(() -> TokenInput.of(model)).hasMessageContaining("takes no token numbers");
  }

  @Test
  @Tag("reference-data")
  void single_realEncoders_giveWhatTheyGaveWithAllInputs() {
    for (String file : List.of(SharedModels.TINYBERT, SharedModels.WORD2VEC)) {
      OnnxModel model = SharedModels.read(file).upgradeTo(18);
      Head head = HeadFinder.find(model, Optional.empty(), OptionalInt.empty());
      Feed ids = Feed.ofLongs(new long[] {101, 7, 102, 101, 9, 0}, 2, 3);
      Feed mask = Feed.ofLongs(new long[] {1, 1, 1, 1, 1, 0}, 2, 3);
      Feed types = Feed.ofLongs(new long[6], 2, 3);
      Map<String, Feed> all =
          Map.of("input_ids", ids, "attention_mask", mask, "token_type_ids", types);
      Map<String, Feed> fed = new java.util.HashMap<>(all);
      fed.keySet().retainAll(model.graph().inputs().stream().map(ValueInfo::name).toList());
      float[] expected = Reference.run(Trunk.withFeatures(model, head), fed).get(0);

      OnnxModel single = TokenInput.of(model).single(model, 0);
      Head same = HeadFinder.find(single, Optional.empty(), OptionalInt.empty());
      Feed tokens = Feed.of(new float[] {101, 7, 102, 101, 9, 0}, 2, 3);
      float[] found =
          Reference.run(Trunk.withFeatures(single, same), Map.of(TextTensors.TOKENS, tokens))
              .get(0);
      assertThat(found).containsExactly(expected, within(1e-6f));
      assertThat(same.featureTensor()).isEqualTo(head.featureTensor());
    }
  }
}
