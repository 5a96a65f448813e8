package dev.graft.transfer.wakeword;

import dev.graft.data.audio.SoundVariation;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Sounds that have much in common with a phrase and are none: its beginning, its end, both
 * exchanged, backwards, much too fast or slow, or a part of it with a part of another word.
 * Thread-safe.
 */
final class ConfusableSounds {
  private static final int KINDS = 8;

  /** Longer recordings are no words. */
  private static final double LONGEST_WORD_SECONDS = 3;

  private final List<float[]> phrases;
  private final List<float[]> others;
  private final int rate;

  ConfusableSounds(List<float[]> phrases, List<float[]> others, int sampleRate) {
    this.phrases = phrases;
    this.others = others;
    this.rate = sampleRate;
  }

  float[] draw(SplittableRandom random) {
    float[] phrase = phrases.get(random.nextInt(phrases.size()));
    double share = SceneComposer.between(random, 0.2, 0.55);
    return switch (random.nextInt(KINDS)) {
      case 0 -> beginning(phrase, share);
      case 1 -> end(phrase, share);
      case 2 -> reversed(phrase);
      case 3 -> joined(end(phrase, 0.5), beginning(phrase, 0.5));
      case 4 -> SoundVariation.faster(phrase, SceneComposer.between(random, 1.8, 2.6));
      case 5 -> SoundVariation.faster(phrase, SceneComposer.between(random, 0.4, 0.55));
      case 6 -> joined(beginning(phrase, share), end(word(random), 0.6));
      default -> joined(beginning(word(random), 0.6), end(phrase, share));
    };
  }

  private float[] word(SplittableRandom random) {
    float[] sound = others.get(random.nextInt(others.size()));
    int most = (int) (LONGEST_WORD_SECONDS * rate);
    if (sound.length > most) {
      int start = random.nextInt(sound.length - most + 1);
      sound = Arrays.copyOfRange(sound, start, start + most);
    }
    return SpokenSpan.of(sound, rate).of(sound);
  }

  private static float[] beginning(float[] sound, double share) {
    return Arrays.copyOf(sound, Math.max(1, (int) (share * sound.length)));
  }

  private static float[] end(float[] sound, double share) {
    int count = Math.max(1, (int) (share * sound.length));
    return Arrays.copyOfRange(sound, sound.length - count, sound.length);
  }

  private static float[] reversed(float[] sound) {
    float[] result = new float[sound.length];
    for (int i = 0; i < sound.length; i++) {
      result[i] = sound[sound.length - 1 - i];
    }
    return result;
  }

  private static float[] joined(float[] first, float[] second) {
    float[] result = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, result, first.length, second.length);
    return result;
  }
}
