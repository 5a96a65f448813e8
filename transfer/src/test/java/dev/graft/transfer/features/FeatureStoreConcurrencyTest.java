package dev.graft.transfer.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several threads and several processes at one store. */
@Timeout(60)
final class FeatureStoreConcurrencyTest {

  private static final int WIDTH = StoreProcess.WIDTH;

  private final Path folder;

  FeatureStoreConcurrencyTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void readAndWrite_manyThreads_neverSeeAWrongRow() throws Exception {
    int rows = 8_000;
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      runInThreads(
          6,
          seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            float[] target = new float[WIDTH];
            for (int step = 0; step < 20_000; step++) {
              int row = random.nextInt(rows);
              if (store.read(StoreProcess.key(row), target)) {
                assertThat(target).isEqualTo(StoreProcess.features(row));
              } else {
                store.write(StoreProcess.key(row), StoreProcess.features(row));
                assertThat(store.read(StoreProcess.key(row), target)).isTrue();
              }
            }
          });
    }
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      assertThat(store.size()).isBetween(rows * 9 / 10, rows);
      assertNoWrongRow(store, rows);
    }
  }

  @Test
  void read_whileThreadsAreInterrupted_stillServesEverybody() throws Exception {
    int rows = 500;
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      for (int row = 0; row < rows; row++) {
        store.write(StoreProcess.key(row), StoreProcess.features(row));
      }
      store.flush();
      runInThreads(
          4,
          seed -> {
            float[] target = new float[WIDTH];
            for (int step = 0; step < 5_000; step++) {
              if (seed == 0 && step % 7 == 0) {
                Thread.currentThread().interrupt();
              }
              assertThat(store.read(StoreProcess.key(step % rows), target)).isTrue();
              assertThat(target).isEqualTo(StoreProcess.features(step % rows));
              if (seed == 0 && step % 7 == 0) {
                assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
              }
            }
          });
    }
  }

  @Test
  void open_moreSegmentsThanOpenFiles_readsThemAll() {
    int runs = 300;
    for (int run = 0; run < runs; run++) {
      try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
        store.write(StoreProcess.key(run), StoreProcess.features(run));
      }
    }
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      assertThat(store.size()).isEqualTo(runs);
      for (int round = 0; round < 2; round++) {
        assertAllThere(store, 0, runs);
      }
    }
  }

  @Test
  void write_byTwoProcessesAtOnce_keepsTheRowsOfBoth() throws Exception {
    Process first = start(StoreProcess.command(folder, 0, 3_000, "end"));
    Process second = start(StoreProcess.command(folder, 2_000, 6_000, "end"));
    try (FeatureStore own = FeatureStore.open(folder, "key", WIDTH)) {
      for (int row = 5_000; row < 8_000; row++) {
        own.write(StoreProcess.key(row), StoreProcess.features(row));
      }
      assertThat(first.waitFor()).as(output(first)).isZero();
      assertThat(second.waitFor()).as(output(second)).isZero();
    }
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      assertThat(store.size()).isEqualTo(8_000);
      assertAllThere(store, 0, 8_000);
    }
  }

  @Test
  void open_whileAnotherProcessWrites_seesWhatItFlushed() throws Exception {
    Process writer = start(StoreProcess.command(folder, 0, 100, "wait"));
    try {
      assertThat(firstLine(writer)).isEqualTo("flushed");
      try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
        assertAllThere(store, 0, 100);
      }
    } finally {
      writer.destroyForcibly().waitFor();
    }
  }

  @Test
  void open_afterAWriterWasKilled_servesWhatItFlushed() throws Exception {
    Process writer = start(StoreProcess.command(folder, 0, 1_000, "wait"));
    assertThat(firstLine(writer)).isEqualTo("flushed");
    writer.destroyForcibly().waitFor();
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      assertThat(store.size()).isEqualTo(1_000);
      assertAllThere(store, 0, 1_000);
    }
  }

  @Test
  void open_afterWritersWereKilledAtAnyMoment_neverServesAWrongRow() throws Exception {
    int rows = 200_000;
    SplittableRandom random = new SplittableRandom(11);
    for (int round = 0; round < 4; round++) {
      Process writer = start(StoreProcess.command(folder, 0, rows, "wait"));
      writer.waitFor(150 + random.nextInt(500), TimeUnit.MILLISECONDS);
      writer.destroyForcibly().waitFor();
    }
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      assertNoWrongRow(store, rows);
      assertThat(store.warning()).isEmpty();
    }
  }

  @Test
  void write_onAFullDisk_endsKeepingAndNotTheRun() throws Exception {
    Path shell = Path.of("/bin/sh");
    assumeTrue(Files.isExecutable(shell), "no shell to limit the size of files with");
    List<String> limited = new ArrayList<>(List.of(shell.toString(), "-c"));
    // 512-byte or 1,024-byte blocks: either is far below the 50 MB that are to be written.
    limited.add("ulimit -f 6000 && exec \"$@\"");
    limited.add("sh");
    limited.addAll(StoreProcess.command(folder, 0, 200_000, "end"));
    Process writer = start(limited);
    String answer = firstLine(writer);
    assertThat(writer.waitFor()).as(answer).isZero();
    assertThat(answer).contains("cannot be written", "the run goes on");
    try (FeatureStore store = FeatureStore.open(folder, "key", WIDTH)) {
      assertThat(store.size()).isBetween(1_000, 199_999);
      assertThat(assertNoWrongRow(store, 200_000)).isEqualTo(store.size());
      store.write(StoreProcess.key(199_999), StoreProcess.features(199_999));
      store.flush();
      assertThat(store.warning()).as("there is room again").isEmpty();
    }
  }

  private static void assertAllThere(FeatureStore store, int first, int last) {
    float[] target = new float[WIDTH];
    for (int row = first; row < last; row++) {
      assertThat(store.read(StoreProcess.key(row), target)).as("row %d", row).isTrue();
      assertThat(target).isEqualTo(StoreProcess.features(row));
    }
  }

  private static int assertNoWrongRow(FeatureStore store, int rows) {
    float[] target = new float[WIDTH];
    int found = 0;
    for (int row = 0; row < rows; row++) {
      if (store.read(StoreProcess.key(row), target)) {
        assertThat(target).isEqualTo(StoreProcess.features(row));
        found++;
      }
    }
    return found;
  }

  private interface SeededTask {
    void run(int seed) throws Exception;
  }

  private static void runInThreads(int threads, SeededTask task)
      throws InterruptedException, ExecutionException {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> futures = new ArrayList<>();
      for (int seed = 0; seed < threads; seed++) {
        int own = seed;
        futures.add(
            executor.submit(
                () -> {
                  task.run(own);
                  return null;
                }));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    } finally {
      executor.shutdownNow();
    }
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static String firstLine(Process process) throws IOException {
    BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
    String line = reader.readLine();
    return line == null ? "(no output)" : line;
  }

  private static String output(Process process) throws IOException {
    try (Stream<String> lines = process.inputReader(StandardCharsets.UTF_8).lines()) {
      return lines.toList().toString();
    }
  }
}
