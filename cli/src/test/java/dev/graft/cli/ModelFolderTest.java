package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModelFolderTest {
  @TempDir Path folder = Path.of(".");

  private ModelFolder of(String data) {
    return new ModelFolder(folder.resolve(data), folder);
  }

  @ParameterizedTest
  @CsvSource({
    "photos, photos-model",
    "/far/away/photos.zip, photos-model",
    "tickets.jsonl, tickets-model",
    "photos/../birds/, birds-model",
    "birds.2024, birds.2024-model",
    "/data/.zip, my-model",
  })
  void standard_data_isNamedAfterThem(String data, Path expected) {
    assertThat(of(data).standard()).isEqualTo(expected);
  }

  @Test
  void free_foldersThatAreThere_countsUp() throws IOException {
    assertThat(of("photos.zip").free()).isEqualTo(Path.of("photos-model"));
    Files.createDirectory(folder.resolve("photos-model"));
    Files.createDirectory(folder.resolve("photos-model-2"));
    assertThat(of("photos.zip").free()).isEqualTo(Path.of("photos-model-3"));
    assertThat(of("photos.zip").standard()).isEqualTo(Path.of("photos-model"));
  }

  /** Another run of the same data must not take its checkpoints away. */
  @Test
  void free_unfinishedRun_isLeftAloneAndFoundAgain() throws IOException {
    Files.createDirectory(folder.resolve("photos-model"));
    assertThat(of("photos.zip").unfinished()).isEmpty();
    Files.createDirectory(folder.resolve(".photos-model-2.checkpoint"));
    assertThat(of("photos.zip").free()).isEqualTo(Path.of("photos-model-3"));
    assertThat(of("photos.zip").unfinished()).hasValue(Path.of("photos-model-2"));
  }

  /** What was begun last is what somebody wants to go on with. */
  @Test
  void unfinished_several_isTheLatest() throws IOException {
    Path second = Files.createDirectory(folder.resolve(".photos-model-2.checkpoint"));
    Path first = Files.createDirectory(folder.resolve(".photos-model.checkpoint"));
    Files.setLastModifiedTime(first, FileTime.fromMillis(1_000_000));
    Files.setLastModifiedTime(second, FileTime.fromMillis(2_000_000));
    assertThat(of("photos.zip").unfinished()).hasValue(Path.of("photos-model-2"));
  }

  /** In the data it would be a class of the next run. */
  @Test
  void free_commandRunsInsideItsData_besideThem() throws IOException {
    Path data = Files.createDirectory(folder.resolve("photos")).toRealPath();
    Path inside = Files.createDirectory(data.resolve("cats"));
    Path expected = data.resolveSibling("photos-model");
    assertThat(new ModelFolder(data, data).free()).isEqualTo(expected);
    assertThat(new ModelFolder(data, inside).free()).isEqualTo(expected);
    Files.createDirectory(expected);
    assertThat(new ModelFolder(data, inside).free())
        .isEqualTo(data.resolveSibling("photos-model-2"));
  }
}
