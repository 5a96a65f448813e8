package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pulls in processes of their own: killed, interrupted, and several at once. */
class PullProcessTest {
  private static final String ID = "someone/large";
  private static final int WEIGHT_BYTES = 40_000_000;
  private static final int KILLS = 10;
  private static final long MOST_SECONDS = 120;

  @TempDir Path folder = Path.of(".");
  private LoopbackHub hub = open();
  private byte[] model = new byte[0];

  private static LoopbackHub open() {
    try {
      return new LoopbackHub();
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }

  /** Weights beside the ONNX file, as large models have them. */
  @BeforeEach
  void fill() throws IOException {
    byte[] weights = new byte[WEIGHT_BYTES];
    new Random(7).nextBytes(weights);
    model = weights;
    Path onnx = RehearsalData.writeBackbone(folder.resolve("backbone.onnx"));
    hub.with(ID, "onnx/model.onnx", Files.readAllBytes(onnx))
        .with(ID, "onnx/model.onnx_data", weights)
        .with(ID, "config.json", "{}".getBytes(StandardCharsets.UTF_8));
  }

  @AfterEach
  void close() {
    hub.close();
  }

  private Process pull(String name) throws IOException {
    Path jar = folder.resolve("graft.jar");
    if (!Files.exists(jar)) {
      writeJar(jar);
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-jar",
            jar.toString(),
            "pull",
            ID);
    builder.environment().put("HF_ENDPOINT", hub.address());
    builder.environment().put("HF_HUB_CACHE", folder.resolve("hub").toString());
    return builder
        .redirectError(folder.resolve(name + "-err").toFile())
        .redirectOutput(folder.resolve(name + "-out").toFile())
        .start();
  }

  private static void writeJar(Path jar) throws IOException {
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      entries.add(Path.of(entry).toUri().toString());
    }
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Graft.class.getName());
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, String.join(" ", entries));
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
  }

  private void requireWhole() throws IOException {
    Path snapshot =
        folder.resolve("hub/models--someone--large/snapshots").resolve(LoopbackHub.COMMIT);
    assertThat(snapshot.resolve("onnx/model.onnx_data")).hasBinaryContent(model);
    assertThat(snapshot.resolve("onnx/model.onnx")).isRegularFile();
    try (Stream<Path> blobs = Files.list(folder.resolve("hub/models--someone--large/blobs"))) {
      assertThat(blobs.map(blob -> String.valueOf(blob.getFileName())))
          .hasSize(3)
          .allMatch(name -> name.matches("[0-9a-f]{64}"));
    }
  }

  private String error(String name) throws IOException {
    return Files.readString(folder.resolve(name + "-err"));
  }

  /** Where each is killed follows from the bytes that the hub has sent, at a random share. */
  @Test
  @Tag("slow")
  void pull_killedTenTimes_resumesAndEndsBitIdentical() throws Exception {
    hub.pausing(TimeUnit.MICROSECONDS.toNanos(300));
    Random random = new Random(11);
    for (int kill = 0; kill < KILLS; kill++) {
      long from = hub.sentBytes();
      long until = from + 1 + random.nextInt(WEIGHT_BYTES / KILLS);
      Process process = pull("killed-" + kill);
      while (process.isAlive() && hub.sentBytes() < until) {
        Thread.sleep(1);
      }
      assertThat(process.isAlive()).as(error("killed-" + kill)).isTrue();
      process.destroyForcibly();
      assertThat(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
    Process last = pull("last");
    assertThat(last.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(last.exitValue()).as(error("last")).isZero();
    requireWhole();
    List<Integer> offsets = hub.offsets();
    assertThat(offsets).isSorted().hasSize(KILLS + 1);
    assertThat(offsets.get(KILLS)).isGreaterThan(WEIGHT_BYTES / 5);
  }

  @Test
  @Tag("slow")
  void pull_tenProcessesAtOnce_fetchEachContentOnce() throws Exception {
    List<Process> running = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      running.add(pull("one-" + i));
    }
    for (int i = 0; i < 10; i++) {
      assertThat(running.get(i).waitFor(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(running.get(i).exitValue()).as(error("one-" + i)).isZero();
    }
    requireWhole();
    long all = model.length + Files.size(folder.resolve("backbone.onnx")) + 2;
    assertThat(hub.sentBytes()).isEqualTo(all);
  }

  @Test
  void pull_interrupted_saysThatTheSameCommandGoesOn() throws Exception {
    assumeTrue(
        !System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows"),
        "signals are sent by kill");
    hub.pausing(TimeUnit.MILLISECONDS.toNanos(2));
    Process process = pull("interrupted");
    while (process.isAlive() && hub.sentBytes() < 500_000) {
      Thread.sleep(5);
    }
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    assertThat(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(130);
    assertThat(error("interrupted"))
        .contains("graft: interrupted: what came of someone/large so far is kept.")
        .contains("The same command goes on from there, and so does: graft pull someone/large")
        .doesNotContain("graft: error");
    try (Stream<Path> blobs = Files.list(folder.resolve("hub/models--someone--large/blobs"))) {
      assertThat(blobs).anyMatch(blob -> blob.toString().endsWith(".graft.incomplete"));
    }
  }
}
