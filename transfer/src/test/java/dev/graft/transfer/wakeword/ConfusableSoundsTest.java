package dev.graft.transfer.wakeword;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The phrase is a ramp 1, 2, .. 1,000, another word -1 throughout: each sample tells its origin.
 */
final class ConfusableSoundsTest {
  private static final int LENGTH = 1_000;
  private static final float[] PHRASE = ramp();
  private static final ConfusableSounds SOUNDS =
      new ConfusableSounds(List.of(PHRASE), List.of(word()), 1_000);

  private static float[] ramp() {
    float[] ramp = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      ramp[i] = i + 1;
    }
    return ramp;
  }

  private static float[] word() {
    float[] word = new float[800];
    Arrays.fill(word, -1);
    return word;
  }

  private static List<float[]> drawn() {
    SplittableRandom random = new SplittableRandom(3);
    List<float[]> drawn = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      drawn.add(SOUNDS.draw(random));
    }
    return drawn;
  }

  /** How much of the phrase follows on at about its own speed, 0.75 to 1.3 of it. */
  private static double longestShare(float[] sound) {
    double longest = 0;
    double run = 0;
    for (int i = 1; i < sound.length; i++) {
      double step = sound[i] - sound[i - 1];
      run = step > 0.75 && step < 1.3 && sound[i - 1] > 0 ? run + step : 0;
      longest = Math.max(longest, run);
    }
    return longest / LENGTH;
  }

  private static boolean isWord(float[] sound, int from, int to) {
    for (int i = Math.max(0, from); i < to; i++) {
      if (sound[i] != -1) {
        return false;
      }
    }
    return true;
  }

  @Test
  void draw_anySound_holdsNoMoreThanAPartOfThePhrase() {
    assertThat(drawn())
        .allSatisfy(
            sound -> {
              assertThat(sound).isNotEmpty();
              assertThat(longestShare(sound)).isLessThanOrEqualTo(0.551);
            });
  }

  @Test
  void draw_manySounds_areOfAllKinds() {
    List<float[]> drawn = drawn();
    assertThat(drawn).as("beginnings").anyMatch(s -> s[0] == 1 && s[s.length - 1] == s.length);
    assertThat(drawn).as("ends").anyMatch(s -> s[0] > 400 && s[s.length - 1] == LENGTH);
    assertThat(drawn).as("backwards").anyMatch(s -> s[0] == LENGTH && s[LENGTH - 1] == 1);
    assertThat(drawn)
        .as("halves exchanged")
        .anyMatch(s -> s.length == LENGTH && s[0] == 501 && s[LENGTH - 1] == 500);
    assertThat(drawn).as("too fast").anyMatch(s -> isPlayed(s, 1.8, 2.6));
    assertThat(drawn).as("too slow").anyMatch(s -> isPlayed(s, 0.4, 0.55));
    assertThat(drawn)
        .as("its beginning, another word's end")
        .anyMatch(s -> s[0] == 1 && isWord(s, s.length - 480, s.length));
    assertThat(drawn)
        .as("another word's beginning, its end")
        .anyMatch(s -> s[s.length - 1] == LENGTH && isWord(s, 0, 480));
  }

  private static boolean isPlayed(float[] sound, double slowest, double fastest) {
    double factor = (double) LENGTH / sound.length;
    double step = sound[sound.length / 2 + 1] - sound[sound.length / 2];
    return factor > 0.99 * slowest && factor < 1.01 * fastest && Math.abs(step - factor) < 0.05;
  }

  @Test
  void draw_sameRandom_isTheSame() {
    float[] once = SOUNDS.draw(new SplittableRandom(9));
    assertThat(SOUNDS.draw(new SplittableRandom(9))).containsExactly(once);
    Arrays.fill(once, 0);
    assertThat(PHRASE).containsExactly(ramp());
  }

  /** Of a recording of 60 s, at most 60 % of three; the longest is the phrase drawn out. */
  @Test
  void draw_longRecordings_areNotTakenForWords() {
    float[] radio = new float[60_000];
    Arrays.fill(radio, -1);
    ConfusableSounds sounds = new ConfusableSounds(List.of(PHRASE), List.of(radio), 1_000);
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 100; i++) {
      assertThat(sounds.draw(random).length).isLessThanOrEqualTo(2_500);
    }
  }

  @Test
  void draw_phraseOfOneSample_isASound() {
    ConfusableSounds sounds =
        new ConfusableSounds(List.of(new float[] {1}), List.of(new float[] {-1}), 1_000);
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 50; i++) {
      assertThat(sounds.draw(random)).isNotEmpty();
    }
  }
}
