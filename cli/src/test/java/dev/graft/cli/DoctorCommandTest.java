package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.cli.Commands.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  @TempDir Path folder = Path.of(".");
  private Path data = Path.of(".");
  private Path backbone = Path.of(".");
  private Path first = Path.of(".");

  @BeforeEach
  void writeData() throws IOException {
    data = RehearsalData.writeImages(folder.resolve("data"));
    backbone = RehearsalData.writeBackbone(folder.resolve("backbone.onnx"));
    try (Stream<Path> tree = Files.walk(data)) {
      first = tree.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
    }
    Files.copy(first, first.resolveSibling("copy-of-it.png"));
  }

  @Test
  void doctor_dataWithACopy_tellsAndWritesFixesThatTrainTakes() throws IOException {
    Path fixes = folder.resolve("fixes.csv");
    Outcome outcome = doctor("--out", fixes);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("Likely wrong labels: ")
        .contains("Groups of nearly equal images: ")
        .contains("copy-of-it.png")
        .contains("Written: ");
    List<String> lines = Files.readAllLines(fixes);
    assertThat(lines.get(0)).isEqualTo("path,label,suggested,action,reason,score");
    String copy =
        lines.stream().filter(line -> line.contains("copy-of-it.png,")).findFirst().orElseThrow();
    String[] cells = copy.split(",");
    Path decided = folder.resolve("decided.csv");
    Files.writeString(decided, "path,label,action\n" + cells[0] + "," + cells[1] + ",drop\n");
    Outcome training = Commands.train(folder.resolve("run"), "--fixes", decided);
    // The training data of the run were written without the copy.
    assertThat(training.exitCode()).isEqualTo(ExitCode.DATA);
    Outcome own = train(decided);
    assertThat(own.exitCode()).as(own.err()).isZero();
    assertThat(own.unwrappedOut()).contains("Fixes: 0 examples relabelled, 1 dropped");
    assertThat(folder.resolve("model/fixes.csv")).isRegularFile();
    JsonNode provenance =
        new ObjectMapper().readTree(folder.resolve("model/provenance.json").toFile());
    assertThat(provenance.at("/settings/fixes").asText()).startsWith("sha256 ");
  }

  @Test
  void doctor_json_holdsTheFindings() throws IOException {
    Outcome outcome = doctor("--json");
    JsonNode json = new ObjectMapper().readTree(outcome.out());
    assertThat(json.at("/near_duplicates/0/members").size()).isGreaterThanOrEqualTo(2);
    assertThat(json.path("suspect_labels").isArray()).isTrue();
  }

  @Test
  void train_fixesWithUnknownPath_endsWithDataErrorBeforeAnythingIsWritten() throws IOException {
    Path fixes = folder.resolve("bad.csv");
    Files.writeString(fixes, "path,suggested,action\n../secret.png,a,relabel\n");
    Outcome outcome = train(fixes);
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.DATA);
    assertThat(outcome.err())
        .contains("the data have no example \"../secret.png\"")
        .doesNotContain("\tat ");
    assertThat(folder.resolve("model")).doesNotExist();
  }

  @Test
  void train_malformedOrMissingFixes_endsWithDataError() throws IOException {
    Path fixes = folder.resolve("bad.csv");
    Files.writeString(fixes, "path,action\n\"open,drop\n");
    assertThat(train(fixes).exitCode()).isEqualTo(ExitCode.DATA);
    Outcome missing = train(folder.resolve("none.csv"));
    assertThat(missing.exitCode()).isEqualTo(ExitCode.DATA);
    assertThat(missing.err()).contains("there is no such file");
  }

  @Test
  void doctor_existingFile_isNotReplacedUnasked() throws IOException {
    Path fixes = folder.resolve("fixes.csv");
    Files.writeString(fixes, "mine");
    Outcome outcome = doctor("--out", fixes);
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains("it exists already");
    assertThat(fixes).hasContent("mine");
  }

  private Outcome doctor(Object... further) {
    Object[] arguments = {
      "doctor",
      data,
      "--backbone",
      backbone,
      "--preprocessing",
      "unit",
      "--cache",
      folder.resolve("cache")
    };
    return Commands.run(Stream.concat(Stream.of(arguments), Stream.of(further)).toArray());
  }

  private Outcome train(Path fixes) {
    return Commands.run(
        "train",
        data,
        "--backbone",
        backbone,
        "--preprocessing",
        "unit",
        "--cache",
        folder.resolve("cache"),
        "--out",
        folder.resolve("model"),
        "--fixes",
        fixes);
  }
}
