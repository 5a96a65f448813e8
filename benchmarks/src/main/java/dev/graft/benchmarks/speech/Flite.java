package dev.graft.benchmarks.speech;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * CMU Flite; a word takes some 10 ms.
 *
 * @param work a folder for its log
 */
record Flite(Path work) implements Synthesizer {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String VOICES = "Voices available:";

  @Override
  public SpeechProgram program() {
    return SpeechProgram.FLITE;
  }

  @Override
  public String version() {
    // It ends with code 1 after telling.
    return run(List.of("--version"))
        .output()
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("version:"))
        .findFirst()
        .orElse("version unknown");
  }

  @Override
  public Set<String> voices() {
    return run(List.of("-lv"))
        .output()
        .lines()
        .filter(line -> line.startsWith(VOICES))
        .flatMap(line -> ResourceLines.words(line.substring(VOICES.length()).strip()))
        .collect(Collectors.toSet());
  }

  @Override
  public List<String> speak(List<Job> jobs) {
    List<String> failures = new ArrayList<>();
    for (Job job : jobs) {
      ToolProcess process = run(arguments(job));
      if (!process.ended()) {
        failures.add("flite on \"" + job.utterance().text() + "\": " + process.output());
      }
    }
    return failures;
  }

  private static List<String> arguments(Job job) {
    Utterance said = job.utterance();
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-voice", said.voice().name()));
    arguments.addAll(setting("duration_stretch", 1 / said.speedToSynthesize()));
    if (said.voice().pitch().isOpen()) {
      arguments.addAll(setting("int_f0_target_mean", said.pitch()));
    }
    arguments.addAll(List.of("-t", said.text(), "-o", job.file().toString()));
    return arguments;
  }

  private static List<String> setting(String name, double value) {
    return List.of("--setf", String.format(Locale.ROOT, "%s=%.4f", name, value));
  }

  private ToolProcess run(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(program().command());
    command.addAll(arguments);
    return ToolProcess.run(program(), command, LIMIT, work.resolve("flite.log"));
  }
}
