package dev.graft.data.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AudioAugmenterTest {
  private static final int RATE = 16_000;
  private static final AudioPreprocessing SECOND = new AudioPreprocessing(RATE, RATE);
  private static final Waveform CLIP = new Waveform(TestSounds.melody(12_000, RATE, 3), RATE);
  private static final Waveform STREET = new Waveform(TestSounds.noise(0.4, 50_000, 8), RATE);

  private static float[] view(
      String augmentation, Waveform clip, long seed, String hash, long view) {
    AudioAugmenter augmenter =
        new AudioAugmenter(SECOND, AudioAugmentation.parse(augmentation), List.of(STREET), seed);
    float[] out = new float[augmenter.windowCount(clip) * SECOND.windowSamples()];
    augmenter.apply(clip, hash, view, out, 0);
    return out;
  }

  private static float[] view(String augmentation, long view) {
    return view(augmentation, CLIP, 1, "abc", view);
  }

  // views

  @Test
  void apply_viewZero_isThePlainClip() {
    assertThat(view("standard", 0)).isEqualTo(SECOND.windows().all(CLIP.samples()));
    assertThat(view("none", 5)).isEqualTo(SECOND.windows().all(CLIP.samples()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"standard", "light", "noise", "room=1", "pitch", "speed", "mask", "shift"})
  void apply_sameSeedExampleAndView_isTheSame(String augmentation) {
    float[] once = view(augmentation, CLIP, 5, "abc", 3);
    assertThat(view(augmentation, CLIP, 5, "abc", 3)).isEqualTo(once);
    Set<Integer> others = new HashSet<>(List.of(Arrays.hashCode(once)));
    others.add(Arrays.hashCode(view(augmentation, CLIP, 6, "abc", 3)));
    others.add(Arrays.hashCode(view(augmentation, CLIP, 5, "abd", 3)));
    others.add(Arrays.hashCode(view(augmentation, CLIP, 5, "abc", 4)));
    // A view that drew "no noise" is the plain one; of four at least two differ.
    assertThat(others.size()).isGreaterThan(1);
  }

  @Test
  void apply_onManyThreads_isTheSame() {
    List<float[]> alone = IntStream.rangeClosed(1, 12).mapToObj(i -> view("standard", i)).toList();
    List<float[]> together =
        IntStream.rangeClosed(1, 12).parallel().mapToObj(i -> view("standard", i)).toList();
    for (int i = 0; i < 12; i++) {
      assertThat(together.get(i)).isEqualTo(alone.get(i));
    }
  }

  @Test
  void apply_longClip_hasAsManyWindowsInEachView() {
    Waveform longer = new Waveform(TestSounds.melody(40_001, RATE, 3), RATE);
    for (int view = 0; view < 4; view++) {
      float[] all = view("standard", longer, 1, "abc", view);
      assertThat(all).hasSize(5 * RATE);
      for (float sample : all) {
        assertThat(Math.abs(sample)).isLessThanOrEqualTo(1);
      }
      // The second window begins within the first.
      int second = SECOND.windows().start(40_001, 1);
      assertThat(Arrays.equals(all, second, RATE, all, RATE, 2 * RATE - second)).isTrue();
    }
  }

  @Test
  void apply_writesFromTheOffsetOnly() {
    AudioAugmenter augmenter =
        new AudioAugmenter(SECOND, AudioAugmentation.standard(), List.of(), 1);
    float[] out = new float[RATE + 20];
    Arrays.fill(out, 7);
    augmenter.apply(CLIP, "abc", 1, out, 10);
    for (int i = 0; i < 10; i++) {
      assertThat(out[i]).isEqualTo(7);
      assertThat(out[RATE + 10 + i]).isEqualTo(7);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 300})
  void apply_tinyClip_isNoError(int count) {
    Waveform tiny = new Waveform(TestSounds.noise(0.5, count, 1), RATE);
    for (int view = 1; view < 6; view++) {
      for (float sample : view("standard", tiny, 1, "abc", view)) {
        assertThat(sample).isBetween(-1f, 1f);
      }
    }
  }

  @Test
  void apply_otherRate_isRefused() {
    assertThatThrownBy(() -> view("noise", new Waveform(new float[10], 8_000), 1, "a", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("clip: expected 16000 samples per second, found 8000");
  }

  // noise

  @ParameterizedTest
  @CsvSource({
    "noise, -5",
    "noise, 0",
    "noise, 12.5",
    "noise, 30",
    "background, 3",
    "background, 20"
  })
  void apply_noise_reachesTheRatio(String word, double decibels) {
    Waveform soft = new Waveform(CLIP.samples().clone(), RATE);
    for (int i = 0; i < soft.samples().length; i++) {
      soft.samples()[i] *= 0.05f;
    }
    float[] plain = SECOND.windows().all(soft.samples());
    for (int view = 1; view <= 6; view++) {
      float[] noisy = view(word + "=" + decibels + "@1", soft, 1, "abc", view);
      float[] noise = new float[RATE];
      for (int i = 0; i < RATE; i++) {
        noise[i] = noisy[i] - plain[i];
      }
      double signal = Tones.power(soft.samples(), 0, soft.samples().length);
      assertThat(10 * Math.log10(signal / Tones.power(noise, 0, RATE)))
          .isCloseTo(decibels, within(0.1));
    }
  }

  @Test
  void apply_noiseOnSilence_staysSilent() {
    assertThat(
            view(
                "noise@1".replace("@1", "=5..20@1"),
                new Waveform(new float[9_000], RATE),
                1,
                "a",
                1))
        .containsOnly(0f);
  }

  @Test
  void apply_noise_comesAsOftenAsSaid() {
    float[] plain = view("none", 0);
    long noisy =
        IntStream.rangeClosed(1, 200)
            .filter(view -> !Arrays.equals(plain, view("noise=20@0.3", view)))
            .count();
    // 60 expected, with a deviation of 6.5.
    assertThat(noisy).isBetween(40L, 80L);
  }

  // pitch and speed

  @ParameterizedTest
  @CsvSource({"440, 2", "440, -2", "300, 12", "1000, -7", "200, 0.5", "1500, 3.3"})
  void shifted_sine_movesByTheSemitones(double hertz, double semitones) {
    float[] sine = TestSounds.sine(hertz, 0.4, 24_000, RATE);
    float[] shifted = AudioAugmenter.shifted(sine, semitones, RATE);
    assertThat(shifted).hasSameSizeAs(sine);
    double found = Tones.hertz(new Waveform(shifted, RATE));
    assertThat(12 * Math.log(found / hertz) / Math.log(2)).isCloseTo(semitones, within(0.05));
    double level = Math.sqrt(2 * Tones.power(shifted, 2_000, 22_000));
    assertThat(level).isCloseTo(0.4, within(0.04));
  }

  @ParameterizedTest
  @CsvSource({"900", "1000", "1100", "1500"})
  void faster_sine_isShorterAndHigher(int steps) {
    float[] sine = TestSounds.sine(500, 0.4, 16_000, RATE);
    float[] faster = AudioAugmenter.faster(sine, steps);
    assertThat(faster).hasSize((16_000 * 1_000 + steps - 1) / steps);
    assertThat(Tones.hertz(new Waveform(faster, RATE))).isCloseTo(0.5 * steps, within(0.5));
  }

  @ParameterizedTest
  @CsvSource({"12000, 15000", "12000, 9000", "12000, 12001", "700, 900", "3, 7"})
  void to_otherLength_keepsPitchAndLevel(int count, int length) {
    float[] stretched = TimeStretch.to(TestSounds.sine(400, 0.4, count, RATE), length, RATE);
    assertThat(stretched).hasSize(length);
    if (length > 5_000) {
      assertThat(Tones.hertz(new Waveform(stretched, RATE))).isCloseTo(400, within(1.0));
      assertThat(Math.sqrt(2 * Tones.power(stretched, 1_000, length - 1_000)))
          .isCloseTo(0.4, within(0.04));
    }
  }

  @Test
  void apply_speed_changesTheLength() {
    Set<Integer> lengths = new HashSet<>();
    for (int view = 1; view < 10; view++) {
      float[] out = view("speed=0.2", view);
      int first = 0;
      while (out[first] == 0) {
        first++;
      }
      int last = RATE - 1;
      while (out[last] == 0) {
        last--;
      }
      lengths.add(last - first);
      assertThat(last - first + 1).isBetween(9_900, 15_010);
      // It stays in the middle.
      assertThat(first - (RATE - 1 - last)).isBetween(-12, 12);
    }
    assertThat(lengths.size()).isGreaterThan(5);
  }

  // place and level

  @Test
  void apply_shift_movesTheClipWithinBounds() {
    Set<Integer> places = new HashSet<>();
    for (int view = 1; view < 20; view++) {
      float[] out = view("shift=0.1", view);
      int first = 0;
      while (out[first] == 0) {
        first++;
      }
      places.add(first);
      assertThat(first).isBetween(2_000 - 1_600, 2_000 + 1_600);
      float[] heard = Arrays.copyOfRange(out, first, first + 12_000);
      assertThat(Arrays.equals(heard, CLIP.samples())).isTrue();
    }
    assertThat(places.size()).isGreaterThan(10);
  }

  @Test
  void apply_gain_scalesUpToFullScale() {
    float[] plain = view("none", 0);
    for (int view = 1; view < 20; view++) {
      float[] out = view("gain=20", view);
      double ratio = Math.sqrt(Tones.power(out, 0, RATE) / Tones.power(plain, 0, RATE));
      assertThat(20 * Math.log10(ratio)).isBetween(-20.01, 20.01);
      float peak = 0;
      for (int i = 0; i < RATE; i++) {
        assertThat(out[i]).isCloseTo((float) (plain[i] * ratio), within(1e-5f));
        peak = Math.max(peak, Math.abs(out[i]));
      }
      assertThat(peak).isLessThanOrEqualTo(1.000001f);
    }
  }

  // masks

  @Test
  void band_inNoise_isGoneAndTheRestStays() {
    float[] noise = TestSounds.noise(0.5, RATE, 4);
    float[] masked = noise.clone();
    SoundMask.band(masked, 1_000, 2_000, RATE);
    double inside = 0;
    double outside = 0;
    double insideBefore = 0;
    double outsideBefore = 0;
    for (int hertz = 1_100; hertz < 1_900; hertz += 20) {
      inside += Math.pow(Tones.amplitude(masked, 1_000, 15_000, hertz, RATE), 2);
      insideBefore += Math.pow(Tones.amplitude(noise, 1_000, 15_000, hertz, RATE), 2);
      outside += Math.pow(Tones.amplitude(masked, 1_000, 15_000, hertz + 2_000, RATE), 2);
      outsideBefore += Math.pow(Tones.amplitude(noise, 1_000, 15_000, hertz + 2_000, RATE), 2);
    }
    assertThat(10 * Math.log10(inside / insideBefore)).isLessThan(-30);
    assertThat(10 * Math.log10(outside / outsideBefore)).isCloseTo(0, within(0.05));
  }

  @Test
  void band_ofNothing_changesNothing() {
    float[] noise = TestSounds.noise(0.5, 5_001, 4);
    float[] masked = noise.clone();
    SoundMask.band(masked, 1_000, 1_000, RATE);
    for (int i = 0; i < noise.length; i++) {
      assertThat(masked[i]).isCloseTo(noise[i], within(1e-6f));
    }
  }

  @Test
  void time_stretch_isSilentBetweenFades() {
    float[] ones = new float[2_000];
    Arrays.fill(ones, 1);
    SoundMask.time(ones, 800, 1_200, RATE);
    for (int i = 0; i < 2_000; i++) {
      if (i >= 800 && i < 1_200) {
        assertThat(ones[i]).isZero();
      } else if (i < 720 || i >= 1_280) {
        assertThat(ones[i]).isEqualTo(1);
      } else {
        assertThat(ones[i]).isBetween(0f, 1f);
      }
    }
    assertThat(ones[740]).isGreaterThan(ones[780]);
  }
}
