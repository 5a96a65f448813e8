package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a training step takes of the machine's memory, measured in processes of their own; the
 * figures are printed.
 */
@EnabledOnOs(OS.LINUX) // Others do not tell a process's largest resident memory in /proc.
class StepMemoryTest {
  /** What the "graft" command sets: the memory of one step is kept for the next. */
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "MALLOC_MMAP_MAX_", "0",
          "MALLOC_TRIM_THRESHOLD_", "4000000000",
          "MALLOC_TOP_PAD_", "67108864",
          "OMP_WAIT_POLICY", "PASSIVE");

  private static final long KIBIBYTES_PER_GIGABYTE = 1_000_000_000 / 1024;

  /**
   * The state after a step.
   *
   * @param resident kibibytes of the process
   * @param peak most kibibytes of the process so far
   * @param handles native handles that Java holds
   */
  private record Report(long step, long resident, long peak, long handles) {}

  @ParameterizedTest
  @Tag("slow")
  @CsvSource({
    "FP32,KEPT,0",
    "BF16,KEPT,0",
    "FP32,KEPT,4",
    "FP32,RECOMPUTED,0",
    "BF16,RECOMPUTED,4"
  })
  void step_resNet50OfSixteenPhotos_staysBelowFourGigabytes(
      String precision, String activations, String atOnce) throws Exception {
    List<Report> reports = run("resnet50", precision, activations, atOnce, "16", "4", "1", "4");
    assertThat(reports.get(1).peak()).isLessThan(4 * KIBIBYTES_PER_GIGABYTE);
  }

  @ParameterizedTest
  @EnumSource(ActivationMemory.class)
  void step_fiftyTimes_keepsNothing(ActivationMemory activations) throws Exception {
    steps(activations, "20", "50");
  }

  @ParameterizedTest
  @Tag("slow")
  @EnumSource(ActivationMemory.class)
  void step_thousandTimes_keepsNothing(ActivationMemory activations) throws Exception {
    steps(activations, "100", "1000");
  }

  /** A leak of one tensor for each step and layer would show many times over. */
  private static void steps(ActivationMemory activations, String from, String to) throws Exception {
    List<Report> reports = run("resnet", "FP32", activations.name(), "0", "16", to, from, to);
    Report early = reports.get(0);
    Report late = reports.get(1);
    assertThat(late.handles()).isLessThanOrEqualTo(early.handles());
    long grown = late.resident() - early.resident();
    assertThat(grown).as("kibibytes grown").isLessThan(16 * 1024);
  }

  @SuppressWarnings("SystemOut") // What is measured is what the test is run for.
  private static List<Report> run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx1g",
            "-XX:+UseSerialGC",
            "-Dorg.bytedeco.javacpp.maxPhysicalBytes=16g",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            MemoryWorker.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(ENVIRONMENT);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    System.out.println(String.join(" ", arguments) + "\n" + output.strip());
    return output
        .lines()
        .filter(line -> line.startsWith("#report"))
        .map(StepMemoryTest::read)
        .toList();
  }

  private static Report read(String line) {
    String[] words = line.split(" ");
    return new Report(
        Long.parseLong(words[1]),
        Long.parseLong(words[2]),
        Long.parseLong(words[3]),
        Long.parseLong(words[4]));
  }
}
