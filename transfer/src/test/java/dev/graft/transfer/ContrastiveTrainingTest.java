package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.Dataset;
import dev.graft.onnx.OnnxTensor;
import dev.graft.runtime.ParityReport;
import dev.graft.transfer.evidence.LadderFindings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pairs of texts first, then a head, through the whole of training. */
final class ContrastiveTrainingTest {
  private final Path folder;
  private final Backbone backbone;

  ContrastiveTrainingTest(@TempDir Path folder) {
    this.folder = folder;
    this.backbone = ToyTexts.backbone(folder);
  }

  private TransferLearning learning() {
    return TransferLearning.from(backbone).seed(3).withoutCache();
  }

  private TransferLearning contrastive() {
    return learning().strategy(Strategy.parse("contrastive")).epochs(12);
  }

  @Test
  void fit_fewTexts_trainsTheTrunkAndIsBetterThanTheHeadAlone() {
    Dataset dataset = ToyTexts.dataset(folder, 12, 60);
    TrainedModel model = contrastive().epochs(60).fit(dataset);
    TrainedModel head = learning().strategy(new Strategy.HeadOnly()).fit(dataset);

    assertThat(model.record().strategy()).isEqualTo("contrastive");
    assertThat(model.record().test().orElseThrow().accuracy())
        .isGreaterThan(head.record().test().orElseThrow().accuracy());
    assertThat(model.record().backbone().trainedBlocks())
        .containsExactly("embeddings", "encoder.layer.0", "encoder.layer.1");
    Map<String, OnnxTensor> before = backbone.model().graph().initializers();
    Map<String, OnnxTensor> after = model.model().graph().initializers();
    assertThat(Objects.requireNonNull(after.get("embeddings.word")).data())
        .isNotEqualTo(Objects.requireNonNull(before.get("embeddings.word")).data());
    ParityReport parity = model.save(folder.resolve("model"));
    assertThat(parity.largestDifference()).isLessThan(1e-4);
  }

  /** What is held out was seen by neither trunk nor head of its fold. */
  @Test
  void fit_fewTexts_isProvedOnFolds() {
    TrainedModel model = contrastive().fit(ToyTexts.dataset(folder, 12, 5));
    assertThat(model.record().validation().examples()).isEqualTo(36);
    assertThat(model.record().validationMethod()).startsWith("cross-validation");
  }

  @Test
  void fit_withinABudget_takesFewerStepsAndSaysSo() {
    List<String> notes = new ArrayList<>();
    contrastive()
        .epochs(240)
        .budget(Duration.ofMillis(1))
        .listener(
            new TrainingListener() {
              @Override
              public void note(String sentence) {
                notes.add(sentence);
              }
            })
        .fit(ToyTexts.dataset(folder, 12, 5));
    assertThat(notes)
        .anySatisfy(
            note ->
                assertThat(note)
                    .contains("Within the budget: 60 of 240 steps on each of 3 folds", "longer"));
  }

  @Test
  void fit_twice_sameModel() {
    Dataset dataset = ToyTexts.dataset(folder, 8, 5);
    TransferLearning few = contrastive().epochs(2);
    assertThat(few.fit(dataset).model().toBytes()).isEqualTo(few.fit(dataset).model().toBytes());
  }

  @Test
  void fit_automaticWithFewOfAClass_triesPairs() {
    TrainedModel model =
        learning().epochs(12).budget(Duration.ofMinutes(10)).fit(ToyTexts.dataset(folder, 12, 20));
    assertThat(model.record().findings().ladder().orElseThrow().rungs())
        .extracting(LadderFindings.Rung::name)
        .contains("pairs of texts, then a head");
  }

  @Test
  void fit_automaticWithMoreOfAClass_doesNotTryPairs() {
    List<String> phases = new ArrayList<>();
    learning()
        .epochs(1)
        .listener(
            new TrainingListener() {
              @Override
              public void phase(String name) {
                phases.add(name);
              }
            })
        .fit(ToyTexts.dataset(folder, 33, 5));
    assertThat(phases).noneMatch(name -> name.contains("pairs"));
  }

  @Test
  void fit_automaticWithoutTime_saysThatPairsWereNotTried() {
    TrainedModel model =
        learning().budget(Duration.ofMillis(1)).fit(ToyTexts.dataset(folder, 12, 5));
    assertThat(model.record().findings().ladder().orElseThrow().skipped())
        .anySatisfy(
            sentence ->
                assertThat(sentence)
                    .contains("Not tried: pairs of texts, then a head", "--budget"));
  }

  @Test
  void resume_interruptedOnTheSecondFold_trainsTheFirstNoMoreAndGivesTheSame() {
    Path checkpoints = folder.resolve("checkpoints");
    String second = "Trying pairs of texts, fold 2 of 3";
    TrainingListener failing =
        new TrainingListener() {
          @Override
          public void phase(String name) {
            if (name.equals(second)) {
              throw new IllegalStateException("the lights went out");
            }
          }
        };

    assertThat(phasesAfterInterruption(checkpoints, failing))
        .contains(second)
        .doesNotContain("Trying pairs of texts, fold 1 of 3");
  }

  @Test
  void resume_interruptedInTheLastTraining_trainsNoFoldAgainAndGivesTheSame() {
    Path checkpoints = folder.resolve("checkpoints");
    TrainingListener failing =
        new TrainingListener() {
          @Override
          public void progress(String phase, long done, long total, String unit) {
            if (phase.equals("Training again on all examples")) {
              throw new IllegalStateException("the lights went out");
            }
          }
        };

    assertThat(phasesAfterInterruption(checkpoints, failing))
        .noneMatch(phase -> phase.startsWith("Trying pairs of texts"));
  }

  /** Of the resumed run, whose model is that of an uninterrupted one. */
  private List<String> phasesAfterInterruption(Path checkpoints, TrainingListener failing) {
    Dataset dataset = ToyTexts.dataset(folder, 8, 5);
    assertThatThrownBy(() -> contrastive().checkpoints(checkpoints).listener(failing).fit(dataset))
        .hasMessage("the lights went out");
    List<String> phases = new ArrayList<>();
    TrainedModel resumed =
        contrastive()
            .resume(checkpoints)
            .listener(
                new TrainingListener() {
                  @Override
                  public void phase(String name) {
                    phases.add(name);
                  }
                })
            .fit(dataset);
    assertThat(resumed.model().toBytes()).isEqualTo(contrastive().fit(dataset).model().toBytes());
    return phases;
  }

  @Test
  void fit_backboneOfImages_isRefused() {
    assertThatThrownBy(
            () ->
                TransferLearning.from(ToyTask.backbone(folder))
                    .strategy(new Strategy.Contrastive())
                    .fit(ToyTask.dataset(folder, 4, 2)))
        .isInstanceOf(TransferException.class)
        .hasMessage(
            "Choosing the strategy contrastive: it is for texts, but toy takes images. Take head,"
                + " head-then-all or auto.");
  }

  // --- fresh blocks ----------------------------------------------------------------------------

  @Test
  void fit_lastBlocksFresh_trainsThemFromWhereTheyWereSet() {
    Backbone fresh = backbone.withFreshBlocks(backbone.model(), 1);
    assertThat(fresh.freshBlocks()).isEqualTo(1);
    assertThat(fresh.isFresh()).isFalse();
    TrainedModel model =
        TransferLearning.from(fresh)
            .seed(3)
            .withoutCache()
            .strategy(Strategy.parse("head-then-last:1"))
            .epochs(4)
            .fit(ToyTexts.dataset(folder, 20, 20));
    assertThat(model.record().settings()).containsEntry("fresh-blocks", "1");
    assertThat(model.record().backbone().trainedBlocks()).containsExactly("encoder.layer.1");
  }

  @Test
  void fit_freshBlocksThatDoNotTrain_isRefused() {
    Backbone fresh = backbone.withFreshBlocks(backbone.model(), 2);
    for (String strategy : List.of("auto", "head", "head-then-norms", "last:1")) {
      assertThatThrownBy(
              () ->
                  TransferLearning.from(fresh)
                      .strategy(Strategy.parse(strategy))
                      .fit(ToyTexts.dataset(folder, 4, 2)))
          .isInstanceOf(TransferException.class)
          .hasMessage(
              "Choosing the strategy "
                  + strategy
                  + ": the last 2 blocks have fresh weights and must train. Take last:K with K of at"
                  + " least 2, or all.");
    }
  }

  @Test
  void weightsOfLast_blocks_areNamed() {
    assertThat(backbone.weightsOfLast(1))
        .contains("encoder.layer.1.dense.weight")
        .noneMatch(name -> name.startsWith("encoder.layer.0"));
    assertThatThrownBy(() -> backbone.weightsOfLast(4))
        .isInstanceOf(TransferException.class)
        .hasMessage(
            "Drawing the weights of the last blocks anew: expected 1 to 3 blocks, which toy-reader"
                + " has, found 4.");
  }
}
