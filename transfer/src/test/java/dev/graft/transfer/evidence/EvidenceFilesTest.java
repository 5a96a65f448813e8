package dev.graft.transfer.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.transfer.TransferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** metrics.json, provenance.json, and what all four files have in common. */
final class EvidenceFilesTest {

  private static final Map<String, BiConsumer<TrainingRecord, Path>> WRITERS =
      Map.of(
          "metrics.json", MetricsFile::write,
          "provenance.json", ProvenanceFile::write,
          "README.md", ModelCard::write,
          "report.html", ReportPage::write);

  private final Path folder;

  EvidenceFilesTest(@TempDir Path folder) {
    this.folder = folder;
  }

  // All four

  @Test
  void write_sameRecordTwice_givesTheSameBytes() throws IOException {
    for (String name : WRITERS.keySet()) {
      byte[] first = Files.readAllBytes(write(name, SampleRecords.manyClasses(12)));
      byte[] second = Files.readAllBytes(write(name, SampleRecords.manyClasses(12)));
      assertThat(second).as(name).isEqualTo(first);
    }
  }

  @Test
  void write_existingFile_isReplacedAndNothingIsLeftBeside() throws IOException {
    for (String name : WRITERS.keySet()) {
      Files.writeString(folder.resolve(name), "old");
      assertThat(write(name, SampleRecords.headOnly())).content().hasSizeGreaterThan(500);
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(WRITERS.keySet());
    }
  }

  @Test
  void write_whereNoFileCanBe_namesTheFileAndWhatToDo() throws IOException {
    Path target = Files.writeString(folder.resolve("file"), "no folder").resolve("metrics.json");
    WRITERS
        .values()
        .forEach(
            writer ->
                assertThatThrownBy(() -> writer.accept(SampleRecords.headOnly(), target))
                    .isInstanceOfSatisfying(
                        TransferException.class,
                        e -> assertThat(e.reason()).isEqualTo(TransferException.Cause.ENVIRONMENT))
                    .hasMessageStartingWith("Cannot write " + target)
                    .hasMessageEndingWith("may be written and has room"));
  }

  @Test
  void write_file_canBeReadByWhoeverMayReadOrdinaryFiles() throws IOException {
    if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    Path ordinary = Files.writeString(folder.resolve("ordinary"), "");
    Set<PosixFilePermission> expected = Files.getPosixFilePermissions(ordinary);
    assertThat(Files.getPosixFilePermissions(write("metrics.json", SampleRecords.headOnly())))
        .isEqualTo(expected);
  }

  // metrics.json

  @Test
  void metrics_withTestPart_holdTheContract() throws IOException {
    TrainingRecord record = SampleRecords.headOnly();
    JsonNode json = json("metrics.json", record);
    assertThat(json.get("test")).isEqualTo(parsed(record.test().orElseThrow().toJson()));
    assertThat(json.get("validation")).isEqualTo(parsed(record.validation().toJson()));
    assertThat(json.at("/test/accuracy").asDouble()).isEqualTo(144 / 153.0);
    assertThat(json.at("/test/accuracy_interval")).hasSize(2);
    assertThat(json.get("strategy").asText()).isEqualTo("head");
    assertThat(json.get("seconds").asDouble()).isEqualTo(record.totalSeconds());
    assertThat(json.get("seed").asLong()).isEqualTo(42);
    assertThat(json.at("/examples/train/ants").asInt()).isEqualTo(121);
    assertThat(json.at("/candidates/2/chosen").asBoolean()).isTrue();
    assertThat(json.get("history")).isEmpty();
    assertThat(json.at("/phases/features").asDouble()).isEqualTo(2.25);
  }

  @Test
  void metrics_withoutTestPart_haveNoTest() throws IOException {
    JsonNode json = json("metrics.json", SampleRecords.withoutTest());
    assertThat(json.has("test")).isFalse();
    assertThat(json.get("examples").has("test")).isFalse();
    assertThat(json.has("validation")).isTrue();
  }

  @Test
  void metrics_lossThatIsNoNumber_isNull() throws IOException {
    JsonNode json = json("metrics.json", SampleRecords.manyClasses(12));
    assertThat(json.at("/history/13/training_loss").isNull()).isTrue();
    assertThat(json.at("/history/12/training_loss").isDouble()).isTrue();
    assertThat(json.at("/history/8/best").asBoolean()).isTrue();
  }

  @Test
  void metrics_laterRunOfTheSame_differInTheDurationsOnly() throws IOException {
    assertDifferOnlyIn("metrics.json", List.of("seconds", "phases"));
  }

  @Test
  void metrics_everythingFound_holdEveryFigureOfIt() throws IOException {
    JsonNode json = json("metrics.json", SampleRecords.rich());
    assertThat(json.at("/calibration/temperature").asDouble()).isEqualTo(1.62);
    assertThat(json.at("/calibration/before/expected_calibration_error").asDouble())
        .isEqualTo(SampleFindings.calibration().before().expectedCalibrationError());
    assertThat(json.at("/calibration/test/bins")).hasSize(10);
    assertThat(json.at("/calibration/after/bins/9/examples").asInt()).isEqualTo(103);
    assertThat(json.at("/calibration/prediction_sets/coverage").asDouble()).isEqualTo(0.9);
    assertThat(json.at("/calibration/prediction_sets/test/coverage_interval").toString())
        .isEqualTo("[0.868,0.954]");
    assertThat(json.at("/learning_curve/points/4/examples").asInt()).isEqualTo(244);
    assertThat(json.at("/learning_curve/forecasts/1/band").toString()).isEqualTo("[0.92,0.953]");
    assertThat(json.at("/ladder/chosen").asText()).isEqualTo("head-then-last:3");
    assertThat(json.at("/ladder/rungs/0").has("against")).isFalse();
    assertThat(json.at("/ladder/rungs/2/against/p_value").asDouble()).isEqualTo(0.009);
    assertThat(json.at("/ladder/rungs/2/taken").asBoolean()).isTrue();
    assertThat(json.at("/ladder/skipped")).hasSize(1);
    assertThat(json.at("/rung_seconds/the last 3 of 9 blocks").asDouble()).isEqualTo(21.6);
    assertThat(json.at("/mistakes/0/probability").asDouble()).isEqualTo(0.993);
    assertThat(json.at("/mistakes/0/predicted").asText()).isEqualTo("bees");
  }

  @Test
  void metrics_ofTexts_holdWhatTheAnswersRestOn() throws IOException {
    JsonNode json = json("metrics.json", SampleRecords.ofTexts());
    assertThat(json.get("explained")).hasSize(6);
    JsonNode first = json.at("/explained/0");
    assertThat(first.at("/id").asText()).isEqualTo("tickets.csv#17");
    assertThat(first.at("/explained").asText()).isEqualTo("exchange rate");
    assertThat(first.at("/words/1/word").asText()).isEqualTo("card");
    assertThat(first.at("/words/1/begin").asInt()).isEqualTo(3);
    assertThat(first.at("/words/1/drop_in_log_odds").asDouble()).isEqualTo(1.5);
    assertThat(first.at("/without_marked").asDouble()).isEqualTo(0.31);
    assertThat(first.at("/confirmed").asBoolean()).isTrue();
    assertThat(json.at("/explained/1/text_is_cut").asBoolean()).isTrue();
  }

  @Test
  void metrics_nothingLookedFor_haveNoFindings() throws IOException {
    JsonNode json = json("metrics.json", SampleRecords.headOnly());
    assertThat(names(json)).doesNotContain("calibration", "learning_curve", "ladder", "explained");
    assertThat(json.get("mistakes")).isEmpty();
  }

  // provenance.json

  @Test
  void provenance_record_saysWhatTheModelWasMadeFrom() throws IOException {
    TrainingRecord record = SampleRecords.headOnly();
    JsonNode json = json("provenance.json", record);
    assertThat(json.at("/data/hash").asText()).isEqualTo(record.data().hash());
    assertThat(json.at("/data/classes").toString()).isEqualTo("[\"ants\",\"bees\"]");
    assertThat(json.at("/data/examples/test/bees").asInt()).isEqualTo(77);
    assertThat(json.at("/data/left_out_count").asInt()).isEqualTo(2);
    assertThat(json.at("/data/left_out/1/reason").asText()).isEqualTo("it is no image");
    assertThat(json.at("/split/validation").asText()).isEqualTo(record.validationMethod());
    assertThat(json.get("seed").asLong()).isEqualTo(42);
    assertThat(json.at("/backbone/id").asText()).isEqualTo(record.backbone().id());
    assertThat(json.at("/backbone/sha256").asText()).isEqualTo(record.backbone().sha256());
    assertThat(json.at("/settings/--views").asText()).isEqualTo("8");
    assertThat(json.at("/environment/command").asText()).startsWith("graft train");
    assertThat(json.get("finished").asText()).isEqualTo("2026-03-01T10:15:30.123Z");
  }

  @Test
  void provenance_laterRunOfTheSame_differsInTheTimesOnly() throws IOException {
    assertDifferOnlyIn("provenance.json", List.of("finished", "seconds", "phases"));
  }

  private void assertDifferOnlyIn(String name, List<String> keys) throws IOException {
    TrainingRecord record = SampleRecords.manyClasses(12);
    ObjectNode first = (ObjectNode) json(name, record);
    ObjectNode second = (ObjectNode) json(name, SampleRecords.later(record));
    for (String key : keys) {
      assertThat(first.get(key)).as(key).isNotEqualTo(second.get(key));
    }
    assertThat(first.remove(keys)).isEqualTo(second.remove(keys));
    assertThat(List.copyOf(names(json(name, record)))).endsWith(keys.toArray(String[]::new));
  }

  private static List<String> names(JsonNode json) {
    List<String> names = new ArrayList<>();
    json.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private Path write(String name, TrainingRecord record) {
    Path file = folder.resolve(name);
    Objects.requireNonNull(WRITERS.get(name)).accept(record, file);
    return file;
  }

  private JsonNode json(String name, TrainingRecord record) throws IOException {
    return new ObjectMapper().readTree(Files.readString(write(name, record)));
  }

  private static JsonNode parsed(ObjectNode json) throws IOException {
    return new ObjectMapper().readTree(json.toString());
  }
}
