package dev.graft.benchmarks.speech;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The three synthesizers at work. Not thread-safe. */
final class Synthesizers {
  private final Map<SpeechProgram, Synthesizer> each = new EnumMap<>(SpeechProgram.class);

  /**
   * Makes them ready.
   *
   * @param work an existing folder for scripts and logs
   */
  Synthesizers(Path work) {
    for (Synthesizer one : List.of(new EspeakNg(work), new Flite(work), new Festival(work))) {
      each.put(one.program(), one);
    }
  }

  /**
   * Asks each program for its version.
   *
   * @return program and version
   * @throws MissingProgramException if a program or a voice is missing
   */
  Map<String, String> requireVoices(List<SpeechVoice> voices) {
    Map<String, String> versions = new TreeMap<>();
    for (Synthesizer one : each.values()) {
      versions.put(one.program().command(), one.version());
      Set<String> missing =
          voices.stream()
              .filter(voice -> voice.program() == one.program())
              .map(SpeechVoice::name)
              .collect(Collectors.toCollection(TreeSet::new));
      missing.removeAll(one.voices());
      if (!missing.isEmpty()) {
        throw new MissingProgramException(
            "Looking for the voices of "
                + one.program().command()
                + ": not installed are "
                + String.join(", ", missing),
            one.program());
      }
    }
    return versions;
  }

  /**
   * Says it all, each job with the program of its voice.
   *
   * @return a sentence for each process that failed
   */
  List<String> speak(List<Synthesizer.Job> jobs) {
    List<String> failures = new ArrayList<>();
    each.forEach(
        (program, synthesizer) ->
            failures.addAll(
                synthesizer.speak(
                    jobs.stream()
                        .filter(job -> job.utterance().voice().program() == program)
                        .toList())));
    return failures;
  }
}
