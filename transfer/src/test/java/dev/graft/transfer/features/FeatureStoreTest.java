package dev.graft.transfer.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FeatureStoreTest {

  private static final int WIDTH = 5;

  private final Path folder;

  FeatureStoreTest(@TempDir Path folder) {
    this.folder = folder;
  }

  // Reading and writing

  @Test
  void read_afterWriting_givesTheSameBits() {
    float[] special = {
      Float.NaN, Float.NEGATIVE_INFINITY, -0f, Float.MIN_VALUE, Float.intBitsToFloat(0x7fc12345)
    };
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      store.write(new RowKey("a", ""), special);
      assertThat(bits(read(store, new RowKey("a", "")))).isEqualTo(bits(special));
      store.flush();
      assertThat(bits(read(store, new RowKey("a", "")))).isEqualTo(bits(special));
    }
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      assertThat(bits(read(store, new RowKey("a", "")))).isEqualTo(bits(special));
      assertThat(store.warning()).isEmpty();
    }
  }

  @Test
  void read_missingRow_leavesTheTargetAlone() {
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      float[] target = {1, 2, 3, 4, 5};
      assertThat(store.read(new RowKey("nobody", ""), target)).isFalse();
      assertThat(target).containsExactly(1, 2, 3, 4, 5);
    }
  }

  @Test
  void read_keysWithTheSameJoinedText_areDifferentRows() {
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      store.write(new RowKey("ab", "c"), row(1));
      store.write(new RowKey("a", "bc"), row(2));
      assertThat(read(store, new RowKey("ab", "c"))).isEqualTo(row(1));
      assertThat(read(store, new RowKey("a", "bc"))).isEqualTo(row(2));
    }
  }

  @Test
  void write_presentRow_keepsTheFirst() throws IOException {
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      store.write(key(1), row(1));
      store.flush();
      store.write(key(1), row(9));
      assertThat(read(store, key(1))).isEqualTo(row(1));
      assertThat(store.size()).isEqualTo(1);
    }
    assertThat(Files.size(only(SegmentFormat.ROWS_SUFFIX))).isEqualTo(WIDTH * Float.BYTES);
  }

  @Test
  void write_manyRows_areAllThereInANewStore() {
    SplittableRandom random = new SplittableRandom(7);
    int rows = 30_000;
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      for (int row = 0; row < rows; row++) {
        store.write(key(row), row(row));
      }
      assertThat(store.size()).isEqualTo(rows);
    }
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      assertThat(store.size()).isEqualTo(rows);
      for (int probe = 0; probe < 5_000; probe++) {
        int row = random.nextInt(rows);
        assertThat(read(store, key(row))).isEqualTo(row(row));
      }
      assertThat(store.contains(key(rows))).isFalse();
    }
  }

  @Test
  void open_onlyReading_leavesNoSegmentBehind() throws IOException {
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      store.write(key(1), row(1));
    }
    List<Path> before = files();
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      store.write(key(1), row(1));
      assertThat(read(store, key(1))).isEqualTo(row(1));
    }
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void size_rowsInSeveralSegments_countsEachOnce() {
    try (FeatureStore first = FeatureStore.open(folder, "key", WIDTH);
        FeatureStore second = FeatureStore.open(folder, "key", WIDTH)) {
      for (int row = 0; row < 10; row++) {
        first.write(key(row), row(row));
        second.write(key(row + 5), row(row + 5));
      }
    }
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      assertThat(store.size()).isEqualTo(15);
      for (int row = 0; row < 15; row++) {
        assertThat(read(store, key(row))).isEqualTo(row(row));
      }
    }
  }

  @Test
  void open_otherKey_isAnotherStore() {
    try (FeatureStore one = FeatureStore.open(folder, "one", WIDTH);
        FeatureStore other = FeatureStore.open(folder, "other", WIDTH)) {
      one.write(key(1), row(1));
      assertThat(other.contains(key(1))).isFalse();
    }
  }

  // Refusals

  @ParameterizedTest
  @ValueSource(strings = {"", "..", ".hidden", "a/b", "a\\b", "über", "a\0b"})
  void open_keyThatNamesNoFolder_isRefused(String key) {
    assertThatThrownBy(() -> FeatureStore.open(folder, key, WIDTH))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the key of a feature store names a folder")
        .hasMessageContaining(key);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, FeatureStore.LARGEST_WIDTH + 1})
  void open_widthOutOfRange_isRefused(int width) {
    assertThatThrownBy(() -> FeatureStore.open(folder, "key", width))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 to 16777216 features, got " + width);
  }

  @Test
  void readAndWrite_otherWidth_areRefused() {
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      assertThatThrownBy(() -> store.write(key(1), new float[4]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a row of this feature store has 5 features, got 4");
      assertThatThrownBy(() -> store.read(key(1), new float[6]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a row of this feature store has 5 features, got 6");
    }
  }

  @Test
  void use_afterClosing_isRefused() {
    FeatureStore store = FeatureStore.open(folder, "key", WIDTH);
    store.write(key(1), row(1));
    store.close();
    store.close();
    assertThatThrownBy(() -> store.read(key(1), new float[WIDTH]))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed");
    assertThatThrownBy(() -> store.write(key(1), row(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed");
  }

  // Stores of another kind

  @Test
  void open_storeOfAnotherWidth_startsAfresh() throws IOException {
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      store.write(key(1), row(1));
    }
    try (FeatureStore store = FeatureStore.open(folder, "key", 3)) {
      assertThat(store.size()).isZero();
      store.write(key(1), new float[] {7, 8, 9});
      assertThat(store.warning()).isEmpty();
    }
    try (FeatureStore store = FeatureStore.open(folder, "key", 3)) {
      float[] target = new float[3];
      assertThat(store.read(key(1), target)).isTrue();
      assertThat(target).containsExactly(7, 8, 9);
    }
    assertThat(children(folder)).containsExactly("key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "graft feature store\nformat 2\nwidth 5\nfloat32\n", "\0\0\0"})
  void open_otherOrDamagedManifest_startsAfresh(String manifest) throws IOException {
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      store.write(key(1), row(1));
    }
    Files.writeString(folder.resolve("key").resolve(StoreFolder.MANIFEST), manifest);
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      assertThat(store.size()).isZero();
      store.write(key(2), row(2));
      assertThat(store.warning()).isEmpty();
    }
    assertThat(children(folder)).containsExactly("key");
  }

  @Test
  void open_folderWithOtherFiles_deletesNothingAndGoesOnWithout() throws IOException {
    Path foreign = Files.createDirectories(folder.resolve("key")).resolve("thesis.txt");
    Files.writeString(foreign, "years of work");
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      store.write(key(1), row(1));
      assertThat(store.read(key(1), new float[WIDTH])).isFalse();
      assertThat(store.size()).isZero();
      assertThat(store.warning())
          .hasValueSatisfying(
              text ->
                  assertThat(text)
                      .contains("cannot be opened", "files that are not of a feature store")
                      .contains("the run goes on"));
    }
    assertThat(foreign).hasContent("years of work");
  }

  // Eviction

  @Test
  void open_storesAboveTheLimit_deletesTheLeastRecentlyUsed() throws IOException {
    for (String key : List.of("old", "older", "recent")) {
      try (FeatureStore store = FeatureStore.open(folder, key, WIDTH)) {
        store.write(key(1), row(1));
      }
    }
    age("older", 3);
    age("old", 2);
    Path foreign = Files.createDirectories(folder.resolve("photos")).resolve("cat.jpg");
    Files.writeString(foreign, "x".repeat(1000));
    long each = FeatureStore.usage(folder) / 3;
    FeatureStore.open(folder, "new", WIDTH, 2 * each).close();
    assertThat(children(folder)).containsExactly("new", "photos", "recent");
    assertThat(foreign).exists();
  }

  @Test
  void open_leftoversOfKilledProcesses_areDeletedWhenOld() throws IOException {
    for (String name : List.of(".filling-old", ".discarded-old", ".filling-now")) {
      Path leftover = Files.createDirectory(folder.resolve(name));
      Files.writeString(leftover.resolve(StoreFolder.MANIFEST), "x");
      if (name.endsWith("old")) {
        assertThat(leftover.toFile().setLastModified(1_000_000_000_000L)).isTrue();
      }
    }
    FeatureStore.open(folder, "key", WIDTH).close();
    assertThat(children(folder)).containsExactly(".filling-now", "key");
  }

  @Test
  void open_storeThatCannotBeEvicted_goesOn() throws IOException {
    FeatureStore.open(folder, "mixed", WIDTH).close();
    Path foreign = Files.writeString(folder.resolve("mixed").resolve("thesis.txt"), "years");
    age("mixed", 5);
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH, 1)) {
      store.write(key(1), row(1));
      store.flush();
      assertThat(store.warning()).isEmpty();
    }
    assertThat(foreign).exists();
  }

  @Test
  void open_storesBelowTheLimit_keepsThem() throws IOException {
    FeatureStore.open(folder, "old", WIDTH).close();
    age("old", 1000);
    FeatureStore.open(folder, "new", WIDTH).close();
    assertThat(children(folder)).containsExactly("new", "old");
  }

  @Test
  void open_ownStoreAboveTheLimit_isKept() {
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      store.write(key(1), row(1));
    }
    age("key", 1000);
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH, 1)) {
      assertThat(read(store, key(1))).isEqualTo(row(1));
    }
  }

  @Test
  void usage_storesAndOtherFiles_countsTheStores() throws IOException {
    assertThat(FeatureStore.usage(folder.resolve("none"))).isZero();
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      store.write(key(1), row(1));
    }
    Files.writeString(folder.resolve("note.txt"), "x".repeat(1000));
    long manifest = Files.size(folder.resolve("key").resolve(StoreFolder.MANIFEST));
    assertThat(FeatureStore.usage(folder))
        .isEqualTo(manifest + WIDTH * Float.BYTES + SegmentFormat.ENTRY_BYTES);
  }

  // Speed

  @Test
  void read_fiveThousandRowsOf1280_isFast() {
    int rows = 5_000;
    float[] features = new float[1280];
    try (FeatureStore store = FeatureStore.open(folder, "key", features.length)) {
      for (int row = 0; row < rows; row++) {
        features[0] = row;
        store.write(key(row), features);
      }
    }
    try (FeatureStore store = FeatureStore.open(folder, "key", features.length)) {
      long best = Long.MAX_VALUE;
      for (int round = 0; round < 5; round++) {
        long start = System.nanoTime();
        for (int row = 0; row < rows; row++) {
          assertThat(store.read(key(row), features) && features[0] == row).isTrue();
        }
        best = Math.min(best, System.nanoTime() - start);
      }
      // Some 30 ms on an idle machine; the margin is for a busy one.
      assertThat(best / 1_000_000).isLessThan(400);
    }
  }

  private void age(String store, int days) {
    Path manifest = folder.resolve(store).resolve(StoreFolder.MANIFEST);
    assertThat(manifest.toFile().setLastModified(System.currentTimeMillis() - days * 86_400_000L))
        .isTrue();
  }

  private static RowKey key(int row) {
    return new RowKey("example " + row, "plain");
  }

  private static float[] row(int value) {
    return new float[] {value, value + 0.25f, -value, 1f / (value + 1), 0};
  }

  private static float[] read(FeatureStore store, RowKey key) {
    float[] target = new float[store.width()];
    assertThat(store.read(key, target)).as("row %s is there", key).isTrue();
    return target;
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int index = 0; index < values.length; index++) {
      bits[index] = Float.floatToRawIntBits(values[index]);
    }
    return bits;
  }

  private Path only(String suffix) throws IOException {
    List<Path> found = files().stream().filter(file -> file.toString().endsWith(suffix)).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("key"))) {
      return files.sorted().toList();
    }
  }

  private static List<String> children(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.map(child -> child.getFileName().toString()).sorted().toList();
    }
  }
}
