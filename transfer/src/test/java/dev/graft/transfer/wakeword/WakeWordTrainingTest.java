package dev.graft.transfer.wakeword;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.ExampleSource;
import dev.graft.runtime.Bundle;
import dev.graft.runtime.BundleLayout;
import dev.graft.runtime.Detection;
import dev.graft.runtime.InferenceOptions;
import dev.graft.runtime.ParityReport;
import dev.graft.runtime.SoundStreamScorer;
import dev.graft.runtime.WakeWordDetector;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.ToyTask;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.TransferException;
import dev.graft.transfer.evidence.OperatingPoint;
import dev.graft.transfer.export.BundleWriter.Existing;
import dev.graft.transfer.wakeword.ToyPhrase.Melody;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A wake word from recordings to hits in running sound, on whistles and a toy network. */
final class WakeWordTrainingTest {
  private static final WakeWordSettings SMALL =
      WakeWordSettings.of("whistle").withStreamHours(0.05).withViewsPerPhrase(6).withRounds(2);

  private static final WakeWordSettings BRIEF =
      SMALL.withStreamHours(0.01).withViewsPerPhrase(1).withRounds(1);

  @TempDir static Path folder = Path.of(".");
  private static Backbone sliding;
  private static TrainedWakeWord whistle;

  @TempDir Path out = Path.of(".");

  @BeforeAll
  static void train() {
    sliding = ToyPhrase.slidingBackbone(folder);
    whistle = trained(sliding, SMALL);
  }

  private static WakeWordSounds sounds() {
    return WakeWordSounds.decode(
        ToyPhrase.phrases(folder.resolve("phrase"), 24, 1),
        ToyPhrase.others(folder.resolve("other"), 12, 2),
        ToyPhrase.RATE);
  }

  private static TrainedWakeWord trained(Backbone backbone, WakeWordSettings settings) {
    return WakeWordTraining.train(backbone, sounds(), settings, TrainingListener.SILENT);
  }

  /** Whistles of another seed, one every two seconds; every other one is the phrase. */
  private static float[] stream() {
    SplittableRandom random = new SplittableRandom(77);
    Melody[] others = {Melody.RISING, Melody.FALLING, Melody.STEADY, Melody.HISS};
    float[] samples = new float[2 * ToyPhrase.RATE * 2 * others.length];
    for (int i = 0; i < 2 * others.length; i++) {
      float[] whistle =
          ToyPhrase.whistle(i % 2 == 0 ? Melody.RISING_AND_FALLING : others[i / 2], random);
      System.arraycopy(whistle, 0, samples, (2 * i + 1) * ToyPhrase.RATE, whistle.length);
    }
    for (int i = 0; i < samples.length; i++) {
      samples[i] += (float) (0.002 * (random.nextDouble() - 0.5));
    }
    return samples;
  }

  private static void assertHearsThePhraseAlone(Path bundle) {
    float[] stream = stream();
    try (WakeWordDetector detector = WakeWordDetector.open(bundle)) {
      List<Detection> hits = detector.hear(stream, 0, stream.length);
      assertThat(hits)
          .extracting(hit -> (int) hit.seconds() / 4)
          .as("%s", hits)
          .containsExactly(0, 1, 2, 3);
      assertThat(hits).allMatch(hit -> hit.seconds() % 4 >= 1 && hit.seconds() % 4 < 3);
    }
  }

  @Test
  void train_slidingBackbone_hearsThePhraseInRunningSound() throws IOException {
    OperatingPoint point = whistle.curve().at(whistle.rule().threshold());
    assertThat(point.hours()).isGreaterThanOrEqualTo(0.025);
    assertThat(point.phrases()).isGreaterThanOrEqualTo(20);
    assertThat(point.falseRejectRate()).isLessThan(0.5);
    assertThat(whistle.slides()).isTrue();
    Path saved = out.resolve("model");
    ParityReport parity = whistle.save(saved, Existing.REFUSE);
    assertThat(parity.largestDifference()).isLessThan(1e-3);
    assertThat(saved.resolve(BundleLayout.STREAM_MODEL)).exists();
    assertThat(Files.readString(saved.resolve(TrainedWakeWord.PAGE)))
        .contains("Wake word: whistle", "False accepts against false rejects");
    assertHearsThePhraseAlone(saved);
  }

  @Test
  void train_paddedBackbone_hearsByWholeWindows() {
    TrainedWakeWord padded = trained(ToyPhrase.paddedBackbone(folder), SMALL);

    assertThat(padded.slides()).isFalse();
    Path saved = out.resolve("model");
    padded.save(saved, Existing.REFUSE);
    assertThat(saved.resolve(BundleLayout.STREAM_MODEL)).doesNotExist();
    assertHearsThePhraseAlone(saved);
  }

  // What the stream model shares between windows must not change what a window scores.
  @Test
  void slidingBundle_anyBlocks_scoresAsWholeWindows() throws IOException {
    Path saved = out.resolve("model");
    whistle.save(saved, Existing.REFUSE);
    float[] stream = stream();
    double[] along = scores(saved, stream, 777);
    Files.delete(saved.resolve(BundleLayout.STREAM_MODEL));
    double[] whole = scores(saved, stream, stream.length);

    // Frames that fill no further window of the encoder need not be waited for.
    assertThat(along.length).isBetween(whole.length, whole.length + 1);
    for (int i = 0; i < whole.length; i++) {
      assertThat(along[i]).isCloseTo(whole[i], org.assertj.core.data.Offset.offset(1e-4));
    }
  }

  private static double[] scores(Path bundle, float[] stream, int block) {
    java.util.stream.DoubleStream.Builder scores = java.util.stream.DoubleStream.builder();
    try (SoundStreamScorer scorer =
        SoundStreamScorer.open(Bundle.open(bundle), InferenceOptions.defaults())) {
      for (int from = 0; from < stream.length; from += block) {
        for (double score : scorer.add(stream, from, Math.min(block, stream.length - from))) {
          scores.add(score);
        }
      }
    }
    return scores.build().toArray();
  }

  @Test
  void train_sameSeed_givesTheSameModel() {
    TrainedWakeWord once = trained(sliding, BRIEF);
    TrainedWakeWord again = trained(sliding, BRIEF);
    TrainedWakeWord other = trained(sliding, BRIEF.withSeed(43));
    assertThat(again.rule()).isEqualTo(once.rule());
    assertThat(again.curve().points()).isEqualTo(once.curve().points());
    assertThat(other.curve().points()).isNotEqualTo(once.curve().points());
    assertThat(again.record().data().hash()).isEqualTo(once.record().data().hash());
  }

  @Test
  void train_record_saysWhatWasHeard() {
    assertThat(whistle.record().settings())
        .containsEntry("hours", "0.05")
        .containsEntry("views", "6.0")
        .containsEntry("wake-word-patience", "2 of 3")
        .containsKey("windows");
    assertThat(whistle.record().data().trainCounts())
        .containsEntry("whistle", 24)
        .containsEntry("other", 48);
  }

  @Test
  void train_backboneOfImages_isRefused() throws IOException {
    Backbone images = ToyTask.backbone(folder);
    assertThatThrownBy(() -> trained(images, BRIEF))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("one that takes sound of 16000 samples a second is expected")
        .hasMessageContaining("--backbone");
  }

  @Test
  void decode_tooLittle_isRefusedByName() throws IOException {
    List<ExampleSource> few = ToyPhrase.phrases(folder.resolve("few"), 19, 1);
    List<ExampleSource> others = ToyPhrase.others(folder.resolve("other"), 12, 2);
    assertThatThrownBy(() -> WakeWordSounds.decode(few, others, ToyPhrase.RATE))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("at least 20 recordings of the phrase are expected, but 19 can be");
  }
}
