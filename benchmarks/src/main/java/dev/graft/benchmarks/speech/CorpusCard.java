package dev.graft.benchmarks.speech;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The page that tells what a corpus is made by: the same for the same settings and programs. */
final class CorpusCard {
  private CorpusCard() {}

  /**
   * The page.
   *
   * @param versions of the synthesizers, by their commands
   */
  static String text(
      CorpusPlan plan, Vocabulary words, double longestSeconds, Map<String, String> versions) {
    StringBuilder page = new StringBuilder();
    page.append("---\nlanguage: en\ntask_categories: [audio-classification]\n---\n\n");
    page.append("# Spoken words, made by synthesizers\n\n");
    page.append(
        String.format(
            Locale.ROOT,
            """
            %d words and phrases, each said %d times for training and %d times for validation by voices
            that training does not have, as WAV of 16 kHz, 16 bit, one channel. Silence at both ends is cut
            to 60 ms, clips of more than %.1f s are left out, the level is the synthesizer's. `clips.csv`
            tells how each clip was said. Neither numbers nor the parts of the wake phrases of
            `wake-words.zip` are among the words.

                benchmarks/run speech-corpus --out FOLDER --words %d --variants %d --validation %d --seed %d

            ## How a clip varies

            - the voice; eSpeak's also by accent (%s);
            - the speed, %.2f to %.2f times the voice's own;
            - the mean pitch, where the synthesizer can change it;
            - the length of the vocal tract: played faster or slower by up to the factors below, at the same tempo;
            - the melody, by the mark at the end: statement, question, exclamation, pause.

            ## Synthesizers

            """,
            words.words().size(),
            plan.trainingVariants(),
            plan.validationVariants(),
            longestSeconds,
            words.words().size(),
            plan.trainingVariants(),
            plan.validationVariants(),
            plan.seed(),
            VoiceCatalogue.ACCENTS.stream().distinct().collect(Collectors.joining(", ")),
            Utterance.SPEEDS.low(),
            Utterance.SPEEDS.high()));
    for (SpeechProgram program : SpeechProgram.values()) {
      page.append(
          String.format(
              Locale.ROOT,
              "- `%s` (%s): %s.%n",
              program.command(),
              versions.getOrDefault(program.command(), "version unknown"),
              program.terms()));
    }
    for (CorpusPlan.Part part : CorpusPlan.Part.values()) {
      page.append("\n## Voices in ").append(part.folder()).append("\n\n");
      part.catalogue()
          .shares()
          .forEach(
              (program, share) ->
                  page.append(
                      String.format(
                          Locale.ROOT,
                          "- %s, %.0f %% of the clips: %s%n",
                          program.command(),
                          100 * share,
                          voices(part.catalogue().voices().getOrDefault(program, List.of())))));
    }
    return page.toString().replace("\r\n", "\n");
  }

  private static String voices(List<SpeechVoice> voices) {
    return voices.stream()
        .distinct()
        .map(
            voice ->
                String.format(
                    Locale.ROOT,
                    "%s (%s, tract %.2f to %.2f)",
                    voice.name(),
                    voice.pitch().isOpen()
                        ? String.format(
                            Locale.ROOT,
                            "pitch %.0f to %.0f",
                            voice.pitch().low(),
                            voice.pitch().high())
                        : "its own pitch",
                    voice.tract().low(),
                    voice.tract().high()))
        .collect(Collectors.joining(", "));
  }
}
