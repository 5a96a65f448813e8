package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.onnx.Reference.Feed;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SlidingEncoderTest {
  private static final int WINDOW = 10;
  private static final int BANDS = 4;

  /**
   * x [N, 10, 4] - [N, 1, 10, 4] - Conv 3x4 (8 times) - LeakyRelu - MaxPool 2 (4 times) - Conv 4x1
   * (1 time) - [N, 5]; one time of the output takes two of the input.
   */
  private static GraphBuilder convolutional(Node firstConvolution) {
    return Graphs.withInput(-1, WINDOW, BANDS)
        .initializer(OnnxTensor.ofLongs("map", new long[] {-1, 1, WINDOW, BANDS}, 4))
        .node("Reshape", List.of("x", "map"), "maps")
        .initializer(Graphs.weight("w1", 1, 6, 1, 3, BANDS))
        .initializer(Graphs.weight("b1", 2, 6))
        .node(firstConvolution)
        .node(Node.of("LeakyRelu", List.of("c1"), List.of("a1")).withReal("alpha", 0.2f))
        .initializer(OnnxTensor.ofFloats("least", new float[] {-0.1f}, 1, 1, 1, 1))
        .node("Max", List.of("a1", "least"), "m1")
        .node(
            Node.of("MaxPool", List.of("m1"), List.of("p1"))
                .withIntegers("kernel_shape", 2, 1)
                .withIntegers("strides", 2, 1))
        .initializer(Graphs.weight("w2", 3, 5, 6, 4, 1))
        .node("Conv", List.of("p1", "w2"), "c2")
        .node("Flatten", List.of("c2"), "y")
        .output("y", ElementType.FLOAT, Graphs.dims(-1, 5));
  }

  private static Node plain() {
    return Node.of("Conv", List.of("maps", "w1", "b1"), List.of("c1"));
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 12, 24})
  void over_convolutional_givesWhatEachWindowGives(int length) {
    OnnxModel encoder = convolutional(plain()).build(18);
    OnnxModel sliding = SlidingEncoder.over(encoder, 1, length, 2).orElseThrow();
    int times = (length - WINDOW) / 2 + 1;
    Feed feed = Feed.random(7, 2, length, BANDS);
    float[] found = Reference.run(sliding, Map.of("x", feed)).get(0);
    assertThat(sliding.graph().outputs().get(0).describe())
        .isEqualTo("c2_sequence FLOAT [N, " + times + ", 5]");
    for (int row = 0; row < 2; row++) {
      for (int time = 0; time < times; time++) {
        int from = (row * length + 2 * time) * BANDS;
        float[] window = Arrays.copyOfRange(feed.floats(), from, from + WINDOW * BANDS);
        float[] expected =
            Reference.run(encoder, Map.of("x", Feed.of(window, 1, WINDOW, BANDS))).get(0);
        for (int i = 0; i < 5; i++) {
          assertThat(found[(row * times + time) * 5 + i])
              .isCloseTo(expected[i], org.assertj.core.data.Offset.offset(1e-5f));
        }
      }
    }
    assertThat(Layers.trainableTensors(sliding))
        .containsExactlyElementsOf(Layers.trainableTensors(encoder));
  }

  /** Steps that fill no further window are left out: 10 and 11 give one time, 12 and 13 two. */
  @ParameterizedTest
  @ValueSource(ints = {10, 11, 12, 13, 24, 25})
  void overAny_anyLength_givesWhatEachWindowGives(int length) {
    OnnxModel encoder = convolutional(plain()).build(18);
    OnnxModel sliding = SlidingEncoder.overAny(encoder, 1, 2).orElseThrow();
    int times = (length - WINDOW) / 2 + 1;
    Feed feed = Feed.random(7, 2, length, BANDS);
    float[] expected = new float[2 * times * 5];
    for (int row = 0; row < 2; row++) {
      for (int time = 0; time < times; time++) {
        int from = (row * length + 2 * time) * BANDS;
        float[] window = Arrays.copyOfRange(feed.floats(), from, from + WINDOW * BANDS);
        float[] vector =
            Reference.run(encoder, Map.of("x", Feed.of(window, 1, WINDOW, BANDS))).get(0);
        System.arraycopy(vector, 0, expected, (row * times + time) * 5, 5);
      }
    }
    assertThat(Reference.run(sliding, Map.of("x", feed)).get(0))
        .usingComparatorWithPrecision(1e-5f)
        .containsExactly(expected);
    assertThat(Layers.trainableTensors(sliding))
        .containsExactlyElementsOf(Layers.trainableTensors(encoder));
  }

  @Test
  void overAny_whatDoesNotSlide_isEmpty() {
    OnnxModel encoder = convolutional(plain()).build(18);
    assertThat(SlidingEncoder.overAny(encoder, 1, 1)).as("stride 1").isEmpty();
    assertThat(SlidingEncoder.overAny(encoder, 1, 4)).as("stride 4").isEmpty();
    Node padded = plain().withIntegers("pads", 1, 0, 1, 0);
    assertThat(SlidingEncoder.overAny(convolutional(padded).build(18), 1, 2)).isEmpty();
    OnnxModel free =
        Graphs.withInput(-1, BANDS, -1)
            .initializer(Graphs.weight("w", 2, 5, BANDS, WINDOW))
            .node("Conv", List.of("x", "w"), "y")
            .output("y", ElementType.FLOAT, Graphs.dims(-1, 5, -1))
            .build(18);
    assertThat(SlidingEncoder.overAny(free, 2, 1)).as("no window").isEmpty();
  }

  @Test
  void over_otherStrideOrLength_isEmpty() {
    OnnxModel encoder = convolutional(plain()).build(18);
    assertThat(SlidingEncoder.over(encoder, 1, 13, 1)).as("stride 1").isEmpty();
    assertThat(SlidingEncoder.over(encoder, 1, 16, 3)).as("stride 3").isEmpty();
    assertThat(SlidingEncoder.over(encoder, 1, 13, 2)).as("half a step").isEmpty();
    assertThat(SlidingEncoder.over(encoder, 1, 8, 2)).as("less than a window").isEmpty();
  }

  // With zeros around the window, its ends are not what they are inside a longer input.
  @Test
  void over_paddedInTime_isEmpty() {
    Node padded = plain().withIntegers("pads", 1, 0, 1, 0);
    GraphBuilder graph = convolutional(padded);
    assertThat(SlidingEncoder.over(graph.build(18), 1, 14, 2)).isEmpty();
    Node same = plain().withText("auto_pad", "SAME_UPPER");
    assertThat(SlidingEncoder.over(convolutional(same).build(18), 1, 14, 2)).isEmpty();
  }

  @Test
  void over_constantForEachTime_isEmpty() {
    OnnxModel model =
        Graphs.withInput(-1, BANDS, WINDOW)
            .initializer(Graphs.weight("position", 1, 1, 1, WINDOW))
            .node("Add", List.of("x", "position"), "placed")
            .initializer(Graphs.weight("w", 2, 5, BANDS, WINDOW))
            .node("Conv", List.of("placed", "w"), "y")
            .output("y", ElementType.FLOAT, Graphs.dims(-1, 5, 1))
            .build(18);
    assertThat(SlidingEncoder.over(model, 2, WINDOW + 1, 1)).isEmpty();
  }

  @Test
  void over_meanOverTheWindow_isEmpty() {
    OnnxModel model =
        Graphs.withInput(-1, BANDS, WINDOW)
            .initializer(Graphs.weight("w", 2, 5, BANDS, 3))
            .node("Conv", List.of("x", "w"), "c")
            .node("GlobalAveragePool", List.of("c"), "y")
            .output("y", ElementType.FLOAT, Graphs.dims(-1, 5, 1))
            .build(18);
    assertThat(SlidingEncoder.over(model, 2, WINDOW + 1, 1)).isEmpty();
  }

  @Test
  void over_sumOfTwoPaths_isEmpty() {
    OnnxModel model =
        Graphs.withInput(-1, BANDS, WINDOW)
            .initializer(Graphs.weight("w", 2, BANDS, BANDS, 1))
            .node("Conv", List.of("x", "w"), "c")
            .node("Add", List.of("c", "x"), "s")
            .initializer(Graphs.weight("w2", 3, 5, BANDS, WINDOW))
            .node("Conv", List.of("s", "w2"), "y")
            .output("y", ElementType.FLOAT, Graphs.dims(-1, 5, 1))
            .build(18);
    assertThat(SlidingEncoder.over(model, 2, WINDOW + 1, 1)).isEqualTo(Optional.empty());
  }
}
