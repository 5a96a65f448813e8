package dev.graft.transfer.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.Dataset;
import dev.graft.data.DatasetKind;
import dev.graft.data.DatasetReader;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.BackboneOptions;
import dev.graft.transfer.SoundOptions;
import dev.graft.transfer.ToyEncoder;
import dev.graft.transfer.ToySounds;
import dev.graft.transfer.ToyTask;
import dev.graft.transfer.TransferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Advice on recordings, with toy networks of random weights. */
final class SoundAdviceTest {
  @TempDir Path folder = Path.of(".");

  private Candidate encoder() {
    Path file = ToyEncoder.write(folder.resolve("ear.onnx"), 0);
    return new Candidate("ear", Backbone.load(file, ToyEncoder.options()));
  }

  /** A network of images that sees spectrograms of half a second. */
  private Candidate eyes() {
    Path file = folder.resolve("eyes.onnx");
    ToyTask.openNetwork(1, 10).write(file);
    return new Candidate(
        "eyes",
        Backbone.load(
            file,
            BackboneOptions.defaults()
                .withPreprocessing("unit")
                .withInputSize(32)
                .withSound(SoundOptions.DEFAULTS.withPictures().withWindow(0.5))));
  }

  private AdviceSettings settings() {
    return AdviceSettings.defaults().withoutBudget().withCache(folder.resolve("cache"));
  }

  @Test
  void advise_recordings_comparesWithMelBands() {
    Advice advice =
        Advisor.of(List.of(encoder(), eyes()))
            .settings(settings())
            .advise(ToySounds.dataset(folder, 20, 2));

    assertThat(advice.data().kind()).isEqualTo(DatasetKind.AUDIO);
    assertThat(advice.backbones())
        .extracting(RatedBackbone::id)
        .containsExactlyInAnyOrder("ear", "eyes");
    assertThat(advice.baselines())
        .extracting(Baseline::kind)
        .containsExactly(Baseline.Kind.MEL_BANDS, Baseline.Kind.MAJORITY);
    Baseline melBands = advice.baselines().get(0);
    assertThat(melBands.description())
        .isEqualTo("a logistic regression on mean and deviation of mel bands");
    // Clicks, hisses and tones differ in nothing but their spectra.
    assertThat(melBands.score().accuracy()).isGreaterThan(0.95);
    assertThat(melBands.score().examples()).isEqualTo(60);
    assertThat(advice.verdict()).isIn(Verdict.NO_GAIN_SHOWN, Verdict.TRANSFER_LOSES);
    assertThat(advice.headline()).contains("held-out recordings");
    assertThat(advice.reasons()).anyMatch(reason -> reason.contains("fewer than 200"));
  }

  @Test
  void advise_networkOfImages_isComparedWithItsOwnFreshWeightsAndTrainsFromScratch() {
    Advice advice =
        Advisor.of(List.of(eyes()))
            .settings(settings().withBudget(Duration.ofMillis(1)))
            .freshWeights(known -> known.withWeightsOf(known.model()))
            .smallNetwork(examples -> eyes().backbone().withWeightsOf(eyes().backbone().model()))
            .advise(ToySounds.dataset(folder, 10, 0));

    assertThat(advice.baselines())
        .extracting(Baseline::kind)
        .contains(Baseline.Kind.FROM_SCRATCH, Baseline.Kind.RANDOM_FEATURES);
  }

  @Test
  void advise_damagedRecording_isNamedAndLeftOut() throws IOException {
    Path place = ToySounds.data(folder, 6, 0);
    Path file = place.resolve("train/hiss/0.wav");
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 40));

    Advice advice =
        Advisor.of(List.of(encoder())).settings(settings()).advise(DatasetReader.read(place));

    assertThat(advice.data().examined()).isEqualTo(17);
    assertThat(advice.data().leftOut())
        .singleElement()
        .satisfies(left -> assertThat(left.path()).contains("hiss/0.wav"));
  }

  @Test
  void advise_backboneOfImages_isRefusedWithTheWayOut() {
    Dataset sounds = ToySounds.dataset(folder, 3, 0);
    Advisor images = Advisor.of(List.of(encoder(), new Candidate("toy", ToyTask.backbone(folder))));

    assertThatThrownBy(() -> images.advise(sounds))
        .isInstanceOf(TransferException.class)
        .hasMessageContainingAll(
            "the backbone takes images, but the data are audio", "spectrograms", "--as-image");
  }
}
