package dev.graft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PooledRowsTest {
  private static final float[] ROWS = {0.1f, 0.9f, 0.8f, 0.2f, 0.2f, 0.8f, 0.6f, 0.4f};

  @Test
  void of_oneRow_isThatRowToTheBit() {
    PooledRows pooled = PooledRows.of(ROWS, 2, 1, 2);
    assertThat(pooled.probabilities()).containsExactly(0.2f, 0.8f);
    assertThat(pooled.deciding()).isEqualTo(2);
  }

  @Test
  void of_severalRows_isTheirMeanAndTheRowThatSaysItMostDecides() {
    PooledRows pooled = PooledRows.of(ROWS, 1, 3, 2);
    assertThat(pooled.probabilities())
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(1.6f / 3, 1.4f / 3);
    assertThat(pooled.deciding()).isEqualTo(1);
  }
}
