package dev.graft.transfer.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairedComparisonTest {
  private static final int EXAMPLES = 40;

  /** Two classes; the probability of the true one, which is always 0. */
  private static float[] predicting(double... ofTruth) {
    float[] probabilities = new float[2 * ofTruth.length];
    for (int i = 0; i < ofTruth.length; i++) {
      probabilities[2 * i] = (float) ofTruth[i];
      probabilities[2 * i + 1] = (float) (1 - ofTruth[i]);
    }
    return probabilities;
  }

  private static double[] times(int count, double value) {
    double[] values = new double[count];
    Arrays.fill(values, value);
    return values;
  }

  private static int[] ungrouped(int count) {
    int[] groups = new int[count];
    Arrays.setAll(groups, i -> i);
    return groups;
  }

  private static PairedComparison compare(double[] lower, double[] upper, int[] groups) {
    return PairedComparison.of(new int[lower.length], groups, predicting(lower), predicting(upper));
  }

  @ParameterizedTest
  @CsvSource({"0,0.5", "-1.959964,0.025", "1.644854,0.95", "-3,0.001349898"})
  void normal_quantile_itsProbability(double z, double expected) {
    assertThat(PairedComparison.normal(z)).isCloseTo(expected, within(1e-6));
  }

  @Test
  void of_samePredictions_nothingProved() {
    double[] both = times(EXAMPLES, 0.7);

    PairedComparison pair = compare(both, both, ungrouped(EXAMPLES));

    assertThat(pair.wins() + pair.losses()).isZero();
    assertThat(pair.lossDifference()).isZero();
    assertThat(pair.provesGain()).isFalse();
  }

  @Test
  void of_manyMoreRight_provesGain() {
    double[] lower = times(EXAMPLES, 0.9);
    Arrays.fill(lower, 0, 10, 0.2);

    PairedComparison pair = compare(lower, times(EXAMPLES, 0.9), ungrouped(EXAMPLES));

    assertThat(pair.wins()).isEqualTo(10);
    assertThat(pair.losses()).isZero();
    assertThat(pair.lossDifference()).isCloseTo(-10 * Math.log(0.9 / 0.2) / EXAMPLES, within(1e-6));
    assertThat(pair.pValue()).isLessThan(0.01);
    assertThat(pair.provesGain()).isTrue();
  }

  @Test
  void of_gainsInOneGroupOfDuplicates_countOnceAndProveNothing() {
    double[] lower = times(EXAMPLES, 0.9);
    Arrays.fill(lower, 0, 10, 0.2);
    int[] groups = ungrouped(EXAMPLES);
    Arrays.fill(groups, 0, 10, 0);

    PairedComparison pair = compare(lower, times(EXAMPLES, 0.9), groups);

    assertThat(pair.wins()).isEqualTo(1);
    assertThat(pair.provesGain()).isFalse();
  }

  @Test
  void of_surerButLessOftenRight_provesNothing() {
    double[] lower = times(EXAMPLES, 0.6);
    double[] upper = times(EXAMPLES, 0.95);
    upper[0] = 0.4;

    PairedComparison pair = compare(lower, upper, ungrouped(EXAMPLES));

    assertThat(pair.lossP()).isLessThan(0.05);
    assertThat(pair.provesGain()).isFalse();
  }

  @Test
  void of_moreRightAtAboutTheSameLoss_provesGain() {
    double[] lower = times(EXAMPLES, 0.9);
    Arrays.fill(lower, 0, 6, 0.45);
    double[] upper = times(EXAMPLES, 0.9);
    Arrays.fill(upper, 0, 6, 0.55);
    upper[10] = 0.26;

    PairedComparison pair = compare(lower, upper, ungrouped(EXAMPLES));

    assertThat(pair.wins()).isEqualTo(6);
    assertThat(pair.losses()).isEqualTo(1);
    assertThat(pair.lossDifference()).isBetween(0.0, 0.01);
    assertThat(pair.provesGain()).isTrue();
  }

  @Test
  void of_moreRightButFarWorseLoss_provesNothing() {
    double[] lower = times(EXAMPLES, 0.6);
    Arrays.fill(lower, 0, 6, 0.45);
    double[] upper = times(EXAMPLES, 0.51);

    PairedComparison pair = compare(lower, upper, ungrouped(EXAMPLES));

    assertThat(pair.accuracyP()).isLessThan(0.05);
    assertThat(pair.lossDifference()).isPositive();
    assertThat(pair.provesGain()).isFalse();
  }

  @Test
  void provesHigherLoss_bySizeOfTheLossAgainstItsSpread_isToldApart() {
    double[] lower = times(EXAMPLES, 0.8);
    double[] spread = times(EXAMPLES, 0.9);
    Arrays.fill(spread, 0, 17, 0.65); // worse on 17, better on 23: the mean is lost in the spread
    double[] worse = times(EXAMPLES, 0.7);
    Arrays.fill(worse, 0, 4, 0.82);

    assertThat(compare(lower, spread, ungrouped(EXAMPLES)).provesHigherLoss(0.05)).isFalse();
    assertThat(compare(lower, worse, ungrouped(EXAMPLES)).provesHigherLoss(0.05)).isTrue();
    assertThat(compare(worse, lower, ungrouped(EXAMPLES)).provesHigherLoss(0.05)).isFalse();
    assertThat(compare(lower, lower, ungrouped(EXAMPLES)).provesHigherLoss(0.05)).isFalse();
  }
}
