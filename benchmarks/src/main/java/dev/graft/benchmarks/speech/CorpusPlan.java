package dev.graft.benchmarks.speech;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What is said in a corpus. A word's clips follow from the seed and the word alone, whatever other
 * words there are. Immutable, thread-safe.
 *
 * @param seed of all that is random
 * @param trainingVariants clips of a word in voices to train on
 * @param validationVariants clips of a word in voices that training does not have
 */
record CorpusPlan(long seed, int trainingVariants, int validationVariants) {
  CorpusPlan {
    if (trainingVariants < 1 || trainingVariants > 9_999) {
      throw new IllegalArgumentException(
          "Planning a corpus: expected 1 to 9999 variants of a word, found " + trainingVariants);
    }
    if (validationVariants < 1 || validationVariants > 9_999) {
      throw new IllegalArgumentException(
          "Planning a corpus: expected 1 to 9999 variants of a word for validation, found "
              + validationVariants);
    }
  }

  /** A part of the corpus, which is a folder of it. */
  enum Part {
    TRAIN,
    VALIDATION;

    VoiceCatalogue catalogue() {
      return this == TRAIN ? VoiceCatalogue.training() : VoiceCatalogue.heldOut();
    }

    String folder() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One clip.
   *
   * @param path below the corpus, with slashes
   */
  record PlannedClip(String path, String word, Utterance utterance) {}

  /** All clips of a word. */
  List<PlannedClip> clips(String word) {
    // The specification of Java fixes the hash of a string.
    SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + word.hashCode());
    List<PlannedClip> clips = new ArrayList<>();
    clips.addAll(clips(word, Part.TRAIN, trainingVariants, random.split()));
    clips.addAll(clips(word, Part.VALIDATION, validationVariants, random.split()));
    return clips;
  }

  private static List<PlannedClip> clips(
      String word, Part part, int count, SplittableRandom random) {
    VoiceDealer dealer = new VoiceDealer(part.catalogue());
    List<PlannedClip> clips = new ArrayList<>();
    for (int number = 1; number <= count; number++) {
      SpeechVoice voice = dealer.deal((number - random.nextDouble()) / count, random);
      String path =
          String.format(Locale.ROOT, "%s/%s/%03d-%s.wav", part.folder(), word, number, voice.id());
      clips.add(new PlannedClip(path, word, Utterance.drawn(Vocabulary.text(word), voice, random)));
    }
    return clips;
  }

  /** Deals voices so that each synthesizer has its share and each of its voices comes in turn. */
  static final class VoiceDealer {
    private final Map<SpeechProgram, Deck<SpeechVoice>> decks = new EnumMap<>(SpeechProgram.class);
    private final Map<SpeechProgram, Double> shares;

    VoiceDealer(VoiceCatalogue catalogue) {
      this.shares = catalogue.shares();
      catalogue.voices().forEach((program, voices) -> decks.put(program, new Deck<>(voices)));
    }

    /**
     * The next voice.
     *
     * @param place in [0, 1]; even places give even shares
     */
    SpeechVoice deal(double place, SplittableRandom random) {
      double upTo = 0;
      Deck<SpeechVoice> deck = decks.values().iterator().next();
      for (Map.Entry<SpeechProgram, Deck<SpeechVoice>> next : decks.entrySet()) {
        deck = next.getValue();
        upTo += shares.getOrDefault(next.getKey(), 0.0);
        if (place < upTo) {
          break;
        }
      }
      return deck.deal(random);
    }
  }
}
