package dev.graft.transfer.explanation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.engine.FloatTensor;
import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Grad-CAM of networks that are small enough to work it out by hand. */
class GradCamTest {
  private static final int SIDE = 8;
  private static final int CHANNELS = 3;
  private static final long[] SHAPE = {1, CHANNELS, SIDE, SIDE};

  private static GradCam of(OnnxModel network) {
    return GradCam.of(network, Optional.of(MapPlane.Input.of(network, SIDE, SIDE)), SHAPE);
  }

  /**
   * Patches of 2 x 2 pixels are summed by channel, averaged over all places and weighted: the
   * gradient of a logit with respect to map k is w_k / 16 everywhere, so that Grad-CAM is
   * relu(sum_k w_k A_k) / 16.
   */
  @Test
  void of_pooledConvolution_isTheWeightedSumOfItsMaps() {
    FloatTensor image = noise();
    try (GradCam gradCam = of(convolution(false))) {
      for (int label = 0; label < 2; label++) {
        HeatGrid map = map(gradCam.of(image, label));
        assertThat(map.rows()).isEqualTo(4);
        assertThat(map.columns()).isEqualTo(4);
        for (int place = 0; place < 16; place++) {
          double sum = 0;
          for (int channel = 0; channel < CHANNELS; channel++) {
            sum += WEIGHTS[label * CHANNELS + channel] * patch(image, channel, place);
          }
          assertThat((double) map.values()[place]).isCloseTo(Math.max(0, sum) / 16, within(1e-5));
        }
      }
    }
  }

  /** Windows of 2 pixels side by side: each centre is that of its patch. */
  @Test
  void of_pooledConvolution_liesOnTheCentresOfItsFields() {
    try (GradCam gradCam = of(convolution(false))) {
      HeatGrid.Axis rows = map(gradCam.of(noise(), 0)).vertical();
      assertThat(rows.centre(0)).isCloseTo(0.125, within(1e-9));
      assertThat(rows.centre(3)).isCloseTo(0.875, within(1e-9));
    }
  }

  @Test
  void of_flattenedMaps_takesTheMapsBeforeFlattening() {
    try (GradCam flat = of(convolution(true));
        GradCam pooled = of(convolution(false))) {
      FloatTensor image = noise();
      assertThat(map(flat.of(image, 1)).values())
          .usingComparatorWithPrecision(1e-5f)
          .containsExactly(map(pooled.of(image, 1)).values());
    }
  }

  /**
   * Tokens after a class token; one constant matrix mixes them, then the class token alone decides.
   * Behind the mixing no gradient reaches the places, so the tensor before it must be taken.
   */
  @Test
  void of_classToken_takesTheLastTokensThatTheLogitStillSees() {
    FloatTensor image = noise();
    try (GradCam gradCam = of(transformer(1, true))) {
      GradCam.Result result = gradCam.of(image, 0);
      assertThat(((ClassActivation.Found) result.activation()).tensor()).isEqualTo("tokens");
      HeatGrid map = map(result);
      assertThat(map.rows()).isEqualTo(4);
      for (int place = 0; place < 16; place++) {
        // The class token takes (place + 1) / 100 of each place, and its own channels are weighted.
        double meanShare = 8.5 / 100;
        double sum = 0;
        for (int channel = 0; channel < CHANNELS; channel++) {
          sum += meanShare * WEIGHTS[channel] * patch(image, channel, place);
        }
        assertThat((double) map.values()[place]).isCloseTo(Math.max(0, sum), within(1e-5));
      }
    }
  }

  @Test
  void of_tokensThatCannotBePlaced_hasNoMapAndSaysSo() {
    // Class tokens behind the places, and four other tokens instead of one or two.
    for (OnnxModel network : List.of(transformer(1, false), transformer(4, true))) {
      try (GradCam gradCam = of(network)) {
        GradCam.Result result = gradCam.of(noise(), 1);
        assertThat(result.logits().shape()).containsExactly(1, 2);
        assertThat(((ClassActivation.Absent) result.activation()).reason())
            .contains("cannot be had", "traced back to its input");
      }
    }
  }

  private static HeatGrid map(GradCam.Result result) {
    return ((ClassActivation.Found) result.activation()).map();
  }

  private static final float[] WEIGHTS = {1.5f, -0.5f, 0.25f, -1, 0.75f, 2};

  private static FloatTensor noise() {
    SplittableRandom random = new SplittableRandom(3);
    float[] values = new float[CHANNELS * SIDE * SIDE];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return new FloatTensor(values, SHAPE);
  }

  /** The sum of the 2 x 2 pixels of a place, counted row by row, in one channel. */
  private static double patch(FloatTensor image, int channel, int place) {
    double sum = 0;
    for (int y = 0; y < 2; y++) {
      for (int x = 0; x < 2; x++) {
        int row = place / 4 * 2 + y;
        int column = place % 4 * 2 + x;
        sum += image.values()[(channel * SIDE + row) * SIDE + column];
      }
    }
    return sum;
  }

  private static GraphBuilder patches() {
    float[] filters = new float[CHANNELS * CHANNELS * 4];
    for (int channel = 0; channel < CHANNELS; channel++) {
      for (int i = 0; i < 4; i++) {
        filters[(channel * CHANNELS + channel) * 4 + i] = 1;
      }
    }
    return GraphBuilder.named("patches")
        .input(
            "image",
            ElementType.FLOAT,
            Dimension.named("N"),
            Dimension.of(CHANNELS),
            Dimension.of(SIDE),
            Dimension.of(SIDE))
        .initializer(OnnxTensor.ofFloats("filters", filters, CHANNELS, CHANNELS, 2, 2))
        .initializer(OnnxTensor.ofFloats("weights", WEIGHTS, 2, CHANNELS))
        .node(
            Node.of("Conv", List.of("image", "filters"), List.of("maps"))
                .withIntegers("strides", 2, 2));
  }

  private static OnnxModel classified(GraphBuilder graph, String features) {
    return graph
        .node(
            Node.of("Gemm", List.of(features, "weights"), List.of("logits"))
                .withInteger("transB", 1))
        .output("logits", ElementType.FLOAT, Dimension.named("N"), Dimension.of(2))
        .build(18);
  }

  private static OnnxModel convolution(boolean flattened) {
    GraphBuilder graph = patches();
    if (flattened) {
      graph
          .initializer(OnnxTensor.ofLongs("shape", new long[] {0, CHANNELS, 16}, 3))
          .initializer(OnnxTensor.ofLongs("last", new long[] {2}, 1))
          .node("Reshape", List.of("maps", "shape"), "flat")
          .node(
              Node.of("ReduceMean", List.of("flat", "last"), List.of("features"))
                  .withInteger("keepdims", 0));
    } else {
      graph.node("GlobalAveragePool", List.of("maps"), "pooled");
      graph.node(Node.of("Flatten", List.of("pooled"), List.of("features")));
    }
    return classified(graph, "features");
  }

  /** So many other tokens in front of the places or behind; the first of all tokens decides. */
  private static OnnxModel transformer(int others, boolean inFront) {
    int count = 16 + others;
    float[] mixing = new float[count * count];
    for (int i = 0; i < count; i++) {
      mixing[i] = i < others ? 0 : (i - others + 1) / 100f;
      mixing[i * count + i] = 1;
    }
    List<String> joined = inFront ? List.of("class", "places") : List.of("places", "class");
    GraphBuilder graph =
        patches()
            .initializer(OnnxTensor.ofLongs("shape", new long[] {0, CHANNELS, 16}, 3))
            .initializer(
                OnnxTensor.ofFloats("class", new float[others * CHANNELS], 1, others, CHANNELS))
            .initializer(OnnxTensor.ofFloats("mixing", mixing, count, count))
            .initializer(OnnxTensor.ofLongs("first", new long[] {0}))
            .node("Reshape", List.of("maps", "shape"), "flat")
            .node(
                Node.of("Transpose", List.of("flat"), List.of("places"))
                    .withIntegers("perm", 0, 2, 1))
            .node(Node.of("Concat", joined, List.of("tokens")).withInteger("axis", 1))
            .node("MatMul", List.of("mixing", "tokens"), "mixed")
            .node(
                Node.of("Gather", List.of("mixed", "first"), List.of("decides"))
                    .withInteger("axis", 1));
    return classified(graph, "decides");
  }
}
