package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.onnx.Reference.Feed;
import dev.graft.onnx.frontend.FrontEnd;
import dev.graft.onnx.frontend.LogMel;
import dev.graft.onnx.frontend.SoundBackbone;
import dev.graft.onnx.frontend.SoundInput;
import dev.graft.onnx.frontend.SoundSequence;
import dev.graft.onnx.frontend.TimePooling;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class SoundBackboneTest {
  private static final int BANDS = 6;
  private static final int WINDOW = 8;
  private static final int WIDTH = 5;
  private static final FrontEnd FRONT_END =
      FrontEnd.logMel(new LogMel(8_000, 64, 32, 64, BANDS, 100, 4_000));

  /** 20 frames: windows of 8 every 4 begin at 0, 4, 8 and 12. */
  private static final int SAMPLES = 64 + 19 * 32 + 5;

  private static final int WINDOWS = 4;

  /** Flattens a window and multiplies it, so that no sliding replaces it: to [N, 5]. */
  private static OnnxModel dense(long... shape) {
    return Graphs.withInput(shape)
        .node("Flatten", List.of("x"), "flat")
        .initializer(Graphs.weight("w", 1, WINDOW * BANDS, WIDTH))
        .node("MatMul", List.of("flat", "w"), "product")
        .node("Tanh", List.of("product"), "y")
        .output("y", ElementType.FLOAT, Graphs.dims(-1, WIDTH))
        .build(13);
  }

  private static float[] run(OnnxModel model, Feed waveform) {
    return Reference.run(model, Map.of(FrontEnd.WAVEFORM, waveform)).get(0);
  }

  /** What the dense encoder gives for each window, by example, window and feature. */
  private static float[][][] byWindow(Feed waveform, boolean bandsFirst) {
    float[] mel = run(FRONT_END.model(OptionalInt.empty()), waveform);
    float[] weight = Graphs.weight("w", 1, WINDOW * BANDS, WIDTH).toFloats();
    int rows = (int) waveform.shape()[0];
    int frames = mel.length / rows / BANDS;
    float[][][] features = new float[rows][WINDOWS][WIDTH];
    for (int row = 0; row < rows; row++) {
      for (int window = 0; window < WINDOWS; window++) {
        for (int i = 0; i < WIDTH; i++) {
          double sum = 0;
          for (int t = 0; t < WINDOW; t++) {
            for (int band = 0; band < BANDS; band++) {
              int place = bandsFirst ? band * WINDOW + t : t * BANDS + band;
              sum +=
                  (double) weight[place * WIDTH + i]
                      * mel[(row * frames + 4 * window + t) * BANDS + band];
            }
          }
          features[row][window][i] = (float) Math.tanh(sum);
        }
      }
    }
    return features;
  }

  @ParameterizedTest
  @CsvSource({
    "'-1,8,6', false",
    "'-1,8,6,1', false",
    "'-1,1,8,6', false",
    "'-1,6,8', true",
    "'-1,1,6,8', true"
  })
  void join_anyLayout_concatenatesTheWindows(String shape, boolean bandsFirst) {
    long[] dimensions = Arrays.stream(shape.split(",")).mapToLong(Long::parseLong).toArray();
    Feed waveform = Feed.random(5, 2, SAMPLES);
    SoundBackbone backbone = new SoundBackbone(FRONT_END, SAMPLES, 4, TimePooling.CONCATENATED);
    OnnxModel joined = backbone.join(dense(dimensions));
    assertThat(backbone.windows(dense(dimensions))).isEqualTo(WINDOWS);
    assertThat(joined.graph().outputs().get(0).describe()).isEqualTo("features FLOAT [N, 20]");
    float[][][] expected = byWindow(waveform, bandsFirst);
    float[] found = run(joined, waveform);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i])
          .isCloseTo(
              expected[i / 20][i / WIDTH % WINDOWS][i % WIDTH],
              org.assertj.core.data.Offset.offset(1e-5f));
    }
  }

  @ParameterizedTest
  @EnumSource(TimePooling.class)
  void join_anyPooling_isThatOfTheWindows(TimePooling pooling) {
    Feed waveform = Feed.random(6, 2, SAMPLES);
    OnnxModel joined =
        new SoundBackbone(FRONT_END, SAMPLES, 4, pooling).join(dense(-1, WINDOW, BANDS));
    float[][][] windows = byWindow(waveform, false);
    float[] found = run(joined, waveform);
    int width = found.length / 2;
    for (int row = 0; row < 2; row++) {
      assertThat(Arrays.copyOfRange(found, row * width, (row + 1) * width))
          .usingComparatorWithPrecision(1e-5f)
          .containsExactly(pooled(windows[row], pooling));
    }
  }

  private static float[] pooled(float[][] windows, TimePooling pooling) {
    float[] features = new float[pooling == TimePooling.CONCATENATED ? WINDOWS * WIDTH : 2 * WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      double mean = 0;
      double square = 0;
      for (int window = 0; window < WINDOWS; window++) {
        mean += windows[window][i] / WINDOWS;
        square += (double) windows[window][i] * windows[window][i] / WINDOWS;
        if (pooling == TimePooling.CONCATENATED) {
          features[window * WIDTH + i] = windows[window][i];
        }
      }
      if (pooling != TimePooling.CONCATENATED) {
        features[i] = (float) mean;
        features[WIDTH + i] = (float) Math.sqrt(square - mean * mean + 1e-5);
      }
    }
    return pooling == TimePooling.MEAN ? Arrays.copyOf(features, WIDTH) : features;
  }

  @Test
  void join_anyEncoder_onlyItsWeightsTrainAndTheBlocksBeginBehindTheFrontEnd() {
    OnnxModel joined =
        new SoundBackbone(FRONT_END, SAMPLES, 4, TimePooling.MEAN_AND_DEVIATION)
            .join(dense(-1, WINDOW, BANDS));
    assertThat(Layers.trainableTensors(joined)).containsExactly("w");
    assertThat(Layers.blocks(joined)).hasSize(1);
    assertThat(Layers.blocks(joined).get(0).inputTensor()).isEqualTo("flat");
    assertThat(joined.graph().constant("w").orElseThrow().toFloats())
        .isEqualTo(Graphs.weight("w", 1, WINDOW * BANDS, WIDTH).toFloats());
    assertThat(SoundInput.of(joined))
        .contains(new SoundInput("log-mel/1", 8_000, OptionalInt.of(SAMPLES)));
    assertThat(HeadFinder.find(joined, Optional.empty(), OptionalInt.empty()).featureTensor())
        .isEqualTo("features");
    assertThat(GraphPreparation.forTraining().attempt(joined).problem()).isEmpty();
  }

  // An encoder that slides by itself keeps the examples in the first dimension.
  @Test
  void join_convolutional_slides() {
    OnnxModel encoder =
        Graphs.withInput(-1, BANDS, WINDOW)
            .initializer(Graphs.weight("w", 1, 7, BANDS, WINDOW))
            .node(Node.of("Conv", List.of("x", "w"), List.of("y")).withIntegers("strides", 4))
            .output("y", ElementType.FLOAT, Graphs.dims(-1, 7, 1))
            .build(18);
    OnnxModel sliding =
        new SoundBackbone(FRONT_END, SAMPLES, 4, TimePooling.CONCATENATED).join(encoder);
    OnnxModel windows =
        new SoundBackbone(FRONT_END, SAMPLES, 4, TimePooling.CONCATENATED).join(hidden(encoder));
    assertThat(ShapeInference.of(sliding.graph()).facts("y").dimensions())
        .containsExactly(TensorFacts.UNKNOWN, 7, WINDOWS); // not [4 N, 7, 1]
    assertThat(ShapeInference.of(windows.graph()).facts("y").dimensions())
        .containsExactly(TensorFacts.UNKNOWN, 7, 1);
    Feed waveform = Feed.random(8, 3, SAMPLES);
    assertThat(run(sliding, waveform))
        .usingComparatorWithPrecision(1e-5f)
        .containsExactly(run(windows, waveform));
  }

  /** Windows of 8 frames to [N, 7] by a convolution, one every 4 frames. */
  private static OnnxModel sliding(int bands, long... shape) {
    return Graphs.withInput(shape)
        .initializer(OnnxTensor.ofLongs("map", new long[] {0, bands, WINDOW}, 3))
        .node("Reshape", List.of("x", "map"), "maps")
        .initializer(Graphs.weight("w", 1, 7, bands, WINDOW))
        .node(Node.of("Conv", List.of("maps", "w"), List.of("c")).withIntegers("strides", 4))
        .node("Relu", List.of("c"), "r")
        .node("Flatten", List.of("r"), "y")
        .output("y", ElementType.FLOAT, Graphs.dims(-1, 7))
        .build(18);
  }

  /** All windows at every hop, in two recordings at once, with and without samples to spare. */
  @ParameterizedTest
  @CsvSource({"'-1,6,8', 0", "'-1,6,8', 127", "'-1,1,6,8', 1", "'-1,6,8,1', 64"})
  void sequence_convolutional_givesWhatJoinGivesForEachWindow(String shape, int spare) {
    long[] dimensions = Arrays.stream(shape.split(",")).mapToLong(Long::parseLong).toArray();
    OnnxModel encoder = sliding(BANDS, dimensions);
    SoundBackbone backbone = new SoundBackbone(FRONT_END, SAMPLES, 4, TimePooling.CONCATENATED);
    SoundSequence sequence = backbone.sequence(encoder).orElseThrow();
    assertThat(sequence.hopSamples()).isEqualTo(4 * 32);
    assertThat(sequence.firstSamples()).isEqualTo(64 + 7 * 32);
    assertThat(sequence.windowVectors()).isEqualTo(WINDOWS);
    assertThat(sequence.model().graph().outputs().get(0).describe()).endsWith("FLOAT [N, T, 7]");

    int hops = 9;
    int samples = sequence.firstSamples() + (hops - 1) * sequence.hopSamples() + spare;
    Feed waveform = Feed.random(8, 2, samples);
    float[] vectors = run(sequence.model(), waveform);
    assertThat(vectors).hasSize(2 * hops * 7);
    OnnxModel joined = backbone.join(encoder);
    for (int row = 0; row < 2; row++) {
      for (int hop = 0; hop + WINDOWS <= hops; hop++) {
        int from = row * samples + hop * sequence.hopSamples();
        int there = Math.min(SAMPLES, (row + 1) * samples - from);
        // What lies behind the last vector's frames counts for none.
        float[] window =
            Arrays.copyOf(Arrays.copyOfRange(waveform.floats(), from, from + there), SAMPLES);
        int first = (row * hops + hop) * 7;
        assertThat(Arrays.copyOfRange(vectors, first, first + WINDOWS * 7))
            .usingComparatorWithPrecision(1e-5f)
            .containsExactly(run(joined, Feed.of(window, 1, SAMPLES)));
      }
    }
  }

  @Test
  void sequence_shorterThanAVector_isTheLeastLength() {
    SoundBackbone backbone = new SoundBackbone(FRONT_END, SAMPLES, 4, TimePooling.CONCATENATED);
    SoundSequence sequence = backbone.sequence(sliding(BANDS, -1, BANDS, WINDOW)).orElseThrow();
    assertThat(run(sequence.model(), Feed.random(1, 1, sequence.firstSamples()))).hasSize(7);
    Feed less = Feed.random(1, 1, sequence.firstSamples() - 1);
    assertThatThrownBy(() -> run(sequence.model(), less)).isInstanceOf(AssertionError.class);
  }

  // Whisper's frames mirror the ends of an example, openWakeWord's look at its largest value.
  @ParameterizedTest
  @CsvSource({
    "google-speech-embedding/1, true",
    "log-mel/1, true",
    "ast/1, true",
    "whisper/1, false",
    "open-wake-word/1, false"
  })
  void sequence_frontEndThatLooksBeyondItsFrame_isEmpty(String name, boolean found) {
    FrontEnd frontEnd = FrontEnd.named(name);
    OnnxModel encoder = sliding(frontEnd.bands(), -1, frontEnd.bands(), WINDOW);
    SoundBackbone backbone = new SoundBackbone(frontEnd, 8_000, 4, TimePooling.CONCATENATED);
    assertThat(backbone.windows(encoder)).isGreaterThan(5);
    assertThat(backbone.sequence(encoder).isPresent()).isEqualTo(found);
  }

  @Test
  void sequence_whatDoesNotSlide_isEmpty() {
    SoundBackbone backbone = new SoundBackbone(FRONT_END, SAMPLES, 4, TimePooling.CONCATENATED);
    assertThat(backbone.sequence(dense(-1, WINDOW, BANDS))).as("a product").isEmpty();
    SoundBackbone finer = new SoundBackbone(FRONT_END, SAMPLES, 2, TimePooling.CONCATENATED);
    OnnxModel encoder = sliding(BANDS, -1, BANDS, WINDOW);
    assertThat(finer.sequence(encoder)).as("another stride").isEmpty();
    SoundBackbone single = new SoundBackbone(FRONT_END, 64 + 7 * 32, 4, TimePooling.CONCATENATED);
    assertThat(single.sequence(encoder)).as("a single window").isEmpty();
    OnnxModel open =
        Graphs.withInput(-1, BANDS, -1)
            .node("Tanh", List.of("x"), "y")
            .output("y", ElementType.FLOAT, Graphs.dims(-1, BANDS, -1))
            .build(18);
    assertThat(backbone.sequence(open)).as("any number of frames").isEmpty();
  }

  /** The same, but for a softmax over the single time, which is not known to slide. */
  private static OnnxModel hidden(OnnxModel encoder) {
    ModelEditor editor = encoder.edit();
    editor.addNode(
        Node.of("ReduceMax", List.of("y"), List.of("z"))
            .withIntegers("axes", 2)
            .withInteger("keepdims", 1));
    return editor
        .setOutputs(List.of(ValueInfo.of("z", ElementType.FLOAT, Graphs.dims(-1, 7, 1))))
        .setOpset(13)
        .build();
  }

  @Test
  void join_anyNumberOfFrames_getsTheWholeSpectrogram() {
    OnnxModel encoder =
        GraphBuilder.named("sequence")
            .input(
                "x",
                ElementType.FLOAT,
                Dimension.named("N"),
                Dimension.named("T"),
                Dimension.of(BANDS))
            .node("Tanh", List.of("x"), "y")
            .output(
                "y",
                ElementType.FLOAT,
                Dimension.named("N"),
                Dimension.named("T"),
                Dimension.of(BANDS))
            .build(18);
    Feed waveform = Feed.random(9, 2, SAMPLES);
    OnnxModel joined = new SoundBackbone(FRONT_END, SAMPLES, 1, TimePooling.MEAN).join(encoder);
    float[] mel = run(FRONT_END.model(OptionalInt.empty()), waveform);
    float[] expected = new float[2 * BANDS];
    for (int i = 0; i < mel.length; i++) {
      expected[i / (20 * BANDS) * BANDS + i % BANDS] += (float) Math.tanh(mel[i]) / 20;
    }
    assertThat(run(joined, waveform)).usingComparatorWithPrecision(1e-5f).containsExactly(expected);
  }

  @Test
  void join_tooShortForAWindow_isFilledWithSilence() {
    Feed waveform = Feed.random(10, 1, 100);
    Feed longer = Feed.of(Arrays.copyOf(waveform.floats(), 64 + 7 * 32), 1, 64 + 7 * 32);
    OnnxModel encoder = dense(-1, WINDOW, BANDS);
    OnnxModel filled = new SoundBackbone(FRONT_END, 100, 4, TimePooling.MEAN).join(encoder);
    OnnxModel whole = new SoundBackbone(FRONT_END, 64 + 7 * 32, 4, TimePooling.MEAN).join(encoder);
    assertThat(run(filled, waveform))
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(run(whole, longer));
  }

  // ASTFeatureExtractor fills up the spectrogram with zeros before it is normalised.
  @Test
  void join_tooShortForAst_isFilledWithItsFrames() {
    OnnxModel encoder =
        Graphs.withInput(-1, 20, 128)
            .node("Identity", List.of("x"), "y")
            .output("y", ElementType.FLOAT, Graphs.dims(-1, 20, 128))
            .build(18);
    Feed waveform = Feed.random(11, 1, 2_000);
    OnnxModel joined =
        new SoundBackbone(FrontEnd.AST, 2_000, 1, TimePooling.CONCATENATED).join(encoder);
    float[] mel = run(FrontEnd.AST.model(OptionalInt.empty()), waveform);
    float[] expected = Arrays.copyOf(mel, 20 * 128);
    Arrays.fill(expected, mel.length, expected.length, 4.2677393f / (2 * 4.5689974f));
    assertThat(mel.length).isEqualTo(11 * 128);
    assertThat(run(joined, waveform)).usingComparatorWithPrecision(1e-6f).containsExactly(expected);
  }

  @Test
  void join_maps_placesCountAsTimes() {
    OnnxModel encoder =
        Graphs.withInput(-1, 1, WINDOW, BANDS)
            .initializer(Graphs.weight("w", 1, 7, 1, 3, 3))
            .node("Conv", List.of("x", "w"), "y")
            .output("y", ElementType.FLOAT, Graphs.dims(-1, 7, 6, 4))
            .build(18);
    OnnxModel joined =
        new SoundBackbone(FRONT_END, SAMPLES, 4, TimePooling.MEAN_AND_DEVIATION).join(encoder);
    assertThat(joined.graph().outputs().get(0).describe()).isEqualTo("features FLOAT [N, 14]");
    assertThat(run(joined, Feed.random(12, 3, SAMPLES))).hasSize(3 * 14);
  }

  @Test
  void join_whatDoesNotFit_isRefused() {
    SoundBackbone backbone = new SoundBackbone(FRONT_END, SAMPLES, 4, TimePooling.MEAN);
    assertThatThrownBy(() -> backbone.join(dense(-1, 4, 12)))
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("takes x FLOAT [N, 4, 12]; expected a spectrogram of the front end")
        .hasMessageContaining("log-mel/1, [N, T, 6], [N, 6, T], or one with a further axis");
    OnnxModel two =
        Graphs.withInput(-1, WINDOW, BANDS)
            .input("z", ElementType.FLOAT, Graphs.dims(-1, WINDOW, BANDS))
            .node("Add", List.of("x", "z"), "y")
            .output("y", ElementType.FLOAT, Graphs.dims(-1, WINDOW, BANDS))
            .build(18);
    assertThatThrownBy(() -> backbone.join(two)).hasMessageContaining("expected one spectrogram");
    SoundBackbone single =
        new SoundBackbone(FRONT_END, 64 + 7 * 32, 4, TimePooling.MEAN_AND_DEVIATION);
    assertThatThrownBy(() -> single.join(dense(-1, WINDOW, BANDS)))
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("for a single time, whose deviation is always 0. Pool by MEAN");
    assertThatThrownBy(() -> new SoundBackbone(FRONT_END, 63, 4, TimePooling.MEAN))
        .hasMessage(
            "a backbone of sound needs examples of at least 64 samples and windows at least 1 frame"
                + " apart, but has 63 samples and 4 frames");
  }
}
