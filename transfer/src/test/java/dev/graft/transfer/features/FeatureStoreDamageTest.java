package dev.graft.transfer.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that a crash, a full disk or a bad sector left. */
final class FeatureStoreDamageTest {

  private static final int WIDTH = 4;
  private static final int ROWS = 3;
  private static final int ROW_BYTES = WIDTH * Float.BYTES;

  private final Path folder;

  FeatureStoreDamageTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeEach
  void writeRows() {
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      // One after the other, so that the order in the file is known.
      for (int row = 0; row < ROWS; row++) {
        store.write(key(row), row(row));
        store.flush();
      }
    }
  }

  @Test
  void open_indexCutAtAnyByteOfTheLastEntry_losesThatRowOnly() throws IOException {
    byte[] whole = Files.readAllBytes(index());
    assertThat(whole).hasSize(ROWS * SegmentFormat.ENTRY_BYTES);
    for (int cut = 0; cut < SegmentFormat.ENTRY_BYTES; cut++) {
      truncate(index(), (ROWS - 1) * SegmentFormat.ENTRY_BYTES + cut);
      assertReadable(0, 1);
      Files.write(index(), whole);
    }
    assertReadable(0, 1, 2);
  }

  @Test
  void open_rowsCutAtAnyByteOfTheLastRow_losesThatRowOnly() throws IOException {
    byte[] whole = Files.readAllBytes(rows());
    assertThat(whole).hasSize(ROWS * ROW_BYTES);
    for (int cut = 0; cut < ROW_BYTES; cut++) {
      truncate(rows(), (ROWS - 1) * ROW_BYTES + cut);
      assertReadable(0, 1);
      Files.write(rows(), whole);
    }
    assertReadable(0, 1, 2);
  }

  @Test
  void read_anyBitOfARowFlipped_isNeverServed() throws IOException {
    byte[] whole = Files.readAllBytes(rows());
    for (int bit = 0; bit < ROW_BYTES * 8; bit++) {
      flip(rows(), ROW_BYTES * 8L + bit);
      assertReadable(0, 2);
      Files.write(rows(), whole);
    }
  }

  @Test
  void open_anyBitOfAnEntryFlipped_losesThatRowOnly() throws IOException {
    byte[] whole = Files.readAllBytes(index());
    for (int bit = 0; bit < SegmentFormat.ENTRY_BYTES * 8; bit++) {
      flip(index(), SegmentFormat.ENTRY_BYTES * 8L + bit);
      assertReadable(0, 2);
      Files.write(index(), whole);
    }
  }

  @Test
  void write_afterADamagedRead_replacesTheRowForGood() throws IOException {
    flip(rows(), ROW_BYTES * 8L);
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      assertThat(store.contains(key(1))).as("not known before reading").isTrue();
      assertThat(store.read(key(1), new float[WIDTH])).isFalse();
      assertThat(store.contains(key(1))).isFalse();
      store.write(key(1), row(1));
      assertThat(store.size()).isEqualTo(ROWS);
    }
    assertReadable(0, 1, 2);
  }

  @Test
  void open_rowsFileMissing_isAsIfNothingWereThere() throws IOException {
    Files.delete(rows());
    assertReadable();
  }

  @Test
  void open_indexWithoutRowsAndGarbageFiles_areIgnored() throws IOException {
    Path store = folder.resolve("key");
    Files.write(store.resolve("00000009-1-abcdef01.index"), new byte[4000]);
    Files.write(store.resolve("00000010-1-abcdef01.rows"), new byte[4000]);
    Files.write(store.resolve("00000011-1-abcdef01.rows"), new byte[4000]);
    Files.write(store.resolve("00000011-1-abcdef01.index"), new byte[4001]);
    Files.writeString(store.resolve("readme.txt"), "mine");
    assertReadable(0, 1, 2);
  }

  @Test
  void read_filesVanishDuringTheRun_isMissingAndEndsNothing() throws IOException {
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      for (Path file : files()) {
        Files.delete(file);
      }
      Files.delete(folder.resolve("key"));
      assertThat(store.read(key(0), new float[WIDTH])).isFalse();
      store.write(key(7), row(7));
      store.flush();
      assertThat(store.warning())
          .hasValueSatisfying(
              text ->
                  assertThat(text)
                      .startsWith("The feature cache " + folder + " cannot be written (NoSuchFile")
                      .contains("the run goes on")
                      .endsWith("choose another folder"));
      float[] target = new float[WIDTH];
      assertThat(store.read(key(7), target)).as("still in memory").isTrue();
      assertThat(target).isEqualTo(row(7));
    }
  }

  @Test
  void open_whereAFolderCannotBe_worksWithoutKeeping() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    try (FeatureStore store = FeatureStore.open(file.resolve("cache"), "key", WIDTH)) {
      assertThat(store.warning())
          .hasValueSatisfying(text -> assertThat(text).contains("cannot be opened"));
      store.write(key(0), row(0));
      store.flush();
      assertThat(store.read(key(0), new float[WIDTH])).isFalse();
    }
  }

  @Test
  void open_readOnlyFolder_servesRowsAndKeepsNoNewOnes() throws IOException {
    Path store = folder.resolve("key");
    assumeTrue(
        store.getFileSystem().supportedFileAttributeViews().contains("posix"),
        "no POSIX permissions here");
    Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      assumeTrue(!Files.isWritable(store), "this user may write everywhere");
      try (FeatureStore opened = FeatureStore.open(folder, "key", WIDTH)) {
        float[] target = new float[WIDTH];
        assertThat(opened.read(key(0), target)).isTrue();
        opened.write(key(9), row(9));
        opened.flush();
        assertThat(opened.warning())
            .hasValueSatisfying(text -> assertThat(text).contains("cannot be written"));
      }
    } finally {
      Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private void assertReadable(int... expected) {
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      for (int row = 0; row < ROWS; row++) {
        float[] target = new float[WIDTH];
        int wanted = row;
        boolean expectThere = Arrays.stream(expected).anyMatch(one -> one == wanted);
        assertThat(store.read(key(row), target)).as("row %d", row).isEqualTo(expectThere);
        assertThat(target).isEqualTo(expectThere ? row(row) : new float[WIDTH]);
      }
      assertThat(store.warning()).isEmpty();
    }
  }

  private static RowKey key(int row) {
    return new RowKey("example " + row, "");
  }

  private static float[] row(int value) {
    return new float[] {value + 1, value + 0.5f, -value - 1, 0.125f};
  }

  private static void truncate(Path file, long size) throws IOException {
    try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  private static void flip(Path file, long bit) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) (bit / 8)] ^= (byte) (1 << (bit % 8));
    Files.write(file, bytes);
  }

  private Path index() throws IOException {
    return only(SegmentFormat.INDEX_SUFFIX);
  }

  private Path rows() throws IOException {
    return only(SegmentFormat.ROWS_SUFFIX);
  }

  private Path only(String suffix) throws IOException {
    return files().stream()
        .filter(file -> file.toString().endsWith(suffix))
        .findFirst()
        .orElseThrow();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("key"))) {
      return files.toList();
    }
  }
}
