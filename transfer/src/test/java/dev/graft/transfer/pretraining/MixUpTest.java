package dev.graft.transfer.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.engine.FloatTensor;
import dev.graft.engine.MixedLabels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MixUpTest {
  @Test
  void mix_threeImages_pairsMirroredPlaces() {
    FloatTensor images = new FloatTensor(new float[] {1, 2, 10, 20, 100, 200}, 3, 1, 1, 2);
    MixedLabels mixed = MixUp.mix(images, new int[] {7, 8, 9}, 0.4, 1, 5);
    float s = (float) MixUp.share(0.4, 1, 5);
    assertThat(mixed.labels()).containsExactly(7, 8, 9);
    assertThat(mixed.others()).containsExactly(9, 8, 7);
    assertThat(mixed.share()).isEqualTo(MixUp.share(0.4, 1, 5));
    float[] values = images.values();
    assertThat(values[0]).isCloseTo(s * 1 + (1 - s) * 100, within(1e-3f));
    assertThat(values[5]).isCloseTo(s * 200 + (1 - s) * 2, within(1e-3f));
    assertThat(values[2]).isEqualTo(10);
    assertThat(values[3]).isEqualTo(20);
  }

  // Beta(a, a) has mean 1/2 and variance 1 / (4 (2 a + 1)).
  @ParameterizedTest
  @ValueSource(doubles = {0.2, 1, 4})
  void share_manySteps_hasTheMomentsOfBeta(double alpha) {
    int count = 20_000;
    double sum = 0;
    double squares = 0;
    for (int step = 0; step < count; step++) {
      double share = MixUp.share(alpha, 3, step);
      assertThat(share).isBetween(0.0, 1.0);
      sum += share;
      squares += (share - 0.5) * (share - 0.5);
    }
    double variance = 1 / (4 * (2 * alpha + 1));
    assertThat(sum / count).isCloseTo(0.5, within(0.01));
    assertThat(squares / count).isCloseTo(variance, within(0.03 * variance));
  }

  @Test
  void share_sameSeedAndStep_isTheSame() {
    assertThat(MixUp.share(0.2, 4, 9)).isEqualTo(MixUp.share(0.2, 4, 9));
    assertThat(MixUp.share(0.2, 4, 9)).isNotEqualTo(MixUp.share(0.2, 4, 10));
  }
}
