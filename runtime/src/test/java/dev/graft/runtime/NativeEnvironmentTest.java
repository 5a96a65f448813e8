package dev.graft.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeEnvironmentTest {
  private static final int CHARACTERS = 20_000;

  @TempDir Path folder = Path.of(".");

  /** The crash that this guards against takes the JVM with it, so it is tried in another one. */
  @Test
  void open_onMainThreadUnderLongCommandLine_works() throws Exception {
    Path model = Files.write(folder.resolve("model.onnx"), TestBundles.model());
    Path output = folder.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Dlong=" + "x".repeat(CHARACTERS),
                SessionOpeningProcess.class.getName(),
                model.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String said = Files.readString(output, StandardCharsets.UTF_8);
    assertThat(process.exitValue()).as(said).isZero();
    assertThat(said).contains("image: UNSIGNED_BYTE");
  }

  @Test
  void get_fromManyThreads_givesAllTheSame() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Object>> calls =
          Stream.<Callable<Object>>generate(() -> NativeEnvironment::get).limit(32).toList();
      Set<Object> environments = new HashSet<>();
      for (Future<Object> got : threads.invokeAll(calls)) {
        environments.add(got.get());
      }
      assertThat(environments).hasSize(1);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void onDeepStack_interruptedCaller_getsResultAndStaysInterrupted() throws Exception {
    Thread.currentThread().interrupt();
    try {
      assertThat(NativeEnvironment.onDeepStack(() -> "made")).isEqualTo("made");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void onDeepStack_callFails_failureIsPassedOn() {
    UnsatisfiedLinkError missing = new UnsatisfiedLinkError("no library");
    OrtException refused = new OrtException("refused");
    assertThatThrownBy(
            () ->
                NativeEnvironment.onDeepStack(
                    () -> {
                      throw missing;
                    }))
        .isSameAs(missing);
    assertThatThrownBy(
            () ->
                NativeEnvironment.onDeepStack(
                    () -> {
                      throw refused;
                    }))
        .isSameAs(refused);
  }
}
