package dev.graft.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.data.DataException;
import dev.graft.data.audio.AudioPreprocessing;
import dev.graft.data.audio.AudioWindows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bundle whose model hears: "quiet" and "loud" by the mean of the squares. */
class SoundPredictorTest {
  private static final int RATE = 8_000;
  private static final int WINDOW = 1_600;

  @TempDir Path folder = Path.of(".");

  @BeforeEach
  void writeBundle() throws IOException {
    Files.write(
        folder.resolve(BundleLayout.MODEL), TestModels.loudness(WINDOW).build().toByteArray());
    new BundleConfig(
            List.of("quiet", "loud"),
            Modality.AUDIO,
            "ears",
            "",
            "head",
            1,
            "0.1.0",
            Optional.empty())
        .write(folder.resolve(BundleLayout.CONFIG));
    Files.writeString(
        folder.resolve(BundleLayout.PREPROCESSOR_CONFIG),
        new AudioPreprocessing(RATE, WINDOW).toJson());
  }

  private static float[] tone(int samples, double amplitude) {
    float[] tone = new float[samples];
    for (int i = 0; i < samples; i++) {
      tone[i] = (float) (amplitude * Math.sin(2 * Math.PI * 440 * i / RATE));
    }
    return tone;
  }

  private Path recording(String name, int samples, double amplitude) throws IOException {
    return Files.write(folder.resolve(name), FloatWav.encode(tone(samples, amplitude), RATE));
  }

  @Test
  void predict_recordings_hearsAllOfEach() throws IOException {
    try (Predictor predictor = Predictor.load(folder)) {
      assertThat(predictor.predict(recording("a.wav", WINDOW, 0.9)).label()).isEqualTo("loud");
      assertThat(predictor.predict(recording("b.wav", WINDOW, 0.05)).label()).isEqualTo("quiet");
      // Silence on both sides makes a short loud recording quieter than a long one.
      double whole = predictor.predict(recording("c.wav", WINDOW, 0.9)).probabilityOf("loud");
      double half = predictor.predict(recording("d.wav", WINDOW / 2, 0.9)).probabilityOf("loud");
      double longer = predictor.predict(recording("e.wav", 4 * WINDOW, 0.9)).probabilityOf("loud");
      assertThat(half).isLessThan(whole);
      assertThat(longer).isCloseTo(whole, within(1e-4));
    }
  }

  /** A quiet recording that is loud in its last eighth alone: 15 windows, of which 2 hear that. */
  @Test
  void predict_longRecording_isTheMeanOverItsWindows() {
    float[] samples = tone(8 * WINDOW, 0.05);
    System.arraycopy(tone(WINDOW, 0.9), 0, samples, 7 * WINDOW, WINDOW);
    ModelInput whole = new ModelInput.Sound(samples, RATE);
    AudioWindows windows = new AudioWindows(WINDOW);
    List<ModelInput> parts = new ArrayList<>();
    for (int i = 0; i < windows.count(samples.length); i++) {
      float[] part = new float[WINDOW];
      windows.write(samples, i, part, 0);
      parts.add(new ModelInput.Sound(part, RATE));
    }
    assertThat(parts).hasSize(15);
    try (Predictor predictor = Predictor.load(folder)) {
      double mean =
          predictor.predictDecoded(parts).stream()
              .mapToDouble(part -> part.probabilityOf("loud"))
              .average()
              .orElseThrow();
      assertThat(predictor.predict(whole).probabilityOf("loud")).isCloseTo(mean, within(1e-6));
      assertThat(mean).isGreaterThan(predictor.predict(parts.get(7)).probabilityOf("loud"));
      // Beside others in one batch, each keeps its own windows.
      List<Prediction> together =
          predictor.predictDecoded(List.of(parts.get(0), whole, parts.get(14)));
      assertThat(together.get(0)).isEqualTo(predictor.predict(parts.get(0)));
      assertThat(together.get(1).probabilityOf("loud")).isCloseTo(mean, within(1e-6));
      assertThat(together.get(2).label()).isEqualTo("loud");
    }
  }

  @Test
  void predict_whatIsNoRecording_isRefusedByName() throws IOException {
    Path text = Files.writeString(folder.resolve("notes.wav"), "this is no sound at all, is it?");
    try (Predictor predictor = Predictor.load(folder)) {
      assertThatThrownBy(() -> predictor.predict(text))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("notes.wav");
      assertThatThrownBy(() -> predictor.predict(TestBundles.plain(4, 4, 1, 2, 3)))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("it is image, but the model")
          .hasMessageContaining("takes audio");
      assertThatThrownBy(() -> predictor.predict(new ModelInput.Sound(tone(10, 1), 2 * RATE)))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("expected samples at 8000 Hz, found 10 at 16000 Hz");
    }
  }

  @Test
  void load_withoutDescriptionOrWithAnotherWindow_isRefused() throws IOException {
    Path description = folder.resolve(BundleLayout.PREPROCESSOR_CONFIG);
    Files.writeString(description, new AudioPreprocessing(RATE, 2 * WINDOW).toJson());
    assertThatThrownBy(() -> Predictor.load(folder).close())
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("for recordings of 3200 samples");
    Files.delete(description);
    assertThatThrownBy(() -> Predictor.load(folder).close())
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("preprocessor_config.json is missing");
  }

  @Test
  void goldenExamples_ofSound_areKeptWithoutLoss() throws IOException {
    float[] samples = tone(WINDOW, 0.7);
    GoldenExamples golden =
        new GoldenExamples(
            GoldenExamples.TOLERANCE_FP32,
            List.of(
                GoldenExample.of(
                    "a", new ModelInput.Sound(samples, RATE), new float[2], new float[2])));
    Path examples = folder.resolve("golden");
    golden.write(examples);
    assertThat(examples.resolve("000.wav")).exists();
    ModelInput.Sound read =
        (ModelInput.Sound) GoldenExamples.read(examples).examples().get(0).input();
    assertThat(read.sampleRate()).isEqualTo(RATE);
    assertThat(read.samples()).containsExactly(samples);
  }
}
