package dev.graft.transfer.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.graft.data.DataException;
import dev.graft.data.Dataset;
import dev.graft.data.DatasetKind;
import dev.graft.data.DatasetReader;
import dev.graft.data.Part;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.ToyTask;
import dev.graft.transfer.ToyTexts;
import dev.graft.transfer.TransferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Advice on texts, with a toy transformer of random weights. */
final class TextAdviceTest {
  @TempDir Path folder = Path.of(".");

  private Advisor advisor() {
    return Advisor.of(List.of(new Candidate("toy", ToyTexts.backbone(folder))))
        .settings(AdviceSettings.defaults().withoutBudget().withCache(folder.resolve("cache")));
  }

  private static Baseline baseline(Advice advice, Baseline.Kind kind) {
    return advice.baselines().stream()
        .filter(one -> one.kind() == kind)
        .findFirst()
        .orElseThrow(() -> new AssertionError(advice.baselines().toString()));
  }

  @Test
  void advise_wordsTellTheClasses_recommendsTheWordsInsteadOfTheBackbone() {
    Advice advice = advisor().advise(ToyTexts.dataset(folder, 40, 2));

    assertThat(advice.data().kind()).isEqualTo(DatasetKind.TEXT);
    assertThat(advice.baselines())
        .extracting(Baseline::kind)
        .containsExactly(Baseline.Kind.WORDS, Baseline.Kind.MAJORITY);
    Baseline words = baseline(advice, Baseline.Kind.WORDS);
    assertThat(words.description()).isEqualTo("a logistic regression on counts of words");
    assertThat(words.score().examples()).isEqualTo(120);
    assertThat(words.score().accuracy()).isGreaterThan(0.95);
    assertThat(words.toBest().isSecondBetter()).isTrue();
    assertThat(advice.verdict()).isEqualTo(Verdict.TRANSFER_LOSES);
    assertThat(advice.headline())
        .startsWith("Frozen features lose here: a logistic regression on counts of words has")
        .endsWith("of the same held-out texts.");
    assertThat(advice.reasons()).anyMatch(reason -> reason.contains("the words of these texts"));
    assertThat(advice.next().backbone()).isEqualTo("graft/words");
    assertThat(advice.next().strategy()).isEmpty();
    assertThat(advice.best().millisecondsPerExample()).isPositive();
  }

  @Test
  void advise_moreThanAThousandTexts_judgesAllByTheSameHeldOutShare() {
    AdviceSettings settings =
        AdviceSettings.defaults().withoutBudget().withoutCache().withExamples(2_000);

    Advice advice = advisor().settings(settings).advise(ToyTexts.dataset(folder, 350, 0));

    assertThat(advice.data().examined()).isEqualTo(1_050);
    assertThat(advice.data().judged()).isBetween(200, 220);
    assertThat(baseline(advice, Baseline.Kind.WORDS).score().examples())
        .isEqualTo(advice.data().judged());
  }

  @Test
  void advise_twoTextsOfAClass_saysThatTheyAreTooFew() {
    Advice advice = advisor().advise(ToyTexts.dataset(folder, 2, 0));

    assertThat(advice.verdict()).isIn(Verdict.TOO_FEW_EXAMPLES, Verdict.NOTHING_LEARNED);
    assertThat(advice.data().judged()).isEqualTo(6);
    assertThat(baseline(advice, Baseline.Kind.WORDS).score().examples()).isEqualTo(6);
  }

  @Test
  void advise_budgetForTraining_makesTheSmallNetworkForTheTextsThatAreLookedAt() {
    AdviceSettings settings =
        AdviceSettings.defaults().withoutCache().withExamples(30).withBudget(Duration.ofMillis(1));
    Advice advice =
        advisor()
            .settings(settings)
            .smallNetwork(
                examples -> {
                  assertThat(examples.size()).isEqualTo(30);
                  Backbone known = ToyTexts.backbone(folder);
                  return known.withWeightsOf(known.model());
                })
            .advise(ToyTexts.dataset(folder, 20, 0));

    assertThat(baseline(advice, Baseline.Kind.FROM_SCRATCH).remark())
        .contains("of the texts", "for want of time");
  }

  @Test
  void advise_tooFewToTrainFromScratch_saysThatItWasNotTried() {
    AdviceSettings settings =
        AdviceSettings.defaults().withoutCache().withBudget(Duration.ofMillis(1));
    Advice advice =
        advisor()
            .settings(settings)
            .smallNetwork(
                examples -> {
                  throw new AssertionError("made for nothing");
                })
            .advise(ToyTexts.dataset(folder, 2, 0));

    assertThat(advice.baselines())
        .extracting(Baseline::kind)
        .doesNotContain(Baseline.Kind.FROM_SCRATCH);
    assertThat(advice.reasons())
        .anyMatch(reason -> reason.startsWith("Training a small network from scratch was not"));
  }

  @Test
  void advise_unreadableTexts_areNamedAndLeftOut() throws IOException {
    ToyTexts.dataset(folder, 8, 0);
    Path place = folder.resolve("texts");
    Files.write(place.resolve("train/food/0.txt"), new byte[] {'c', (byte) 0xe9, 'd'});
    Files.writeString(place.resolve("train/music/3.txt"), " \n");

    Advice advice = advisor().advise(DatasetReader.read(place));

    assertThat(advice.data().examined()).isEqualTo(22);
    assertThat(advice.data().leftOut())
        .extracting(left -> left.path() + ": " + left.reason())
        .anyMatch(line -> line.contains("food/0.txt") && line.contains("UTF-8"))
        .anyMatch(line -> line.contains("music/3.txt") && line.contains("empty"))
        .hasSize(2);
  }

  @Test
  void advise_backboneOfImages_isRefusedAsTrainingRefusesIt() {
    Dataset texts = ToyTexts.dataset(folder, 3, 0);
    Advisor images = Advisor.of(List.of(new Candidate("toy", ToyTask.backbone(folder))));

    TransferException refused =
        catchThrowableOfType(TransferException.class, () -> images.advise(texts));

    assertThat(refused.reason()).isEqualTo(TransferException.Cause.DATA);
    assertThat(refused)
        .hasMessageContaining("the backbone takes images, but the data are text")
        .hasMessageEndingWith("Choose a backbone of the same kind as the data.");
  }

  @Test
  void advise_oneClass_isRefused() {
    Dataset texts = ToyTexts.dataset(folder, 3, 0);
    Dataset one =
        texts.withParts(
            Map.of(
                Part.TRAIN,
                texts.part(Part.TRAIN).stream()
                    .filter(example -> example.label().equals("food"))
                    .toList()));

    assertThatThrownBy(() -> advisor().advise(one))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("expected at least 2 classes, found 1 (food");
  }
}
