package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.Dataset;
import dev.graft.data.DatasetReader;
import dev.graft.data.text.TextEncoder;
import dev.graft.onnx.Block;
import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import dev.graft.onnx.ValueInfo;
import dev.graft.runtime.Bundle;
import dev.graft.runtime.Modality;
import dev.graft.runtime.ModelInput;
import dev.graft.runtime.ParityReport;
import dev.graft.runtime.Predictor;
import dev.graft.transfer.evidence.Baseline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts through the whole of training, on a toy transformer. */
final class TextTransferTest {
  private final Path folder;

  TextTransferTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private TransferLearning learning() {
    return TransferLearning.from(ToyTexts.backbone(folder)).seed(3).withoutCache();
  }

  @Test
  void fit_head_learnsAndTheFileReadsTheSame() throws IOException {
    TrainedModel model =
        learning().strategy(new Strategy.HeadOnly()).fit(ToyTexts.dataset(folder, 40, 30));

    assertThat(model.record().test().orElseThrow().accuracy()).isGreaterThan(0.7);
    Path saved = folder.resolve("model");
    ParityReport parity = model.save(saved);
    assertThat(parity.largestDifference()).isLessThan(1e-4);
    assertThat(Bundle.open(saved).config().modality()).isEqualTo(Modality.TEXT);
    assertThat(saved.resolve("tokenizer.json")).hasContent(ToyTexts.tokenizer());
    assertThat(Files.readString(saved.resolve("examples/000.txt"))).contains(" ");
    try (Predictor predictor = Predictor.load(saved)) {
      assertThat(predictor.predict(new ModelInput.Text("we had bread and cheese soup")).label())
          .isEqualTo("food");
      List<ModelInput> many =
          List.of(
              new ModelInput.Text("violin song concert melody"),
              new ModelInput.Text("snow cloud wind storm the rain sunny wind was snow"));
      assertThat(predictor.predictDecoded(many))
          .extracting("label")
          .containsExactly("music", "weather");
    }
  }

  @Test
  void fit_anyText_isComparedWithItsWordsAlone() {
    TrainedModel model =
        learning().strategy(new Strategy.HeadOnly()).fit(ToyTexts.dataset(folder, 20, 20));

    assertThat(model.record().findings().baselines())
        .singleElement()
        .satisfies(one -> assertThat(one.contender().name()).isEqualTo("bag of words"))
        .extracting(Baseline::evaluation)
        .satisfies(found -> assertThat(found.accuracy()).isGreaterThan(0.9));
  }

  @ParameterizedTest
  @ValueSource(strings = {"last:1", "head-then-all", "head-then-norms"})
  void fit_unfrozen_trainsWhatWasAskedForAndNothingElse(String strategy) {
    Backbone backbone = ToyTexts.backbone(folder);
    TrainedModel model =
        TransferLearning.from(backbone)
            .seed(3)
            .withoutCache()
            .strategy(Strategy.parse(strategy))
            .epochs(4)
            .fit(ToyTexts.dataset(folder, 20, 20));

    Map<String, OnnxTensor> before = backbone.model().graph().initializers();
    Map<String, OnnxTensor> after = model.model().graph().initializers();
    boolean matrices = !strategy.equals("head-then-norms");
    assertChanged(before, after, "encoder.layer.1.dense.weight", matrices);
    assertChanged(before, after, "encoder.layer.1.dense.bias", true);
    boolean first = strategy.equals("head-then-all");
    assertChanged(before, after, "encoder.layer.0.dense.weight", first);
    assertChanged(before, after, "embeddings.word", first);
    model.save(folder.resolve("model"));
  }

  private static void assertChanged(
      Map<String, OnnxTensor> before, Map<String, OnnxTensor> after, String name, boolean changed) {
    boolean equal =
        Objects.requireNonNull(before.get(name))
            .data()
            .equals(Objects.requireNonNull(after.get(name)).data());
    assertThat(equal).as("%s is as before", name).isEqualTo(!changed);
  }

  @Test
  void blocks_layersThatShareAMask_areToldApart() {
    assertThat(ToyTexts.backbone(folder).blocks())
        .extracting(Block::name)
        .containsExactly("embeddings", "encoder.layer.0", "encoder.layer.1");
  }

  @Test
  void fit_twice_sameModel() {
    Dataset dataset = ToyTexts.dataset(folder, 10, 5);
    TransferLearning learning = learning().strategy(new Strategy.HeadThenAll()).epochs(2);
    assertThat(learning.fit(dataset).model().toBytes())
        .isEqualTo(learning.fit(dataset).model().toBytes());
  }

  @Test
  void fit_longTexts_areCutAndCounted() {
    Backbone shortSighted =
        Backbone.load(
            ToyTexts.backboneFolder(folder),
            BackboneOptions.defaults().withText(TextOptions.DEFAULTS.withMaximumTokens(6)));
    TrainedModel model =
        TransferLearning.from(shortSighted)
            .withoutCache()
            .strategy(new Strategy.HeadOnly())
            .fit(ToyTexts.dataset(folder, 10, 5));
    assertThat(model.record().notes())
        .anyMatch(note -> note.matches("\\d+ of 45 texts have more than 6 tokens.*--max-tokens.*"));
  }

  @Test
  void save_anyText_reportQuotesWhatWasMistaken() throws IOException {
    Path shortened = folder.resolve("texts/train/food/long.txt");
    Dataset dataset = ToyTexts.dataset(folder, 10, 10);
    Files.writeString(shortened, "<b>bread</b> & wine ".repeat(40));
    TrainedModel model =
        learning()
            .strategy(new Strategy.HeadOnly())
            .head(HeadArchitecture.linear())
            .fit(DatasetReader.read(folder.resolve("texts")));
    assertThat(dataset.size()).isEqualTo(60);
    assertThat(model.record().findings().shown().quotations()).isNotEmpty();
    assertThat(model.record().findings().shown().quotations().values())
        .allMatch(text -> text.length() <= 242);
    Path saved = folder.resolve("model");
    model.save(saved);
    assertThat(Files.readString(saved.resolve("report.html")))
        .contains("<blockquote dir=\"auto\">")
        .doesNotContain("<b>bread</b>");
  }

  // --- loading -------------------------------------------------------------------------------

  @Test
  void load_lengthThatNothingTells_isAsLongAsTheNetworkRuns() {
    assertThat(ToyTexts.backbone(folder).preprocessing().valueCount()).isEqualTo(ToyTexts.PLACES);
  }

  @Test
  void load_lengthThatTheConfigTells_isTaken() throws IOException {
    Path place = ToyTexts.backboneFolder(folder);
    Files.writeString(place.resolve("config.json"), "{\"max_position_embeddings\": 24}");
    assertThat(Backbone.load(place, BackboneOptions.defaults()).preprocessing().valueCount())
        .isEqualTo(24);
  }

  @Test
  void load_moreTokensThanLearned_isRefused() {
    Path place = ToyTexts.backboneFolder(folder);
    BackboneOptions asked =
        BackboneOptions.defaults().withText(TextOptions.DEFAULTS.withMaximumTokens(41));
    assertThatThrownBy(() -> Backbone.load(place, asked))
        .isInstanceOf(TransferException.class)
        .hasMessageContainingAll("at most 40 tokens", "--max-tokens asks for 41");
  }

  @Test
  void load_hubLayout_isFoundWithItsTokenizerAndPooling() throws IOException {
    Path place = ToyTexts.backboneFolder(folder);
    Files.createDirectory(place.resolve("onnx"));
    Files.move(place.resolve("model.onnx"), place.resolve("onnx/model.onnx"));
    Files.createDirectory(place.resolve("1_Pooling"));
    Files.writeString(place.resolve("1_Pooling/config.json"), "{\"pooling_mode_cls_token\": true}");
    Backbone backbone = Backbone.load(place, BackboneOptions.defaults());
    assertThat(backbone.id()).isEqualTo("toy-reader");
    assertThat(backbone.featureWidth()).isEqualTo(ToyTexts.WIDTH);
    assertThat(backbone.trunk().graph().nodes())
        .anyMatch(node -> node.is("Gather") && node.input(1).contains("first_position"));
  }

  @Test
  void load_networkThatPoolsItself_isReadAsItIsWhateverItsFolderDescribes() throws IOException {
    Path place = ToyTexts.backboneFolder(folder);
    Path file = place.resolve("model.onnx");
    OnnxModel tokens = OnnxModel.read(file);
    String vectors = tokens.graph().outputs().get(0).name();
    tokens
        .edit()
        .setInitializer(OnnxTensor.ofLongs("over_tokens", new long[] {1}, 1))
        .addNode(
            Node.of("ReduceMax", List.of(vectors, "over_tokens"), List.of("sentence_embedding"))
                .withInteger("keepdims", 0))
        .setOutputs(
            List.of(
                ValueInfo.of(
                    "sentence_embedding",
                    ElementType.FLOAT,
                    Dimension.named("batch"),
                    Dimension.of(ToyTexts.WIDTH))))
        .build()
        .write(file);
    Files.createDirectory(place.resolve("1_Pooling"));
    for (String token : List.of("true", "false")) {
      Files.writeString(
          place.resolve("1_Pooling/config.json"), "{\"pooling_mode_cls_token\": " + token + "}");
      Backbone backbone = Backbone.load(place, BackboneOptions.defaults());
      assertThat(backbone.featureTensor()).isEqualTo("sentence_embedding");
      assertThat(backbone.featureWidth()).isEqualTo(ToyTexts.WIDTH);
    }
  }

  @Test
  void withWeightsOf_otherWeights_readTheSameTexts() {
    Backbone backbone = ToyTexts.backbone(folder);
    Backbone fresh = backbone.withWeightsOf(backbone.model());
    assertThat(fresh.isFresh()).isTrue();
    assertThat(fresh.preprocessing()).isEqualTo(backbone.preprocessing());
    assertThat(fresh.featureWidth()).isEqualTo(ToyTexts.WIDTH);
    assertThat(fresh.trunk().graph().nodes())
        .as("nodes that keep padding out of the mean included")
        .hasSameSizeAs(backbone.trunk().graph().nodes());
  }

  /** Texts of other lengths beside them in a batch, and their padding, change nothing. */
  @Test
  void fit_fromFreshWeights_theFileReadsTheSame() {
    Backbone known = ToyTexts.backbone(folder);
    TrainedModel model =
        TransferLearning.from(known.withWeightsOf(known.model()))
            .strategy(new Strategy.AllLayers())
            .epochs(2)
            .withoutCache()
            .fit(ToyTexts.dataset(folder, 8, 0));

    assertThat(model.save(folder.resolve("model")).largestDifference()).isLessThan(1e-4);
  }

  @Test
  void load_withoutTokenizer_asksForIt() throws IOException {
    Path place = ToyTexts.backboneFolder(folder);
    Files.delete(place.resolve("tokenizer.json"));
    assertThatThrownBy(() -> Backbone.load(place, BackboneOptions.defaults()))
        .isInstanceOf(TransferException.class)
        .hasMessageContainingAll("its tokenizer is expected", "--tokenizer FILE");
  }

  @Test
  void load_tokenizerOfAnotherNetwork_isRefused() throws IOException {
    Path place = ToyTexts.backboneFolder(folder);
    Path file = place.resolve("tokenizer.json");
    Files.writeString(
        file, Files.readString(file).replace("\"some\":", "\"another\": 32, \"some\":"));
    assertThatThrownBy(() -> Backbone.load(place, BackboneOptions.defaults()))
        .isInstanceOf(TransferException.class)
        .hasMessageContainingAll("vectors for 32 tokens", "the tokenizer knows 33");
  }

  @Test
  void open_bundleWithAnotherTokenizer_isRefused() throws IOException {
    Path saved = folder.resolve("model");
    learning().strategy(new Strategy.HeadOnly()).fit(ToyTexts.dataset(folder, 10, 5)).save(saved);
    Path file = saved.resolve("tokenizer.json");
    Files.writeString(file, Files.readString(file).replace("bread", "broad"));
    assertThatThrownBy(() -> Predictor.load(saved))
        .hasMessageContainingAll("how its texts are prepared", "the tokenizer with the SHA-256");
  }

  @Test
  void fit_otherKind_isRefused() {
    assertThatThrownBy(() -> learning().fit(ToyTask.dataset(folder, 4, 2)))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("takes texts, but the data are image");
  }

  @Test
  void fit_networkOfOneLength_getsTextsOfThatLength() throws IOException {
    Path place = ToyTexts.backboneFolder(folder);
    ToyTexts.network(1, Dimension.of(24)).write(place.resolve("model.onnx"));
    Backbone backbone = Backbone.load(place, BackboneOptions.defaults());
    assertThat(backbone.preprocessing().valueCount()).isEqualTo(24);
    assertThat(((TextEncoder) backbone.preprocessing()).paddedLength(3)).isEqualTo(24);

    Path saved = folder.resolve("model");
    TransferLearning.from(backbone)
        .withoutCache()
        .strategy(new Strategy.HeadOnly())
        .fit(ToyTexts.dataset(folder, 10, 5))
        .save(saved);
    try (Predictor predictor = Predictor.load(saved)) {
      assertThat(predictor.predict(new ModelInput.Text("bread and soup")).label()).isNotEmpty();
    }
    BackboneOptions longer =
        BackboneOptions.defaults().withText(TextOptions.DEFAULTS.withMaximumTokens(30));
    assertThatThrownBy(() -> Backbone.load(place, longer))
        .hasMessageContainingAll("at most 24 tokens", "30");
  }

  @Test
  void paddedLength_anyText_dependsOnItAlone() {
    TextEncoder encoder = (TextEncoder) ToyTexts.backbone(folder).preprocessing();
    assertThat(List.of(1, 8, 9, 33, 40))
        .extracting(encoder::paddedLength)
        .containsExactly(8, 8, 16, 40, 40);
  }
}
