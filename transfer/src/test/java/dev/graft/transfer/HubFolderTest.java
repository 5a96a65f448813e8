package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.audio.AudioPreprocessing;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.data.text.TextEncoder;
import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is read from the folder of a model of a hub, in the layout of its cache. */
class HubFolderTest {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @TempDir Path folder = Path.of(".");

  private Path repository() {
    return folder.resolve("models--some-one--tiny.net");
  }

  private Path snapshot() {
    return repository().resolve("snapshots").resolve(COMMIT);
  }

  /** As the cache keeps files: contents beside, links in the snapshot. */
  private void put(String name, byte[] content) throws IOException {
    Path blob = repository().resolve("blobs").resolve(name.replace('/', '_'));
    Files.createDirectories(blob.getParent());
    Files.write(blob, content);
    link(name, blob);
  }

  private void link(String name, Path target) throws IOException {
    Path place = snapshot().resolve(name);
    Path parent = Objects.requireNonNull(place.getParent());
    Files.createDirectories(parent);
    Files.createSymbolicLink(place, parent.relativize(target));
  }

  private void put(String name, String content) throws IOException {
    put(name, content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private void putModel() throws IOException {
    put("onnx/model.onnx", ToyTask.openNetwork(1, 10).toBytes());
  }

  private Backbone load() {
    return Backbone.load(snapshot(), BackboneOptions.defaults());
  }

  @Test
  void load_snapshot_isCalledByItsIdAndKnowsItsRevision() throws IOException {
    putModel();
    put("preprocessor_config.json", ImagePreprocessing.preset("unit", 16, 16).toJson());
    put("README.md", "---\nlicense: other\nlicense_name: \"tiny licence\"\n---\n# Tiny\n");
    Backbone backbone = load();
    assertThat(backbone.id()).isEqualTo("some-one/tiny.net");
    assertThat(backbone.revision()).contains(COMMIT);
    assertThat(backbone.licence()).contains("tiny licence");
    assertThat(backbone.files().keySet())
        .containsExactly("README.md", "onnx/model.onnx", "preprocessor_config.json");
    assertThat(backbone.files().get("onnx/model.onnx")).isEqualTo(backbone.sha256());
  }

  // --- images ------------------------------------------------------------------------------------

  @ParameterizedTest
  @MethodSource("descriptions")
  void load_descriptionOfImages_isFollowed(String name, String json, String expected)
      throws IOException {
    putModel();
    put("config.json", "{\"model_type\": \"tiny\"}");
    Path description = snapshot().resolve(name);
    Files.deleteIfExists(description);
    Files.writeString(description, json);
    ImagePreprocessing found = load().imagePreprocessing();
    assertThat(
            found.resize()
                + " crop "
                + found.cropHeight()
                + "x"
                + found.cropWidth()
                + " "
                + found.interpolation()
                + " scale "
                + found.scale()
                + " mean "
                + found.mean()
                + " deviation "
                + found.deviation())
        .isEqualTo(expected);
  }

  static Stream<Arguments> descriptions() {
    return Stream.of(
        // ViTImageProcessor: one size, no crop.
        Arguments.of(
            "preprocessor_config.json",
            "{\"image_processor_type\": \"ViTImageProcessor\", \"do_resize\": true, \"size\":"
                + " {\"height\": 24, \"width\": 16}, \"resample\": 2, \"do_rescale\": true,"
                + " \"rescale_factor\": 0.00392156862745098, \"do_normalize\": true,"
                + " \"image_mean\": [0.5, 0.5, 0.5], \"image_std\": [0.25, 0.5, 0.5]}",
            "Exact[height=24, width=16] crop 24x16 BILINEAR scale 0.003921569 mean [0.5, 0.5, 0.5]"
                + " deviation [0.25, 0.5, 0.5]"),
        // BitImageProcessor of DINOv2: shorter side, crop, bicubic.
        Arguments.of(
            "preprocessor_config.json",
            "{\"image_processor_type\": \"BitImageProcessor\", \"crop_size\": {\"height\": 28,"
                + " \"width\": 28}, \"do_center_crop\": true, \"do_normalize\": true, \"do_rescale\":"
                + " true, \"do_resize\": true, \"image_mean\": [0.5, 0.5, 0.5], \"image_std\": [0.5,"
                + " 0.5, 0.5], \"resample\": 3, \"rescale_factor\": 0.00392156862745098, \"size\":"
                + " {\"shortest_edge\": 32}}",
            "ShorterSide[pixels=32] crop 28x28 BICUBIC scale 0.003921569 mean [0.5, 0.5, 0.5]"
                + " deviation [0.5, 0.5, 0.5]"),
        // Nothing but the size: values from 0 to 255.
        Arguments.of(
            "preprocessor_config.json",
            "{\"size\": 20, \"do_center_crop\": false, \"do_rescale\": false, \"do_normalize\":"
                + " false}",
            "Exact[height=20, width=20] crop 20x20 BILINEAR scale 1.0 mean [0.0, 0.0, 0.0]"
                + " deviation [1.0, 1.0, 1.0]"),
        // timm: in its config.json.
        Arguments.of(
            "config.json",
            "{\"architecture\": \"tiny\", \"num_classes\": 10, \"pretrained_cfg\": {\"input_size\":"
                + " [3, 24, 24], \"interpolation\": \"bicubic\", \"crop_pct\": 0.75, \"mean\": [0.5,"
                + " 0.5, 0.5], \"std\": [0.5, 0.5, 0.5]}}",
            "ShorterSide[pixels=32] crop 24x24 BICUBIC scale 0.003921569 mean [0.5, 0.5, 0.5]"
                + " deviation [0.5, 0.5, 0.5]"));
  }

  @Test
  void load_descriptionsOfBothKinds_thatOfTransformersCounts() throws IOException {
    putModel();
    put("preprocessor_config.json", ImagePreprocessing.preset("tf", 16, 16).toJson());
    put("config.json", "{\"pretrained_cfg\": {\"input_size\": [3, 24, 24]}}");
    assertThat(load().imagePreprocessing().cropHeight()).isEqualTo(16);
  }

  // --- texts and recordings ----------------------------------------------------------------------

  @Test
  void load_sentenceTransformer_hasItsTokenizerPoolingAndLength() throws IOException {
    Path made = ToyTexts.backboneFolder(folder);
    put("onnx/model.onnx", Files.readAllBytes(made.resolve("model.onnx")));
    put("tokenizer.json", Files.readAllBytes(made.resolve("tokenizer.json")));
    put("modules.json", "[]");
    put("1_Pooling/config.json", "{\"pooling_mode_cls_token\": true}");
    put("sentence_bert_config.json", "{\"max_seq_length\": 12}");
    Backbone backbone = load();
    assertThat(((TextEncoder) backbone.preprocessing()).description().maximumTokens())
        .isEqualTo(12);
    assertThat(backbone.trunk().graph().nodes())
        .anyMatch(node -> node.is("Gather") && node.input(1).contains("first_position"));
    assertThat(backbone.files().keySet())
        .containsExactly(
            "1_Pooling/config.json",
            "modules.json",
            "onnx/model.onnx",
            "sentence_bert_config.json",
            "tokenizer.json");
  }

  @Test
  void load_networkOfSamples_takesTheRateOfItsFeatureExtractor() throws IOException {
    put("onnx/model.onnx", samples().toBytes());
    put(
        "preprocessor_config.json",
        "{\"feature_extractor_type\": \"Wav2Vec2FeatureExtractor\", \"sampling_rate\": 8000,"
            + " \"do_normalize\": false}");
    assertThat(((AudioPreprocessing) load().preprocessing()).sampleRate()).isEqualTo(8000);
  }

  private static OnnxModel samples() {
    return GraphBuilder.named("samples")
        .input("samples", ElementType.FLOAT, Dimension.named("N"), Dimension.named("length"))
        .initializer(OnnxTensor.ofLongs("axes", new long[] {1}, 1))
        .node("Abs", List.of("samples"), "loud")
        .node("ReduceMax", List.of("loud", "axes"), "features")
        .output("features", ElementType.FLOAT)
        .build(18);
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"feature_extractor_type\": \"ASTFeatureExtractor\"}', ast/1",
    "'{\"feature_extractor_type\": \"ASTFeatureExtractor\", \"mean\": -6.845978, \"std\": 5.5654526}',",
    "'{\"feature_extractor_type\": \"ASTFeatureExtractor\", \"sampling_rate\": 8000}',",
    "'{\"feature_extractor_type\": \"WhisperFeatureExtractor\", \"feature_size\": 80}', whisper/1",
    "'{\"feature_extractor_type\": \"WhisperFeatureExtractor\", \"feature_size\": 128}',",
    "'{\"feature_extractor_type\": \"ClapFeatureExtractor\"}',",
    "'{}',"
  })
  void frontEnd_described_isTakenOnlyWithThePublishedFigures(String json, String name)
      throws IOException {
    put("onnx/model.onnx", "unread");
    put("preprocessor_config.json", json);
    assertThat(DescribedFrontEnd.of(snapshot().resolve("onnx/model.onnx")))
        .isEqualTo(Optional.ofNullable(name));
  }

  // --- links -------------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({"config.json", "README.md", "tokenizer.json"})
  void load_linkOutOfTheRepository_isRefused(String name) throws IOException {
    putModel();
    put("preprocessor_config.json", ImagePreprocessing.preset("unit", 16, 16).toJson());
    link(name, Files.writeString(folder.resolve("secret"), "{}"));
    assertThatThrownBy(this::load)
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("Loading the backbone some-one/tiny.net: ")
        .hasMessageContaining(name + " is expected to lie in " + repository())
        .hasMessageContaining("run graft pull some-one/tiny.net");
  }

  @Test
  void load_modelThatIsLinkOutOfTheRepository_isRefused() throws IOException {
    Path outside = ToyTask.backboneFile(folder);
    link("model.onnx", outside);
    assertThatThrownBy(this::load)
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("it is a link to another place");
  }
}
