package dev.graft.benchmarks.speech;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Something to say, and how.
 *
 * @param text letters, spaces, commas and the mark at its end
 * @param accent of eSpeak; empty for voices that have their own only
 * @param speed times as fast as the voice speaks by itself, after the tract was changed
 */
record Utterance(
    String text, SpeechVoice voice, String accent, double speed, double pitch, double tract) {
  static final Interval SPEEDS = new Interval(0.75, 1.35);

  /** A mark changes the melody; most words are said as statements. */
  private static final List<String> ENDINGS = List.of(".", ".", ".", ".", ".", ",", ",", "?", "!");

  Utterance {
    if (!text.matches("[a-z][a-z' ,]*[.,?!]")) {
      throw new IllegalArgumentException(
          "Expected letters, spaces, commas and a mark at the end, found \"" + text + "\"");
    }
  }

  /** Says words in a manner that is drawn at random within what the voice can. */
  static Utterance drawn(String words, SpeechVoice voice, SplittableRandom random) {
    List<String> accents = VoiceCatalogue.ACCENTS;
    String accent =
        voice.program() == SpeechProgram.ESPEAK_NG
            ? accents.get(random.nextInt(accents.size()))
            : "";
    return new Utterance(
        words + ENDINGS.get(random.nextInt(ENDINGS.size())),
        voice,
        accent,
        SPEEDS.draw(random),
        voice.pitch().draw(random),
        voice.tract().draw(random));
  }

  /** The speed to ask the synthesizer for: playing for another tract changes it again. */
  double speedToSynthesize() {
    return speed / tract;
  }
}
