package dev.graft.transfer.wakeword;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.engine.FloatTensor;
import dev.graft.engine.Network;
import dev.graft.engine.Precision;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.frontend.SoundSequence;
import dev.graft.runtime.BundleLayout;
import dev.graft.runtime.InferenceOptions;
import dev.graft.runtime.InferenceSession;
import dev.graft.runtime.TensorDescription;
import dev.graft.runtime.TensorValue;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.export.ModelAssembler;
import dev.graft.transfer.training.ClassifierHead;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logits along sound are those of the network on single windows. */
final class StreamModelTest {
  private static final int HOPS = 20;
  private static final float TOLERANCE = 1e-4f;

  @TempDir static Path folder = Path.of(".");

  @SuppressWarnings("NullAway.Init")
  private static Backbone backbone;

  @SuppressWarnings("NullAway.Init")
  private static SoundSequence sequence;

  @BeforeAll
  static void load() {
    backbone = ToyPhrase.slidingBackbone(folder);
    sequence = backbone.soundSequence().orElseThrow();
  }

  private static float[] sound() {
    SplittableRandom random = new SplittableRandom(2);
    float[] sound = new float[sequence.firstSamples() + (HOPS - 1) * sequence.hopSamples()];
    for (int i = 0; i < sound.length; i++) {
      double loudness = 0.3 * Math.abs(Math.sin(i / 4_000.0));
      sound[i] = (float) (loudness * (2 * random.nextDouble() - 1));
    }
    return sound;
  }

  private static ClassifierHead head(List<Integer> hidden) {
    return ClassifierHead.create(backbone.featureWidth(), hidden, 2, 3);
  }

  /** Logits of the windows that begin at each hop, by the network of model.onnx. */
  private static float[] byWindow(ClassifierHead head, float[] sound, int windows) {
    int length = (int) backbone.preprocessing().shape()[0];
    float[] cut = new float[windows * length];
    for (int i = 0; i < windows; i++) {
      int start = i * sequence.hopSamples();
      // What lies behind the last vector counts for none.
      int there = Math.min(length, sound.length - start);
      System.arraycopy(sound, start, cut, i * length, there);
    }
    try (Network network =
        Network.load(ModelAssembler.network(backbone.trunk(), head), Precision.FP32)) {
      return network.run(new FloatTensor(cut, windows, length)).values();
    }
  }

  private static float[] floats(Map<String, TensorValue> found, String name) {
    return found.get(name) instanceof TensorValue.FloatValues floats
        ? floats.values()
        : new float[0];
  }

  /** Runs over the sound in blocks of hops, each with the vectors that came before. */
  private static float[] along(OnnxModel stream, float[] sound, int block) {
    int width = backbone.featureWidth() / sequence.windowVectors();
    float[] past = new float[(sequence.windowVectors() - 1) * width];
    float[] logits = new float[2 * HOPS];
    try (InferenceSession session =
        InferenceSession.open(
            stream.toBytes(), "stream", InferenceOptions.defaults().withThreads(1))) {
      for (int first = 0; first < HOPS; first += block) {
        int hops = Math.min(block, HOPS - first);
        int from = first * sequence.hopSamples();
        int samples = sequence.firstSamples() + (hops - 1) * sequence.hopSamples();
        Map<String, TensorValue> found =
            session.run(
                Map.of(
                    BundleLayout.WAVEFORM_INPUT,
                    TensorValue.ofFloats(
                        Arrays.copyOfRange(sound, from, from + samples), 1, samples),
                    BundleLayout.PAST_VECTORS,
                    TensorValue.ofFloats(past, 1, past.length / width, width)));
        float[] fresh = floats(found, BundleLayout.STREAM_VECTORS);
        assertThat(fresh).hasSize(hops * width);
        float[] all = Arrays.copyOf(past, past.length + fresh.length);
        System.arraycopy(fresh, 0, all, past.length, fresh.length);
        past = Arrays.copyOfRange(all, fresh.length, all.length);
        System.arraycopy(floats(found, BundleLayout.LOGITS), 0, logits, 2 * first, 2 * hops);
      }
    }
    return logits;
  }

  private static void assertIsTheNetwork(ClassifierHead head, int block) {
    int lead = sequence.windowVectors() - 1;
    float[] sound = sound();
    float[] found = along(StreamModel.of(sequence, head), sound, block);
    float[] expected = byWindow(head, sound, HOPS - lead);
    assertThat(Arrays.copyOfRange(found, 2 * lead, 2 * HOPS))
        .containsExactly(expected, within(TOLERANCE));
    assertThat(found[2 * lead]).isNotCloseTo(found[2 * lead + 8], within(0.01f));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, HOPS})
  void of_hiddenLayers_givesTheLogitsOfEachWindow(int block) {
    assertIsTheNetwork(head(List.of(12, 5)), block);
  }

  @Test
  void of_singleLayer_givesTheLogitsOfEachWindow() {
    assertIsTheNetwork(head(List.of()), 4);
  }

  @Test
  void of_backbone_saysHowItIsToBeRun() {
    OnnxModel stream = StreamModel.of(sequence, head(List.of(4)));
    try (InferenceSession session =
        InferenceSession.open(stream.toBytes(), "stream", InferenceOptions.defaults())) {
      assertThat(session.inputs())
          .extracting(TensorDescription::name)
          .containsExactly(BundleLayout.WAVEFORM_INPUT, BundleLayout.PAST_VECTORS);
      assertThat(session.outputs())
          .extracting(TensorDescription::name)
          .containsExactly(BundleLayout.STREAM_VECTORS, BundleLayout.LOGITS);
      assertThat(session.metadata())
          .containsEntry(
              BundleLayout.METADATA_FIRST_SAMPLES, String.valueOf(sequence.firstSamples()))
          .containsEntry(BundleLayout.METADATA_HOP_SAMPLES, String.valueOf(sequence.hopSamples()));
    }
  }
}
