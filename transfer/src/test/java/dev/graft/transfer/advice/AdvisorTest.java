package dev.graft.transfer.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.Dataset;
import dev.graft.data.DatasetReader;
import dev.graft.onnx.OnnxModel;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.BackboneOptions;
import dev.graft.transfer.ToyTask;
import dev.graft.transfer.TransferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AdvisorTest {
  @TempDir Path folder = Path.of(".");

  private Candidate candidate(long seed) {
    Path file = folder.resolve("toy-" + seed + ".onnx");
    OnnxModel network = ToyTask.openNetwork(seed, 10);
    network.write(file);
    return new Candidate(
        file.toString(),
        Backbone.load(
            file, BackboneOptions.defaults().withPreprocessing("unit").withInputSize(32)));
  }

  private static Backbone fresh(Backbone known, long seed) {
    return known.withWeightsOf(ToyTask.openNetwork(seed, 10));
  }

  private AdviceSettings settings() {
    return AdviceSettings.defaults().withoutBudget().withCache(folder.resolve("cache"));
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Test
  void advise_severalBackbones_ranksThemOnTheSameExamples() {
    Dataset data = ToyTask.dataset(folder, 20, 2);

    Advice advice =
        Advisor.of(List.of(candidate(1), candidate(2), candidate(3)))
            .settings(settings())
            .freshWeights(known -> fresh(known, 9))
            .advise(data);

    assertThat(advice.backbones()).hasSize(3);
    assertThat(advice.backbones())
        .isSortedAccordingTo(
            Comparator.comparingDouble((RatedBackbone one) -> -one.score().accuracy()));
    assertThat(advice.best().toBest().isTie()).isTrue();
    for (RatedBackbone one : advice.backbones()) {
      assertThat(one.score().examples()).isEqualTo(60);
      assertThat(one.toBest().difference())
          .isEqualTo((advice.best().score().right() - one.score().right()) / 60.0);
      assertThat(one.millisecondsPerExample()).isPositive();
      assertThat(one.fileBytes()).isGreaterThan(1_000);
      assertThat(one.licence()).isEmpty();
    }
    assertThat(advice.baselines())
        .extracting(Baseline::kind)
        .containsExactlyInAnyOrder(
            Baseline.Kind.MAJORITY, Baseline.Kind.PIXELS, Baseline.Kind.RANDOM_FEATURES);
    Baseline majority =
        advice.baselines().stream()
            .filter(one -> one.kind() == Baseline.Kind.MAJORITY)
            .findFirst()
            .orElseThrow();
    assertThat(majority.score()).isEqualTo(new Score(20, 60));
    assertThat(advice.next().backbone()).isEqualTo(advice.best().name());
    assertThat(advice.data().examples()).isEqualTo(60);
    assertThat(advice.headline()).contains(advice.best().id());
    assertThat(advice.reasons()).anyMatch(reason -> reason.contains("fewer than 200"));
  }

  @Test
  void advise_sameSeed_givesTheSameFigures() {
    Dataset data = ToyTask.dataset(folder, 8, 0);
    Advisor advisor = Advisor.of(List.of(candidate(1), candidate(2))).settings(settings());

    Advice first = advisor.advise(data);
    Advice again = advisor.settings(settings().withoutCache()).advise(data);

    assertThat(again.headline()).isEqualTo(first.headline());
    assertThat(again.baselines()).isEqualTo(first.baselines());
    assertThat(again.backbones())
        .extracting(RatedBackbone::score)
        .isEqualTo(first.backbones().stream().map(RatedBackbone::score).toList());
  }

  /** Colours tell the toy's classes apart, so that pixels do well; the verdict must say so. */
  @Test
  void advise_baselineThatIsAsGood_doesNotRecommendTransferAsAGain() {
    Advice advice =
        Advisor.of(List.of(candidate(1)))
            .settings(settings())
            .freshWeights(known -> fresh(known, 9))
            .advise(ToyTask.dataset(folder, 12, 0));

    boolean beatsAll = advice.baselines().stream().allMatch(one -> one.toBest().isFirstBetter());
    assertThat(beatsAll).isFalse();
    assertThat(advice.verdict()).isIn(Verdict.NO_GAIN_SHOWN, Verdict.TRANSFER_LOSES);
    assertThat(advice.headline()).containsPattern("shows no gain|lose here");
  }

  @Test
  void advise_labelsWithoutMeaning_saysThatNothingIsLearned() throws IOException {
    Path data = folder.resolve("meaningless");
    for (int i = 0; i < 24; i++) {
      ToyTask.image(data.resolve(i % 2 == 0 ? "even" : "odd"), i, (i / 2) % 3, 77L * i);
    }

    Advice advice =
        Advisor.of(List.of(candidate(1))).settings(settings()).advise(DatasetReader.read(data));

    assertThat(advice.verdict()).isEqualTo(Verdict.NOTHING_LEARNED);
    assertThat(advice.headline()).startsWith("Nothing tells these classes apart");
    assertThat(advice.reasons()).anyMatch(reason -> reason.startsWith("Check some labels by eye"));
  }

  @Test
  void advise_handfulOfImages_saysThatTheyAreTooFew() {
    Advice advice =
        Advisor.of(List.of(candidate(1)))
            .settings(settings())
            .advise(ToyTask.dataset(folder, 3, 0));

    assertThat(advice.verdict()).isEqualTo(Verdict.TOO_FEW_EXAMPLES);
    assertThat(advice.headline()).startsWith("9 images are too few");
    assertThat(advice.next().weights()).isEqualTo(NextStep.Weights.PRETRAINED);
  }

  @Test
  void advise_testAndValidationPartsGone_doesNotMissThem() throws IOException {
    Path place = ToyTask.data(folder, 6, 3);
    Dataset data = DatasetReader.read(place);
    delete(place.resolve("test"));

    Advice advice = Advisor.of(List.of(candidate(1))).settings(settings()).advise(data);

    assertThat(advice.data().leftOut()).isEmpty();
    assertThat(advice.data().judged()).isEqualTo(18);
  }

  @Test
  void advise_damagedImage_isNamedAndLeftOut() throws IOException {
    Path place = ToyTask.data(folder, 6, 0);
    byte[] whole = Files.readAllBytes(place.resolve("train/disc/image-0.png"));
    Files.write(
        place.resolve("train/disc/image-0.png"), java.util.Arrays.copyOf(whole, whole.length / 2));

    Advice advice =
        Advisor.of(List.of(candidate(1))).settings(settings()).advise(DatasetReader.read(place));

    assertThat(advice.data().examined()).isEqualTo(17);
    assertThat(advice.data().leftOut())
        .singleElement()
        .satisfies(left -> assertThat(left.path()).contains("disc/image-0.png"));
  }

  @Test
  void advise_moreExamplesThanWanted_looksAtAStratifiedSample() {
    Advice advice =
        Advisor.of(List.of(candidate(1)))
            .settings(settings().withExamples(30))
            .advise(ToyTask.dataset(folder, 20, 0));

    assertThat(advice.data().examples()).isEqualTo(60);
    assertThat(advice.data().examined()).isEqualTo(30);
    assertThat(advice.reasons()).anyMatch(reason -> reason.contains("sample of 30 of the 60"));
  }

  @Test
  void advise_budgetForTraining_ratesASmallNetworkFromScratch() {
    Backbone small = fresh(candidate(5).backbone(), 6);

    Advice advice =
        Advisor.of(List.of(candidate(1)))
            .settings(settings().withBudget(Duration.ofMillis(1)))
            .smallNetwork(examples -> small)
            .advise(ToyTask.dataset(folder, 10, 0));

    Baseline scratch =
        advice.baselines().stream()
            .filter(one -> one.kind() == Baseline.Kind.FROM_SCRATCH)
            .findFirst()
            .orElseThrow();
    // A fifth of 30, more or less, since near-duplicates stay together.
    int judged = scratch.score().examples();
    assertThat(judged).isBetween(4, 8);
    assertThat(scratch.toBest().examples()).isEqualTo(judged);
    assertThat(scratch.remark())
        .contains("judged by " + judged + " of the images", "for want of time");
  }

  @Test
  void of_noCandidate_isRefused() {
    assertThatThrownBy(() -> Advisor.of(List.of()))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("at least one backbone");
  }

  @Test
  void of_sameFileTwice_countsOnce() {
    Candidate one = candidate(1);
    Advice advice =
        Advisor.of(List.of(one, new Candidate("the same", one.backbone())))
            .settings(settings())
            .advise(ToyTask.dataset(folder, 4, 0));

    assertThat(advice.backbones()).extracting(RatedBackbone::name).containsExactly(one.name());
  }

  @Test
  void settings_outOfRange_areRefusedWithTheirRange() {
    assertThatThrownBy(() -> AdviceSettings.defaults().withExamples(19))
        .isInstanceOf(TransferException.class)
        .hasMessageContainingAll("number of examples", "at least 20", "found 19");
    assertThatThrownBy(() -> AdviceSettings.defaults().withBudget(Duration.ZERO))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("budget must be above zero");
  }
}
