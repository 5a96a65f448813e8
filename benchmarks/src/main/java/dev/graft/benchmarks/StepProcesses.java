package dev.graft.benchmarks;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Starts the processes of {@link StepTable}: those of this class path, and those of peers, whose
 * libraries are fetched into folders of their own at first use. Not thread-safe.
 */
final class StepProcesses {
  private static final Map<StepContestant.Home, String> SOURCES =
      Map.of(
          StepContestant.Home.PYTHON, "pytorch/pytorch_steps.py",
          StepContestant.Home.DJL, "djl/DjlSteps.java",
          StepContestant.Home.DEEPLEARNING4J, "deeplearning4j/Deeplearning4jSteps.java");

  private static final String PLATFORM = "linux-x86_64";

  private final Path project;
  private final Path work;
  private final String python;
  private final String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();

  /**
   * Processes.
   *
   * @param project the folder of the sources
   * @param work receives networks and logs
   * @param python the interpreter that has PyTorch
   */
  StepProcesses(Path project, Path work, String python) {
    this.project = project;
    this.work = work;
    this.python = python;
  }

  /**
   * Fetches what a contestant needs and tries it out. @return why it cannot run; empty if it can
   */
  Optional<String> problem(StepContestant.Home home) {
    try {
      switch (home) {
        case THIS -> {}
        case PYTHON -> run(List.of(python, "-c", "import torch; print(torch.__version__)"));
        case DJL, DEEPLEARNING4J -> fetchLibraries(home);
      }
      return Optional.empty();
    } catch (IllegalStateException | java.io.UncheckedIOException failure) {
      return Optional.of(String.valueOf(failure.getMessage()).strip());
    }
  }

  private void fetchLibraries(StepContestant.Home home) {
    Path libraries = libraries(home);
    if (Files.isDirectory(libraries)) {
      return;
    }
    Path unfinished = libraries.resolveSibling(libraries.getFileName() + ".unfinished");
    Folders.delete(unfinished);
    run(
        List.of(
            project.resolve("mvnw").toString(),
            "-q",
            "-B",
            "-ntp",
            "-f",
            source(home).resolveSibling("pom.xml").toString(),
            "dependency:copy-dependencies",
            // Deeplearning4j fetches the native libraries of all systems unless it is told one.
            "-Djavacpp.platform=" + PLATFORM,
            "-DoutputDirectory=" + unfinished));
    Folders.move(unfinished, libraries);
  }

  /** Runs a contestant once. */
  StepRun run(StepContestant contestant, StepNetwork network, StepPlan plan) {
    Path file = network.file(work, contestant.norms());
    List<String> command = new ArrayList<>(program(contestant.home()));
    command.addAll(List.of(contestant.id(), network.id(), file.toString()));
    command.addAll(plan.arguments(contestant.passes()));
    return StepRun.of(run(command));
  }

  /** Measures the rate of matrix products. */
  StepRun matrixProducts(StepPlan plan) {
    List<String> command = new ArrayList<>(program(StepContestant.Home.THIS));
    command.addAll(List.of(StepWorker.MATRIX_PRODUCTS, "none", "none"));
    command.addAll(plan.arguments(List.of(StepRun.BF16_PRODUCT)));
    return StepRun.of(run(command));
  }

  private MeasuredProcess run(List<String> command) {
    return MeasuredProcess.run(command, work.resolve("process.txt"));
  }

  private List<String> program(StepContestant.Home home) {
    return switch (home) {
      case THIS -> {
        List<String> program = new ArrayList<>(java(System.getProperty("java.class.path")));
        for (String property : List.of("graft.shared", "onnxruntime.native.path")) {
          if (System.getProperty(property) != null) {
            program.add("-D" + property + "=" + System.getProperty(property));
          }
        }
        program.add(StepWorker.class.getName());
        yield program;
      }
      case PYTHON -> List.of(python, source(home).toString());
      case DJL, DEEPLEARNING4J -> {
        Path classes = project.resolve("benchmarks").resolve("target").resolve("classes");
        String classPath = libraries(home) + File.separator + "*" + File.pathSeparator + classes;
        List<String> program = new ArrayList<>(java(classPath));
        program.add(source(home).toString());
        yield program;
      }
    };
  }

  /** The heap of the launcher of the benchmarks. */
  private List<String> java(String classPath) {
    return List.of(java, "-Xmx2g", "-XX:+UseSerialGC", "-cp", classPath);
  }

  private Path source(StepContestant.Home home) {
    return project.resolve("benchmarks").resolve("peers").resolve(SOURCES.get(home));
  }

  private Path libraries(StepContestant.Home home) {
    Path folder = source(home).getParent();
    return project
        .resolve("benchmarks")
        .resolve("target")
        .resolve("peers")
        .resolve(String.valueOf(folder == null ? home : folder.getFileName()));
  }
}
