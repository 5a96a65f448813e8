package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.audio.TestSounds;
import dev.graft.data.image.TestImages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnlabelledFilesTest {
  private final Path folder;

  UnlabelledFilesTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void list_filesFoldersAndZips_givesAllInOrder() throws IOException {
    Path single = Files.write(folder.resolve("single.xyz"), TestImages.jpeg(1));
    Path tree = Files.createDirectories(folder.resolve("tree/deep"));
    Files.write(tree.resolve("2.png"), TestImages.jpeg(2));
    Files.writeString(tree.resolve("notes.txt"), "no image");
    Path archive = folder.resolve("more.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(archive))) {
      out.putNextEntry(new ZipEntry("x/3.jpg"));
      out.write(TestImages.jpeg(3));
      out.closeEntry();
    }
    UnlabelledFiles found =
        UnlabelledFiles.list(DatasetKind.IMAGE, single, folder.resolve("tree"), archive);
    assertThat(found.files().stream().map(UnlabelledFile::id))
        .containsExactly(
            slashed(single), slashed(folder) + "/tree/deep/2.png", slashed(archive) + "/x/3.jpg");
    assertThat(found.files().get(2).source().read()).isEqualTo(TestImages.jpeg(3));
    assertThat(found.leftOut())
        .containsExactly(
            new LeftOut(
                slashed(folder) + "/tree/deep/notes.txt",
                "neither its name nor its content is that of an image"));
  }

  @Test
  void list_recordings_leavesImagesOut() throws IOException {
    Files.write(folder.resolve("1.jpg"), TestImages.jpeg(1));
    Files.write(folder.resolve("2.wav"), TestSounds.wav(new float[100], 8_000));
    Files.write(folder.resolve("3"), TestSounds.wav(new float[100], 8_000));
    UnlabelledFiles found = UnlabelledFiles.list(DatasetKind.AUDIO, folder);
    assertThat(found.files().stream().map(UnlabelledFile::id))
        .containsExactly(slashed(folder) + "/2.wav", slashed(folder) + "/3");
    assertThat(found.leftOut())
        .containsExactly(
            new LeftOut(
                slashed(folder) + "/1.jpg",
                "neither its name nor its content is that of a recording"));
  }

  @Test
  void list_missingEmptyAndBroken_areLeftOutByName() throws IOException {
    Path empty = Files.write(folder.resolve("empty.jpg"), new byte[0]);
    Path broken = Files.writeString(folder.resolve("broken.zip"), "no zip");
    UnlabelledFiles found =
        UnlabelledFiles.list(DatasetKind.IMAGE, folder.resolve("gone.jpg"), empty, broken);
    assertThat(found.files()).isEmpty();
    assertThat(found.leftOut().get(0))
        .isEqualTo(new LeftOut(slashed(folder) + "/gone.jpg", "there is no such file"));
    assertThat(found.leftOut().get(1).reason()).isEqualTo("the file is empty (0 bytes)");
    assertThat(found.leftOut().get(2).reason()).contains("Cannot open the archive");
  }

  private static String slashed(Path path) {
    return path.toString().replace('\\', '/');
  }

  @Test
  void list_tableOfTexts_givesItsRows() throws IOException {
    Path table = folder.resolve("tickets.csv");
    Files.writeString(table, "id,message,label\n1,\"lost, again\",a\n2,,b\n3,\"two\nlines\",\n");
    UnlabelledFiles found = UnlabelledFiles.list(DatasetKind.TEXT, table);
    String name = table.toString().replace('\\', '/');
    assertThat(found.files())
        .extracting(UnlabelledFile::id)
        .containsExactly(name + "#2", name + "#4");
    assertThat(found.files())
        .extracting(file -> new String(file.source().read(), StandardCharsets.UTF_8))
        .containsExactly("lost, again", "two\nlines");
    assertThat(found.leftOut()).containsExactly(new LeftOut(name + "#3", "its text is empty"));
    assertThat(UnlabelledFiles.list(DatasetKind.TEXT, folder).files()).hasSize(2);
  }

  @Test
  void list_tableWithoutTexts_isLeftOutWithItsColumns() throws IOException {
    Path table = Files.writeString(folder.resolve("sizes.csv"), "width,height\n1,2\n");
    assertThat(UnlabelledFiles.list(DatasetKind.TEXT, table).leftOut())
        .singleElement()
        .extracting(LeftOut::reason)
        .asString()
        .contains("expected a header with a column of texts", "width, height");
  }

  @Test
  void list_moreRowsThanTheLimit_leavesTheRestOut() throws IOException {
    Path table =
        Files.writeString(
            folder.resolve("many.csv"), "text\n" + "a\n".repeat(LabelledTexts.MOST_ROWS + 1));
    UnlabelledFiles found = UnlabelledFiles.list(DatasetKind.TEXT, table);
    assertThat(found.files()).hasSize(LabelledTexts.MOST_ROWS);
    assertThat(found.leftOut())
        .singleElement()
        .extracting(LeftOut::reason)
        .asString()
        .isEqualTo(
            "Cannot read all of the table "
                + table
                + ": with it there are more than 1000000 texts, which is the limit. Give it in parts.");
  }
}
