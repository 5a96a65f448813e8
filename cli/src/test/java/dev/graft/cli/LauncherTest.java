package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, with a Java and a Maven that only write down how they were called. */
class LauncherTest {
  @TempDir Path folder = Path.of(".");
  private Path home = Path.of(".");
  private Path javaHome = Path.of(".");
  private Path calls = Path.of(".");

  private record Ended(int exitCode, String output) {}

  @BeforeEach
  void installBesideRecordingPrograms() throws IOException {
    Path launcher = Path.of(System.getProperty("graft.project", ".."), "graft");
    assumeTrue(
        Files.isExecutable(Path.of("/bin/sh")) && Files.isRegularFile(launcher), "no POSIX shell");
    home = Files.createDirectories(folder.resolve("a folder with blanks"));
    javaHome = folder.resolve("java home");
    calls = folder.resolve("calls");
    Files.copy(launcher, home.resolve("graft"));
    executable(home.resolve("graft"), Files.readString(launcher));
    executable(
        javaHome.resolve("bin/java"),
        """
        #!/bin/sh
        case "$*" in
          --sun-misc*-version) exit "${JAVA_IS_OLD:-0}" ;;
        esac
        {
          echo "java $# malloc $MALLOC_MMAP_MAX_"
          for argument; do printf '<%s>' "$argument"; done
          echo
        } >>"$CALLS"
        for argument; do
          case $argument in
            -XX:ArchiveClassesAtExit=*) echo archive >"${argument#*=}" ;;
          esac
        done
        exit "${JAVA_EXIT:-0}"
        """);
    executable(
        home.resolve("mvnw"),
        """
        #!/bin/sh
        echo "mvnw in $(pwd): $*" >>"$CALLS"
        [ -z "${BUILD_FAILS:-}" ] || exit 1
        mkdir -p cli/target/lib cli/target/native
        echo jar >cli/target/graft-cli.jar
        """);
  }

  private static void executable(Path file, String content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Ended launch(Map<String, String> environment, Path launcher, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).directory(folder.toFile());
    builder.environment().put("JAVA_HOME", javaHome.toString());
    builder.environment().put("CALLS", calls.toString());
    builder.environment().remove("GRAFT_JAVA_OPTS");
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }

  private List<String> calls() throws IOException {
    return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
  }

  @Test
  void start_firstTime_buildsThenRehearsesThenRuns() throws Exception {
    Ended ended = launch(Map.of(), home.resolve("graft"), "inspect", "my model.onnx");
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.output()).contains("first use: building");
    List<String> lines = calls();
    assertThat(lines).hasSize(5);
    assertThat(lines.get(0))
        .startsWith("mvnw in ")
        .contains("a folder with blanks: ")
        .contains("-pl cli -am package");
    assertThat(lines.get(2)).contains("-XX:ArchiveClassesAtExit=").endsWith("<rehearse>");
    assertThat(lines.get(4))
        .contains("<-XX:SharedArchiveFile=")
        .contains("a folder with blanks/cli/target/graft.jsa>")
        .contains("<-Dgraft.terminal.out=false>")
        .endsWith("<inspect><my model.onnx>");
  }

  @Test
  void start_secondTime_runsAtOnce() throws Exception {
    launch(Map.of(), home.resolve("graft"), "--version");
    Files.delete(calls);
    Ended ended = launch(Map.of(), home.resolve("graft"), "--version");
    assertThat(ended.output()).isEmpty();
    assertThat(calls()).hasSize(2);
    assertThat(calls().get(0)).endsWith("malloc 0");
  }

  @Test
  void start_throughRelativeLink_findsItsHome() throws Exception {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path link =
        Files.createSymbolicLink(bin.resolve("graft"), Path.of("../a folder with blanks/graft"));
    assertThat(launch(Map.of(), link, "--version").exitCode()).isZero();
    assertThat(home.resolve("cli/target/graft-cli.jar")).exists();
  }

  @Test
  void start_exitCodeAndOptions_arePassedOn() throws Exception {
    launch(Map.of(), home.resolve("graft"), "--version");
    Ended ended =
        launch(
            Map.of("JAVA_EXIT", "3", "GRAFT_JAVA_OPTS", "-Xmx3g -Dx=y"),
            home.resolve("graft"),
            "predict");
    assertThat(ended.exitCode()).isEqualTo(3);
    assertThat(calls().get(calls().size() - 1)).contains("<-Xmx3g><-Dx=y><-jar>");
  }

  @Test
  void start_otherJava_getsOnlyWhatItTakes() throws Exception {
    launch(Map.of(), home.resolve("graft"), "predict");
    assertThat(calls().get(4)).contains("<--sun-misc-unsafe-memory-access=allow>");
    Path older = Files.createDirectories(folder.resolve("older java"));
    executable(older.resolve("bin/java"), Files.readString(javaHome.resolve("bin/java")));
    Files.delete(calls);
    Map<String, String> environment = Map.of("JAVA_HOME", older.toString(), "JAVA_IS_OLD", "1");
    launch(environment, home.resolve("graft"), "predict");
    assertThat(calls()).hasSize(4).noneMatch(call -> call.contains("unsafe"));
    launch(environment, home.resolve("graft"), "predict");
    assertThat(calls()).hasSize(6);
  }

  @Test
  void start_buildFails_saysWhatIsNeeded() throws Exception {
    Ended ended = launch(Map.of("BUILD_FAILS", "1"), home.resolve("graft"), "--version");
    assertThat(ended.exitCode()).isEqualTo(5);
    assertThat(ended.output()).contains("graft: error: the build failed").contains("JDK 17");
  }

  @Test
  void start_javaHomeWithoutJava_isNamed() throws Exception {
    Ended ended =
        launch(Map.of("JAVA_HOME", "/nowhere at all"), home.resolve("graft"), "--version");
    assertThat(ended.exitCode()).isEqualTo(5);
    assertThat(ended.output()).contains("JAVA_HOME is /nowhere at all");
  }

  @Test
  void start_rehearsalFails_warnsAndRunsAllTheSame() throws Exception {
    Ended ended = launch(Map.of("JAVA_EXIT", "4"), home.resolve("graft"), "--version");
    assertThat(ended.output()).contains("graft: warning: the check after the build failed");
    assertThat(ended.exitCode()).isEqualTo(4);
    assertThat(calls()).hasSize(5);
  }
}
