package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.cli.Commands.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HubServeCommandTest {
  private static final String TOKEN = "the-token-of-this-test-0123456789";

  @TempDir Path folder = Path.of(".");

  /** Another process serves, this one pushes and pulls, and Ctrl-C ends the other cleanly. */
  @Test
  void serve_inAProcess_takesAndGivesUntilItIsTold() throws Exception {
    assumeTrue(
        !System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows"),
        "signals are sent by kill");
    Files.writeString(folder.resolve("README.md"), "---\nlicense: mit\n---\n");
    assertThat(Commands.train(folder, "--strategy", "head").exitCode()).isZero();
    Path root = Files.createDirectories(folder.resolve("root"));
    Path tokenFile = Files.writeString(folder.resolve("token"), TOKEN + "\n");
    Process serving = start("hub", "serve", root, "--port", "0", "--token-file", tokenFile);
    try (BufferedReader out = serving.inputReader(StandardCharsets.UTF_8)) {
      String line = String.valueOf(out.readLine());
      assertThat(line).contains("Serving ", "writable with the token");
      String address = line.replaceAll(".* at (http://[^,]*),.*", "$1");
      assertThat(address).startsWith("http://127.0.0.1:");
      Map<String, String> environment =
          Map.of(
              "HF_ENDPOINT",
              address,
              "HF_TOKEN",
              TOKEN,
              "HF_HUB_CACHE",
              folder.resolve("cache").toString());
      Outcome pushed =
          Commands.runIn(environment, "push", folder.resolve("model"), "team/shapes", "--yes");
      assertThat(pushed.exitCode()).as(pushed.err()).isZero();
      assertThat(Commands.runIn(environment, "pull", "team/shapes").exitCode()).isZero();
      new ProcessBuilder("kill", "-INT", Long.toString(serving.pid())).start().waitFor();
      assertThat(serving.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(serving.exitValue()).isEqualTo(130);
      String log = Files.readString(folder.resolve("log"));
      assertThat(log)
          .contains("PUT /team/shapes.git/info/lfs/objects/", " 200, ")
          .doesNotContain(TOKEN, "ticket", "Exception");
    } finally {
      serving.destroyForcibly();
    }
  }

  private Process start(Object... arguments) throws IOException {
    Path jar = ProcessTest.jarThatNamesTheClassPath(folder.resolve("graft.jar"));
    java.util.List<String> command = new java.util.ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(java.util.List.of("-Xmx64m", "-XX:+UseSerialGC", "-jar", jar.toString()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectError(folder.resolve("log").toFile())
        .start();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--port 99999 | 2 | a port from 0 to 65535 is expected",
        "--token-file nowhere | 2 | is expected to be a file with the token",
        "--host nowhere.invalid --port 0 | 5 | it cannot listen at nowhere.invalid",
        "--address ftp://a | 2 | an address such as https://models.example is expected",
      })
  void serve_whatCannotBeUsed_isRefused(String options, int exitCode, String message) {
    Object[] arguments = ("hub serve " + folder + " " + options).split(" ");
    Outcome outcome = Commands.run(arguments);
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(exitCode);
    assertThat(outcome.err()).contains(message);
  }

  @Test
  void serve_tokenThatIsEasilyGuessed_isRefused() {
    Outcome outcome =
        Commands.runIn(Map.of("GRAFT_HUB_TOKEN", "secret"), "hub", "serve", folder, "--port", "0");
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains("16 to 1024 letters").doesNotContain("secret");
  }
}
