package dev.graft.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BundleConfigTest {

  private static final String VALID =
      "{'modality': 'image', 'id2label': {'0': 'ants', '1': 'bees'}}".replace('\'', '"');

  @TempDir Path folder = Path.of(".");

  // --- writing -------------------------------------------------------------------------------

  @Test
  void write_thenRead_givesTheSame() {
    BundleConfig config =
        new BundleConfig(
            List.of("Größe", "蜜蜂", "a/b \"c\"", "0"),
            Modality.AUDIO,
            "speech.onnx",
            "0123456789abcdef".repeat(4),
            "last 2",
            0.75,
            "0.1.0",
            Optional.of(new PredictionSetRule(0.95, 0.0625)));
    config.write(folder.resolve("config.json"));
    assertThat(BundleConfig.read(folder.resolve("config.json"))).isEqualTo(config);
  }

  @Test
  void write_givesHubNamesAndStableBytes() throws IOException {
    Path file = folder.resolve("config.json");
    TestBundles.config("ants", "bees").write(file);
    assertThat(Files.readString(file))
        .isEqualTo(
            """
            {
              "graft_version" : "0.1.0",
              "modality" : "image",
              "problem_type" : "single_label_classification",
              "strategy" : "head only",
              "temperature" : 1.5,
              "backbone" : {
                "id" : "tiny.onnx",
                "sha256" : "%s"
              },
              "id2label" : {
                "0" : "ants",
                "1" : "bees"
              },
              "label2id" : {
                "ants" : 0,
                "bees" : 1
              }
            }
            """
                .formatted("ab".repeat(32)));
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void write_folderThatIsAFile_saysSo() throws IOException {
    Path blocked = Files.writeString(folder.resolve("out"), "a file");
    assertThatThrownBy(() -> TestBundles.config("a", "b").write(blocked.resolve("config.json")))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("Cannot write " + blocked.resolve("config.json"))
        .hasMessageContaining("check that the folder is writable");
  }

  // --- reading -------------------------------------------------------------------------------

  @Test
  void read_missingDescriptions_takesDefaults() throws IOException {
    BundleConfig config = BundleConfig.read(write(VALID));
    assertThat(config)
        .isEqualTo(
            new BundleConfig(
                List.of("ants", "bees"), Modality.IMAGE, "unknown", "", "unknown", 1, "unknown"));
  }

  @Test
  void read_unknownKeysAndAnyKeyOrder_areAccepted() throws IOException {
    String json =
        "{'architectures':['X'],'id2label':{'1':'bees','0':'ants'},'modality':'image','x':{'y':1}}";
    assertThat(BundleConfig.read(write(json.replace('\'', '"'))).labels())
        .containsExactly("ants", "bees");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'modality':'image'}|id2label is missing",
        "{'modality':'image','id2label':[1,2]}|id2label is missing",
        "{'modality':'image','id2label':{'0':'a','2':'b'}}|no text for \"1\"",
        "{'modality':'image','id2label':{'1':'a','2':'b'}}|no text for \"0\"",
        "{'modality':'image','id2label':{'0':'a','1':7}}|no text for \"1\"",
        "{'modality':'image','id2label':{'0':'a'}}|at least 2",
        "{'modality':'image','id2label':{}}|at least 2",
        "{'modality':'image','id2label':{'0':'a','1':'a'}}|there twice",
        "{'modality':'image','id2label':{'0':'a','1':' '}}|blank",
        "{'modality':'image','id2label':{'0':'a','1':'b'},'label2id':{'a':1,'b':0}}|not the inverse",
        "{'modality':'image','id2label':{'0':'a','1':'b'},'label2id':{'a':0}}|not the inverse",
        "{'id2label':{'0':'a','1':'b'}}|modality is \"\"; expected image, audio or text",
        "{'modality':'smell','id2label':{'0':'a','1':'b'}}|modality is \"smell\"",
        "{'modality':'image','id2label':{'0':'a','1':'b'},'temperature':0}|temperature is 0.0",
        "{'modality':'image','id2label':{'0':'a','1':'b'},'temperature':'warm'}|expected a number",
        "{'modality':'image','id2label':{'0':'a','1':'b'},'backbone':{'sha256':'../x'}}|64 lower-case",
        "{'modality':'image','id2label':{'0':'a','1':'b'},'problem_type':'regression'}|problem_type",
        "{'modality':'image','id2label':{'0':'a','1':'b'},'prediction_sets':7}|prediction_sets is 7",
        "{'modality':'image','id2label':{'0':'a','1':'b'},'prediction_sets':{'coverage':0.9}}|least_probability",
        "{'modality':'image','id2label':{'0':'a','1':'b'},'prediction_sets':{'coverage':1,'least_probability':0}}|coverage is 1.0",
        "{'modality':'image','id2label':{'0':'a','1':'b'},'prediction_sets':{'coverage':0.9,'least_probability':-1}}|leastProbability is -1.0",
        "{'modality':'image','modality':'text'}|no valid JSON",
        "[]|expected a JSON object",
        "'text'|expected a JSON object",
        "{'modality':|no valid JSON (line 1",
        "{} {}|no valid JSON",
        "PNG|no valid JSON",
      })
  void read_unusableContent_namesFileAndReason(String content, String reason) throws IOException {
    Path file = write(content.replace('\'', '"'));
    assertThatThrownBy(() -> BundleConfig.read(file))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(reason)
        .hasMessageContaining("restore the file graft wrote");
  }

  @Test
  void read_emptyFile_isRefused() throws IOException {
    Path file = write("");
    assertThatThrownBy(() -> BundleConfig.read(file)).isInstanceOf(BundleException.class);
  }

  @Test
  void read_deepNesting_isRefused() throws IOException {
    Path file = write("[".repeat(100_000));
    assertThatThrownBy(() -> BundleConfig.read(file))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("no valid JSON");
  }

  @Test
  void read_largeFile_isRefusedUnread() throws IOException {
    Path file = folder.resolve("config.json");
    try (var out = new java.io.RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(JsonFile.MAXIMUM_BYTES + 1);
    }
    assertThatThrownBy(() -> BundleConfig.read(file))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("the limit is 16777216");
  }

  @Test
  void construct_valuesOutOfRange_areNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TestBundles.config("a"))
        .withMessageContaining("BundleConfig.labels has 1 entries");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new BundleConfig(
                    List.of("a", "b"), Modality.IMAGE, "x", "", "head only", Double.NaN, "1"))
        .withMessageContaining("temperature is NaN");
  }

  private Path write(String content) throws IOException {
    return Files.writeString(folder.resolve("config.json"), content);
  }
}
