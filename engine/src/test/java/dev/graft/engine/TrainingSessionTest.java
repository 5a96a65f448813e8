package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions learn and come back from their saved state exactly. */
class TrainingSessionTest {
  private static final int EXAMPLES = 24;

  static Stream<Arguments> optimizers() {
    return Stream.of(
            new OptimizerSettings.Sgd(0.02, 0.9, true),
            new OptimizerSettings.Sgd(0.02, 0.9, false),
            new OptimizerSettings.Adam(0.003),
            new OptimizerSettings.AdamW(0.003),
            new OptimizerSettings.Lbfgs(0.5, 4))
        .flatMap(
            optimizer ->
                Stream.of(Precision.values()).map(precision -> Arguments.of(optimizer, precision)));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void step_manyTimes_learnsTheBatch(OptimizerSettings optimizer, Precision precision) {
    TrainingOptions options = TestTraining.everything(optimizer, precision);
    try (TrainingSession session = TrainingSession.open(TestGraphs.residual(), options)) {
      double first = session.step(images(), labels(), 1);
      double last = first;
      for (int i = 0; i < 25; i++) {
        last = session.step(images(), labels(), 1);
      }
      assertThat(last).isLessThan(first / 2);
      assertThat(session.groupsWithoutGradient()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void loadOptimizer_afterSave_continuesToTheSameWeights(
      OptimizerSettings optimizer, Precision precision, @TempDir Path folder) {
    TrainingOptions options =
        new TrainingOptions(
            precision,
            optimizer,
            List.of(
                new ParameterGroup("stem", List.of("conv1.weight", "bn1.weight"), 0.5, 0, 0),
                new ParameterGroup("head", List.of("fc.weight", "fc.bias"), 1, 1e-3, 0)),
            Objective.CLASSIFICATION,
            0,
            NormStatistics.BATCH);
    Path state = folder.resolve("optimizer");
    Map<String, float[]> saved;
    Map<String, float[]> expected;
    try (TrainingSession session = TrainingSession.open(TestGraphs.residual(), options)) {
      run(session, 3);
      session.saveOptimizer(state);
      saved = session.weights();
      run(session, 3);
      expected = session.weights();
    }
    try (TrainingSession session = TrainingSession.open(TestGraphs.residual(), options)) {
      session.setWeights(saved);
      session.loadOptimizer(state);
      run(session, 3);
      session
          .weights()
          .forEach((name, value) -> assertThat(value).as(name).isEqualTo(expected.get(name)));
    }
  }

  @Test
  void step_sameSeedTwice_givesTheSameWeights() {
    TrainingOptions options =
        TestTraining.everything(new OptimizerSettings.AdamW(0.01), Precision.BF16);
    Map<String, float[]> first;
    try (TrainingSession session = TrainingSession.open(TestGraphs.residual(), options)) {
      run(session, 3);
      first = session.weights();
    }
    try (TrainingSession session = TrainingSession.open(TestGraphs.residual(), options)) {
      run(session, 3);
      session.weights().forEach((name, value) -> assertThat(value).isEqualTo(first.get(name)));
    }
  }

  @Test
  void saveOptimizer_existingFile_isReplacedAndNothingStaysBeside(@TempDir Path folder)
      throws IOException {
    Path state = folder.resolve("optimizer");
    Files.writeString(state, "old");
    try (TrainingSession session = session()) {
      session.saveOptimizer(state);
      session.loadOptimizer(state);
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(state);
    }
  }

  @Test
  void saveOptimizer_folderThatIsNone_namesTheFile(@TempDir Path folder) {
    Path state = folder.resolve("nowhere").resolve("optimizer");
    try (TrainingSession session = session()) {
      assertThatThrownBy(() -> session.saveOptimizer(state))
          .isInstanceOf(EngineException.class)
          .hasMessageStartingWith("Saving the optimizer's state to " + state + " failed: ")
          .hasMessageContaining("Check that the folder exists");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing", "empty", "garbage", "first half", "flipped"})
  void loadOptimizer_damagedFile_namesTheFile(String damage, @TempDir Path folder)
      throws IOException {
    Path state = folder.resolve("optimizer");
    try (TrainingSession session = session()) {
      run(session, 1);
      session.saveOptimizer(state);
      damage(state, damage);
      assertThatThrownBy(() -> session.loadOptimizer(state))
          .isInstanceOf(EngineException.class)
          .hasMessageStartingWith("Restoring the optimizer's state from " + state + " failed")
          .hasMessageContaining("missing, damaged or was written by other settings");
    }
  }

  private static void damage(Path file, String damage) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    switch (damage) {
      case "missing" -> Files.delete(file);
      case "empty" -> Files.write(file, new byte[0]);
      case "garbage" -> Files.writeString(file, "no archive at all".repeat(100));
      case "first half" -> Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
      default -> {
        for (int i = bytes.length / 4; i < bytes.length / 2; i++) {
          bytes[i] ^= 0x55;
        }
        Files.write(file, bytes);
      }
    }
  }

  private static TrainingSession session() {
    return TrainingSession.open(
        TestGraphs.residual(),
        TestTraining.everything(new OptimizerSettings.Adam(0.01), Precision.FP32));
  }

  private static void run(TrainingSession session, int steps) {
    for (int i = 0; i < steps; i++) {
      session.step(images(), labels(), 1);
    }
  }

  private static FloatTensor images() {
    return TestTensors.noise(3, EXAMPLES, 3, TestGraphs.SIDE, TestGraphs.SIDE);
  }

  private static int[] labels() {
    int[] labels = new int[EXAMPLES];
    Arrays.setAll(labels, i -> i % 3);
    return labels;
  }
}
