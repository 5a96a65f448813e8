package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.Dataset;
import dev.graft.data.DatasetReader;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.OnnxModel;
import dev.graft.transfer.baseline.BaselineTask;
import dev.graft.transfer.training.Validated;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
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
    return ChosenSide.forTraining(
        backbone,
        ExampleTables.read(dataset, OptionalInt.empty(), 1, TrainingListener.SILENT),
        BaselineTask.ofEvenClasses(ToyTask.CLASSES.size(), 0.2, 1),
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

  /** Held-out predictions of two classes, whose true one is always 0, at one side. */
  private static ChosenSide.Rated rated(Backbone backbone, double... ofTruth) {
    float[] probabilities = new float[2 * ofTruth.length];
    for (int i = 0; i < ofTruth.length; i++) {
      probabilities[2 * i] = (float) ofTruth[i];
      probabilities[2 * i + 1] = (float) (1 - ofTruth[i]);
    }
    int[] groups = IntStream.range(0, ofTruth.length).toArray();
    return new ChosenSide.Rated(
        backbone, Validated.ofAll(new int[ofTruth.length], probabilities, "made up"), groups);
  }

  @Test
  void rules_predictionsAtThreeSides_eachTakesItsOwn() throws IOException {
    Backbone backbone = backbone(toy(Dimension.named("any")), BackboneOptions.defaults());
    ChosenSide.Rated good = rated(backbone, 0.9, 0.8, 0.9, 0.8, 0.9, 0.8, 0.9, 0.8);
    ChosenSide.Rated alike = rated(backbone, 0.8, 0.9, 0.8, 0.9, 0.8, 0.9, 0.8, 0.85);
    ChosenSide.Rated bad = rated(backbone, 0.5, 0.4, 0.5, 0.4, 0.6, 0.4, 0.5, 0.4);

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
  void load_sideAskedForWhereFeaturesDependOnIt_isRefused() {
    BackboneOptions asked = BackboneOptions.defaults().withInputSize(64);
    assertThatThrownBy(() -> backbone(flattening(), asked))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining(
            "an input side of 64 pixels is asked for, but its graph fixes 128x128 and does not give"
                + " the same features at another. Leave the input size away.");
    assertThatThrownBy(
            () -> backbone(toy(Dimension.of(OWN)), BackboneOptions.defaults().withInputSize(5000)))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("from 1 to 4096 pixels, found 5000");
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
