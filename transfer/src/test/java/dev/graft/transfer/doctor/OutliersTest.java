package dev.graft.transfer.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OutliersTest {
  /** Quartiles 0.25 and 0.75 of 0 to 1: the fence lies at 0.75 + 3 x 0.5 = 2.25. */
  @Test
  void of_oneBeyondTheFence_isTheOnlyOutlier() {
    double[] distances = new double[41];
    for (int i = 0; i < 40; i++) {
      distances[i] = i / 40.0;
    }
    distances[40] = 2.2;
    assertThat(Outliers.of(distances)).isEmpty();
    distances[40] = 2.4;
    assertThat(Outliers.of(distances)).extracting(Outliers.Far::row).containsExactly(40);
  }

  @Test
  void of_fewExamples_saysNothing() {
    assertThat(Outliers.of(new double[] {0.1, 0.1, 0.1, 5})).isEmpty();
  }
}
