package dev.graft.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.image.TestImages;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExampleSourceTest {
  private final Path folder;

  ExampleSourceTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private Path zip(byte[] content) throws IOException {
    Path archive = folder.resolve("data.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(archive))) {
      out.putNextEntry(new ZipEntry("a/1.jpg"));
      out.write(content);
      out.closeEntry();
    }
    return archive;
  }

  @Test
  void contentHash_knownBytes_isTheirSha256() throws IOException {
    // printf abc | sha256sum
    String expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    Path file = Files.writeString(folder.resolve("abc"), "abc");
    assertThat(new ExampleSource.FileSource(file).contentHash()).isEqualTo(expected);
    assertThat(ExampleSource.ZipSource.of(zip("abc".getBytes(UTF_8)), "a/1.jpg").contentHash())
        .isEqualTo(expected);
  }

  @Test
  void read_missingFile_isNamed() {
    Path file = folder.resolve("gone.jpg");
    assertThatThrownBy(() -> new ExampleSource.FileSource(file).read())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Cannot read " + file + ": there is no such file");
  }

  @Test
  void read_folder_isRefused() {
    assertThatThrownBy(() -> new ExampleSource.FileSource(folder).read())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("it is not a regular file");
  }

  @Test
  void read_sparseHugeFile_isRefusedBeforeReading() throws IOException {
    Path file = folder.resolve("huge.jpg");
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(ExampleSource.MAXIMUM_BYTES + 1);
    }
    assertThatThrownBy(() -> new ExampleSource.FileSource(file).read())
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "huge.jpg: it has 268435457 bytes, the limit for one example is 268435456 (256 MiB)");
  }

  @Test
  void read_missingZipEntry_isNamed() throws IOException {
    Path archive = zip(new byte[3]);
    assertThatThrownBy(() -> ExampleSource.ZipSource.of(archive, "b/2.jpg").read())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("data.zip/b/2.jpg: the archive has no such entry");
  }

  /** Writes another uncompressed size into the central directory, as a forged archive has it. */
  private static void forgeSize(Path archive, int size) throws IOException {
    byte[] bytes = Files.readAllBytes(archive);
    int directory = new String(bytes, ISO_8859_1).indexOf("PK\u0001\u0002");
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(directory + 24, size);
    Files.write(archive, bytes);
  }

  @Test
  void read_zipEntryOfForgedHugeSize_isRefusedBeforeAllocating() throws IOException {
    Path archive = zip(new byte[100]);
    forgeSize(archive, 200 << 20);
    assertThatThrownBy(() -> ExampleSource.ZipSource.of(archive, "a/1.jpg").read())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("packed bytes cannot hold the 209715200 bytes announced");
  }

  @Test
  void read_zipEntryLargerThanAnnounced_isRefused() throws IOException {
    Path archive = zip(new byte[100_000]);
    forgeSize(archive, 10);
    assertThatThrownBy(() -> ExampleSource.ZipSource.of(archive, "a/1.jpg").read())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("data.zip/a/1.jpg")
        .hasMessageContaining("10 bytes were announced, but more came");
  }

  @Test
  void read_zipEntryOverTheLimit_isRefused() throws IOException {
    Path archive = zip(new byte[100]);
    forgeSize(archive, Integer.MAX_VALUE);
    assertThatThrownBy(() -> ExampleSource.ZipSource.of(archive, "a/1.jpg").read())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the limit for one example is");
  }

  @Test
  void read_manyThreads_giveTheSameBytes() throws IOException {
    byte[] content = TestImages.jpeg(5);
    ExampleSource source = ExampleSource.ZipSource.of(zip(content), "a/1.jpg");
    String expected = ExampleSource.hash(content);
    assertThat(IntStream.range(0, 200).parallel().mapToObj(i -> source.contentHash()).distinct())
        .containsExactly(expected);
  }

  @Test
  void equals_samePlace_isEqual() throws IOException {
    Path archive = zip(new byte[1]);
    assertThat(ExampleSource.ZipSource.of(archive, "a"))
        .isEqualTo(ExampleSource.ZipSource.of(archive, "a"));
    assertThat(ExampleSource.ZipSource.of(archive, "a"))
        .isNotEqualTo(ExampleSource.ZipSource.of(archive, "b"));
  }
}
