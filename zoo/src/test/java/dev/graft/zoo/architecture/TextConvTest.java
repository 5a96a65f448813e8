package dev.graft.zoo.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.graft.onnx.HeadFinder;
import dev.graft.onnx.InputKind;
import dev.graft.onnx.Layers;
import dev.graft.onnx.LinearHead;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import dev.graft.onnx.Trunk;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class TextConvTest {
  private static final TextTask TASK = new TextTask(50, 4);
  private static final TextConv NARROW = TextConv.SMALL.withChannels(List.of(8, 12));

  private static LinearHead head(OnnxModel model) {
    return (LinearHead) HeadFinder.find(model, Optional.empty(), OptionalInt.empty());
  }

  private static float[][] features(OnnxModel model, long[]... texts) throws OrtException {
    return run(Trunk.withFeatures(model, head(model)), texts);
  }

  private static float[][] run(OnnxModel model, long[]... texts) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] ids = Arrays.stream(texts).flatMapToLong(Arrays::stream).toArray();
    try (OrtSession session = environment.createSession(model.toBytes());
        var tensor =
            ai.onnxruntime.OnnxTensor.createTensor(
                environment, LongBuffer.wrap(ids), new long[] {texts.length, texts[0].length});
        OrtSession.Result result = session.run(Map.of("input_ids", tensor))) {
      return (float[][]) result.get(0).getValue();
    }
  }

  /** Vectors and weights of some size, in which the influence of padding would show. */
  private static OnnxModel visible(OnnxModel model) {
    OnnxTensor bias = model.graph().constant("conv.bias").orElseThrow();
    OnnxTensor norm = model.graph().constant("norm.bias").orElseThrow();
    float[] halves = new float[12];
    Arrays.fill(halves, 0.5f);
    return model
        .edit()
        .setInitializer(bias.withFloats(halves))
        .setInitializer(norm.withFloats(Arrays.copyOf(halves, 8)))
        .build();
  }

  @Test
  void named_anySpelling_isTheTextArchitecture() {
    assertThat(TextArchitecture.names()).containsExactly("text-conv");
    assertThat(TextArchitecture.named("Text_Conv")).isSameAs(TextConv.SMALL);
    assertThat(TextConv.SMALL.describe())
        .isEqualTo(
            "convolutional network of text with two vectors of 256 numbers a token and 256 filters"
                + " over 3 tokens");
    assertThat(TextConv.SMALL.reference()).contains("https://arxiv.org/abs/1408.5882");
    assertThatThrownBy(() -> TextArchitecture.named("resnet-18"))
        .hasMessage("the architecture resnet-18 does not take texts: choose one of text-conv");
  }

  @Test
  void build_published_takesTokensAndHasALinearHead() {
    OnnxModel model = TextConv.SMALL.build(new TextTask(8_000, 150), 1);
    assertThat(InputKind.detect(model)).isEqualTo(InputKind.TOKENS);
    assertThat(model.graph().inputs()).hasSize(1);
    assertThat(head(model).weightName()).isEqualTo("fc.weight");
    assertThat(head(model).features()).isEqualTo(1_024);
    assertThat(Layers.trainableTensors(model))
        .containsExactlyInAnyOrder(
            "embeddings.weight",
            "gate.weight",
            "words.weight",
            "norm.weight",
            "norm.bias",
            "conv.weight",
            "conv.bias",
            "fc.weight",
            "fc.bias");
    assertThat(model.graph().constant("gate.weight").orElseThrow().toFloats()).containsOnly(1);
    assertThat(model.withHalfWeights().toBytes().length).isLessThan(9_000_000);
  }

  @Test
  void features_morePadding_areTheSame() throws OrtException {
    OnnxModel model = visible(NARROW.build(TASK, 3));
    float[] alone = features(model, new long[] {5, 9, 41})[0];
    float[][] padded =
        features(model, new long[] {5, 9, 41, 0, 0, 0, 0}, new long[] {7, 6, 5, 4, 3, 2, 1});
    assertThat(alone).hasSize(36);
    assertThat(padded[0]).usingComparatorWithPrecision(1e-6f).containsExactly(alone);
    assertThat(padded[1]).isNotEqualTo(padded[0]);
  }

  @Test
  void features_noTokens_areZero() throws OrtException {
    OnnxModel model = visible(NARROW.build(TASK, 3));
    assertThat(features(model, new long[] {0, 0, 0})[0])
        .usingComparatorWithPrecision(0f)
        .containsOnly(0);
  }

  @Test
  void features_weightedMean_isTheFormula() throws OrtException {
    OnnxModel model = NARROW.build(TASK, 3);
    OnnxTensor gates = model.graph().constant("gate.weight").orElseThrow();
    float[] weights = gates.toFloats();
    weights[9] = 3;
    weights[41] = -1;
    OnnxModel weighted = model.edit().setInitializer(gates.withFloats(weights)).build();
    float[] vectors = model.graph().constant("embeddings.weight").orElseThrow().toFloats();
    float[] found = features(weighted, new long[] {5, 9, 41, 0})[0];
    for (int i = 0; i < 8; i++) {
      double sum =
          1.001 * vectors[5 * 8 + i] + 3.001 * vectors[9 * 8 + i] + 0.001 * vectors[41 * 8 + i];
      assertThat((double) found[i])
          .isCloseTo(3 * sum / 4.004, org.assertj.core.data.Offset.offset(1e-6));
    }
  }

  @Test
  void features_words_areTheirDirectionAndTheirLargest() throws OrtException {
    OnnxModel model = NARROW.build(TASK, 3);
    float[] words = model.graph().constant("words.weight").orElseThrow().toFloats();
    float[] found = features(model, new long[] {5, 9, 0})[0];
    double square = 0;
    for (int i = 0; i < 8; i++) {
      square += Math.pow(words[5 * 8 + i] + words[9 * 8 + i], 2);
    }
    for (int i = 0; i < 8; i++) {
      double sum = words[5 * 8 + i] + words[9 * 8 + i];
      double largest = Math.max(0, Math.max(words[5 * 8 + i], words[9 * 8 + i]));
      assertThat((double) found[20 + i])
          .isCloseTo(4 * sum / Math.sqrt(square + 1e-4), org.assertj.core.data.Offset.offset(1e-5));
      assertThat((double) found[28 + i])
          .isCloseTo(largest, org.assertj.core.data.Offset.offset(1e-6));
    }
  }

  @Test
  void beginningWith_vectors_startsTablesAndGates() {
    float[] vectors = new float[50 * 8];
    Arrays.fill(vectors, 0.25f);
    float[] rarity = new float[50];
    Arrays.fill(rarity, 1);
    rarity[7] = 2;
    OnnxModel begun = NARROW.beginningWith(NARROW.build(TASK, 3), vectors, rarity);
    assertThat(begun.graph().constant("embeddings.weight").orElseThrow().toFloats())
        .containsExactly(vectors);
    assertThat(begun.graph().constant("gate.weight").orElseThrow().toFloats())
        .containsExactly(rarity);
    float[] words = begun.graph().constant("words.weight").orElseThrow().toFloats();
    assertThat(words[6 * 8]).isEqualTo(0.25f);
    assertThat(words[7 * 8]).isEqualTo(0.5f);
    assertThat(NARROW.tokenWidth()).isEqualTo(8);
    assertThatThrownBy(
            () -> NARROW.beginningWith(NARROW.build(TASK, 3), new float[49 * 8], new float[49]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("[50, 8]", "392 numbers and 49 weights");
  }

  @Test
  void build_sameSeed_givesTheSameBytes() {
    byte[] first = NARROW.build(TASK, 5).toBytes();
    assertThat(NARROW.build(TASK, 5).toBytes()).isEqualTo(first);
    assertThat(Arrays.equals(NARROW.build(TASK, 6).toBytes(), first)).isFalse();
  }

  @Test
  void new_outOfRange_isRefused() {
    assertThatThrownBy(() -> new TextConv(192, 256, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("an odd number of at most 15 tokens but")
        .hasMessageContaining("filters over 2 tokens");
    assertThatThrownBy(() -> TextConv.SMALL.withChannels(List.of(8)))
        .hasMessageContaining("text-conv has two widths");
    assertThatThrownBy(() -> new TextTask(1, 4))
        .hasMessage("a task needs at least 2 tokens and 2 classes but has 1 tokens and 4 classes");
    assertThat(TextConv.SMALL.withWidthTimes(0.5)).isEqualTo(new TextConv(128, 128, 3));
  }
}
