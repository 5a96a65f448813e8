package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.Dataset;
import dev.graft.data.DatasetReader;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.data.image.Resize;
import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.transfer.baseline.BaselineTask;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.Validated;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The toy's images have 32 pixels, and its maps are averaged, so that it takes any side. */
final class ChosenSideTest {
  private static final int OWN = 128;

  private final Path folder;

  ChosenSideTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private Backbone backbone(OnnxModel network, BackboneOptions options) throws IOException {
    Path file = folder.resolve("toy.onnx");
    network.write(file);
    Files.writeString(
        folder.resolve("preprocessor_config.json"),
        ImagePreprocessing.preset("unit", OWN, OWN).toJson());
    return Backbone.load(file, options);
  }

  private static OnnxModel toy(Dimension side) {
    return ToyTask.network(1, 10, side, side);
  }

  private ChosenSide.Choice choice(Backbone backbone, int trainPerClass) {
    return choice(backbone, ToyTask.dataset(folder, trainPerClass, 4));
  }

  private static ChosenSide.Choice choice(Backbone backbone, Dataset dataset) {
    return sides(ExampleTables.read(dataset, OptionalInt.empty(), 1, TrainingListener.SILENT))
        .forTraining(backbone);
  }

  private static ChosenSide sides(ExampleTables tables) {
    return new ChosenSide(
        tables,
        BaselineTask.ofEvenClasses(tables.dataset().classes().size(), 0.2, 1),
        PrecisionChoice.AUTO,
        Optional.empty(),
        TrainingListener.SILENT);
  }

  private static int side(Backbone backbone) {
    return backbone.imagePreprocessing().cropHeight();
  }

  @ParameterizedTest
  @CsvSource({
    "224, 28, '160, 128, 96'",
    "160, 64, '128, 96, 64'",
    "160, 100, 128",
    "160, 200, ''",
    "64, 28, ''"
  })
  void smaller_sideAndImages_nothingOfTheImagesIsLost(int own, int pixels, String expected) {
    List<Integer> sides =
        ChosenSide.smaller(ImagePreprocessing.preset("imagenet", own, own), pixels);

    assertThat(String.join(", ", sides.stream().map(String::valueOf).toList())).isEqualTo(expected);
  }

  @Test
  void of_smallImages_aSideIsChosenAndTheFiguresAreSaid() throws IOException {
    Backbone given = backbone(toy(Dimension.named("any")), BackboneOptions.defaults());

    ChosenSide.Choice choice = choice(given, 12);

    assertThat(side(choice.backbone())).isIn(64, 96, OWN);
    assertThat(choice.sentence().orElseThrow())
        .contains("images of 32 pixels", "at 128", "at 96", "at 64");
    assertThat(choice.backbone().featureWidth()).isEqualTo(given.featureWidth());
    assertThat(choice.backbone().sha256()).isEqualTo(given.sha256());
  }

  @Test
  void of_damagedImageAmongThem_isLeftOut() throws IOException {
    Path data = ToyTask.data(folder, 12, 4);
    Files.write(data.resolve("train/bar/damaged.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G'});
    Backbone given = backbone(toy(Dimension.named("any")), BackboneOptions.defaults());

    assertThat(choice(given, DatasetReader.read(data)).sentence().orElseThrow())
        .contains("images of 32 pixels", "at 64");
  }

  @Test
  void of_freshWeights_keepTheirSide() throws IOException {
    Backbone given = backbone(toy(Dimension.named("any")), BackboneOptions.defaults());

    assertThat(choice(given.withWeightsOf(given.model()), 12).sentence()).isEmpty();
    assertThat(choice(given.withFreshBlocks(given.model(), 1), 12).sentence()).isEmpty();
  }

  @Test
  void of_copiesOfOneImageInEachClass_nothingIsChosen() throws IOException {
    Path data = ToyTask.data(folder, 1, 1);
    for (String name : ToyTask.CLASSES) {
      Path train = data.resolve("train").resolve(name);
      try (Stream<Path> files = Files.list(train)) {
        Files.copy(files.findFirst().orElseThrow(), train.resolve("copy.png"));
      }
    }
    Backbone given = backbone(toy(Dimension.named("any")), BackboneOptions.defaults());

    assertThat(choice(given, DatasetReader.read(data)).sentence()).isEmpty();
  }

  @Test
  void of_longLinesThatAreSqueezed_theirLengthCounts() throws IOException {
    Path lines = folder.resolve("lines/train");
    for (int i = 0; i < 8; i++) {
      Path line = lines.resolve(i % 2 == 0 ? "even" : "odd").resolve(i + ".png");
      Files.createDirectories(line.getParent());
      BufferedImage image = new BufferedImage(300, 20, BufferedImage.TYPE_INT_RGB);
      image.setRGB(i, i, 0xffffff);
      ImageIO.write(image, "png", line.toFile());
    }
    Dataset dataset = DatasetReader.read(folder.resolve("lines"));
    Path file = folder.resolve("toy.onnx");
    toy(Dimension.named("any")).write(file);
    Files.writeString(
        folder.resolve("preprocessor_config.json"),
        ImagePreprocessing.preset("unit", OWN, OWN)
            .withSize(new Resize.Exact(OWN, OWN), OWN, OWN)
            .toJson());

    assertThat(choice(Backbone.load(file, BackboneOptions.defaults()), dataset).sentence())
        .isEmpty();
  }

  @Test
  void sample_manyExamples_asManyOfEachClassAtMostFiveHundred() {
    ExampleTables tables =
        ExampleTables.read(
            ToyTask.dataset(folder, 170, 1), OptionalInt.empty(), 1, TrainingListener.SILENT);
    ExampleTable sample =
        new SideRating(
                tables,
                BaselineTask.ofEvenClasses(3, 0.2, 1),
                PrecisionChoice.AUTO,
                Optional.empty(),
                TrainingListener.SILENT)
            .sample();

    assertThat(Arrays.stream(sample.labels()).filter(label -> label == 0)).hasSize(166);
    assertThat(sample.size()).isEqualTo(3 * 166);
  }

  @Test
  void isProvedWorseThan_otherSplits_isRefused() throws IOException {
    Backbone backbone = backbone(toy(Dimension.named("any")), BackboneOptions.defaults());
    RatedSide two = rated(backbone, 0.9, 0.8);
    RatedSide three = rated(backbone, 0.9, 0.8, 0.7);

    assertThatThrownBy(() -> two.isProvedWorseThan(three, 0.05))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("other splits");
  }

  /** Held-out predictions of two classes, whose true one is always 0, at one side. */
  private static RatedSide rated(Backbone backbone, double... ofTruth) {
    float[] probabilities = new float[2 * ofTruth.length];
    for (int i = 0; i < ofTruth.length; i++) {
      probabilities[2 * i] = (float) ofTruth[i];
      probabilities[2 * i + 1] = (float) (1 - ofTruth[i]);
    }
    int[] groups = IntStream.range(0, ofTruth.length).toArray();
    return new RatedSide(
        backbone, Validated.ofAll(new int[ofTruth.length], probabilities, "made up"), groups);
  }

  @Test
  void rules_predictionsAtThreeSides_eachTakesItsOwn() throws IOException {
    Backbone backbone = backbone(toy(Dimension.named("any")), BackboneOptions.defaults());
    RatedSide good = rated(backbone, 0.9, 0.8, 0.9, 0.8, 0.9, 0.8, 0.9, 0.8);
    RatedSide alike = rated(backbone, 0.8, 0.9, 0.8, 0.9, 0.8, 0.9, 0.8, 0.85);
    RatedSide bad = rated(backbone, 0.5, 0.4, 0.5, 0.4, 0.6, 0.4, 0.5, 0.4);

    assertThat(ChosenSide.smallestNotWorse(List.of(good, alike, bad))).isSameAs(alike);
    assertThat(ChosenSide.smallestNotWorse(List.of(alike, bad, good))).isSameAs(good);
    assertThat(ChosenSide.smallestNotWorse(List.of(good, bad, bad))).isSameAs(good);
    assertThat(ChosenSide.ownUnlessWorse(List.of(alike, bad, good))).isSameAs(alike);
    assertThat(ChosenSide.ownUnlessWorse(List.of(bad, alike, good))).isSameAs(good);
  }

  @Test
  void of_sideAskedFor_nothingIsChosen() throws IOException {
    Backbone asked =
        backbone(toy(Dimension.named("any")), BackboneOptions.defaults().withInputSize(96));
    ChosenSide.Choice choice = choice(asked, 4);

    assertThat(choice.sentence()).isEmpty();
    assertThat(choice.backbone()).isSameAs(asked);
  }

  @Test
  void withSide_graphFixesItsOwnButComputesOthers_isOpened() throws IOException {
    Backbone fixed = backbone(toy(Dimension.of(OWN)), BackboneOptions.defaults());
    Backbone smaller = fixed.withSide(64).orElseThrow();

    assertThat(smaller.trunk().graph().inputs().get(0).size(2)).isEqualTo(-1);
    assertThat(smaller.profile().multiplyAdds()).isLessThan(fixed.profile().multiplyAdds() / 3);
    Backbone fresh = smaller.withWeightsOf(smaller.model());
    assertThat(fresh.withSide(96).orElseThrow().isFresh()).isTrue();
  }

  @Test
  void load_sideAskedForThatTheGraphDoesNotFix_isOpenedAndKept() throws IOException {
    Backbone asked = backbone(toy(Dimension.of(OWN)), BackboneOptions.defaults().withInputSize(64));

    assertThat(side(asked)).isEqualTo(64);
    assertThat(asked.withSide(96)).isEmpty();
    assertThat(choice(asked, 4).sentence()).isEmpty();
    assertThat(side(asked.withWeightsOf(asked.model()))).isEqualTo(64);
  }

  @Test
  void load_sideAskedForOfAGraphWithChannelsLast_isOpened() throws IOException {
    OnnxModel last =
        GraphBuilder.named("channels last")
            .input(
                "image",
                ElementType.FLOAT,
                Dimension.named("N"),
                Dimension.of(OWN),
                Dimension.of(OWN),
                Dimension.of(3))
            .node(
                Node.of("Transpose", List.of("image"), List.of("x"))
                    .withIntegers("perm", 0, 3, 1, 2))
            .node("GlobalAveragePool", List.of("x"), "pooled")
            .node("Flatten", List.of("pooled"), "features")
            .output("features", ElementType.FLOAT, Dimension.named("N"), Dimension.of(3))
            .build(18);

    assertThat(side(backbone(last, BackboneOptions.defaults().withInputSize(64)))).isEqualTo(64);
  }

  @Test
  void of_descriptionThatIsNamed_itsSideStays() throws IOException {
    Path description = folder.resolve("named.json");
    Files.writeString(description, ImagePreprocessing.preset("unit", OWN, OWN).toJson());
    Backbone named =
        backbone(
            toy(Dimension.named("any")),
            BackboneOptions.defaults().withPreprocessing(description.toString()));

    assertThat(choice(named, 12).sentence()).isEmpty();
  }

  @Test
  void load_sideAskedForWhereFeaturesDependOnIt_isRefused() {
    BackboneOptions asked = BackboneOptions.defaults().withInputSize(64);
    assertThatThrownBy(() -> backbone(flattening(), asked))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining(
            "an input side of 64 pixels is asked for, but its graph fixes 128x128 and does not give"
                + " as many features at that. Leave the input size away.");
    assertThatThrownBy(
            () -> backbone(toy(Dimension.of(OWN)), BackboneOptions.defaults().withInputSize(5000)))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("from 1 to 4096 pixels, found 5000");
    assertThatThrownBy(
            () -> backbone(toy(Dimension.of(OWN)), BackboneOptions.defaults().withInputSize(160)))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("its graph fixes 128x128");
  }

  @Test
  void withSide_featuresDependOnTheSide_isRefused() throws IOException {
    assertThat(backbone(flattening(), BackboneOptions.defaults()).withSide(64)).isEmpty();
  }

  private static OnnxModel flattening() {
    return GraphBuilder.named("flattening")
        .input(
            "image",
            ElementType.FLOAT,
            Dimension.named("N"),
            Dimension.of(3),
            Dimension.of(OWN),
            Dimension.of(OWN))
        .node("Relu", List.of("image"), "positive")
        .node("Flatten", List.of("positive"), "flat")
        .output("flat", ElementType.FLOAT, Dimension.named("N"), Dimension.of(3 * OWN * OWN))
        .build(18);
  }

  @Test
  void fit_smallImages_savedModelSeesThemAtTheChosenSide() throws IOException {
    Backbone given = backbone(toy(Dimension.of(OWN)), BackboneOptions.defaults());
    TrainedModel model = ToyTask.learning(given).fit(ToyTask.dataset(folder, 12, 4));
    Path bundle = folder.resolve("bundle");
    model.save(bundle); // checks in ONNX Runtime that the file computes what training did

    int side = ImagePreprocessing.read(bundle.resolve("preprocessor_config.json")).cropHeight();
    assertThat(side).isIn(64, 96, OWN);
    assertThat(model.record().notes())
        .anyMatch(
            note -> note.startsWith("The network sees images at ") && note.contains("" + side));
    assertThat(model.record().backbone().inputShape()).isEqualTo("3x" + side + "x" + side);
  }
}
