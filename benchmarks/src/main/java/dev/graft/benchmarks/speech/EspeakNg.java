package dev.graft.benchmarks.speech;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * eSpeak NG. A voice is an accent and a variant, such as "en-us+f3"; a word takes some 10 ms.
 *
 * @param work a folder for its log
 */
record EspeakNg(Path work) implements Synthesizer {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final double WORDS_PER_MINUTE = 175;
  private static final Pattern VARIANT =
      Pattern.compile("!v/(.+?)\\s*(\\(.*)?$", Pattern.MULTILINE);

  @Override
  public SpeechProgram program() {
    return SpeechProgram.ESPEAK_NG;
  }

  @Override
  public String version() {
    String line = run(List.of("--version")).output();
    int data = line.indexOf("  Data at:");
    return data < 0 ? line : line.substring(0, data);
  }

  @Override
  public Set<String> voices() {
    return VARIANT
        .matcher(run(List.of("--voices=variant")).output())
        .results()
        .map((MatchResult found) -> found.group(1))
        .collect(Collectors.toSet());
  }

  @Override
  public List<String> speak(List<Job> jobs) {
    List<String> failures = new ArrayList<>();
    for (Job job : jobs) {
      ToolProcess process = run(arguments(job));
      if (!process.ended()) {
        failures.add("espeak-ng on \"" + job.utterance().text() + "\": " + process.output());
      }
    }
    return failures;
  }

  private static List<String> arguments(Job job) {
    Utterance said = job.utterance();
    return List.of(
        "-v",
        said.accent() + "+" + said.voice().name(),
        "-s",
        Long.toString(Math.round(WORDS_PER_MINUTE * said.speedToSynthesize())),
        "-p",
        Long.toString(Math.round(said.pitch())),
        "-w",
        job.file().toString(),
        said.text());
  }

  private ToolProcess run(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(program().command());
    command.addAll(arguments);
    return ToolProcess.run(program(), command, LIMIT, work.resolve("espeak-ng.log"));
  }
}
