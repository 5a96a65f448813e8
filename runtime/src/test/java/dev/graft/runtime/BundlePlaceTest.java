package dev.graft.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundlePlaceTest {
  private static final String ID = "0123456789abcdef";
  private static final int KILLS = 12;

  @TempDir Path folder = Path.of(".");

  private Path bundle() {
    return folder.resolve("photos");
  }

  private Path beside(String part) {
    return folder.resolve(".photos." + part + "-" + ID);
  }

  /** A bundle that can be told from others by a file in it. */
  private static Path write(Path place, String mark) throws IOException {
    TestBundles.write(place);
    Files.writeString(place.resolve("mark.txt"), mark);
    return place;
  }

  private List<String> names() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.toFile().getName()).sorted().toList();
    }
  }

  // --- writing -------------------------------------------------------------------------------

  @Test
  void moveIn_nothingThere_isTheBundleAlone() throws IOException {
    try (BundlePlace place = BundlePlace.take(bundle())) {
      write(place.staging(), "new");
      assertThat(bundle()).doesNotExist();
      place.moveIn();
    }
    assertThat(bundle().resolve("mark.txt")).hasContent("new");
    assertThat(names()).containsExactly("photos");
  }

  @Test
  void moveIn_emptyFolderThere_isFilled() throws IOException {
    Files.createDirectory(bundle());
    try (BundlePlace place = BundlePlace.take(bundle())) {
      write(place.staging(), "new");
      place.moveIn();
    }
    assertThat(bundle().resolve("mark.txt")).hasContent("new");
    assertThat(names()).containsExactly("photos");
  }

  @Test
  void moveIn_bundleThere_isReplaced() throws IOException {
    write(bundle(), "old");
    try (BundlePlace place = BundlePlace.take(bundle())) {
      write(place.staging(), "new");
      place.moveIn();
    }
    assertThat(bundle().resolve("mark.txt")).hasContent("new");
    assertThat(names()).containsExactly("photos");
  }

  @Test
  void moveIn_stagingGone_oldBundleIsPutBack() throws IOException {
    write(bundle(), "old");
    try (BundlePlace place = BundlePlace.take(bundle())) {
      Files.delete(place.staging());
      assertThatThrownBy(place::moveIn).isInstanceOf(IOException.class);
    }
    assertThat(bundle().resolve("mark.txt")).hasContent("old");
    assertThat(names()).containsExactly("photos");
  }

  @Test
  void close_notMovedIn_leavesNothing() throws IOException {
    try (BundlePlace place = BundlePlace.take(bundle())) {
      write(place.staging(), "new");
    }
    assertThat(names()).isEmpty();
  }

  // --- what killed processes leave -----------------------------------------------------------

  @Test
  void take_leftoversThere_areRemovedAndNothingElse() throws IOException {
    write(beside("partial"), "half");
    Files.createFile(beside("saving"));
    Files.createDirectory(folder.resolve(".photos.partial-mine"));
    Files.createDirectory(folder.resolve(".photos2.partial-" + ID));
    Files.createDirectory(folder.resolve("photos.partial-" + ID));

    BundlePlace.take(bundle()).close();

    assertThat(names())
        .containsExactly(".photos.partial-mine", ".photos2.partial-" + ID, "photos.partial-" + ID);
  }

  @Test
  void open_killedBetweenTheRenames_isTheNewBundle() throws IOException {
    write(beside("replaced"), "old");
    write(beside("partial"), "new");
    Files.createFile(beside("saving"));

    Bundle.open(bundle());

    assertThat(bundle().resolve("mark.txt")).hasContent("new");
    assertThat(names()).containsExactly("photos");
  }

  @Test
  void settle_oldBundleWithoutANewOne_isPutBack() throws IOException {
    write(beside("replaced"), "old");

    BundlePlace.settle(bundle());

    assertThat(bundle().resolve("mark.txt")).hasContent("old");
    assertThat(names()).containsExactly("photos");
  }

  @Test
  void settle_killedAfterTheRenames_keepsTheNewBundle() throws IOException {
    write(bundle(), "new");
    write(beside("replaced"), "old");
    Files.createFile(beside("saving"));

    BundlePlace.settle(bundle());

    assertThat(bundle().resolve("mark.txt")).hasContent("new");
    assertThat(names()).containsExactly("photos");
  }

  @Test
  void settle_somethingElseAtThePlace_keepsTheOldBundle() throws IOException {
    write(beside("replaced"), "old");
    Files.writeString(bundle(), "a letter");

    BundlePlace.settle(bundle());

    assertThat(bundle()).hasContent("a letter");
    assertThat(beside("replaced").resolve("mark.txt")).hasContent("old");
  }

  @Test
  void take_otherWriteInThisProcess_isLeftAlone() throws IOException {
    try (BundlePlace first = BundlePlace.take(bundle())) {
      write(first.staging(), "first");
      try (BundlePlace second = BundlePlace.take(bundle())) {
        write(second.staging(), "second");
        second.moveIn();
      }
      first.moveIn();
    }
    assertThat(bundle().resolve("mark.txt")).hasContent("first");
    assertThat(names()).containsExactly("photos");
  }

  // --- other processes -----------------------------------------------------------------------

  @Test
  void replacing_killedAtAnyMoment_neverLosesTheBundle() throws Exception {
    write(bundle(), "first");
    SplittableRandom random = new SplittableRandom(5);
    for (int kill = 0; kill < KILLS; kill++) {
      Process process = replacing();
      try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
        assertThat(output.readLine()).isEqualTo("replaced");
        // While it lives, what it writes is not taken from it: it goes on.
        BundlePlace.settle(bundle());
        assertThat(output.readLine()).isEqualTo("replaced");
        Thread.sleep(random.nextInt(20));
        process.destroyForcibly();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      }
      Bundle.read(bundle());
    }
    BundlePlace.take(bundle()).close();
    assertThat(names()).containsExactly("photos");
  }

  private Process replacing() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            BundleReplacingProcess.class.getName(),
            bundle().toString());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  // --- permissions ---------------------------------------------------------------------------

  @Test
  void moveIn_files_areAsReadableAsAnyNewFile() throws IOException {
    Path plain = Files.createFile(folder.resolve("plain"));
    org.junit.jupiter.api.Assumptions.assumeTrue(
        Files.getFileStore(plain).supportsFileAttributeView("posix"), "no POSIX permissions here");
    try (BundlePlace place = BundlePlace.take(bundle())) {
      write(place.staging(), "new");
      place.moveIn();
    }
    assertThat(Files.getPosixFilePermissions(bundle().resolve(BundleLayout.CONFIG)))
        .isEqualTo(Files.getPosixFilePermissions(plain));
    assertThat(Files.getPosixFilePermissions(bundle()))
        .isEqualTo(Files.getPosixFilePermissions(Files.createDirectory(folder.resolve("new"))));
  }
}
