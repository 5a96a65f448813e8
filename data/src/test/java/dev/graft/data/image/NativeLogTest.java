package dev.graft.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLogTest {
  @TempDir Path folder = Path.of(".");

  @Test
  void callWithLevel_functionThatIsNotThere_leavesTheLogAsItIs() {
    assertThat(new ImageDecoder().decode(TestImages.resource("alpha.png"), "alpha.png"))
        .isNotNull();
    assertThat(NativeLog.callWithLevel("_ZN2cv5utils7logging11setLogLevelEv")).isFalse();
  }

  /** All formats but JPEG, whose library has a channel of its own (see ARCHITECTURE.md). */
  @Test
  void decode_damagedFiles_nativeCodeWritesNothing() throws Exception {
    assumeFalse(
        System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows"),
        "the log cannot be silenced there");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.add(DecodingProcess.class.getName());
    for (String name :
        List.of("alpha.png", "palette.png", "animated.gif", "lossy.webp", "rgb.tif", "cmyk.tif")) {
      command.add(Files.write(folder.resolve(name), TestImages.resource(name)).toString());
    }
    Path err = folder.resolve("err");
    Path out = folder.resolve("out");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(err.toFile()).redirectOutput(out.toFile());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

    assertThat(process.exitValue()).as(text(err)).isZero();
    assertThat(text(out)).contains("decoded").doesNotContain(" 0 refused");
    // Newer JVMs warn of native access on the same stream.
    assertThat(text(err).lines().filter(line -> !line.startsWith("WARNING: "))).isEmpty();
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
