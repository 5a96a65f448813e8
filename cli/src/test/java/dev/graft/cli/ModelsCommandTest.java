package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.Commands.Outcome;
import dev.graft.data.image.ImagePreprocessing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code graft models} on a cache with a pulled model and one of another tool. */
class ModelsCommandTest {
  private static final String ID = "someone/tiny";

  @TempDir Path folder = Path.of(".");

  private Outcome run(Map<String, String> further, Object... arguments) {
    Map<String, String> environment = new java.util.HashMap<>(further);
    environment.put("HF_HUB_CACHE", folder.resolve("hub").toString());
    return Commands.runIn(environment, arguments);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void fill() throws IOException {
    Path model = RehearsalData.writeBackbone(folder.resolve("backbone.onnx"));
    try (LoopbackHub hub = new LoopbackHub()) {
      hub.with(ID, "model.onnx", Files.readAllBytes(model))
          .with(ID, "README.md", bytes("---\nlicense: mit\n---\n# Tiny\n"))
          .with(
              ID,
              "preprocessor_config.json",
              bytes(ImagePreprocessing.preset("unit", 32, 32).toJson()));
      assertThat(run(Map.of("HF_ENDPOINT", hub.address()), "pull", ID).exitCode()).isZero();
    }
    Path other = folder.resolve("hub/models--gpt2/snapshots/" + LoopbackHub.COMMIT);
    Files.createDirectories(other);
    Files.write(other.resolve("model.safetensors"), new byte[2_000]);
  }

  @Test
  void models_emptyCache_listsBundledAndPublicOnes() {
    Outcome outcome = run(Map.of(), "models");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("With Graft", "In the cache " + folder.resolve("hub") + ": 0 bytes", "  none")
        .contains("onnx-community/dinov2-small  image  89 MB  apache-2.0")
        .contains("Xenova/all-MiniLM-L6-v2  text  90 MB  apache-2.0")
        .contains("https://arxiv.org/abs/2304.07193");
    assertThat(outcome.out().lines()).allMatch(line -> line.length() <= 132);
  }

  @Test
  void models_filledCache_listsWhatIsThereWithSizeLicenceAndRevision() throws IOException {
    fill();
    Outcome outcome = run(Map.of(), "models");
    assertThat(outcome.out())
        .containsPattern("someone/tiny  image  [0-9.]+ kB  mit  main at 89abcde")
        .contains("and 1 model without an ONNX file (2.0 kB), which other tools have put there");
  }

  @Test
  void models_kindAndJson_listsThatKindAlone() throws IOException {
    fill();
    JsonNode images =
        new ObjectMapper().readTree(run(Map.of(), "models", "--kind", "image", "--json").out());
    assertThat(images.path("cached")).hasSize(1);
    assertThat(images.path("cached").path(0).path("revisions").path(0).asText())
        .isEqualTo("main at 89abcde");
    assertThat(images.path("public")).hasSize(2);
    JsonNode texts =
        new ObjectMapper().readTree(run(Map.of(), "models", "--kind", "text", "--json").out());
    assertThat(texts.path("cached")).isEmpty();
    assertThat(texts.path("bundled")).allMatch(one -> one.path("kind").asText().equals("text"));
    assertThat(texts.path("public")).hasSize(2);
    assertThat(run(Map.of(), "models", "--kind", "video").exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void remove_cachedModel_freesItsBytesAndLeavesOthers() throws IOException {
    fill();
    Outcome outcome = run(Map.of(), "models", "rm", ID);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).matches("Removed someone/tiny; [0-9.]+ kB are free again\\.\\R");
    assertThat(folder.resolve("hub/models--someone--tiny")).doesNotExist();
    assertThat(folder.resolve("hub/models--gpt2")).isDirectory();
    Outcome again = run(Map.of(), "models", "rm", ID);
    assertThat(again.exitCode()).isEqualTo(ExitCode.MODEL);
    assertThat(again.err()).contains("there is no such model in " + folder.resolve("hub"));
  }

  @Test
  void remove_folderThatIsLink_isLeftAlone() throws IOException {
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    Files.createDirectories(folder.resolve("hub"));
    Files.createSymbolicLink(folder.resolve("hub/models--a--b"), elsewhere);
    Outcome outcome = run(Map.of(), "models", "rm", "a/b");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.MODEL);
    assertThat(outcome.err()).contains("is a link, which is left alone");
    assertThat(elsewhere).isDirectory();
  }
}
