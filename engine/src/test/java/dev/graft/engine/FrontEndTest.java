package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.frontend.FrontEnd;
import dev.graft.onnx.frontend.SoundBackbone;
import dev.graft.onnx.frontend.SoundSequence;
import dev.graft.onnx.frontend.TimePooling;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The front ends of {@code onnx} give what independent programs give for them, in the engine and in
 * ONNX Runtime. How the golden values were made stands beside them.
 */
class FrontEndTest {
  /** Absolute; the values lie between -14 and 12. */
  private static final float TOLERANCE = 1e-4f;

  static List<String> names() {
    return FrontEnd.names();
  }

  // Golden values

  @ParameterizedTest
  @MethodSource("names")
  void run_engine_equalsTheReference(String name) throws IOException {
    FloatTensor samples = waveform();
    OnnxModel model = FrontEnd.named(name).model(OptionalInt.of(samples.width()));
    for (Precision precision : Precision.values()) {
      try (Network network = Network.load(model, precision)) {
        assertIsReference(name, network.run(samples));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void run_onnxRuntime_equalsTheReference(String name) throws Exception {
    OnnxModel open = FrontEnd.named(name).model(OptionalInt.empty());
    assertIsReference(name, OnnxRuntime.run(open, waveform()));
  }

  private static void assertIsReference(String name, FloatTensor values) throws IOException {
    FrontEnd frontEnd = FrontEnd.named(name);
    ByteBuffer golden = golden(name.replace('/', '-') + ".f32");
    float[] expected = new float[golden.remaining() / Float.BYTES];
    golden.asFloatBuffer().get(expected);
    assertThat(values.shape()).containsExactly(1, frontEnd.frames(6_000), frontEnd.bands());
    assertThat(values.values()).usingComparatorWithPrecision(TOLERANCE).containsExactly(expected);
  }

  private static FloatTensor waveform() throws IOException {
    ByteBuffer golden = golden("waveform.i16");
    float[] samples = new float[golden.remaining() / Short.BYTES];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = golden.getShort() / 32_768f;
    }
    return new FloatTensor(samples, 1, samples.length);
  }

  private static ByteBuffer golden(String file) throws IOException {
    try (InputStream stream = FrontEndTest.class.getResourceAsStream("frontend/" + file)) {
      return ByteBuffer.wrap(Objects.requireNonNull(stream, file).readAllBytes())
          .order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  // The published encoder

  @Tag("reference-data")
  @Test
  void openWakeWord_anySound_isThePublishedFile() throws Exception {
    OnnxModel published = shared("speech-embedding-mel-spectrogram.onnx");
    FloatTensor sound = noise(1, 16_000);
    float[] scaled = sound.values().clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= 32_768;
    }
    float[] expected = OnnxRuntime.run(published, new FloatTensor(scaled, 1, 16_000)).values();
    for (int i = 0; i < expected.length; i++) {
      expected[i] = expected[i] / 10 + 2;
    }
    OnnxModel own = FrontEnd.OPEN_WAKE_WORD.model(OptionalInt.empty());
    // A few units in the last place of values around 10.
    assertThat(OnnxRuntime.run(own, sound).values())
        .usingComparatorWithPrecision(1e-5f)
        .containsExactly(expected);
  }

  @Tag("reference-data")
  @ParameterizedTest
  @CsvSource({"google-speech-embedding/1, 7", "open-wake-word/1, 7"})
  void join_speechEmbedding_givesWhatTheEncoderGivesForEachWindow(String name, int windows)
      throws Exception {
    FrontEnd frontEnd = FrontEnd.named(name);
    int samples = 20_800;
    OnnxModel encoder = shared("speech-embedding.onnx");
    SoundBackbone parts =
        SoundBackbone.ofSpeechEmbedding(frontEnd, samples, TimePooling.CONCATENATED);
    FloatTensor sounds = noise(2, samples);
    FloatTensor mel = OnnxRuntime.run(frontEnd.model(OptionalInt.of(samples)), sounds);
    FloatTensor expected = OnnxRuntime.run(encoder, windows(mel, windows));
    assertThat(parts.windows(encoder)).isEqualTo(windows);
    OnnxModel joined = parts.join(encoder);
    FloatTensor features = OnnxRuntime.run(joined, sounds);
    assertThat(features.shape()).containsExactly(2L, 96L * windows);
    // Of values up to 50.
    assertThat(features.values())
        .usingComparatorWithPrecision(1e-3f)
        .containsExactly(expected.values());
    assertRunsInTheEngine(joined, sounds, features);
  }

  @Tag("reference-data")
  @ParameterizedTest
  @EnumSource(TimePooling.class)
  void join_anyPooling_isTheSameInTheEngine(TimePooling pooling) throws Exception {
    FloatTensor sounds = noise(3, 18_000);
    OnnxModel joined =
        SoundBackbone.ofSpeechEmbedding(FrontEnd.SPEECH_EMBEDDING, 18_000, pooling)
            .join(shared("speech-embedding.onnx"));
    assertRunsInTheEngine(joined, sounds, OnnxRuntime.run(joined, sounds));
  }

  /** The published encoder along 1.9 s gives the features of the windows of 1.3 s at every hop. */
  @Tag("reference-data")
  @Test
  void sequence_speechEmbedding_givesTheFeaturesOfEachWindow() {
    SoundBackbone parts =
        SoundBackbone.ofSpeechEmbedding(
            FrontEnd.SPEECH_EMBEDDING, 20_800, TimePooling.CONCATENATED);
    OnnxModel encoder = shared("speech-embedding.onnx");
    SoundSequence sequence = parts.sequence(encoder).orElseThrow();
    assertThat(sequence.hopSamples()).isEqualTo(1_280);
    assertThat(sequence.firstSamples()).isEqualTo(400 + 75 * 160);
    assertThat(sequence.windowVectors()).isEqualTo(7);
    int samples = 30_000;
    int windows = (samples - 20_800) / 1_280 + 1;
    float[] sound = noise(1, samples).values();
    float[] cut = new float[windows * 20_800];
    for (int window = 0; window < windows; window++) {
      System.arraycopy(sound, window * 1_280, cut, window * 20_800, 20_800);
    }
    try (Network along = Network.load(sequence.model(), Precision.FP32);
        Network joined = Network.load(parts.join(encoder), Precision.FP32)) {
      FloatTensor vectors = along.run(new FloatTensor(sound, 1, samples));
      float[] features = joined.run(new FloatTensor(cut, windows, 20_800)).values();
      assertThat(vectors.shape()).containsExactly(1L, (samples - 12_400) / 1_280 + 1, 96L);
      int width = 7 * 96;
      for (int window = 0; window < windows; window++) {
        // Of values up to 50.
        assertThat(Arrays.copyOfRange(vectors.values(), window * 96, window * 96 + width))
            .usingComparatorWithPrecision(2e-3f)
            .containsExactly(Arrays.copyOfRange(features, window * width, (window + 1) * width));
      }
    }
  }

  private static void assertRunsInTheEngine(
      OnnxModel model, FloatTensor sounds, FloatTensor expected) {
    try (Network exact = Network.load(model, Precision.FP32);
        Network fast = Network.load(model, Precision.BF16)) {
      assertThat(exact.run(sounds).values())
          .usingComparatorWithPrecision(2e-3f)
          .containsExactly(expected.values());
      assertThat(PrecisionProof.leastCosine(exact.run(sounds), fast.run(sounds)))
          .isGreaterThan(0.9995);
    }
  }

  /** [N, T, 32] to windows of 76 frames every 8, [N * windows, 76, 32, 1]. */
  private static FloatTensor windows(FloatTensor mel, int windows) {
    int frames = (int) mel.shape()[1];
    int length = 76 * 32;
    float[] values = new float[mel.rows() * windows * length];
    for (int row = 0; row < mel.rows(); row++) {
      for (int window = 0; window < windows; window++) {
        int from = (row * frames + window * 8) * 32;
        System.arraycopy(mel.values(), from, values, (row * windows + window) * length, length);
      }
    }
    return new FloatTensor(values, (long) mel.rows() * windows, 76, 32, 1);
  }

  private static FloatTensor noise(int rows, int samples) {
    SplittableRandom random = new SplittableRandom(6);
    float[] values = new float[rows * samples];
    for (int i = 0; i < values.length; i++) {
      double loudness = 0.2 * Math.abs(Math.sin(i / 3_000.0));
      values[i] = (float) (loudness * (2 * random.nextDouble() - 1));
    }
    return new FloatTensor(values, rows, samples);
  }

  private static OnnxModel shared(String file) {
    Path path = Path.of(System.getProperty("graft.shared"), "models").resolve(file);
    assumeTrue(Files.exists(path), "reference data absent: " + path);
    return OnnxModel.read(path);
  }
}
