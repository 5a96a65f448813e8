package dev.graft.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.graft.data.audio.AudioPreprocessing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scores along sound are those of single windows, however the samples come. */
class SoundStreamScorerTest {
  private static final double TOLERANCE = 1e-6;

  @TempDir Path folder = Path.of(".");

  private static SoundStreamScorer open(Path folder) {
    return SoundStreamScorer.open(Bundle.open(folder), InferenceOptions.defaults().withThreads(1));
  }

  private static double[] inBlocks(SoundStreamScorer scorer, float[] sound, int block) {
    List<Double> scores = new ArrayList<>();
    for (int from = 0; from < sound.length; from += block) {
      for (double score : scorer.add(sound, from, Math.min(block, sound.length - from))) {
        scores.add(score);
      }
      assertThat(scorer.scored()).isEqualTo(scores.size());
    }
    return scores.stream().mapToDouble(Double::doubleValue).toArray();
  }

  // --- scores --------------------------------------------------------------------------------

  /** 2,003 samples are 500 hops: several runs of the model where all come at once. */
  @ParameterizedTest
  @CsvSource({
    "true, 1", "true, 3", "true, 4", "true, 17", "true, 501", "true, 2003",
    "false, 1", "false, 3", "false, 4", "false, 17", "false, 501", "false, 2003"
  })
  void add_anyBlockSize_givesTheScoresOfSingleWindows(boolean slides, int block)
      throws IOException {
    Path bundle = slides ? WakeWordBundles.sliding(folder) : WakeWordBundles.whole(folder);
    float[] sound = WakeWordBundles.noise(3, 2_003);
    // Sliding, a window is known when its third vector is, two samples before its end.
    int needed = slides ? WakeWordBundles.FIRST + 2 * WakeWordBundles.HOP : WakeWordBundles.WINDOW;
    int windows = (sound.length - needed) / WakeWordBundles.HOP + 1;
    double[] expected = WakeWordBundles.expected(bundle, sound, WakeWordBundles.HOP, windows);
    try (SoundStreamScorer scorer = open(bundle)) {
      assertThat(inBlocks(scorer, sound, block)).containsExactly(expected, within(TOLERANCE));
    }
    assertThat(Arrays.stream(expected).min().orElseThrow()).isLessThan(0.1);
    assertThat(Arrays.stream(expected).max().orElseThrow()).isGreaterThan(0.3);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void add_moreThanIsTakenInAtOnce_givesTheSameAsPieces(boolean slides) throws IOException {
    Path bundle = slides ? WakeWordBundles.sliding(folder) : WakeWordBundles.whole(folder);
    float[] sound = WakeWordBundles.noise(4, 270_001);
    try (SoundStreamScorer one = open(bundle);
        SoundStreamScorer other = open(bundle)) {
      double[] expected = inBlocks(other, sound, 90_000);
      double[] found = one.add(sound, 0, sound.length);
      assertThat(found).hasSameSizeAs(expected);
      double largest = 0;
      for (int i = 0; i < found.length; i++) {
        largest = Math.max(largest, Math.abs(found[i] - expected[i]));
      }
      assertThat(largest).isLessThan(TOLERANCE);
      assertThat(one.scored()).isEqualTo(expected.length);
    }
  }

  @Test
  void add_partOfAnArray_takesThatPartAlone() throws IOException {
    Path bundle = WakeWordBundles.sliding(folder);
    float[] sound = WakeWordBundles.noise(3, 60);
    float[] within = new float[100];
    System.arraycopy(sound, 0, within, 30, 60);
    try (SoundStreamScorer one = open(bundle);
        SoundStreamScorer other = open(bundle)) {
      assertThat(other.add(within, 30, 60)).containsExactly(one.add(sound, 0, 60));
      assertThatThrownBy(() -> one.add(sound, 50, 11))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> one.add(sound, 0, -1)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThat(one.add(sound, 60, 0)).isEmpty();
    }
  }

  /** The samples between two windows are skipped, in whatever blocks they come. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 41, 1_000})
  void add_hopBeyondTheWindow_scoresTheWindowsApart(int block) throws IOException {
    Path bundle =
        WakeWordBundles.write(
            folder,
            WakeWordBundles.model(),
            new DetectionRule("go", 0.5, WakeWordBundles.WINDOW, 40, 1, 1, 0));
    float[] sound = WakeWordBundles.noise(5, 1_000);
    double[] expected = WakeWordBundles.expected(bundle, sound, 40, 25);
    try (SoundStreamScorer scorer = open(bundle)) {
      assertThat(inBlocks(scorer, sound, block)).containsExactly(expected, within(TOLERANCE));
    }
  }

  /** It spoils the windows that hold it, not what comes after. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void add_notANumber_isForgottenAfterAWindow(boolean slides) throws IOException {
    Path bundle = slides ? WakeWordBundles.sliding(folder) : WakeWordBundles.whole(folder);
    float[] sound = WakeWordBundles.noise(3, 200);
    double[] expected = WakeWordBundles.expected(bundle, sound, WakeWordBundles.HOP, 46);
    float[] spoilt = sound.clone();
    spoilt[80] = Float.NaN;
    try (SoundStreamScorer scorer = open(bundle)) {
      double[] found = scorer.add(spoilt, 0, spoilt.length);
      assertThat(found[19]).isNaN();
      for (int window = 0; window < 46; window++) {
        int start = window * WakeWordBundles.HOP;
        if (start > 80 || start + WakeWordBundles.WINDOW <= 80) {
          assertThat(found[window]).isCloseTo(expected[window], within(TOLERANCE));
        }
      }
    }
  }

  @Test
  void endSeconds_window_isWhenItEnds() throws IOException {
    try (SoundStreamScorer scorer = open(WakeWordBundles.whole(folder))) {
      assertThat(scorer.sampleRate()).isEqualTo(1_000);
      assertThat(scorer.endSeconds(0)).isEqualTo(0.016);
      assertThat(scorer.endSeconds(10)).isEqualTo(0.056);
      // A week of hops is more than an int of samples holds.
      assertThat(scorer.endSeconds(1L << 33)).isCloseTo(34_359_738.384, within(1e-6));
    }
  }

  @Test
  void close_opened_cannotBeUsedAgain() throws IOException {
    SoundStreamScorer scorer = open(WakeWordBundles.sliding(folder));
    scorer.close();
    assertThatThrownBy(() -> scorer.add(new float[100], 0, 100))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed");
  }

  // --- bundles that do not fit ---------------------------------------------------------------

  @Test
  void open_bundleWithoutARule_saysWhatItIs() throws IOException {
    Path bundle = TestBundles.write(folder);
    assertThatThrownBy(() -> open(bundle).close())
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("Cannot listen with the bundle " + bundle)
        .hasMessageContaining("its labels are [red, green, blue]")
        .hasMessageContaining("give a folder that graft wakeword train --out wrote");
  }

  @Test
  void open_otherWindows_saysThatPartsDoNotBelongTogether() throws IOException {
    Path bundle = WakeWordBundles.sliding(folder);
    Files.writeString(
        bundle.resolve(BundleLayout.PREPROCESSOR_CONFIG),
        new AudioPreprocessing(WakeWordBundles.RATE, 32).toJson());
    assertThatThrownBy(
            () -> SoundStreamScorer.open(Bundle.read(bundle), InferenceOptions.defaults()).close())
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("do not belong together")
        .hasMessageContaining("config.json names windows of 16 samples")
        .hasMessageContaining("preprocessor_config.json of 32");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "graft.stream.first_samples||its metadata names no graft.stream.first_samples",
        "graft.stream.first_samples|0|its metadata names no graft.stream.first_samples",
        "graft.stream.first_samples|-6|its metadata names no graft.stream.first_samples",
        "graft.stream.first_samples|999999999|its metadata names no graft.stream.first_samples",
        "graft.stream.hop_samples|4.0|its metadata names no graft.stream.hop_samples",
        "graft.stream.hop_samples|5|vectors of 6 samples every 5, 3 of them, do not fit windows of 16 every 4",
        "graft.stream.first_samples|9|vectors of 9 samples every 4, 3 of them, do not fit",
      })
  void open_streamModelWithOtherMetadata_isRefused(String key, String value, String reason)
      throws IOException {
    Map<String, String> metadata = new java.util.HashMap<>(WakeWordBundles.metadata());
    metadata.put(key, value == null ? "" : value);
    assertStreamRefused(WakeWordBundles.stream(metadata, 1), reason);
  }

  @Test
  void open_streamModelOfAnotherForm_isRefused() throws IOException {
    GraphProto graph = WakeWordBundles.streamGraph(1).build();
    assertStreamRefused(
        graph.toBuilder().setInput(1, TestModels.value("past", TestModels.FLOAT, -1, 2, 2)),
        "it has no past_vectors of real numbers with 3 axes");
    assertStreamRefused(
        graph.toBuilder().setInput(0, TestModels.value("sound", TestModels.FLOAT, -1, -1)),
        "it has no waveform of real numbers with 2 axes");
    // Not used by a node, so that ONNX Runtime accepts any lengths; some products are 0 in 64 bits.
    for (int i = 0; i < graph.getNodeCount(); i++) {
      if (graph.getNode(i).getInput(0).equals("past_vectors")) {
        graph = graph.toBuilder().setNode(i, concatenated(graph.getNode(i))).build();
      }
    }
    for (long[] hostile : new long[][] {{1L << 62, 4}, {1L << 32, 1L << 32}, {-1, 2}, {2, -1}}) {
      assertStreamRefused(
          graph.toBuilder()
              .setInput(
                  1,
                  TestModels.value("past_vectors", TestModels.FLOAT, -1, hostile[0], hostile[1])),
          "do not fit windows of 16 every 4");
    }
  }

  private static NodeProto concatenated(NodeProto node) {
    return node.toBuilder().setInput(0, node.getInput(1)).build();
  }

  @Test
  void open_streamModelWithOtherOutputs_isRefused() throws IOException {
    GraphProto.Builder graph = WakeWordBundles.streamGraph(1);
    graph.removeNode(graph.getNodeCount() - 1);
    assertStreamRefused(
        graph
            .clone()
            .addNode(
                TestModels.node(
                    "Cast",
                    List.of("by_class"),
                    "logits",
                    TestModels.integer("to", TestModels.INT64)))
            .setOutput(1, TestModels.value("logits", TestModels.INT64, -1, -1, -1)),
        "it has no logits of real numbers with 3 axes");
    assertStreamRefused(
        graph
            .clone()
            .addNode(
                TestModels.node(
                    "Concat", List.of("all", "all"), "logits", TestModels.integer("axis", 2)))
            .setOutput(1, TestModels.value("logits", TestModels.FLOAT, -1, -1, 4)),
        "logits has rows of 4, expected 2");
  }

  /** Declared lengths that are free show only when it runs. */
  @Test
  void add_streamModelThatGivesTooMuch_isRefused() throws IOException {
    GraphProto.Builder graph = WakeWordBundles.streamGraph(1);
    graph
        .removeNode(graph.getNodeCount() - 1)
        .addNode(TestModels.node("Identity", List.of("all"), "logits"));
    writeStream(graph);
    try (SoundStreamScorer scorer = open(folder)) {
      assertThatThrownBy(() -> scorer.add(new float[40], 0, 40))
          .isInstanceOf(RuntimeModelException.class)
          .hasMessageContaining("expected logits [1, 9, 2]")
          .hasMessageContaining("restore the folder that graft wakeword train wrote");
    }
  }

  private void writeStream(GraphProto.Builder graph) throws IOException {
    WakeWordBundles.whole(folder);
    Files.write(
        folder.resolve(BundleLayout.STREAM_MODEL),
        TestModels.withMetadata(TestModels.model(graph), WakeWordBundles.metadata()));
  }

  private void assertStreamRefused(GraphProto.Builder graph, String reason) throws IOException {
    String input = graph.getInput(1).getName();
    for (int i = 0; i < graph.getNodeCount(); i++) {
      for (int j = 0; j < graph.getNode(i).getInputCount(); j++) {
        String name = graph.getNode(i).getInput(j);
        if (name.equals("past_vectors")) {
          graph.getNodeBuilder(i).setInput(j, input);
        } else if (name.equals("waveform")) {
          graph.getNodeBuilder(i).setInput(j, graph.getInput(0).getName());
        }
      }
    }
    assertStreamRefused(
        TestModels.withMetadata(TestModels.model(graph), WakeWordBundles.metadata()), reason);
  }

  private void assertStreamRefused(byte[] stream, String reason) throws IOException {
    Path bundle = WakeWordBundles.whole(folder);
    Path file = Files.write(bundle.resolve(BundleLayout.STREAM_MODEL), stream);
    assertThatThrownBy(() -> open(bundle).close())
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("The model for streams " + file + " is not usable")
        .hasMessageContaining(reason)
        .hasMessageContaining("restore the folder that graft wakeword train wrote");
  }
}
