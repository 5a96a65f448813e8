package dev.graft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

final class StepTableTest {
  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

  @TempDir private Path work = Path.of("");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream progress = new ByteArrayOutputStream();
  private final StringWriter errors = new StringWriter();

  private int run(String... arguments) {
    StepTable table =
        new StepTable(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(progress, true, StandardCharsets.UTF_8),
            new StepProcesses(PROJECT, work, work.resolve("no-python").toString()));
    return new CommandLine(table).setErr(new PrintWriter(errors)).execute(arguments);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "--networks=resnet19; There is no \"resnet19\"; mobilenetv2, resnet18, resnet50, vit-s",
        "--contestants=torch; There is no \"torch\"; graft-bf16, graft-fp32",
        "--batch=0; --batch and --rounds must be at least 1; 0, 3 and 3.0",
        "--rounds=0; must be at least 1; 16, 0 and 3.0",
        "--seconds=0; --seconds above 0; 16, 3 and 0.0"
      })
  void call_badOption_isAUsageErrorThatNamesIt(String option, String problem, String detail) {
    assertThat(run(option)).isEqualTo(2);
    assertThat(errors.toString()).contains(problem, detail);
    assertThat(out.size()).isZero();
  }

  @Test
  void problem_interpreterThatIsMissing_isSaidInWords() {
    StepProcesses processes =
        new StepProcesses(PROJECT, work, work.resolve("no-python").toString());
    assertThat(processes.problem(StepContestant.Home.PYTHON).orElse(""))
        .contains("no-python", "import torch");
    assertThat(processes.problem(StepContestant.Home.THIS)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(StepContestant.class)
  void takes_anyContestant_hasANetworkAndASourceThatIsThere(StepContestant contestant) {
    boolean pretrains =
        contestant == StepContestant.GRAFT_PRETRAINING
            || contestant == StepContestant.GRAFT_PRETRAINING_STEP;
    assertThat(contestant.takes(StepNetwork.RESNET18)).isEqualTo(!pretrains);
    assertThat(contestant.takes(StepNetwork.PHOTO_SMALL))
        .isEqualTo(
            pretrains
                || contestant == StepContestant.DJL
                || contestant.home() == StepContestant.Home.THIS);
    assertThat(contestant.passes()).isNotEmpty();
    Path peers = PROJECT.resolve("benchmarks").resolve("peers");
    List<Path> sources =
        switch (contestant.home()) {
          case THIS -> List.of();
          case PYTHON -> List.of(peers.resolve("pytorch/pytorch_steps.py"));
          case DJL -> List.of(peers.resolve("djl/DjlSteps.java"), peers.resolve("djl/pom.xml"));
          case DEEPLEARNING4J ->
              List.of(
                  peers.resolve("deeplearning4j/Deeplearning4jSteps.java"),
                  peers.resolve("deeplearning4j/pom.xml"));
        };
    assertThat(sources).allMatch(Files::isRegularFile);
  }

  @Test
  void ids_ofNetworksAndContestants_areUnique() {
    assertThat(Arrays.stream(StepNetwork.values()).map(StepNetwork::id)).doesNotHaveDuplicates();
    assertThat(Arrays.stream(StepContestant.values()).map(StepContestant::id))
        .doesNotHaveDuplicates();
  }

  @Test
  void arguments_ofAPlan_areBatchSecondsAndPasses() {
    assertThat(new StepPlan(8, 1.5, 2).arguments(List.of(StepRun.FEATURES, StepRun.STEP)))
        .containsExactly("8", "1.5", "features,step");
    assertThatThrownBy(() -> new StepPlan(8, Double.NaN, 2)).hasMessageContaining("NaN");
  }
}
