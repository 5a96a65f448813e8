package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.graft.data.image.ImagePreprocessing;
import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.ValueInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BackboneTest {
  private final Path folder;

  BackboneTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void load_classifier_headIsFoundProvedAndCutOff() {
    Backbone backbone = ToyTask.backbone(folder);

    assertThat(backbone.id()).isEqualTo("toy");
    assertThat(backbone.sha256()).hasSize(64);
    assertThat(backbone.featureTensor()).isEqualTo("flat");
    assertThat(backbone.featureWidth()).isEqualTo(12);
    assertThat(backbone.headDescription())
        .contains("classifier.weight", "12 features to 10 classes", "proved");
    assertThat(backbone.trunk().graph().initializers())
        .doesNotContainKeys("classifier.weight", "classifier.bias");
    assertThat(backbone.isFresh()).isFalse();
  }

  @Test
  void load_preprocessingUnknown_listsThePresets() {
    Path file = ToyTask.backboneFile(folder);

    assertThatThrownBy(() -> Backbone.load(file, BackboneOptions.defaults()))
        .isInstanceOf(PreprocessingUnknownException.class)
        .hasMessageContainingAll("toy.onnx", "preprocessor_config.json", "--preprocessing")
        .hasMessageContaining(String.join(", ", ImagePreprocessing.presetNames()))
        .asInstanceOf(type(PreprocessingUnknownException.class))
        .extracting(PreprocessingUnknownException::presets)
        .isEqualTo(ImagePreprocessing.presetNames());
  }

  @Test
  void load_preprocessingNoPresetNorFile_namesBoth() {
    Path file = ToyTask.backboneFile(folder);

    assertThatThrownBy(
            () -> Backbone.load(file, BackboneOptions.defaults().withPreprocessing("imagnet")))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("path of a preprocessor_config.json, found \"imagnet\"");
  }

  @Test
  void load_descriptionBesideTheFile_isUsed() throws IOException {
    Path file = ToyTask.backboneFile(folder);
    ImagePreprocessing described = ImagePreprocessing.preset("tf", 32, 32);
    Files.writeString(folder.resolve("preprocessor_config.json"), described.toJson());

    assertThat(Backbone.load(file, BackboneOptions.defaults()).preprocessing().hash())
        .isEqualTo(described.hash());
  }

  @Test
  void load_modelOfNoKnownKind_namesAllKinds() {
    Path file = folder.resolve("vectors.onnx");
    GraphBuilder.named("vectors")
        .input("vector", ElementType.FLOAT, Dimension.named("N"), Dimension.of(7))
        .node("Relu", List.of("vector"), "features")
        .output("features", ElementType.FLOAT)
        .build(18)
        .write(file);

    assertThatThrownBy(() -> Backbone.load(file, ToyTask.options()))
        .isInstanceOf(TransferException.class)
        .hasMessageContainingAll(
            "vectors.onnx", "takes images is expected", "tokens of text", "this one takes other")
        .asInstanceOf(type(TransferException.class))
        .extracting(TransferException::reason)
        .isEqualTo(TransferException.Cause.MODEL);
  }

  @Test
  void load_featureTensorUnknown_isRefusedWithItsName() {
    Path file = ToyTask.backboneFile(folder);

    assertThatThrownBy(() -> Backbone.load(file, ToyTask.options().withFeatureTensor("nonsense")))
        .isInstanceOf(RuntimeException.class)
        .hasMessageContainingAll("nonsense", "flat");
  }

  @Test
  void load_featureTensorNamed_thatOneIsRead() {
    Path file = ToyTask.backboneFile(folder);
    Backbone backbone = Backbone.load(file, ToyTask.options().withFeatureTensor("features.2.relu"));

    assertThat(backbone.featureTensor()).isEqualTo("features.2.relu");
    assertThat(backbone.trunk().graph().initializers()).doesNotContainKey("features.3.conv.weight");
    assertThat(backbone.withWeightsOf(ToyTask.network(5)).featureTensor())
        .isEqualTo("features.2.relu");
  }

  @Test
  void load_poolingAskedFor_headReadsTheMapsBeforeTheMean() {
    Path file = ToyTask.backboneFile(folder);
    BackboneOptions asked = ToyTask.options().withPooling(PoolingChoice.MEAN_AND_DEVIATION);
    Backbone backbone = Backbone.load(file, asked);

    assertThat(backbone.featureTensor()).isEqualTo("features.3.relu");
    assertThat(backbone.featureWidth()).isEqualTo(24);
    assertThat(backbone.headDescription()).contains("classifier.weight", "proved");
    assertThat(backbone.withWeightsOf(ToyTask.network(5)).featureWidth()).isEqualTo(24);
    assertThat(
            Backbone.load(file, ToyTask.options().withPooling(PoolingChoice.MEAN)).featureTensor())
        .isEqualTo("flat");
  }

  @Test
  void load_poolingThatTheConfigStates_isTakenUnlessAnotherIsAskedFor() throws IOException {
    Path place = backboneFolder("{\"pooling\": \"mean_and_deviation\"}");

    assertThat(Backbone.load(place, ToyTask.options()).featureWidth()).isEqualTo(24);
    assertThat(
            Backbone.load(place, ToyTask.options().withPooling(PoolingChoice.MEAN)).featureWidth())
        .isEqualTo(12);
  }

  @Test
  void load_poolingThatCannotBe_isRefusedWithTheReason() {
    Path file = ToyTask.backboneFile(folder);
    BackboneOptions concatenated = ToyTask.options().withPooling(PoolingChoice.CONCATENATED);
    assertThatThrownBy(() -> Backbone.load(file, concatenated))
        .isInstanceOf(TransferException.class)
        .hasMessageContainingAll("concatenated", "only the times of spectrograms", "toy.onnx");
    BackboneOptions ofLogits =
        ToyTask.options().withFeatureTensor("logits").withPooling(PoolingChoice.MEAN_AND_DEVIATION);
    assertThatThrownBy(() -> Backbone.load(file, ofLogits))
        .isInstanceOf(TransferException.class)
        .hasMessageContainingAll("mean_and_deviation", "logits", "no mean over places");
  }

  // --- folders -------------------------------------------------------------------------------

  private Path backboneFolder(String config) throws IOException {
    Path backbone = Files.createDirectory(folder.resolve("my-backbone"));
    ToyTask.network(1).write(backbone.resolve("model.onnx"));
    Files.writeString(backbone.resolve("config.json"), config);
    return backbone;
  }

  @Test
  void load_folderThatStatesItsId_isCalledByIt() throws IOException {
    Path place = backboneFolder("{\"id\": \"graft/photo-small\"}");
    Backbone backbone = Backbone.load(place, ToyTask.options());

    assertThat(backbone.id()).isEqualTo("graft/photo-small");
    assertThat(backbone.file()).isEqualTo(place.resolve("model.onnx"));
    assertThat(backbone.withWeightsOf(ToyTask.network(5)).id()).isEqualTo("graft/photo-small");
    assertThat(BackboneFolder.isAt(place)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "{\"id\": \"\"}", "{\"id\": \"a\\u001bb\"}", "[1, 2]", "no JSON", ""})
  void load_folderWithoutUsableId_isCalledByItsName(String config) throws IOException {
    Path place = backboneFolder(config);

    assertThat(Backbone.load(place, ToyTask.options()).id()).isEqualTo("my-backbone");
  }

  @Test
  void load_folderWithoutModel_saysWhatIsMissing() {
    assertThatThrownBy(() -> Backbone.load(folder, ToyTask.options()))
        .isInstanceOf(TransferException.class)
        .hasMessageContainingAll(
            folder.toString(), "a folder with model.onnx in it is expected", "Name the ONNX file")
        .asInstanceOf(type(TransferException.class))
        .extracting(TransferException::reason)
        .isEqualTo(TransferException.Cause.MODEL);
  }

  @Test
  void load_folderOfTrainedModelWithoutItsPreprocessing_isRefused() throws IOException {
    Path place = backboneFolder("{\"backbone\": {\"id\": \"toy\"}}");

    assertThat(BackboneFolder.isAt(place)).isFalse();
    Path file = place.resolve("model.onnx");
    OnnxModel.read(file)
        .edit()
        .setMetadata(java.util.Map.of("graft.modality", "image"))
        .build()
        .write(file);
    assertThatThrownBy(() -> Backbone.load(place, ToyTask.options()))
        .isInstanceOf(TransferException.class)
        .hasMessageContainingAll("my-backbone", "a model as training wrote it is expected");
  }

  @Test
  void load_folderOfTrainedModel_takesTheNetworkBehindItsPreprocessing() {
    Backbone first = ToyTask.backbone(folder);
    Path trained = folder.resolve("trained");
    TransferLearning.from(first)
        .withoutCache()
        .strategy(new Strategy.HeadOnly())
        .fit(ToyTask.dataset(folder, 8, 4))
        .save(trained);
    Backbone second = Backbone.load(trained, BackboneOptions.defaults());
    assertThat(second.id()).isEqualTo("trained");
    assertThat(second.preprocessing()).isEqualTo(first.preprocessing());
    assertThat(second.featureWidth()).isEqualTo(first.featureWidth());
    assertThat(second.headDescription()).contains("linear layer");
    Path again = folder.resolve("again");
    TransferLearning.from(second)
        .withoutCache()
        .strategy(new Strategy.HeadOnly())
        .fit(ToyTask.dataset(folder, 8, 4))
        .save(again);
    // What was frozen twice is still what it was.
    OnnxModel shipped = OnnxModel.read(again.resolve("model.onnx"));
    for (String name : dev.graft.onnx.Layers.trainableTensors(first.trunk())) {
      assertThat(shipped.graph().constant(name).orElseThrow().toFloats())
          .containsExactly(first.trunk().graph().constant(name).orElseThrow().toFloats());
    }
  }

  // --- the input's size ----------------------------------------------------------------------

  /** The toy, with sides that its graph leaves open. */
  private Path openSidedFile() {
    Path file = folder.resolve("open.onnx");
    ToyTask.network(1)
        .edit()
        .setInputs(
            List.of(
                ValueInfo.of(
                    "image",
                    ElementType.FLOAT,
                    Dimension.named("N"),
                    Dimension.of(3),
                    Dimension.named("H"),
                    Dimension.named("W"))))
        .build()
        .write(file);
    return file;
  }

  private static List<Integer> crop(Backbone backbone) {
    ImagePreprocessing preprocessing = backbone.imagePreprocessing();
    return List.of(preprocessing.cropHeight(), preprocessing.cropWidth());
  }

  @Test
  void load_openSides_takeTheDescribedCropUnlessASizeIsAskedFor() throws IOException {
    Path file = openSidedFile();
    ImagePreprocessing described = ImagePreprocessing.preset("unit", 48, 40);
    Files.writeString(folder.resolve("preprocessor_config.json"), described.toJson());
    BackboneOptions options = BackboneOptions.defaults();

    assertThat(Backbone.load(file, options).preprocessing().hash()).isEqualTo(described.hash());
    assertThat(crop(Backbone.load(file, options.withInputSize(56)))).containsExactly(56, 56);
    assertThat(crop(Backbone.load(file, options.withPreprocessing("tf"))))
        .containsExactly(224, 224);
  }

  @Test
  void load_openSidesAndDescriptionByName_takeItsCrop() throws IOException {
    Path file = openSidedFile();
    Path description = folder.resolve("described.json");
    Files.writeString(description, ImagePreprocessing.preset("unit", 48, 48).toJson());

    assertThat(
            crop(
                Backbone.load(
                    file, BackboneOptions.defaults().withPreprocessing(description.toString()))))
        .containsExactly(48, 48);
  }

  @Test
  void withWeightsOf_openSidesThatAreNoSquare_keepsThem() throws IOException {
    Path file = openSidedFile();
    Files.writeString(
        folder.resolve("preprocessor_config.json"),
        ImagePreprocessing.preset("unit", 48, 40).toJson());
    Backbone backbone = Backbone.load(file, BackboneOptions.defaults());

    assertThat(crop(backbone.withWeightsOf(backbone.model()))).containsExactly(48, 40);
  }
}
