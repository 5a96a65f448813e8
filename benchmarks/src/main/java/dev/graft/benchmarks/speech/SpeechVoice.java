package dev.graft.benchmarks.speech;

import java.util.Locale;

/**
 * A voice of a synthesizer.
 *
 * @param name as the synthesizer names it
 * @param pitch the mean pitch as the synthesizer counts it: hertz, or eSpeak's index of 0 to 99;
 *     one value where the voice's own cannot be changed
 * @param tract how many times shorter the vocal tract is made by playing faster: formants and pitch
 *     rise by this factor, the tempo does not
 */
record SpeechVoice(SpeechProgram program, String name, Interval pitch, Interval tract) {
  /** A name for people and files, such as "flite-slt". */
  String id() {
    return (program.command() + "-" + name).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
  }
}
