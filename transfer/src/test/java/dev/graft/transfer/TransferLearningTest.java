package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.graft.data.DataException;
import dev.graft.data.Dataset;
import dev.graft.data.DatasetReader;
import dev.graft.data.image.Augmentation;
import dev.graft.engine.ActivationMemory;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import dev.graft.runtime.BundleLayout;
import dev.graft.runtime.ParityReport;
import dev.graft.runtime.Predictor;
import dev.graft.transfer.evidence.Evaluation;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TransferLearningTest {
  private static final double CHANCE = 1 / 3.0;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  // --- a run

  @Test
  void readmeExample_generatedImages_modelIsTrainedAndSaved() {
    Path backboneFile = ToyTask.backboneFile(folder);
    Path images = ToyTask.data(folder, 12, 6);
    Path output = folder.resolve("model");

    BackboneOptions options = BackboneOptions.defaults().withPreprocessing("unit");
    TrainedModel model =
        TransferLearning.from(Backbone.load(backboneFile, options))
            .head(HeadArchitecture.linear())
            .strategy(new Strategy.HeadOnly())
            .cache(folder.resolve("cache"))
            .fit(DatasetReader.read(images));
    ParityReport parity = model.save(output);

    assertThat(parity.exampleCount()).isEqualTo(3);
    assertThat(parity.largestDifference()).isLessThanOrEqualTo(parity.tolerance());
    assertThat(model.record().test().orElseThrow().accuracy()).isGreaterThan(CHANCE);
    assertThat(output.resolve("model.onnx")).isRegularFile();
  }

  @ParameterizedTest
  @ValueSource(strings = {"head", "head-then-all"})
  void save_predictorOnTestImages_repeatsTheEvaluation(String strategy) {
    Dataset data = ToyTask.dataset(folder, 12, 6);
    TrainedModel model =
        ToyTask.learning(ToyTask.backbone(folder)).strategy(Strategy.parse(strategy)).fit(data);
    model.save(folder.resolve("model"));

    Evaluation expected = model.record().test().orElseThrow();
    Evaluation found = predictTestPart(folder.resolve("model"));

    assertThat(found.accuracy()).isEqualTo(expected.accuracy());
    assertThat(found.logLoss()).isCloseTo(expected.logLoss(), within(1e-3));
  }

  private Evaluation predictTestPart(Path bundle) {
    List<String> classes = ToyTask.CLASSES;
    int each = 6;
    int[] labels = new int[classes.size() * each];
    float[] probabilities = new float[labels.length * classes.size()];
    try (Predictor predictor = Predictor.load(bundle)) {
      for (int row = 0; row < labels.length; row++) {
        labels[row] = row / each;
        Path image =
            folder.resolve(
                "shapes/test/" + classes.get(labels[row]) + "/image-" + row % each + ".png");
        for (int label = 0; label < classes.size(); label++) {
          probabilities[row * classes.size() + label] =
              (float) predictor.predict(image).probabilityOf(classes.get(label));
        }
      }
    }
    return Evaluation.of(classes, labels, probabilities);
  }

  @Test
  void fit_smallMemory_trainsTheSameModel() {
    Dataset data = ToyTask.dataset(folder, 12, 6);
    Backbone backbone = ToyTask.backbone(folder);
    TransferLearning learning =
        ToyTask.learning(backbone).strategy(Strategy.parse("all")).optimizer(OptimizerChoice.SGD);
    Map<String, OnnxTensor> expected = learning.fit(data).model().graph().initializers();
    TrainedModel small = learning.microBatch(3).activations(ActivationMemory.RECOMPUTED).fit(data);
    small.save(folder.resolve("model"));

    expected.forEach(
        (name, tensor) -> {
          if (tensor.type() == ElementType.FLOAT) {
            float[] actual =
                Objects.requireNonNull(small.model().graph().initializers().get(name)).toFloats();
            assertThat(actual).as(name).containsExactly(tensor.toFloats(), within(1e-3f));
          }
        });
    assertThat(folder.resolve("model").resolve(BundleLayout.PROVENANCE))
        .content()
        .contains("\"micro-batch\" : \"3\"", "\"activations\" : \"recomputed\"");
  }

  // --- determinism

  @ParameterizedTest
  @ValueSource(strings = {"head", "last:1", "head-then-all"})
  void save_twoRunsWithOneSeed_sameBytes(String strategy) throws IOException {
    Dataset data = ToyTask.dataset(folder, 12, 4);
    Backbone backbone = ToyTask.backbone(folder);
    for (String name : List.of("first", "second")) {
      ToyTask.learning(backbone)
          .strategy(Strategy.parse(strategy))
          .fit(data)
          .save(folder.resolve(name));
    }

    List<Path> files = filesBelow(folder.resolve("first"));
    assertThat(filesBelow(folder.resolve("second"))).isEqualTo(files);
    assertThat(files).contains(Path.of("model.onnx"), Path.of("config.json"), Path.of("README.md"));
    // Three tell how long it took, and the list holds their digests.
    List<String> timed =
        List.of(
            BundleLayout.METRICS, BundleLayout.PROVENANCE, BundleLayout.REPORT, BundleLayout.FILES);
    for (Path file : files) {
      if (!timed.contains(file.toString())) {
        assertThat(folder.resolve("first").resolve(file))
            .as(file.toString())
            .hasSameBinaryContentAs(folder.resolve("second").resolve(file));
      }
    }
  }

  @Test
  void fit_anotherSeed_otherWeights() {
    Dataset data = ToyTask.dataset(folder, 12, 0);
    TransferLearning learning =
        ToyTask.learning(ToyTask.backbone(folder)).strategy(new Strategy.AllLayers());

    assertThat(learning.seed(1).fit(data).model().sha256())
        .isNotEqualTo(learning.seed(2).fit(data).model().sha256());
  }

  private static List<Path> filesBelow(Path root) throws IOException {
    try (Stream<Path> tree = Files.walk(root)) {
      return tree.filter(Files::isRegularFile).map(root::relativize).sorted().toList();
    }
  }

  @Test
  void fit_testPartChanged_modelIsTheSame() {
    Path images = ToyTask.data(folder, 12, 4);
    Backbone backbone = ToyTask.backbone(folder);
    TransferLearning learning = ToyTask.learning(backbone).strategy(new Strategy.HeadThenAll());
    byte[] before = bytesWithoutMetadata(learning.fit(DatasetReader.read(images)));

    // Images of other classes under these labels, and more of them.
    for (int i = 0; i < 9; i++) {
      ToyTask.image(images.resolve("test/disc"), i, 2, 500 + i);
      ToyTask.image(images.resolve("test/square"), i, 0, 600 + i);
    }

    assertThat(bytesWithoutMetadata(learning.fit(DatasetReader.read(images)))).isEqualTo(before);
  }

  /** The metadata hold a hash over all parts. */
  private static byte[] bytesWithoutMetadata(TrainedModel model) {
    return model.model().withMetadata(Map.of()).toBytes();
  }

  // --- learning

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "head|linear",
        "head|16",
        "last:1|linear",
        "all|linear",
        "all|16,8",
        "head-then-all|16",
        "head-then-last:1|linear"
      })
  void fit_strategyAndHead_betterThanChance(String strategy, String head) {
    TrainedModel model =
        ToyTask.learning(ToyTask.backbone(folder))
            .strategy(Strategy.parse(strategy))
            .head(HeadArchitecture.parse(head))
            .epochs(12)
            .fit(ToyTask.dataset(folder, 16, 10));

    assertThat(model.record().strategy()).isEqualTo(strategy);
    assertThat(model.record().head()).isEqualTo(head);
    assertThat(model.record().test().orElseThrow().accuracy()).isGreaterThan(0.6);
  }

  @ParameterizedTest
  @CsvSource({"sgd,0.05", "adam,0.01", "adamw,0.01", "lbfgs,1"})
  void fit_optimizerForHead_betterThanChance(String optimizer, double rate) {
    TrainedModel model =
        TransferLearning.from(ToyTask.backbone(folder))
            .precision(PrecisionChoice.FP32)
            .withoutCache()
            .views(1)
            .strategy(new Strategy.HeadOnly())
            .head(HeadArchitecture.layers(16))
            .optimizer(OptimizerChoice.parse(optimizer))
            .learningRate(rate)
            .fit(ToyTask.dataset(folder, 16, 10));

    assertThat(model.record().settings()).containsEntry("optimizer", optimizer);
    assertThat(model.record().test().orElseThrow().accuracy()).isGreaterThan(0.6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sgd", "adam"})
  void fit_optimizerForAllLayers_betterThanChance(String optimizer) {
    TrainedModel model =
        ToyTask.learning(ToyTask.backbone(folder))
            .strategy(new Strategy.HeadThenAll())
            .optimizer(OptimizerChoice.parse(optimizer))
            .fit(ToyTask.dataset(folder, 16, 10));

    assertThat(model.record().test().orElseThrow().accuracy()).isGreaterThan(0.6);
  }

  // --- settings that reach the training

  @Test
  void fit_examplesPerClass_soManyAreUsed() {
    TrainedModel model =
        ToyTask.learning(ToyTask.backbone(folder))
            .examplesPerClass(5)
            .fit(ToyTask.dataset(folder, 12, 4));

    assertThat(model.record().data().trainCounts())
        .containsExactly(Map.entry("bar", 5), Map.entry("disc", 5), Map.entry("square", 5));
    assertThat(model.record().test().orElseThrow().examples()).isEqualTo(12);
  }

  @Test
  void fit_views_changeTheHeadUnlessNotAugmented() {
    Dataset data = ToyTask.dataset(folder, 12, 0);
    TransferLearning learning = ToyTask.learning(ToyTask.backbone(folder));
    TrainedModel one = learning.views(1).fit(data);
    TrainedModel three = learning.views(3).fit(data);
    TrainedModel plain = learning.views(3).augmentation(Augmentation.none()).fit(data);

    assertThat(three.record().settings()).containsEntry("views", "3");
    assertThat(three.model().sha256()).isNotEqualTo(one.model().sha256());
    assertThat(plain.record().settings()).containsEntry("views", "1");
    assertThat(plain.model().sha256()).isEqualTo(one.model().sha256());
  }

  @Test
  void fit_balancedClassWeights_otherHeadOnUnequalClasses() {
    Path images = ToyTask.data(folder, 6, 0);
    for (int i = 6; i < 24; i++) {
      ToyTask.image(images.resolve("train/disc"), i, 1, 700 + i);
    }
    Dataset data = DatasetReader.read(images);
    TransferLearning learning = ToyTask.learning(ToyTask.backbone(folder));

    TrainedModel balanced = learning.classWeights(ClassWeighting.BALANCED).fit(data);

    assertThat(balanced.record().settings()).containsEntry("class-weights", "balanced");
    assertThat(balanced.model().sha256()).isNotEqualTo(learning.fit(data).model().sha256());
  }

  @Test
  void fit_learningRate_decidesHowFarWeightsMove() {
    Dataset data = ToyTask.dataset(folder, 12, 0);
    Backbone backbone = ToyTask.backbone(folder);
    TransferLearning learning =
        ToyTask.learning(backbone).strategy(new Strategy.AllLayers()).epochs(1);

    assertThat(distance(backbone, learning.learningRate(1e-2).fit(data)))
        .isGreaterThan(5 * distance(backbone, learning.learningRate(1e-4).fit(data)));
  }

  private static double distance(Backbone backbone, TrainedModel model) {
    float[] before = values(backbone.trunk(), "features.1.conv.weight");
    float[] after = values(model.model(), "features.1.conv.weight");
    double sum = 0;
    for (int i = 0; i < before.length; i++) {
      sum += Math.abs(before[i] - after[i]);
    }
    return sum;
  }

  private static float[] values(OnnxModel model, String tensor) {
    return Objects.requireNonNull(model.graph().initializers().get(tensor)).toFloats();
  }

  @Test
  void fit_cache_isUsedAgainAndGivesTheSame() {
    Dataset data = ToyTask.dataset(folder, 12, 4);
    TransferLearning learning = ToyTask.learning(ToyTask.backbone(folder));
    byte[] withoutStore = learning.fit(data).model().toBytes();
    TransferLearning stored = learning.cache(folder.resolve("cache"));

    assertThat(stored.fit(data).model().toBytes()).isEqualTo(withoutStore);
    assertThat(folder.resolve("cache")).isNotEmptyDirectory();
    assertThat(stored.fit(data).model().toBytes()).isEqualTo(withoutStore);
  }

  @Test
  void fit_automaticPrecisionWithCache_isProvedOnceAndStaysTheSame() {
    Dataset data = ToyTask.dataset(folder, 12, 4);
    TransferLearning learning =
        ToyTask.learning(ToyTask.backbone(folder))
            .precision(PrecisionChoice.AUTO)
            .cache(folder.resolve("cache"));
    TrainedModel first = learning.fit(data);
    TrainedModel second = learning.fit(data);

    assertThat(second.record().precision()).isEqualTo(first.record().precision());
    assertThat(second.model().toBytes()).isEqualTo(first.model().toBytes());
    if (dev.graft.engine.Processor.hasBrainFloatUnits()) {
      assertThat(folder.resolve("cache/features"))
          .isDirectoryContaining("glob:**/precision-proofs-*");
    }
  }

  @Test
  void storeFolder_withoutCache_isGoneAfterwards() throws IOException {
    Path path;
    try (StoreFolder store = StoreFolder.of(java.util.Optional.empty())) {
      path = store.path();
      Files.writeString(Files.createDirectories(path.resolve("deep")).resolve("file"), "x");
    }

    assertThat(path).doesNotExist();
  }

  // --- fresh weights

  @Test
  void withWeightsOf_otherWeights_trainsWithBatchStatisticsAndSaves() {
    Backbone pretrained = ToyTask.backbone(folder);
    Backbone fresh = pretrained.withWeightsOf(ToyTask.network(77));
    TrainedModel model =
        ToyTask.learning(fresh)
            .strategy(new Strategy.AllLayers())
            .fit(ToyTask.dataset(folder, 16, 4));

    assertThat(pretrained.isFresh()).isFalse();
    assertThat(fresh.isFresh()).isTrue();
    assertThat(fresh.preprocessing()).isEqualTo(pretrained.preprocessing());
    assertThat(model.record().settings()).containsEntry("weights", "fresh");
    assertThat(values(model.model(), "features.1.norm.mean"))
        .isNotEqualTo(values(fresh.trunk(), "features.1.norm.mean"));
    ParityReport parity = model.save(folder.resolve("model"));
    assertThat(parity.largestDifference()).isLessThanOrEqualTo(parity.tolerance());
  }

  // --- bad settings

  @ParameterizedTest
  @ValueSource(strings = {"last:4", "head-then-last:99"})
  void fit_moreBlocksThanThereAre_isRefusedBeforeTheWork(String strategy) {
    Dataset data = ToyTask.dataset(folder, 2, 0);
    List<String> phases = new ArrayList<>();
    TransferLearning learning =
        ToyTask.learning(ToyTask.backbone(folder))
            .strategy(Strategy.parse(strategy))
            .listener(
                new TrainingListener() {
                  @Override
                  public void phase(String name) {
                    phases.add(name);
                  }
                });

    assertThatThrownBy(() -> learning.fit(data))
        .isInstanceOf(TransferException.class)
        .hasMessageContainingAll(
            "Choosing the strategy " + strategy, "toy has, which are 3", "Take at most 3")
        .asInstanceOf(type(TransferException.class))
        .extracting(TransferException::reason)
        .isEqualTo(TransferException.Cause.SETTINGS);
    assertThat(phases).isEmpty();
  }

  // --- bad data

  @Test
  void fit_damagedImage_isNamedAndLeftOut() throws IOException {
    Path images = ToyTask.data(folder, 12, 4);
    Path damaged = images.resolve("train/disc/image-3.png");
    byte[] whole = Files.readAllBytes(damaged);
    Files.write(damaged, java.util.Arrays.copyOf(whole, whole.length / 3));
    Files.writeString(images.resolve("test/bar/image-1.png"), "no picture");

    TrainedModel model = ToyTask.learning(ToyTask.backbone(folder)).fit(DatasetReader.read(images));

    assertThat(model.record().data().leftOut())
        .extracting(one -> one.path())
        .containsExactlyInAnyOrder("train/disc/image-3.png", "test/bar/image-1.png");
    assertThat(model.record().data().trainCounts()).containsEntry("disc", 11);
    assertThat(model.record().test().orElseThrow().examples()).isEqualTo(11);
  }

  @Test
  void fit_oneUsableExampleInClass_isRefusedByName() throws IOException {
    Path images = ToyTask.data(folder, 2, 0);
    Files.writeString(images.resolve("train/disc/image-0.png"), "no picture");

    assertThatThrownBy(
            () -> ToyTask.learning(ToyTask.backbone(folder)).fit(DatasetReader.read(images)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("at least 2 usable examples in each class")
        .hasMessageContaining("disc")
        .hasMessageContaining("image-0.png");
  }

  // --- examples that are all alike

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"head|linear", "head|8", "head-then-all|linear", "all|linear"})
  void fit_allImagesNearlyAlike_someAreHeldOutAllTheSame(String strategy, String head) {
    for (int label = 0; label < 3; label++) {
      for (int i = 0; i < 6; i++) {
        nearlyGrey("train/" + ToyTask.CLASSES.get(label), i, 6 * label + i);
      }
    }
    TrainedModel model = alike(strategy, head).fit(DatasetReader.read(folder.resolve("alike")));

    assertThat(model.record().validation().examples()).isPositive();
    assertThat(model.record().notes()).anyMatch(note -> note.contains("only equal files"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"head|linear", "head|8", "head-then-all|linear", "all|linear"})
  void fit_equalFilesInEachClass_isRefusedUnlessDataBringValidation(String strategy, String head) {
    for (int label = 0; label < 3; label++) {
      for (int i = 0; i < 6; i++) {
        nearlyGrey("train/" + ToyTask.CLASSES.get(label), i, label);
      }
    }
    TransferLearning learning = alike(strategy, head);
    assertThatThrownBy(() -> learning.fit(DatasetReader.read(folder.resolve("alike"))))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("in each class all training examples are the same file")
        .hasMessageContaining("or a validation part");

    for (int label = 0; label < 3; label++) {
      nearlyGrey("validation/" + ToyTask.CLASSES.get(label), 0, 50 + label);
    }
    TrainedModel model = learning.fit(DatasetReader.read(folder.resolve("alike")));
    assertThat(model.record().validation().examples()).isEqualTo(3);
  }

  @Test
  void fit_equalFilesInOneClass_isTrainedAndSaid() {
    Path images = ToyTask.data(folder, 12, 0);
    for (int i = 0; i < 12; i++) {
      ToyTask.image(images.resolve("train/disc"), i, 1, 55);
    }
    TrainedModel model =
        ToyTask.learning(ToyTask.backbone(folder))
            .strategy(new Strategy.HeadThenAll())
            .fit(DatasetReader.read(images));

    assertThat(model.record().validation().examples()).isPositive();
    assertThat(model.record().notes()).anyMatch(note -> note.contains("class \"disc\""));
  }

  private TransferLearning alike(String strategy, String head) {
    return ToyTask.learning(ToyTask.backbone(folder))
        .strategy(Strategy.parse(strategy))
        .head(HeadArchitecture.parse(head))
        .augmentation(Augmentation.none());
  }

  /** A grey image whose one pixel tells its number. */
  private void nearlyGrey(String path, int number, int pixel) {
    BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 32 * 32; i++) {
      image.setRGB(i % 32, i / 32, i == pixel ? 0x818181 : 0x808080);
    }
    try {
      Path file = folder.resolve("alike").resolve(path).resolve(number + ".png");
      Files.createDirectories(file.getParent());
      ImageIO.write(image, "png", file.toFile());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
