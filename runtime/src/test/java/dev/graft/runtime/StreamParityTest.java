package dev.graft.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamParityTest {
  @TempDir Path folder = Path.of(".");

  @BeforeEach
  void writeBundle() throws IOException {
    WakeWordBundles.sliding(folder);
    WakeWordBundles.writeGolden(folder);
  }

  @Test
  void run_untouchedBundle_passes() {
    assertThat(ParityCheck.run(folder).exampleCount()).isEqualTo(3);
  }

  @Test
  void run_withoutAModelForStreams_passes() throws IOException {
    Files.delete(folder.resolve(BundleLayout.STREAM_MODEL));
    assertThat(ParityCheck.run(folder).exampleCount()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(floats = {1.02f, 0.5f, Float.NaN})
  void run_changedModelForStreams_namesExampleAndValues(float bias) throws IOException {
    Files.write(
        folder.resolve(BundleLayout.STREAM_MODEL),
        WakeWordBundles.stream(WakeWordBundles.metadata(), bias));
    assertThatThrownBy(() -> ParityCheck.run(folder))
        .isInstanceOf(ParityException.class)
        .hasMessageContaining("The bundle " + folder + " does not score a stream as single windows")
        .hasMessageContaining("for the golden example go 5 it gives")
        .hasMessageContaining("within 0.001")
        .hasMessageContaining("do not use this bundle");
  }

  @Test
  void run_damagedModelForStreams_isRefused() throws IOException {
    Path stream = folder.resolve(BundleLayout.STREAM_MODEL);
    Files.write(stream, java.util.Arrays.copyOf(Files.readAllBytes(stream), 100));
    assertThatThrownBy(() -> ParityCheck.run(folder))
        .isInstanceOf(RuntimeModelException.class)
        .hasMessageContaining("stream.onnx");
  }
}
