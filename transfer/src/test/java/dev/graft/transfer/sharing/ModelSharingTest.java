package dev.graft.transfer.sharing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.data.ExampleSource;
import dev.graft.data.image.PixelImage;
import dev.graft.runtime.Bundle;
import dev.graft.runtime.GoldenExample;
import dev.graft.runtime.Predictor;
import dev.graft.runtime.trust.Verification;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.BackboneOptions;
import dev.graft.transfer.Strategy;
import dev.graft.transfer.ToyBundle;
import dev.graft.transfer.ToyTexts;
import dev.graft.transfer.TransferException;
import dev.graft.transfer.TransferLearning;
import dev.graft.transfer.bagofwords.WordsBackbone;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class ModelSharingTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path shared = Path.of(".");
  private static Path trained = Path.of(".");

  @TempDir Path folder = Path.of(".");
  private Path model = Path.of(".");

  @BeforeAll
  static void train() throws IOException {
    Files.writeString(shared.resolve("README.md"), "---\nlicense: apache-2.0\n---\n# Toy\n");
    trained = shared.resolve("model");
    ToyBundle.train(shared).save(trained);
  }

  @BeforeEach
  void copy() throws IOException {
    model = folder.resolve("model");
    copyTree(trained, model);
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path path : tree.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  private SharedModel prepare(SharingOptions options) throws IOException {
    return ModelSharing.prepare(model, Files.createTempDirectory(folder, "staging"), options);
  }

  private void change(String name, java.util.function.Consumer<ObjectNode> change)
      throws IOException {
    Path file = model.resolve(name);
    ObjectNode json = (ObjectNode) JSON.readTree(Files.readAllBytes(file));
    change.accept(json);
    Files.write(file, JSON.writeValueAsBytes(json));
  }

  private void licence(String licence) throws IOException {
    change("provenance.json", json -> ((ObjectNode) json.get("backbone")).put("licence", licence));
  }

  private static JsonNode json(SharedModel model, String name) throws IOException {
    return JSON.readTree(Files.readAllBytes(model.folder().resolve(name)));
  }

  private static String card(SharedModel model) throws IOException {
    return Files.readString(model.folder().resolve("README.md"));
  }

  private static Map<String, Object> frontMatter(SharedModel model) throws IOException {
    String card = card(model);
    assertThat(card).startsWith("---\n");
    String yaml = card.substring(4, card.indexOf("\n---\n", 4) + 1);
    return new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
  }

  /** Everything that is shared, as text. */
  private static String all(SharedModel model) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String path : model.sizes().keySet()) {
      byte[] content = Files.readAllBytes(model.folder().resolve(path));
      all.append(path).append('\n').append(new String(content, StandardCharsets.ISO_8859_1));
    }
    return all.toString();
  }

  // --- what leaves -------------------------------------------------------------------------------

  @Test
  void prepare_trainedModel_isAWholeBundleWithTheSameModel() throws IOException {
    SharedModel model = prepare(SharingOptions.careful());
    assertThat(model.sizes().keySet())
        .containsExactly(
            "README.md",
            "config.json",
            "examples/000.png",
            "examples/001.png",
            "examples/002.png",
            "examples/003.png",
            "examples/004.png",
            "examples/005.png",
            "examples/expected.json",
            "files.sha256",
            "metrics.json",
            "model.onnx",
            "preprocessor_config.json",
            "provenance.json");
    assertThat(model.folder().resolve("model.onnx"))
        .hasSameBinaryContentAs(trained.resolve("model.onnx"));
    assertThat(Verification.of(model.folder(), Optional.empty()).problems()).isEmpty();
    assertThat(model.leftOut())
        .anyMatch(sentence -> sentence.startsWith("report.html: "))
        .anyMatch(sentence -> sentence.startsWith("training-features.bin: "))
        .anyMatch(sentence -> sentence.startsWith("predictions.csv: "))
        .anyMatch(sentence -> sentence.startsWith("fixes.csv: "))
        .anyMatch(sentence -> sentence.startsWith("examples/: "));
  }

  @Test
  void prepare_trainedModel_predictsAsBefore() throws IOException {
    byte[] rgb = new byte[40 * 30 * 3];
    new java.util.Random(4).nextBytes(rgb);
    PixelImage image = new PixelImage(40, 30, rgb);
    SharedModel model = prepare(SharingOptions.careful());
    try (Predictor before = Predictor.load(trained);
        Predictor after = Predictor.load(model.folder())) {
      assertThat(after.predict(image).probability()).isEqualTo(before.predict(image).probability());
      assertThat(after.predict(image).label()).isEqualTo(before.predict(image).label());
    }
  }

  @Test
  void prepare_trainedModel_namesAndShowsNoExample() throws IOException {
    String all = all(prepare(SharingOptions.careful()));
    List<String> ids =
        Files.readAllLines(trained.resolve("predictions.csv")).stream()
            .skip(1)
            .map(line -> line.substring(0, line.indexOf(',')))
            .toList();
    assertThat(ids).hasSize(6);
    for (String id : ids) {
      assertThat(all).doesNotContain(id);
    }
    for (GoldenExample example : Bundle.open(trained).goldenExamples().examples()) {
      assertThat(all).doesNotContain(example.name());
    }
    try (Stream<Path> pictures = Files.list(trained.resolve("examples"))) {
      for (Path picture : pictures.filter(path -> path.toString().endsWith(".png")).toList()) {
        assertThat(all)
            .doesNotContain(new String(Files.readAllBytes(picture), StandardCharsets.ISO_8859_1));
      }
    }
    assertThat(all).doesNotContain(shared.toString());
  }

  @Test
  void prepare_modelOfTexts_quotesNone() throws IOException {
    var dataset = ToyTexts.dataset(folder.resolve("texts"), 12, 4);
    var backbone = ToyTexts.backbone(Files.createDirectories(folder.resolve("words")));
    Files.writeString(folder.resolve("words/README.md"), "---\nlicense: mit\n---\n");
    model = folder.resolve("text-model");
    TransferLearning.from(backbone).strategy(Strategy.parse("head")).fit(dataset).save(model);
    SharedModel prepared = prepare(new SharingOptions(false, Optional.of("made for this test")));
    String all = all(prepared);
    assertThat(prepared.sizes()).containsKeys("tokenizer.json", "examples/000.txt");
    try (Stream<Path> texts = Files.walk(folder.resolve("texts"))) {
      List<Path> files = texts.filter(Files::isRegularFile).toList();
      assertThat(files).isNotEmpty();
      for (Path file : files) {
        String text = new String(new ExampleSource.FileSource(file).read(), StandardCharsets.UTF_8);
        assertThat(all).doesNotContain(text.strip());
      }
    }
  }

  @Test
  void prepare_countsOfWords_isRefusedSinceTheyListTheTexts() throws IOException {
    List<String> texts = new java.util.ArrayList<>();
    for (var example : ToyTexts.dataset(folder, 12, 4).part(dev.graft.data.Part.TRAIN)) {
      texts.add(dev.graft.data.text.PlainText.of(example.source()));
    }
    Path words = Files.createDirectory(folder.resolve("words"));
    WordsBackbone.write(words, texts, 1);
    Path ofWords = folder.resolve("of-words");
    TransferLearning.from(Backbone.load(words, BackboneOptions.defaults()))
        .withoutCache()
        .strategy(new Strategy.HeadOnly())
        .fit(ToyTexts.dataset(folder, 12, 4))
        .save(ofWords);
    Path staging = Files.createDirectory(folder.resolve("staging-of-words"));
    assertThatThrownBy(
            () ->
                ModelSharing.prepare(ofWords, staging, new SharingOptions(false, Optional.empty())))
        .isInstanceOf(TransferException.class)
        .hasMessageContainingAll("lists the words of the training texts", "--with-examples");
    SharedModel shared =
        ModelSharing.prepare(ofWords, staging, new SharingOptions(true, Optional.empty()));
    assertThat(shared.folder().resolve("tokenizer.json")).exists();
  }

  @Test
  void prepare_withExamples_sendsThemAll() throws IOException {
    SharedModel model = prepare(new SharingOptions(true, Optional.empty()));
    assertThat(model.sizes())
        .containsKeys("report.html", "predictions.csv", "fixes.csv", "training-features.bin");
    assertThat(model.leftOut()).isEmpty();
    assertThat(model.folder().resolve("examples/000.png"))
        .hasSameBinaryContentAs(trained.resolve("examples/000.png"));
    assertThat(json(model, "metrics.json").has("mistakes")).isTrue();
  }

  @Test
  void prepare_filesOfOthers_stayHereEvenWithExamples() throws IOException {
    Files.writeString(model.resolve("passwords.txt"), "secret");
    Files.writeString(folder.resolve("outside"), "secret");
    Files.createSymbolicLink(model.resolve("LICENSE.link"), folder.resolve("outside"));
    Files.writeString(model.resolve("LICENSE"), "the licence");
    SharedModel model = prepare(new SharingOptions(true, Optional.empty()));
    assertThat(model.sizes()).containsKey("LICENSE").doesNotContainKey("passwords.txt");
    assertThat(all(model)).doesNotContain("secret");
    assertThat(model.leftOut()).anyMatch(sentence -> sentence.startsWith("passwords.txt: "));
  }

  @Test
  void prepare_provenance_holdsNoPlaceOfThisMachine() throws IOException {
    change(
        "provenance.json",
        json -> {
          ((ObjectNode) json.get("environment"))
              .put("command", "graft train /home/anna/birds --out '/home/anna/my model'");
          ((ObjectNode) json.get("data")).put("name", "/home/anna/birds.zip");
          ((ObjectNode) json.get("data"))
              .putArray("left_out")
              .addObject()
              .put("path", "anna-on-holiday.jpg")
              .put("reason", "no image");
          ((ObjectNode) json.get("settings")).put("background", "/home/anna/noise");
          json.putArray("notes").add("anna-on-holiday.jpg has two labels.");
          json.put("something new", "anna-on-holiday.jpg");
        });
    Path readme = model.resolve("README.md");
    Files.writeString(
        readme,
        Files.readString(readme)
            + "\n- anna-on-holiday.jpg has two labels.\n\nSee /home/anna/notes.txt.\n");
    SharedModel model = prepare(SharingOptions.careful());
    JsonNode provenance = json(model, "provenance.json");
    assertThat(provenance.at("/environment/command").asText())
        .isEqualTo("graft train birds --out 'my model'");
    assertThat(provenance.at("/data/name").asText()).isEqualTo("birds.zip");
    assertThat(provenance.at("/settings/background").asText()).isEqualTo("noise");
    assertThat(provenance.at("/data/hash").asText()).hasSize(64);
    assertThat(all(model)).doesNotContain("anna");
    assertThat(card(model)).contains("See notes.txt.");
  }

  @Test
  void prepare_changedModel_isRefused() throws IOException {
    Path file = model.resolve("model.onnx");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> prepare(SharingOptions.careful())).hasMessageContaining("model.onnx");
  }

  @Test
  void prepare_networkFromElsewhere_isRefused() throws IOException {
    Path other = Files.createDirectories(folder.resolve("other"));
    Files.copy(shared.resolve("toy.onnx"), other.resolve("model.onnx"));
    for (String name : List.of("config.json", "metrics.json", "provenance.json")) {
      Files.writeString(other.resolve(name), "{}");
    }
    model = other;
    assertThatThrownBy(() -> prepare(SharingOptions.careful()))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("found a network from elsewhere");
  }

  // --- the card ----------------------------------------------------------------------------------

  @Test
  void card_isYamlWithWhatHubsAskFor() throws IOException {
    Map<String, Object> front = frontMatter(prepare(SharingOptions.careful()));
    assertThat(front)
        .containsEntry("license", "apache-2.0")
        .containsEntry("library_name", "graft")
        .containsEntry("pipeline_tag", "image-classification")
        .containsEntry(
            "tags", List.of("image-classification", "transfer-learning", "onnx", "graft"))
        .containsEntry("metrics", List.of("accuracy", "f1"))
        .doesNotContainKeys("base_model", "datasets", "license_name");
    assertThat(String.valueOf(front.get("model-index"))).contains("type=accuracy", "split=test");
  }

  @Test
  void card_withoutTheReport_doesNotPointAtIt() throws IOException {
    assertThat(card(prepare(SharingOptions.careful())))
        .contains("are in `metrics.json`")
        .doesNotContain("`report.html`");
    assertThat(card(prepare(new SharingOptions(true, Optional.empty()))))
        .contains("are in `report.html` and `metrics.json`");
  }

  @Test
  void card_backboneOfAHub_isItsBaseModel() throws IOException {
    change(
        "provenance.json",
        json ->
            ((ObjectNode) json.get("backbone")).put("id", "hf:onnx-community/dinov2-small@main"));
    assertThat(frontMatter(prepare(SharingOptions.careful())))
        .containsEntry("base_model", "onnx-community/dinov2-small")
        .containsEntry("base_model_relation", "finetune");
  }

  @Test
  void card_thatSomebodyWrote_isCompletedAndKept() throws IOException {
    Files.writeString(
        model.resolve("README.md"),
        "---\nlanguage: de\ntags:\n- birds\nlicense: gpl-3.0\n---\n\n# Birds\n\nBy hand.\n");
    SharedModel prepared = prepare(SharingOptions.careful());
    assertThat(frontMatter(prepared))
        .containsEntry("language", "de")
        .containsEntry("tags", List.of("birds"))
        .containsEntry("license", "apache-2.0")
        .containsKeys("model-index", "library_name", "pipeline_tag");
    assertThat(card(prepared)).contains("# Birds\n\nBy hand.\n", "## About this copy");
  }

  @Test
  void card_withoutFrontMatter_getsOne() throws IOException {
    Files.writeString(model.resolve("README.md"), "# Birds\n\n---\n\nkey: value\n");
    SharedModel prepared = prepare(SharingOptions.careful());
    assertThat(frontMatter(prepared)).containsKeys("license", "tags").doesNotContainKey("key");
    assertThat(card(prepared)).contains("# Birds\n\n---\n\nkey: value\n");
  }

  @Test
  void prepare_aCopyAgain_tellsOfItselfOnce() throws IOException {
    SharedModel first = prepare(SharingOptions.careful());
    model = first.folder();
    SharedModel second = prepare(SharingOptions.careful());
    assertThat(card(second).split("## About this copy", -1)).hasSize(2);
    assertThat(second.sizes().keySet()).isEqualTo(first.sizes().keySet());
    assertThat(second.folder().resolve("provenance.json"))
        .hasSameBinaryContentAs(first.folder().resolve("provenance.json"));
  }

  // --- licences ----------------------------------------------------------------------------------

  @Test
  void licence_thatForbids_isRefusedUnlessAReasonIsGiven() throws IOException {
    licence("cc-by-nd-4.0");
    assertThatThrownBy(() -> prepare(SharingOptions.careful()))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("cc-by-nd-4.0, does not allow to share what was made from it")
        .hasMessageContaining("--licence-reason");
    SharedModel prepared =
        prepare(new SharingOptions(false, Optional.of("The author let us, by letter of May 3.")));
    assertThat(frontMatter(prepared)).containsEntry("license", "cc-by-nd-4.0");
    assertThat(card(prepared))
        .contains("It was shared although the backbone's licence, cc-by-nd-4.0, does not allow")
        .contains("The reason that was given: The author let us, by letter of May 3.");
  }

  @Test
  void licence_ofAnotherName_isRefusedAndNamed() throws IOException {
    licence("imagenet-research: \"no\" sharing");
    assertThatThrownBy(() -> prepare(SharingOptions.careful()))
        .hasMessageContaining("is not known here");
    assertThat(frontMatter(prepare(new SharingOptions(false, Optional.of("asked")))))
        .containsEntry("license", "other")
        .containsEntry("license_name", "imagenet-research: \"no\" sharing");
  }

  @Test
  void licence_thatIsNotStated_isRefused() throws IOException {
    licence("unknown");
    assertThatThrownBy(() -> prepare(SharingOptions.careful()))
        .hasMessageContaining("the backbone states no licence");
  }

  @Test
  void licence_notForCommerce_isCarriedOverAndSaid() throws IOException {
    licence("cc-by-nc-4.0");
    SharedModel prepared = prepare(SharingOptions.careful());
    assertThat(prepared.remarks()).anyMatch(remark -> remark.contains("commercially"));
    assertThat(card(prepared)).contains("It may not be used commercially");
  }

  @Test
  void licence_ofWeightsThatWereFresh_isTheOwnersAffair() throws IOException {
    licence("unknown");
    change("provenance.json", json -> ((ObjectNode) json.get("settings")).put("weights", "fresh"));
    assertThat(prepare(SharingOptions.careful()).licence()).isEqualTo("unknown");
  }
}
