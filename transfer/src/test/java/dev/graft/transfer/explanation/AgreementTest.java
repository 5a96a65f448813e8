package dev.graft.transfer.explanation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class AgreementTest {
  /** A worked example of textbooks: intelligence and hours before a television, -29/165. */
  @Test
  void spearman_textbookExample_isItsValue() {
    double[] intelligence = {106, 100, 86, 101, 99, 103, 97, 113, 112, 110};
    double[] hours = {7, 27, 2, 50, 28, 29, 20, 12, 6, 17};
    assertThat(Agreement.spearman(intelligence, hours).orElseThrow())
        .isCloseTo(-29.0 / 165, within(1e-12));
  }

  /** Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: Pearson 4.5 / sqrt(4.5 * 5). */
  @Test
  void spearman_ties_shareTheirMeanRank() {
    assertThat(
            Agreement.spearman(new double[] {1, 5, 5, 9}, new double[] {1, 2, 3, 4}).orElseThrow())
        .isCloseTo(4.5 / Math.sqrt(4.5 * 5), within(1e-12));
  }

  @Test
  void spearman_oneConstant_isUndefined() {
    assertThat(Agreement.spearman(new double[] {1, 1}, new double[] {1, 2})).isEmpty();
  }

  @Test
  void of_sameMap_agreesAndTurnedMap_doesNot() {
    float[] rising = new float[64];
    float[] falling = new float[64];
    for (int i = 0; i < 64; i++) {
      rising[i] = i;
      falling[i] = 63 - i;
    }
    Occlusion occlusion = new Occlusion(1, grid(rising), 0.25, 0.25);
    assertThat(Agreement.of(grid(rising), occlusion).rankCorrelation().orElseThrow())
        .isGreaterThan(0.95);
    assertThat(Agreement.of(grid(rising), occlusion).words()).isEqualTo("agree");
    assertThat(Agreement.of(grid(falling), occlusion).words()).startsWith("do not agree");
  }

  @Test
  void words_correlations_sayHowFar() {
    assertThat(
            DoubleStream.of(0.9, 0.3, 0.0)
                .mapToObj(value -> new Agreement(OptionalDouble.of(value)).words()))
        .containsExactly("agree", "agree in part", "do not agree: rely on neither alone");
    assertThat(new Agreement(OptionalDouble.empty()).words()).startsWith("cannot be compared");
  }

  private static HeatGrid grid(float[] values) {
    return new HeatGrid(HeatGrid.Axis.even(8), HeatGrid.Axis.even(8), values);
  }
}
