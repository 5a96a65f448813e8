package dev.graft.data.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How the power falls with frequency is tested in {@link RoomResponseTest}. */
final class NoiseColourTest {
  private static final int RATE = 8_000;

  @ParameterizedTest
  @EnumSource(NoiseColour.class)
  void make_sameState_sameNoise(NoiseColour colour) {
    float[] noise = colour.make(1_000, RATE, new SplittableRandom(1));
    assertThat(noise).hasSize(1_000);
    assertThat(colour.make(1_000, RATE, new SplittableRandom(1))).containsExactly(noise);
    assertThat(colour.make(1_000, RATE, new SplittableRandom(2))).isNotEqualTo(noise);
    assertThat(colour.make(0, RATE, new SplittableRandom(1))).isEmpty();
  }

  /** Mean over 400 noises; what a filter still builds up would be much softer at the start. */
  @ParameterizedTest
  @EnumSource(NoiseColour.class)
  void make_beginning_isAsLoudAsTheRest(NoiseColour colour) {
    SplittableRandom random = new SplittableRandom(3);
    double beginning = 0;
    double end = 0;
    for (int trial = 0; trial < 400; trial++) {
      float[] noise = colour.make(1_000, RATE, random);
      beginning += Tones.power(noise, 0, 50);
      end += Tones.power(noise, 950, 1_000);
    }
    assertThat(beginning / end).isCloseTo(1, within(0.25));
  }
}
