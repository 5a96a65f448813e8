package dev.graft.benchmarks.speech;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Speaks with one of the programs. Not thread-safe: each keeps a log in its work folder. */
sealed interface Synthesizer permits EspeakNg, Flite, Festival {
  /**
   * Something to say and the file that it becomes.
   *
   * @param file WAV, 16 bit, one channel, at a rate of the synthesizer's choice
   */
  record Job(Utterance utterance, Path file) {}

  SpeechProgram program();

  /** What the program says of its version, in one line. */
  String version();

  /** The names of the voices that are installed. */
  Set<String> voices();

  /**
   * Says it all.
   *
   * @return what went wrong, one sentence for each process that failed; the files of its jobs may
   *     be missing or damaged
   */
  List<String> speak(List<Job> jobs);
}
