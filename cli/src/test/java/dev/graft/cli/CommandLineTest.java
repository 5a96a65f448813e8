package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.cli.Commands.Outcome;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
  @TempDir Path folder = Path.of(".");

  // --- help and version --------------------------------------------------------------------------

  @Test
  void help_ofGraft_listsCommandsAndExitCodes() {
    Outcome outcome = Commands.run("--help");
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out())
        .contains("train", "predict", "evaluate", "inspect", "completion", "environment")
        .doesNotContain("rehearse", "\u001b[");
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "predict", "evaluate", "inspect", "completion"})
  void help_ofCommand_hasUsageAndExamples(String command) {
    Outcome outcome = Commands.run(command, "--help");
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out()).contains("Usage: graft " + command, "Examples", "--stacktrace");
    assertThat(Commands.run("help", command).out()).isEqualTo(outcome.out());
  }

  @Test
  void help_ofTrain_explainsEachOption() {
    assertThat(Commands.run("train", "--help").out())
        .contains(
            "--backbone",
            "--out",
            "--head",
            "--strategy",
            "--views",
            "--augment",
            "--optimizer",
            "--learning-rate",
            "--epochs",
            "--batch-size",
            "--micro-batch",
            "--activations",
            "--class-weights",
            "--precision",
            "--seed",
            "--examples-per-class",
            "--validation-fraction",
            "--budget",
            "--preprocessing",
            "--input-size",
            "--feature-tensor",
            "--cache",
            "--no-cache",
            "--resume",
            "--overwrite",
            "--weights",
            "--label-column",
            "--json");
  }

  @Test
  void version_always_namesGraftAndJava() {
    Outcome outcome = Commands.run("--version");
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out()).startsWith("graft 0.").contains("Java ");
  }

  @Test
  void help_onColouredTerminal_usesColours() {
    Terminal terminal = new Terminal(true, true, false, true, 80);
    Outcome outcome = Commands.run(terminal, InputStream.nullInputStream(), "--help");
    assertThat(outcome.out()).contains("\u001b[");
  }

  // --- completion --------------------------------------------------------------------------------

  @Test
  void completion_always_isScriptForAllCommands() {
    Outcome outcome = Commands.run("completion");
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out())
        .startsWith("#!/usr/bin/env bash")
        .contains("picocli_graft_train", "--strategy", "complete -F");
  }

  // --- usage errors ------------------------------------------------------------------------------

  @Test
  void run_withoutCommand_isUsageError() {
    Outcome outcome = Commands.run();
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err())
        .startsWith("graft: error: Expected a command")
        .contains("Try: graft --help");
  }

  @Test
  void run_unknownCommand_suggestsTheNearest() {
    Outcome outcome = Commands.run("trian", "x");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains("trian").contains("Did you mean").contains("train");
  }

  @Test
  void run_unknownOption_namesIt() {
    Outcome outcome = Commands.run("predict", "model", "photo.jpg", "--tpo", "3");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains("--tpo").contains("Try: graft predict --help");
  }

  @Test
  void run_missingRequiredOption_namesIt() {
    Outcome outcome = Commands.run("pretrain", "data");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains("--out");
  }

  @ParameterizedTest
  @CsvSource({
    "--head, 12x, expected \"linear\"",
    "--strategy, last, head-then-all",
    "--optimizer, adagrad, adamw",
    "--class-weights, some, none or balanced",
    "--precision, fp8, auto or fp32 or bf16",
    "--augment, mirror, unknown word",
    "--budget, tomorrow, 10m",
    "--epochs, many, 'many'",
    "--weights, random, random",
  })
  void train_unusableValue_isUsageErrorThatNamesOptionAndExpectation(
      String option, String value, String expected) {
    Outcome outcome =
        Commands.run("train", "data", "--backbone", "b.onnx", "--out", "x", option, value);
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).startsWith("graft: error: ").contains(option).contains(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "--epochs, 0, epochs",
    "--views, 65, views",
    "--learning-rate, -1, learning rate",
    "--validation-fraction, 0.9, validation fraction",
    "--batch-size, -3, batch size",
    "--micro-batch, 0, micro-batch",
    "--examples-per-class, 0, examples per class",
  })
  void train_valueOutOfRange_isUsageError(String option, String value, String named) {
    Outcome outcome = Commands.train(folder, option, value);
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains(named).contains("found " + value);
  }

  @Test
  void train_cacheAndNoCache_excludeEachOther() {
    Outcome outcome = Commands.train(folder, "--no-cache");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains("--cache and --no-cache exclude each other");
  }

  @Test
  void predict_topOfZero_isUsageError() {
    Outcome outcome = Commands.run("predict", "model", "photo.jpg", "--top", "0");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains("--top").contains("found 0");
  }

  // --- questions ---------------------------------------------------------------------------------

  private Outcome trainAtTerminal(String answers) {
    Terminal terminal = new Terminal(true, true, true, false, 80);
    Path data = RehearsalData.writeImages(folder.resolve("data"));
    Path backbone = RehearsalData.writeBackbone(folder.resolve("backbone.onnx"));
    return Commands.run(
        terminal,
        new ByteArrayInputStream(answers.getBytes(StandardCharsets.UTF_8)),
        "train",
        data,
        "--backbone",
        backbone,
        "--out",
        folder.resolve("model"),
        "--no-cache");
  }

  @Test
  void train_unknownPreprocessingAtTerminal_asksUntilAnswered() {
    Outcome outcome = trainAtTerminal("hm\nunit\n");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.err())
        .containsSubsequence(
            "Preprocessing (imagenet, tf", "Preprocessing (imagenet, tf", "Writing");
  }

  @Test
  void train_unknownPreprocessingAtTerminal_givesUpAtEndOfInput() {
    Outcome outcome = trainAtTerminal("");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains("graft: error: ").contains("--preprocessing");
  }

  // --- stack traces ------------------------------------------------------------------------------

  @Test
  void run_failure_showsStackTraceOnlyWhenAsked() {
    Path missing = folder.resolve("missing.onnx");
    assertThat(Commands.run("inspect", missing).err()).doesNotContain("\tat ");
    assertThat(Commands.run("inspect", missing, "--stacktrace").err()).contains("\tat dev.graft");
    assertThat(Commands.run("--stacktrace", "inspect", missing).err()).contains("\tat dev.graft");
  }
}
