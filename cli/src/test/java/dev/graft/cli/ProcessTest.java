package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own shows: exit codes, streams, signals, long command lines. */
class ProcessTest {
  private static final long MOST_SECONDS = 120;

  @TempDir static Path folder = Path.of(".");
  private static Path launchedJar = Path.of(".");
  private static Path model = Path.of(".");
  private static Path image = Path.of(".");

  private record Ended(int exitCode, String out, String err) {}

  @BeforeAll
  static void train() throws Exception {
    launchedJar = jarThatNamesTheClassPath(folder.resolve("graft.jar"));
    Ended training =
        await(
            start(
                "train",
                data(),
                "--backbone",
                backbone(),
                "--preprocessing",
                "unit",
                "--no-cache"));
    assertThat(training.exitCode()).as(training.err()).isZero();
    assertThat(training.out()).contains("Test        100.0 % right").contains("data-model");
    model = folder.resolve("data-model"); // named after the data, since nobody named it
    image = folder.resolve("data/test/red/0.bmp");
  }

  private static String data() {
    return RehearsalData.writeImages(folder.resolve("data")).toString();
  }

  private static String backbone() {
    return RehearsalData.writeBackbone(folder.resolve("backbone.onnx")).toString();
  }

  /** As the launcher does: the class path stands in a manifest, not on the command line. */
  static Path jarThatNamesTheClassPath(Path jar) throws IOException {
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      entries.add(Path.of(entry).toUri().toString());
    }
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Graft.class.getName());
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, String.join(" ", entries));
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    return jar;
  }

  private static Process start(String... arguments) throws IOException {
    return builder(arguments).start();
  }

  private static ProcessBuilder builder(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-jar", launchedJar.toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).directory(folder.toFile());
  }

  private static Ended await(Process process) throws Exception {
    process.getOutputStream().close();
    Path err = folder.resolve("err-" + process.pid());
    Thread reader =
        new Thread(
            () -> {
              try (InputStream stream = process.getErrorStream()) {
                Files.copy(stream, err);
              } catch (IOException ended) {
                throw new IllegalStateException(ended);
              }
            });
    reader.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
    reader.join();
    return new Ended(process.exitValue(), out, Files.readString(err));
  }

  @Test
  void predict_inProcess_writesResultsToStandardOutputOnly() throws Exception {
    Ended ended = await(start("predict", model.toString(), image.toString()));
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out().lines()).hasSize(1);
    assertThat(ended.out()).contains("red");
    assertThat(ended.err()).isEmpty();
  }

  @Test
  void predict_missingFile_exitsWithDataCode() throws Exception {
    Ended ended = await(start("predict", model.toString(), "nowhere.jpg"));
    assertThat(ended.exitCode()).isEqualTo(ExitCode.DATA);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).contains("nowhere.jpg: there is no such file");
  }

  @Test
  void predict_standardInput_isRead() throws Exception {
    ProcessBuilder builder = builder("predict", model.toString(), "-", "--json");
    Ended ended = await(builder.redirectInput(image.toFile()).start());
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out()).startsWith("{\"file\":\"(standard input)\",\"label\":\"red\"");
  }

  /** ONNX Runtime needs stack in proportion to the command line when it starts. */
  @Test
  void predict_thousandFilesOnCommandLine_works() throws Exception {
    List<String> arguments = new ArrayList<>(List.of("predict", model.toString(), "--top", "1"));
    arguments.addAll(Collections.nCopies(1_000, image.toString()));
    Ended ended = await(start(arguments.toArray(String[]::new)));
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out().lines()).hasSize(1_000);
  }

  @Test
  void predict_fullDiskBehindStandardOutput_exitsWithEnvironmentCode() throws Exception {
    File full = new File("/dev/full");
    assumeTrue(full.exists(), "no /dev/full here");
    Ended ended =
        await(builder("predict", model.toString(), image.toString()).redirectOutput(full).start());
    assertThat(ended.exitCode()).isEqualTo(ExitCode.ENVIRONMENT);
    assertThat(ended.err()).contains("standard output").contains("full");
  }

  @Test
  void train_interrupted_saysWhatIsKeptAndHowToGoOn() throws Exception {
    assumeTrue(
        !System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows"),
        "signals are sent by kill");
    Path out = folder.resolve("interrupted model");
    Process training =
        start(
            "train",
            data(),
            "--backbone",
            backbone(),
            "--preprocessing",
            "unit",
            "--out",
            out.toString(),
            "--no-cache",
            "--strategy",
            "all",
            "--epochs",
            "100000",
            "--learning-rate",
            "0.000001",
            "--optimizer",
            "sgd");
    StringBuilder err = new StringBuilder();
    try (var lines = training.errorReader(StandardCharsets.UTF_8)) {
      String line = lines.readLine();
      while (line != null && !line.startsWith("Epoch 2 ")) {
        err.append(line).append('\n');
        line = lines.readLine();
      }
      assertThat(line).as(err.toString()).isNotNull();
      new ProcessBuilder("kill", "-INT", Long.toString(training.pid())).start().waitFor();
      lines.lines().forEach(each -> err.append(each).append('\n'));
    }
    assertThat(training.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(training.exitValue()).isEqualTo(130);
    assertThat(err.toString())
        .contains("graft: interrupted: nothing was written to " + out + ".")
        .contains("To begin again: graft train ")
        .contains("'" + out + "'")
        .doesNotContain("--resume", "Features");
    assertThat(out).doesNotExist();
  }
}
