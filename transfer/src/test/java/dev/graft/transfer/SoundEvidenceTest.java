package dev.graft.transfer;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.DatasetKind;
import dev.graft.data.DatasetReader;
import dev.graft.data.audio.AudioDecoder;
import dev.graft.data.audio.Waveform;
import dev.graft.data.image.ImageDecoder;
import dev.graft.data.image.PixelImage;
import dev.graft.transfer.evidence.Baseline;
import dev.graft.transfer.evidence.Baseline.Verdict;
import dev.graft.transfer.evidence.DataFindings;
import dev.graft.transfer.evidence.DataFindings.DuplicateGroup;
import dev.graft.transfer.evidence.DataFindings.Member;
import dev.graft.transfer.evidence.Findings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told about recordings: baseline, near-duplicates, give-aways, pictures and sound. */
final class SoundEvidenceTest {
  private static final int EACH = 14;

  private final Path folder;

  SoundEvidenceTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void fit_whatOnlyOrderTells_isProvedBetterThanMelBands() throws IOException {
    Path data = GlidingSounds.data(folder, EACH, EACH);
    String copied = copy(data, "train/rising/sound-0.wav", "test/rising/copy.wav");
    TrainedModel model = fit(data);
    assertThat(model.record().data().kind()).isEqualTo(DatasetKind.AUDIO);
    Findings findings = model.record().findings();
    Baseline baseline = findings.baselines().get(0);
    assertThat(baseline.part()).isEqualTo("test");
    assertThat(baseline.evaluation().examples()).isEqualTo(2 * EACH + 1);
    assertThat(baseline.modelAccuracy())
        .isEqualTo(model.record().test().orElseThrow().accuracy())
        .isGreaterThan(0.95);
    assertThat(baseline.evaluation().accuracy()).isLessThan(0.8);
    assertThat(baseline.verdict()).isEqualTo(Verdict.MODEL_IS_BETTER);

    assertThat(findings.shown().pictures()).containsKeys("train/rising/sound-0.wav", copied);
    byte[] excerpt = requireNonNull(findings.shown().sounds().get(copied));
    Waveform heard = new AudioDecoder().decode(excerpt, "excerpt", 16_000);
    assertThat(heard.samples()).hasSize(GlidingSounds.SAMPLES);

    model.save(folder.resolve("model"));
    Path report = folder.resolve("model/report.html");
    assertThat(Files.size(report)).isLessThan(2_000_000);
    assertThat(Files.readString(report))
        .contains("<audio controls", "data:audio/wav;base64,", "Spectrograms: time to the right")
        .contains("Baseline: mel bands, test");
    assertThat(Files.readString(folder.resolve("model/metrics.json")))
        .contains("\"verdict\" : \"model_is_better\"");
  }

  /** A backbone that does not hear the order, held against one that does. */
  @Test
  void fit_comparedWithABackboneOfSound_tellsWhichIsBetter() throws IOException {
    Path data = GlidingSounds.data(folder, EACH, EACH);
    SoundOptions seeing = SoundOptions.DEFAULTS.withPictures().withWindow(0.5);
    Backbone deaf =
        Backbone.load(ToyTask.backboneFile(folder), ToyTask.options().withSound(seeing));
    assertThat(deaf.seesSound()).isTrue();
    Backbone hearing = GlidingSounds.backbone(folder);
    TrainedModel model =
        GlidingSounds.learning(deaf).comparedWith(hearing).fit(DatasetReader.read(data));
    List<Baseline> baselines = model.record().findings().baselines();
    assertThat(baselines).hasSize(2);
    Baseline other = baselines.get(1);
    assertThat(other.contender().kind()).isEqualTo(Baseline.Contender.Kind.BACKBONE_OF_SOUND);
    assertThat(other.contender().name()).isEqualTo("gliding-sounds");
    assertThat(other.evaluation().examples()).isEqualTo(2 * EACH);
    assertThat(other.modelAccuracy()).isEqualTo(model.record().test().orElseThrow().accuracy());
    // What training with that backbone alone reaches, as the same head on the same recordings.
    assertThat(other.evaluation().accuracy())
        .isEqualTo(fit(data).record().test().orElseThrow().accuracy());
    model.save(folder.resolve("model"));
    assertThat(Files.readString(folder.resolve("model/metrics.json")))
        .contains("\"backbone_of_sound\"", "\"baseline\"");
    assertThat(Files.readString(folder.resolve("model/report.html")))
        .contains("Backbone of sound: gliding-sounds, test", "for recordings");
    assertThat(Files.readString(folder.resolve("model/README.md")))
        .contains("The backbone of sound gliding-sounds", "for recordings");
  }

  @Test
  void comparedWith_backboneOfImages_isRefused() {
    TransferLearning learning = GlidingSounds.learning(GlidingSounds.backbone(folder));
    Backbone eyes = ToyTask.backbone(folder);
    assertThatThrownBy(() -> learning.comparedWith(eyes))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("a backbone of sound is expected to compare with")
        .hasMessageContaining("takes image");
  }

  @Test
  void fit_withoutTest_comparesOnTheSameHeldOutExamples() {
    TrainedModel model = fit(GlidingSounds.data(folder, EACH, 0));
    Baseline baseline = model.record().findings().baselines().get(0);
    assertThat(baseline.part()).isEqualTo("validation");
    assertThat(baseline.evaluation().examples()).isEqualTo(2 * EACH);
    assertThat(baseline.modelAccuracy()).isEqualTo(model.record().validation().accuracy());
  }

  @Test
  void fit_imagesAgain_haveNoBaseline() {
    TrainedModel model =
        ToyTask.learning(ToyTask.backbone(folder)).fit(ToyTask.dataset(folder, 8, 4));
    assertThat(model.record().findings().baselines()).isEmpty();
    assertThat(model.record().findings().shown().sounds()).isEmpty();
  }

  @Test
  void examine_copyOfOtherLevelPlaceAndNoise_isFoundWithItsOriginalAlone() {
    Path data = GlidingSounds.data(folder, EACH, 4);
    String copied = copy(data, "train/rising/sound-3.wav", "test/falling/copy.wav");
    List<DuplicateGroup> groups = examined(data).duplicates();
    assertThat(groups).hasSize(1);
    assertThat(groups.get(0).members().stream().map(Member::id))
        .containsExactlyInAnyOrder("train/rising/sound-3.wav", copied);
    assertThat(groups.get(0).acrossClasses()).isTrue();
    assertThat(groups.get(0).acrossParts()).isTrue();
  }

  @Test
  void examine_steadyTonesOfOnePitch_areNotTakenForOneRecording() {
    Path data = folder.resolve("tones");
    for (int i = 0; i < 12; i++) {
      float[] tone = new float[GlidingSounds.SAMPLES];
      SplittableRandom random = new SplittableRandom(i);
      for (int n = 0; n < tone.length; n++) {
        double noise = 0.002 * random.nextDouble(-1, 1);
        tone[n] = (float) (0.3 * Math.sin(2 * Math.PI * 440 * n / GlidingSounds.RATE + i) + noise);
      }
      String name = i % 2 == 0 ? "a" : "b";
      GlidingSounds.write(data.resolve("train/" + name + "/tone-" + i + ".wav"), tone);
    }
    assertThat(examined(data).duplicates()).isEmpty();
  }

  @Test
  void examine_oneClassSofter_namesLoudnessAlone() {
    Path data = folder.resolve("levels");
    for (int i = 0; i < 30; i++) {
      float[] soft = GlidingSounds.glide(0, i);
      for (int n = 0; n < soft.length; n++) {
        soft[n] *= 0.05f;
      }
      GlidingSounds.write(data.resolve("train/soft/sound-" + i + ".wav"), soft);
      GlidingSounds.write(
          data.resolve("train/loud/sound-" + i + ".wav"), GlidingSounds.glide(0, 500 + i));
    }
    DataFindings found = examined(data);
    assertThat(found.cues().get(0).name()).isIn("loudness", "noise");
    assertThat(found.cues().stream().map(DataFindings.Cue::name))
        .contains("loudness")
        .doesNotContain("duration", "rate", "format", "clipping", "leading silence");
    assertThat(found.cues().get(0).sentence())
        .contains("how the recordings were collected")
        .doesNotContainPattern("image|picture");
  }

  @Test
  void examine_silentAndClippedRecordings_areCountedAndNamed() {
    Path data = GlidingSounds.data(folder, EACH, 4);
    GlidingSounds.write(data.resolve("train/rising/nothing.wav"), new float[GlidingSounds.SAMPLES]);
    float[] clipped = GlidingSounds.glide(1, 77);
    for (int n = 0; n < clipped.length; n++) {
      clipped[n] = Math.max(-1, Math.min(1, 20 * clipped[n]));
    }
    GlidingSounds.write(data.resolve("test/rising/loud.wav"), clipped);
    assertThat(examined(data).remarks())
        .contains("1 of 38 recordings is silent: train/rising/nothing.wav.")
        .contains("1 of 38 recordings is clipped: test/rising/loud.wav.");
  }

  @Test
  void examine_imagesWithABackboneOfSound_isRefused() {
    Backbone backbone = GlidingSounds.backbone(folder);
    assertThatThrownBy(
            () -> DataExamination.with(backbone).withoutCache().of(ToyTask.dataset(folder, 4, 0)))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining(
            "recordings are expected, which gliding-sounds takes, but these are images");
  }

  @Test
  void thumbnail_ofARisingTone_isLightWhereItSounds() {
    Waveform rising = new Waveform(GlidingSounds.glide(1, 5), GlidingSounds.RATE);
    byte[] file = SoundThumbnails.jpeg(rising, 96);
    assertThat(file).hasSizeLessThan(6_000);
    PixelImage picture = new ImageDecoder().decode(file, "thumbnail");
    assertThat(picture.width()).isEqualTo(96);
    assertThat(lightestRow(picture, 90)).isLessThan(lightestRow(picture, 5) - 20);
  }

  @Test
  void thumbnail_ofSilence_isDark() {
    byte[] file = SoundThumbnails.jpeg(new Waveform(new float[4_000], GlidingSounds.RATE), 96);
    byte[] rgb = new ImageDecoder().decode(file, "thumbnail").rgb();
    for (byte value : rgb) {
      assertThat(value & 0xff).isLessThan(100);
    }
  }

  private static int lightestRow(PixelImage picture, int x) {
    int best = 0;
    int most = -1;
    for (int y = 0; y < picture.height(); y++) {
      int at = 3 * (y * picture.width() + x);
      int light = (picture.rgb()[at] & 0xff) + (picture.rgb()[at + 1] & 0xff);
      if (light > most) {
        most = light;
        best = y;
      }
    }
    return best;
  }

  private DataFindings examined(Path data) {
    return DataExamination.with(GlidingSounds.backbone(folder))
        .withoutCache()
        .of(DatasetReader.read(data))
        .findings();
  }

  private TrainedModel fit(Path data) {
    return GlidingSounds.learning(GlidingSounds.backbone(folder)).fit(DatasetReader.read(data));
  }

  /** The same at a quarter of its level, 50 ms later, with noise 30 dB below it; its identifier. */
  private static String copy(Path data, String original, String copy) {
    float[] samples;
    try {
      samples =
          new AudioDecoder()
              .decode(Files.readAllBytes(data.resolve(original)), original, GlidingSounds.RATE)
              .samples();
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
    SplittableRandom random = new SplittableRandom(4);
    float[] changed = new float[samples.length];
    for (int n = 0; n < changed.length; n++) {
      changed[n] = (float) (0.002 * random.nextDouble(-1, 1));
      if (n >= 800) {
        changed[n] += 0.25f * samples[n - 800];
      }
    }
    GlidingSounds.write(data.resolve(copy), changed);
    return copy;
  }
}
