package dev.graft.benchmarks.speech;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Festival. It takes 0.1 s to start, so that one process says all jobs of a call, as a script in
 * its Scheme tells it to.
 *
 * @param work a folder for its script and log
 */
record Festival(Path work) implements Synthesizer {
  private static final Duration START = Duration.ofSeconds(20);
  private static final Duration EACH = Duration.ofSeconds(5);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]+");

  @Override
  public SpeechProgram program() {
    return SpeechProgram.FESTIVAL;
  }

  @Override
  public String version() {
    return ToolProcess.run(program(), List.of(program().command(), "--version"), START, log())
        .output();
  }

  @Override
  public Set<String> voices() {
    return NAME.matcher(runScript("(print (voice.list))\n", START).output())
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toSet());
  }

  @Override
  public List<String> speak(List<Job> jobs) {
    if (jobs.isEmpty()) {
      return List.of();
    }
    String script = jobs.stream().map(Festival::commands).collect(Collectors.joining());
    ToolProcess process = runScript(script, START.plus(EACH.multipliedBy(jobs.size())));
    return process.ended()
        ? List.of()
        : List.of("festival on \"" + jobs.get(0).utterance().text() + "\": " + process.output());
  }

  /** An error in one job must not keep the next from being said. */
  private static String commands(Job job) {
    Utterance said = job.utterance();
    String settings =
        said.voice().name().endsWith("_hts")
            ? String.format(
                Locale.ROOT,
                "(set! hts_engine_params (append %s::hts_engine_params '((\"-r\" %.4f))))",
                said.voice().name(),
                said.speedToSynthesize())
            : String.format(
                Locale.ROOT,
                "(Parameter.set 'Duration_Stretch %.4f)"
                    + " (set! int_lr_params '((target_f0_mean %.2f) (target_f0_std 15)"
                    + " (model_f0_mean 170) (model_f0_std 34)))",
                1 / said.speedToSynthesize(),
                said.pitch());
    return String.format(
        Locale.ROOT,
        "(unwind-protect (begin (voice_%s) %s"
            + " (utt.save.wave (utt.synth (Utterance Text %s)) %s 'riff)) nil)%n",
        said.voice().name(),
        settings,
        quoted(said.text()),
        quoted(job.file().toString()));
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private ToolProcess runScript(String script, Duration limit) {
    Path file = work.resolve("festival.scm");
    try {
      Files.writeString(file, script);
    } catch (IOException failure) {
      throw new UncheckedIOException("Writing " + file, failure);
    }
    return ToolProcess.run(
        program(), List.of(program().command(), "-b", file.toString()), limit, log());
  }

  private Path log() {
    return work.resolve("festival.log");
  }
}
