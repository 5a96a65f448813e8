package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.DatasetReader;
import dev.graft.onnx.OnnxTensor;
import dev.graft.transfer.evidence.LadderFindings;
import dev.graft.transfer.evidence.LadderFindings.Rung;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The strategy that is chosen from the data. */
final class LadderTest {
  private static final Duration PLENTY = Duration.ofMinutes(20);

  private final Path folder;
  private final Backbone backbone;

  LadderTest(@TempDir Path folder) {
    this.folder = folder;
    this.backbone = ToyTask.backbone(folder);
  }

  private TransferLearning automatic() {
    return ToyTask.learning(backbone).strategy(new Strategy.Automatic()).epochs(12).budget(PLENTY);
  }

  private static LadderFindings ladder(TrainedModel model) {
    return model.record().findings().ladder().orElseThrow();
  }

  @Test
  void fit_backboneThatKnowsLittle_climbsToLayersOfIt() {
    TrainedModel model = automatic().fit(ToyTask.dataset(folder, 40, 40));

    LadderFindings ladder = ladder(model);
    assertThat(ladder.rungs().get(0).name()).isEqualTo("the head alone");
    assertThat(ladder.rungs().get(0).against()).isEmpty();
    assertThat(ladder.rungs()).hasSizeGreaterThanOrEqualTo(3);
    assertThat(ladder.rungs().subList(1, ladder.rungs().size()))
        .allSatisfy(rung -> assertThat(rung.against()).isPresent());
    Rung last = ladder.rungs().stream().filter(Rung::taken).reduce((a, b) -> b).orElseThrow();
    assertThat(last.accuracy()).isGreaterThan(ladder.rungs().get(0).accuracy());
    assertThat(model.record().strategy()).isEqualTo(ladder.chosen()).startsWith("head-then-");
    assertThat(model.record().backbone().trainedBlocks()).isNotEmpty();
    assertThat(model.record().validation().examples()).isEqualTo(120);
    assertThat(model.record().validationMethod()).startsWith("cross-validation");
    TrainedModel head =
        automatic().strategy(new Strategy.HeadOnly()).fit(ToyTask.dataset(folder, 40, 40));
    assertThat(model.record().test().orElseThrow().accuracy())
        .isGreaterThan(head.record().test().orElseThrow().accuracy());
  }

  /** The same images in both parts show that what is judged is what is saved. */
  @Test
  void fit_ownValidationPart_judgesTheModelThatIsSaved() throws IOException {
    Path data = ToyTask.data(folder, 40, 20);
    copy(data.resolve("test"), data.resolve("validation"));

    TrainedModel model = automatic().fit(DatasetReader.read(data));

    assertThat(ladder(model).chosen()).startsWith("head-then-");
    assertThat(model.record().validationMethod())
        .isEqualTo("the data's own validation part, by which the strategy was chosen as well");
    assertThat(model.record().validation().toJson())
        .isEqualTo(model.record().test().orElseThrow().toJson());
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path source : tree.toList()) {
        Files.copy(source, to.resolve(from.relativize(source).toString()));
      }
    }
  }

  @Test
  void fit_noTimeForUnfrozenLayers_saysSoAndKeepsAHead() {
    TrainedModel model =
        automatic().budget(Duration.ofMillis(1)).fit(ToyTask.dataset(folder, 20, 6));

    LadderFindings ladder = ladder(model);
    assertThat(ladder.chosen()).isEqualTo("head");
    assertThat(ladder.skipped())
        .isNotEmpty()
        .allSatisfy(sentence -> assertThat(sentence).contains("Not tried", "--budget"));
    assertThat(model.record().backbone().trainedBlocks()).isEmpty();
  }

  @Test
  void fit_tooFewExamplesToProveAnything_headWithoutTrial() {
    TrainedModel model = automatic().fit(ToyTask.dataset(folder, 9, 6));

    LadderFindings ladder = ladder(model);
    assertThat(ladder.rungs()).isEmpty();
    assertThat(ladder.chosen()).isEqualTo("head");
    assertThat(ladder.skipped()).singleElement().asString().startsWith("With 27 training examples");
  }

  @Test
  void fit_optimizerForHeadsOnly_triesHeadsOnly() {
    TrainedModel model =
        automatic().optimizer(OptimizerChoice.LBFGS).fit(ToyTask.dataset(folder, 20, 6));

    assertThat(ladder(model).rungs())
        .extracting(Rung::name)
        .containsExactly("the head alone", "a head of two layers");
  }

  @Test
  void fit_twice_sameModel() {
    TrainedModel first = automatic().fit(ToyTask.dataset(folder, 20, 6));
    TrainedModel second = automatic().fit(ToyTask.dataset(folder, 20, 6));

    assertThat(second.model().toBytes()).isEqualTo(first.model().toBytes());
    assertThat(second.record().validation().toJson())
        .isEqualTo(first.record().validation().toJson());
  }

  @Test
  void fit_again_takesFoldsFromTheCacheAndGivesTheSame() {
    TransferLearning learning = automatic().cache(folder.resolve("cache"));
    TrainedModel first = learning.fit(ToyTask.dataset(folder, 20, 6));
    List<String> phases = new ArrayList<>();

    TrainedModel second = learning.listener(telling(phases)).fit(ToyTask.dataset(folder, 20, 6));

    assertThat(phases)
        .contains("Trying the head, fold 1 of 3")
        .noneMatch(phase -> phase.startsWith("Trying all layers"))
        .noneMatch(phase -> phase.startsWith("Training again"))
        .noneMatch(phase -> phase.startsWith("Trying a head of two layers"));
    assertThat(ladder(second).chosen()).isEqualTo(ladder(first).chosen()).startsWith("head-then-");
    assertThat(second.record().notes())
        .anyMatch(note -> note.contains("weights are taken from the cache"));
    assertThat(second.model().toBytes()).isEqualTo(first.model().toBytes());
  }

  @Test
  void fit_againAfterTimeWasShort_sameRungsAreNotTriedUnlessThereIsMoreTime() {
    TransferLearning learning = automatic().cache(folder.resolve("cache"));
    Duration none = Duration.ofMillis(1);
    TrainedModel first = learning.budget(none).fit(ToyTask.dataset(folder, 20, 6));

    TrainedModel second = learning.budget(none).fit(ToyTask.dataset(folder, 20, 6));
    TrainedModel third = learning.budget(PLENTY).fit(ToyTask.dataset(folder, 20, 6));

    assertThat(ladder(second).skipped()).isEqualTo(ladder(first).skipped()).isNotEmpty();
    assertThat(ladder(third).skipped()).noneMatch(sentence -> sentence.startsWith("Not tried"));
  }

  @Test
  void fit_rungPlainlyWorseOnTheFirstFold_isGivenUpThere() {
    List<String> phases = new ArrayList<>();
    TransferLearning losingAll = automatic().learningRate(0.5).listener(telling(phases));
    TrainedModel model = losingAll.fit(ToyTask.dataset(folder, 20, 6));

    List<String> givenUp =
        ladder(model).skipped().stream()
            .filter(sentence -> sentence.contains(": given up after the first of 3 folds"))
            .map(sentence -> sentence.substring(0, sentence.indexOf(':')).toLowerCase(Locale.ROOT))
            .toList();
    assertThat(givenUp).isNotEmpty();
    for (String name : givenUp) {
      assertThat(phases).contains("Trying " + name + ", fold 1 of 3");
      assertThat(phases).doesNotContain("Trying " + name + ", fold 2 of 3");
      assertThat(ladder(model).rungs()).extracting(Rung::name).doesNotContain(name);
    }
  }

  private static TrainingListener telling(List<String> phases) {
    return new TrainingListener() {
      @Override
      public void phase(String name) {
        phases.add(name);
      }
    };
  }

  @Test
  void resume_interruptedInTheMiddleOfTheLadder_trainsNoFoldAgainAndGivesTheSame() {
    Path checkpoints = folder.resolve("checkpoints");
    TrainedModel uninterrupted = automatic().fit(ToyTask.dataset(folder, 20, 6));
    TrainingListener failing =
        new TrainingListener() {
          @Override
          public void phase(String name) {
            if (name.equals("Trying all layers, fold 2 of 3")) {
              throw new IllegalStateException("the lights went out");
            }
          }
        };
    assertThatThrownBy(
            () ->
                automatic()
                    .checkpoints(checkpoints)
                    .listener(failing)
                    .fit(ToyTask.dataset(folder, 20, 6)))
        .hasMessage("the lights went out");
    List<String> phases = new ArrayList<>();

    TrainedModel resumed =
        automatic()
            .resume(checkpoints)
            .listener(telling(phases))
            .fit(ToyTask.dataset(folder, 20, 6));

    assertThat(phases)
        .contains("Trying all layers, fold 2 of 3")
        .doesNotContain(
            "Trying all layers, fold 1 of 3", "Trying the last 2 of 3 blocks, fold 1 of 3");
    assertThat(resumed.model().toBytes()).isEqualTo(uninterrupted.model().toBytes());
    resumed.save(folder.resolve("model"));
    assertThat(checkpoints).doesNotExist();
  }

  /** Else a run that was begun anew could not be resumed: older checkpoints are of another one. */
  @Test
  void checkpoints_begunAnew_forgetWhatAnotherRunLeft() {
    Path checkpoints = folder.resolve("checkpoints");
    TransferLearning other =
        automatic().epochs(13).checkpointInterval(Duration.ZERO).checkpoints(checkpoints);
    assertThatThrownBy(
            () -> other.listener(failingAt("Evaluating")).fit(ToyTask.dataset(folder, 20, 6)))
        .hasMessage("the lights went out");
    assertThat(checkpoints.resolve("again")).isDirectory();
    String second = "Trying all layers, fold 2 of 3";
    assertThatThrownBy(
            () ->
                automatic()
                    .checkpoints(checkpoints)
                    .listener(failingAt(second))
                    .fit(ToyTask.dataset(folder, 20, 6)))
        .hasMessage("the lights went out");

    TrainedModel resumed = automatic().resume(checkpoints).fit(ToyTask.dataset(folder, 20, 6));

    assertThat(ladder(resumed).chosen()).startsWith("head-then-");
  }

  private static TrainingListener failingAt(String phase) {
    return new TrainingListener() {
      @Override
      public void phase(String name) {
        if (name.equals(phase)) {
          throw new IllegalStateException("the lights went out");
        }
      }
    };
  }

  /** The last training of fresh weights begins with a random head, and so must what proves it. */
  @Test
  void fit_freshWeightsThatHardlyMove_rungBeginsWithARandomHead() {
    Backbone fresh = backbone.withWeightsOf(ToyTask.network(77));
    TrainedModel model =
        ToyTask.learning(fresh)
            .strategy(new Strategy.Automatic())
            .epochs(1)
            .learningRate(1e-9)
            .budget(PLENTY)
            .fit(ToyTask.dataset(folder, 20, 6));

    assertThat(ladder(model).rungs())
        .filteredOn(rung -> rung.name().equals("all layers"))
        .singleElement()
        .satisfies(rung -> assertThat(rung.accuracy()).isLessThan(0.5)); // one of three by chance
  }

  /** What all folds would read may take longer than the whole budget. */
  @Test
  void fit_noTimeForUnfrozenLayers_preparesNoMoreThanAProbeReads() {
    List<Long> rows = new ArrayList<>();
    TrainingListener counting =
        new TrainingListener() {
          @Override
          public void progress(String phase, long done, long total, String unit) {
            if (phase.equals("Computing activations")) {
              rows.add(total);
            }
          }
        };
    automatic()
        .budget(Duration.ofMillis(1))
        .listener(counting)
        .fit(ToyTask.dataset(folder, 100, 6));
    assertThat(rows).isNotEmpty();
    long few = Collections.max(rows);
    rows.clear();
    automatic().epochs(1).listener(counting).fit(ToyTask.dataset(folder, 100, 6));
    assertThat(few).isLessThan(Collections.max(rows));
  }

  @Test
  void fit_headThenNorms_kernelsStayBitIdenticalAndNormsMove() {
    TrainedModel model =
        ToyTask.learning(backbone)
            .strategy(new Strategy.HeadThenNorms())
            .epochs(20)
            .fit(ToyTask.dataset(folder, 20, 6));

    assertThat(model.record().strategy()).isEqualTo("head-then-norms");
    assertThat(model.record().findings().ladder()).isEmpty();
    Map<String, OnnxTensor> before = backbone.trunk().graph().initializers();
    Map<String, OnnxTensor> after = model.model().graph().initializers();
    for (int block = 1; block <= 3; block++) {
      String name = "features." + block;
      assertThat(values(after, name + ".conv.weight"))
          .isEqualTo(values(before, name + ".conv.weight"));
      assertThat(values(after, name + ".norm.bias"))
          .isNotEqualTo(values(before, name + ".norm.bias"));
    }
  }

  private static float[] values(Map<String, OnnxTensor> initializers, String name) {
    return Objects.requireNonNull(initializers.get(name)).toFloats();
  }
}
