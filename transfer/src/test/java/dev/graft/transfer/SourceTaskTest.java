package dev.graft.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SourceTaskTest {
  @TempDir Path folder = Path.of(".");

  private Path beside(String provenance) throws IOException {
    Files.writeString(folder.resolve("provenance.json"), provenance);
    return folder.resolve("model.onnx");
  }

  @Test
  void beside_provenanceOfPretraining_countsItsTrainingImages() throws IOException {
    Path model =
        beside(
            "{\"data\": {\"examples\": {\"train\": {\"a\": 350, \"b\": 340}, \"test\": {\"a\": 9}}}}");

    assertThat(SourceTask.beside(model)).contains(new SourceTask(690, 2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no json",
        "[]",
        "{}",
        "{\"data\": {\"examples\": {\"train\": 7}}}",
        "{\"data\": {\"examples\": {\"train\": [1, 2]}}}",
        "{\"data\": {\"examples\": {\"train\": {\"a\": -5}}}}"
      })
  void beside_anythingElse_tellsNothing(String content) throws IOException {
    assertThat(SourceTask.beside(beside(content))).isEmpty();
  }

  @Test
  void beside_nothingThere_tellsNothing() {
    assertThat(SourceTask.beside(folder.resolve("model.onnx"))).isEmpty();
  }

  @Test
  void sourceTask_publishedFile_isKnownByItsHash() {
    assertThat(
            KnownBackbones.sourceTask(
                "38f3cf709ff1864e660d1e1a721e10d54ecba70c5d5822fd8fe1d6cead0d54cf"))
        .contains(new SourceTask(1_281_167, 1_000));
    assertThat(KnownBackbones.sourceTask("0".repeat(64))).isEmpty();
  }
}
