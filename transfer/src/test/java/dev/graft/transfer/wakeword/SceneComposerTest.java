package dev.graft.transfer.wakeword;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.transfer.wakeword.SceneComposer.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** At 1,000 samples a second, so that scenes are quickly composed and searched. */
final class SceneComposerTest {
  private static final int RATE = 1_000;
  private static final int LENGTH = (int) (SceneComposer.SECONDS * RATE);
  private static final int PHRASE = 600;

  /** The phrase and the scene are searched in every fourth sample. */
  private static final int COARSE = 4;

  /** Noise below some 60 Hz, so that a speed a hundredth away still resembles. */
  private static float[] soft(int length, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] drawn = random.doubles(length + 32, -1, 1).toArray();
    float[] sound = new float[length];
    for (int i = 0; i < length; i++) {
      for (int j = 0; j < 32; j++) {
        sound[i] += (float) (drawn[i + j] * (1 - Math.cos(2 * Math.PI * (j + 1) / 33)) / 32);
      }
    }
    return sound;
  }

  private static List<float[]> others() {
    List<float[]> others = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      others.add(soft(i == 0 ? 20_000 : 300 + 100 * i, 100 + i));
    }
    return others;
  }

  private static SceneComposer composer(long phraseSeed, long seed) {
    return new SceneComposer(List.of(soft(PHRASE, phraseSeed)), others(), RATE, seed);
  }

  private static SceneComposer composer() {
    return composer(1, 5);
  }

  // --- the same again ------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(Kind.class)
  void compose_sameSeedAndNumber_isTheSameScene(Kind kind) {
    SceneComposer composer = composer();
    List<Scene> scenes = IntStream.range(0, 4).mapToObj(i -> composer.compose(kind, i)).toList();
    // In another order, by other threads and by another composer.
    List<Scene> again =
        IntStream.range(0, 4).parallel().mapToObj(i -> composer().compose(kind, 3 - i)).toList();
    for (int i = 0; i < 4; i++) {
      assertThat(again.get(3 - i).samples()).containsExactly(scenes.get(i).samples());
      assertThat(again.get(3 - i).phrases()).isEqualTo(scenes.get(i).phrases());
    }
  }

  @Test
  void compose_otherSeedNumberOrKind_isAnotherScene() {
    List<float[]> scenes = new ArrayList<>();
    for (long seed : new long[] {5, 6, -1}) {
      for (int number : new int[] {0, 1, 2}) {
        for (Kind kind : Kind.values()) {
          scenes.add(composer(1, seed).compose(kind, number).samples());
        }
      }
    }
    assertThat(scenes.stream().map(Arrays::hashCode).distinct()).hasSameSizeAs(scenes);
  }

  @Test
  void compose_anyScene_leavesTheRecordingsAsTheyAre() {
    float[] phrase = soft(PHRASE, 1);
    SceneComposer composer = new SceneComposer(List.of(phrase), others(), RATE, 5);
    IntStream.range(0, 3).forEach(i -> composer.compose(Kind.PHRASES, i));
    assertThat(phrase).containsExactly(soft(PHRASE, 1));
  }

  // --- what is in them -----------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(Kind.class)
  void compose_anyScene_isHalfAMinuteWithinTheRange(Kind kind) {
    for (int number = 0; number < 4; number++) {
      float[] samples = composer().compose(kind, number).samples();
      assertThat(samples).hasSize(LENGTH);
      double loudest = 0; // not a number where a sample is none
      for (float sample : samples) {
        loudest = Math.max(loudest, Math.abs(sample));
      }
      assertThat(loudest).isPositive().isLessThanOrEqualTo(0.98f);
    }
  }

  @Test
  void compose_phrases_areWholeAndApart() {
    int said = 0;
    for (int number = 0; number < 15; number++) {
      int free = 0;
      for (SpokenSpan span : composer().compose(Kind.PHRASES, number).phrases()) {
        assertThat(span.start()).isGreaterThanOrEqualTo(free);
        assertThat(span.end()).isLessThanOrEqualTo(LENGTH);
        assertThat(span.length()).isBetween((int) (PHRASE / 1.121), (int) (PHRASE / 0.879));
        free = span.end();
        said++;
      }
    }
    assertThat(said).isGreaterThan(15 * 4);
  }

  @Test
  void compose_phraseThatIsLongerThanAScene_comesInNone() {
    SceneComposer composer = new SceneComposer(List.of(soft(LENGTH + 4_000, 1)), others(), RATE, 5);
    assertThat(composer.compose(Kind.PHRASES, 0).phrases()).isEmpty();
    assertThat(composer.compose(Kind.PHRASES, 0).samples()).hasSize(LENGTH);
  }

  /** Half of the phrases are heard without a room, most of them far above the noise. */
  @Test
  void compose_phrases_areThereWhereTheyAreSaid() {
    float[] phrase = coarse(soft(PHRASE, 1));
    int said = 0;
    int clear = 0;
    for (int number = 0; number < 10; number++) {
      Scene scene = composer().compose(Kind.PHRASES, number);
      for (SpokenSpan span : scene.phrases()) {
        float[] heard = coarse(span.of(scene.samples()));
        said++;
        clear += likeness(heard, 0, heard.length, phrase) > 0.95 ? 1 : 0;
      }
    }
    assertThat((double) clear / said).isGreaterThan(0.3);
  }

  /**
   * Of a stretch that holds 55 % of the phrase and nothing else, the likeness is 0.74; the whole
   * phrase has over 0.95, as above.
   */
  @Test
  void compose_others_holdNoWholePhrase() {
    float[] phrase = coarse(soft(PHRASE, 1));
    double most = 0;
    for (int number = 0; number < 4; number++) {
      Scene scene = composer().compose(Kind.OTHERS, number);
      assertThat(scene.phrases()).isEmpty();
      most = Math.max(most, mostLike(coarse(scene.samples()), phrase));
    }
    assertThat(most).isBetween(0.6, 0.85);
  }

  @Test
  void compose_everyday_isMadeWithoutThePhrase() {
    Scene scene = composer(1, 5).compose(Kind.EVERYDAY, 3);
    assertThat(scene.phrases()).isEmpty();
    assertThat(composer(2, 5).compose(Kind.EVERYDAY, 3).samples()).containsExactly(scene.samples());
    assertThat(composer(2, 5).compose(Kind.OTHERS, 3).samples())
        .isNotEqualTo(composer(1, 5).compose(Kind.OTHERS, 3).samples());
  }

  private static float[] coarse(float[] samples) {
    float[] some = new float[samples.length / COARSE];
    for (int i = 0; i < some.length; i++) {
      some[i] = samples[i * COARSE];
    }
    return some;
  }

  /** Over all places and the speeds at which other items are played. */
  private static double mostLike(float[] scene, float[] phrase) {
    double most = 0;
    for (double speed = 0.8; speed < 1.21; speed += 0.02) {
      int length = (int) (phrase.length / speed);
      for (int from = 0; from + length <= scene.length; from++) {
        most = Math.max(most, likeness(scene, from, length, phrase));
      }
    }
    return most;
  }

  /** The correlation of a stretch with the phrase, drawn out to its length. */
  private static double likeness(float[] scene, int from, int length, float[] phrase) {
    double product = 0;
    double own = 0;
    double other = 0;
    for (int i = 0; i < length; i++) {
      double place = Math.min(phrase.length - 1.001, (double) i * phrase.length / length);
      int left = (int) place;
      double expected = phrase[left] + (place - left) * (phrase[left + 1] - phrase[left]);
      double found = scene[from + i];
      product += expected * found;
      own += expected * expected;
      other += found * found;
    }
    return product / Math.sqrt(own * other + 1e-20);
  }
}
