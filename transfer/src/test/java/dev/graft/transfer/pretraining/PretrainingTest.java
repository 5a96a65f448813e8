package dev.graft.transfer.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.data.DataException;
import dev.graft.data.Dataset;
import dev.graft.data.DatasetReader;
import dev.graft.data.image.Augmentation;
import dev.graft.engine.OptimizerSettings;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.BackboneOptions;
import dev.graft.transfer.PoolingChoice;
import dev.graft.transfer.PrecisionChoice;
import dev.graft.transfer.ToyTask;
import dev.graft.transfer.TransferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A small network learns coloured shapes from fresh weights. */
final class PretrainingTest {
  private static final int EPOCHS = 4;
  private static final SourceNetwork TOY =
      new SourceNetwork("toy", "A toy.", classes -> ToyTask.openNetwork(1, classes));

  private final Path folder;
  private final Path run;

  PretrainingTest(@TempDir Path folder) {
    this.folder = folder;
    this.run = folder.resolve("run");
  }

  static PretrainingSettings settings(int epochs, ImageSides sides) {
    return new PretrainingSettings(
        new OptimizerSettings.Sgd(0.05, 0.9, true),
        5e-4,
        epochs,
        0.5,
        8,
        new SourceImages(sides, Augmentation.parse("flip,crop=0.6")),
        0,
        0,
        0.8,
        PrecisionChoice.FP32,
        0.25,
        3);
  }

  private static PretrainingSettings settings() {
    return settings(EPOCHS, new ImageSides(16, 32));
  }

  private static BackboneDescription description(BackboneDescription.Storage storage) {
    return new BackboneDescription(
        "test/toy",
        OptionalInt.of(32),
        storage,
        Optional.of(PoolingChoice.MEAN_AND_DEVIATION),
        Optional.of("apache-2.0"),
        Optional.of("our own drawings"),
        "graft pretrain x");
  }

  private Pretraining pretraining(
      PretrainingSettings settings, boolean resume, PretrainingListener listener) {
    return pretraining(run, settings, resume, listener);
  }

  private static Pretraining pretraining(
      Path run, PretrainingSettings settings, boolean resume, PretrainingListener listener) {
    return new Pretraining(
        TOY,
        settings,
        description(BackboneDescription.Storage.FP16),
        new Pretraining.Continuation(run, resume, Duration.ZERO),
        listener);
  }

  /** What a run gives that nothing interrupts, in a folder of its own. */
  private PretrainedBackbone uninterrupted(Dataset data) {
    return pretraining(folder.resolve("whole"), settings(), false, PretrainingListener.SILENT)
        .run(data);
  }

  private PretrainedBackbone run(Dataset data) {
    return pretraining(settings(), false, PretrainingListener.SILENT).run(data);
  }

  private Dataset data() {
    return ToyTask.dataset(folder, 24, 0);
  }

  @Test
  void run_shapes_learnsThem() {
    PretrainingSettings longer = settings(12, new ImageSides(16, 32));
    PretrainedBackbone backbone =
        pretraining(longer, false, PretrainingListener.SILENT).run(data());
    assertThat(backbone.record().validation().accuracy()).isGreaterThan(0.8);
    assertThat(backbone.record().history()).hasSize(12);
    assertThat(backbone.record().history().get(0).side()).isEqualTo(16);
    assertThat(backbone.record().history().get(11).side()).isEqualTo(32);
    assertThat(backbone.record().validation().examples()).isEqualTo(18);
    assertThat(backbone.record().validationMethod()).contains("25 %");
  }

  @Test
  void save_folder_isABackboneThatTransfersAndTellsWhatItIs() throws IOException {
    PretrainedBackbone backbone = run(data());
    Path out = folder.resolve("backbone");
    backbone.save(out);

    assertThat(run).doesNotExist();
    Backbone loaded = Backbone.load(out.resolve("model.onnx"), BackboneOptions.defaults());
    assertThat(loaded.featureWidth()).isEqualTo(2 * backbone.record().features());
    assertThat(loaded.licence()).hasValue("apache-2.0");
    JsonNode config = json(out.resolve("config.json"));
    assertThat(config.get("id").asText()).isEqualTo("test/toy");
    assertThat(config.get("id2label").get("1").asText()).isEqualTo("disc");
    assertThat(config.get("pooling").asText()).isEqualTo("mean_and_deviation");
    JsonNode metrics = json(out.resolve("metrics.json"));
    assertThat(metrics.get("history")).hasSize(EPOCHS);
    assertThat(metrics.get("validation").get("accuracy").asDouble())
        .isEqualTo(backbone.record().validation().accuracy());
    assertThat(json(out.resolve("provenance.json")).get("data").get("hash").asText()).hasSize(64);
    assertThat(out.resolve("README.md"))
        .content()
        .contains("license: apache-2.0", "top-1", "trained on: our own drawings.");
    assertThat(out.resolve("log/metrics.jsonl")).isNotEmptyFile();
    try (Stream<Path> log = Files.list(out.resolve("log"))) {
      assertThat(log.map(file -> String.valueOf(file.getFileName())))
          .anyMatch(name -> name.startsWith("events.out.tfevents."));
    }
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }

  @Test
  void save_halfWeights_areHalfTheFile() {
    long half = run(data()).model().toBytes().length;
    long whole =
        new Pretraining(
                TOY,
                settings(),
                description(BackboneDescription.Storage.FP32),
                new Pretraining.Continuation(folder.resolve("fp32"), false, Duration.ZERO),
                PretrainingListener.SILENT)
            .run(data())
            .model()
            .toBytes()
            .length;
    assertThat(half).isLessThan(whole * 3 / 4);
  }

  /** What a power cut is to a listener. */
  private static final class Interruption extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private void interruptAfter(Dataset data, int steps) {
    PretrainingListener failing =
        new PretrainingListener() {
          private int taken;

          @Override
          public void step(Position position) {
            if (++taken == steps) {
              throw new Interruption();
            }
          }
        };
    assertThatThrownBy(() -> pretraining(settings(), false, failing).run(data))
        .isInstanceOf(Interruption.class);
  }

  // 54 training images in batches of 8: 6 steps an epoch.
  @ParameterizedTest
  @ValueSource(ints = {1, 6, 7, 15, 24})
  void resume_afterAnyStep_sameWeightsAndFiguresAsUninterrupted(int steps) throws IOException {
    Dataset data = data();
    PretrainedBackbone uninterrupted = uninterrupted(data);
    interruptAfter(data, steps);

    PretrainedBackbone resumed =
        pretraining(settings(), true, PretrainingListener.SILENT).run(data);

    assertThat(resumed.model().toBytes()).isEqualTo(uninterrupted.model().toBytes());
    assertThat(resumed.record().history()).isEqualTo(uninterrupted.record().history());
    assertThat(lines(run)).isEqualTo(lines(folder.resolve("whole")));
  }

  /** The lines of the log but for their times. */
  private static List<JsonNode> lines(Path run) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("log/metrics.jsonl"))) {
      ObjectNode object = (ObjectNode) new ObjectMapper().readTree(line);
      object.remove("time");
      lines.add(object);
    }
    return lines;
  }

  @Test
  void resume_newestCheckpointDamaged_continuesFromTheOneBefore() throws IOException {
    Dataset data = data();
    PretrainedBackbone uninterrupted = uninterrupted(data);
    interruptAfter(data, 9);
    Path newest = newestCheckpoint();
    byte[] weights = Files.readAllBytes(newest.resolve("weights.bin"));
    weights[weights.length / 2] ^= 1;
    Files.write(newest.resolve("weights.bin"), weights);

    PretrainedBackbone resumed =
        pretraining(settings(), true, PretrainingListener.SILENT).run(data);

    assertThat(resumed.model().toBytes()).isEqualTo(uninterrupted.model().toBytes());
    assertThat(lines(run)).isEqualTo(lines(folder.resolve("whole")));
  }

  private Path newestCheckpoint() throws IOException {
    try (Stream<Path> entries = Files.list(run)) {
      return entries
          .filter(path -> path.toString().contains("checkpoint-"))
          .max((a, b) -> Long.compare(number(a), number(b)))
          .orElseThrow();
    }
  }

  private static long number(Path checkpoint) {
    String name = String.valueOf(checkpoint.getFileName());
    return Long.parseLong(name.substring(name.lastIndexOf('-') + 1));
  }

  @Test
  void resume_otherSettings_isRefused() {
    Dataset data = data();
    interruptAfter(data, 3);
    PretrainingSettings other = settings(EPOCHS + 1, new ImageSides(16, 32));
    assertThatThrownBy(() -> pretraining(other, true, PretrainingListener.SILENT).run(data))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("other data, another backbone or other settings");
  }

  @Test
  void run_unfinishedRunInTheFolder_isNotThrownAway() {
    Dataset data = data();
    interruptAfter(data, 3);
    assertThatThrownBy(() -> run(data))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("--resume to go on");
  }

  @Test
  void run_damagedImages_areLeftOutAndNamed() throws IOException {
    Path shapes = ToyTask.data(folder, 24, 0);
    Files.writeString(shapes.resolve("train/disc/image-3.png"), "no image");
    Files.write(shapes.resolve("train/bar/empty.png"), new byte[0]);
    PretrainedBackbone backbone = run(DatasetReader.read(shapes));
    assertThat(backbone.record().data().leftOut())
        .extracting("path")
        .contains("train/disc/image-3.png", "train/bar/empty.png");
    assertThat(
            backbone.record().validation().examples()
                + backbone.record().data().trainCounts().values().stream()
                    .mapToInt(Integer::intValue)
                    .sum())
        .isEqualTo(71);
  }

  @Test
  void run_classWithOneImage_isRefusedByName() {
    Path shapes = ToyTask.data(folder, 8, 0);
    ToyTask.image(shapes.resolve("train/lonely"), 0, 1, 5);
    assertThatThrownBy(() -> run(DatasetReader.read(shapes)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("at least 2 usable examples")
        .hasMessageContaining("lonely");
  }

  @Test
  void run_rateFarTooHigh_saysSo() {
    PretrainingSettings wild =
        new PretrainingSettings(
            new OptimizerSettings.Sgd(1e30, 0.9, true),
            0,
            EPOCHS,
            0,
            8,
            new SourceImages(ImageSides.constant(32), Augmentation.none()),
            0,
            0,
            0,
            PrecisionChoice.FP32,
            0.25,
            3);
    assertThatThrownBy(() -> pretraining(wild, false, PretrainingListener.SILENT).run(data()))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("--learning-rate");
  }

  @Test
  void run_folderThatCannotBeMade_isAnErrorOfTheEnvironment() throws IOException {
    Files.writeString(run, "a file where the folder of the run shall be");
    assertThatThrownBy(() -> run(data()))
        .isInstanceOfSatisfying(
            TransferException.class,
            failure -> assertThat(failure.reason()).isEqualTo(TransferException.Cause.ENVIRONMENT))
        .hasMessageContaining("choose another --out folder");
  }

  @Test
  void run_mixedImagesAndAdamW_learnsShapesToo() {
    PretrainingSettings mixed =
        new PretrainingSettings(
            new OptimizerSettings.AdamW(0.01),
            0.01,
            12,
            0.5,
            8,
            new SourceImages(ImageSides.constant(32), Augmentation.parse("flip")),
            0.1,
            0.2,
            0,
            PrecisionChoice.FP32,
            0.25,
            3);
    PretrainedBackbone backbone = pretraining(mixed, false, PretrainingListener.SILENT).run(data());
    assertThat(backbone.record().validation().accuracy()).isGreaterThan(0.8);
    assertThat(backbone.record().settings()).containsEntry("mixup", "0.2");
  }

  @Test
  void new_settingsOutOfRange_areRefused() {
    assertThatThrownBy(() -> settings(0, ImageSides.constant(32)))
        .hasMessageContaining("epochs: expected at least 1, found 0");
    assertThatThrownBy(() -> description("no name!")).hasMessageContaining("no name!");
  }

  private static BackboneDescription description(String id) {
    return new BackboneDescription(
        id,
        OptionalInt.empty(),
        BackboneDescription.Storage.FP32,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "");
  }
}
