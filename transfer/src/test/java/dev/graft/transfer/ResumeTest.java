package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.graft.data.Dataset;
import dev.graft.transfer.evidence.TrainingRecord.Epoch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that ended early and was resumed gives what the uninterrupted one gives. */
final class ResumeTest {
  private static final int EPOCHS = 5;

  private final Path folder;
  private final Path checkpoints;
  private Backbone backbone;
  private Dataset data;

  ResumeTest(@TempDir Path folder) {
    this.folder = folder;
    this.checkpoints = folder.resolve("checkpoints");
    this.backbone = ToyTask.backbone(folder);
    this.data = ToyTask.dataset(folder, 12, 6);
  }

  /** What a power cut is to a listener. */
  private static final class Interruption extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private TransferLearning learning(String strategy) {
    return ToyTask.learning(backbone)
        .strategy(Strategy.parse(strategy))
        .epochs(EPOCHS)
        .checkpointInterval(Duration.ZERO);
  }

  /** Runs until so many steps of all epochs are done. */
  private void interrupt(TransferLearning learning, int afterSteps) {
    TrainingListener failing =
        new TrainingListener() {
          @Override
          public void progress(String phase, long done, long total, String unit) {
            if (unit.equals("steps") && done == afterSteps) {
              throw new Interruption();
            }
          }
        };
    assertThatThrownBy(() -> learning.checkpoints(checkpoints).listener(failing).fit(data))
        .isInstanceOf(Interruption.class);
  }

  @Test
  void resume_interruptedWhileTrainingAgainOnAll_sameAsUninterrupted() {
    TransferLearning learning = learning("all");
    TrainedModel uninterrupted = learning.fit(data);
    TrainingListener failing =
        new TrainingListener() {
          @Override
          public void progress(String phase, long done, long total, String unit) {
            if (phase.equals("Training again on all examples") && done == total) {
              throw new Interruption();
            }
          }
        };
    assertThatThrownBy(() -> learning.checkpoints(checkpoints).listener(failing).fit(data))
        .isInstanceOf(Interruption.class);
    List<String> notes = new ArrayList<>();

    TrainedModel resumed = resume(learning, notes);

    assertThat(notes).filteredOn(note -> note.startsWith("Continuing from the")).hasSize(2);
    assertSame(resumed, uninterrupted);
    resumed.save(folder.resolve("model"));
    assertThat(checkpoints).doesNotExist();
  }

  private TrainedModel resume(TransferLearning learning, List<String> notes) {
    return learning
        .resume(checkpoints)
        .listener(
            new TrainingListener() {
              @Override
              public void note(String sentence) {
                notes.add(sentence);
              }
            })
        .fit(data);
  }

  private static void assertSame(TrainedModel found, TrainedModel expected) {
    assertThat(found.record().history()).isEqualTo(expected.record().history());
    assertThat(found.model().toBytes()).isEqualTo(expected.model().toBytes());
    assertThat(found.record().test().orElseThrow().toJson())
        .isEqualTo(expected.record().test().orElseThrow().toJson());
    assertThat(found.record().validation().toJson())
        .isEqualTo(expected.record().validation().toJson());
  }

  @ParameterizedTest
  @CsvSource({"all,2", "all,7", "head-then-all,4", "last:1,6", "head-then-last:1,5"})
  void resume_afterInterruption_sameAsUninterrupted(String strategy, int steps) {
    TransferLearning learning = learning(strategy);
    TrainedModel uninterrupted = learning.fit(data);
    interrupt(learning, steps);
    List<String> notes = new ArrayList<>();

    TrainedModel resumed = resume(learning, notes);

    assertThat(notes).anyMatch(note -> note.startsWith("Continuing from the checkpoint in epoch "));
    assertSame(resumed, uninterrupted);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sgd", "adam", "adamw"})
  void resume_eachOptimizer_sameAsUninterrupted(String optimizer) {
    TransferLearning learning = learning("all").optimizer(OptimizerChoice.parse(optimizer));
    TrainedModel uninterrupted = learning.fit(data);
    interrupt(learning, 5);

    assertSame(resume(learning, new ArrayList<>()), uninterrupted);
  }

  @Test
  void resume_freshWeights_runningStatisticsContinueToo() {
    backbone = backbone.withWeightsOf(ToyTask.network(77));
    TransferLearning learning = learning("all");
    TrainedModel uninterrupted = learning.fit(data);
    interrupt(learning, 5);

    assertSame(resume(learning, new ArrayList<>()), uninterrupted);
  }

  @Test
  void resume_finishedRun_repeatsItsResultWithoutTraining() {
    TransferLearning learning = learning("all");
    TrainedModel finished = learning.checkpoints(checkpoints).fit(data);
    List<Epoch> epochs = new ArrayList<>();

    TrainedModel again =
        learning
            .resume(checkpoints)
            .listener(
                new TrainingListener() {
                  @Override
                  public void epoch(Epoch epoch, int of) {
                    epochs.add(epoch);
                  }
                })
            .fit(data);

    assertThat(epochs).isEmpty();
    assertSame(again, finished);
  }

  @Test
  void resume_nothingThere_beginsAnew() {
    TransferLearning learning = learning("all");

    assertSame(resume(learning, new ArrayList<>()), learning.fit(data));
  }

  @Test
  void resume_otherSettings_isRefused() {
    interrupt(learning("all"), 5);

    assertThatThrownBy(() -> resume(learning("all").seed(7), new ArrayList<>()))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("other data, another backbone or other settings")
        .hasMessageContaining("Repeat its command line with --resume")
        .asInstanceOf(type(TransferException.class))
        .extracting(TransferException::reason)
        .isEqualTo(TransferException.Cause.SETTINGS);
  }

  @Test
  void resume_otherData_isRefused() {
    interrupt(learning("all"), 5);
    ToyTask.image(folder.resolve("shapes/train/disc"), 3, 1, 12345);
    data = dev.graft.data.DatasetReader.read(folder.resolve("shapes"));

    assertThatThrownBy(() -> resume(learning("all"), new ArrayList<>()))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("other data");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"weights.bin", "best.bin", "optimizer.pt", "state.json", "checksums.json"})
  void resume_newestDamaged_continuesFromTheOneBefore(String file) throws IOException {
    TransferLearning learning = learning("all");
    TrainedModel uninterrupted = learning.fit(data);
    interrupt(learning, 7);
    List<Path> newestFirst = checkpointsNewestFirst();
    assertThat(newestFirst).hasSize(2);
    Path damaged = newestFirst.get(0).resolve(file);
    byte[] bytes = Files.readAllBytes(damaged);
    bytes[bytes.length / 2] ^= 1;
    Files.write(damaged, bytes);
    List<String> notes = new ArrayList<>();

    TrainedModel resumed = resume(learning, notes);

    assertThat(notes).anyMatch(note -> note.startsWith("Continuing from the checkpoint"));
    assertSame(resumed, uninterrupted);
  }

  @Test
  void resume_allCutShort_beginsAnew() throws IOException {
    TransferLearning learning = learning("all");
    interrupt(learning, 7);
    for (Path checkpoint : checkpointsNewestFirst()) {
      Path weights = checkpoint.resolve("weights.bin");
      Files.write(weights, Arrays.copyOf(Files.readAllBytes(weights), 100));
      Files.delete(checkpoint.resolve("state.json"));
    }
    List<String> notes = new ArrayList<>();

    TrainedModel resumed = resume(learning, notes);

    assertThat(notes).noneMatch(note -> note.startsWith("Continuing"));
    assertSame(resumed, learning.fit(data));
  }

  @Test
  void checkpoints_withoutResume_discardThoseOfTheRunBefore() {
    interrupt(learning("all").seed(7), 5);
    interrupt(learning("all"), 1);

    assertSame(resume(learning("all"), new ArrayList<>()), learning("all").fit(data));
  }

  @Test
  void save_bundleIsThere_checkpointsAreGoneAndNothingElse() throws IOException {
    TrainedModel model = learning("all").checkpoints(checkpoints).fit(data);
    assertThat(checkpointsNewestFirst()).hasSize(2);
    Path own = Files.writeString(checkpoints.resolve("notes.txt"), "mine");

    model.save(folder.resolve("model"));

    assertThat(checkpointsNewestFirst()).isEmpty();
    assertThat(own).exists();
  }

  @Test
  void checkpointInterval_long_noCheckpointIsWritten() {
    learning("all").checkpointInterval(Duration.ofHours(1)).checkpoints(checkpoints).fit(data);

    assertThat(checkpoints).doesNotExist();
  }

  @Test
  void checkpointInterval_negative_isRefused() {
    assertThatThrownBy(() -> learning("all").checkpointInterval(Duration.ofSeconds(-1)))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("the checkpoint interval must be at least zero, found PT-1S");
  }

  private List<Path> checkpointsNewestFirst() throws IOException {
    try (Stream<Path> entries = Files.list(checkpoints)) {
      return entries
          .filter(entry -> entry.toFile().getName().startsWith("checkpoint-"))
          .sorted(
              Comparator.comparing(
                      (Path entry) ->
                          Integer.valueOf(
                              entry.toFile().getName().substring("checkpoint-".length())))
                  .reversed())
          .toList();
    }
  }
}
