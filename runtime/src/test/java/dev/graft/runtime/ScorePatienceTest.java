package dev.graft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScorePatienceTest {
  private static ScorePatience patience(int patience, int within) {
    return new ScorePatience(new DetectionRule("go", 0.5, 16, 4, patience, within, 0));
  }

  private static double[] agreed(ScorePatience patience, double... scores) {
    double[] agreed = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      agreed[i] = patience.next(scores[i]);
    }
    return agreed;
  }

  @Test
  void next_oneOfOne_isTheScoreItself() {
    assertThat(agreed(patience(1, 1), 0.2, 0.9, 0)).containsExactly(0.2, 0.9, 0);
  }

  @Test
  void next_twoOfThree_isTheSecondLargestOfTheLastThree() {
    assertThat(agreed(patience(2, 3), 0.9, 0.1, 0.8, 0.2, 0.3, 0.3))
        .containsExactly(0, 0.1, 0.8, 0.2, 0.3, 0.3);
  }

  @Test
  void next_beforeEnoughWindows_isNothing() {
    assertThat(agreed(patience(3, 3), 0.9, 0.8, 0.7)).containsExactly(0, 0, 0.7);
  }

  /** Two of three must agree; one that is no number agrees with none. */
  @Test
  void next_notANumber_countsAsNothing() {
    assertThat(agreed(patience(2, 3), 0.1, 0.9, Double.NaN, 0.8)).containsExactly(0, 0.1, 0.1, 0.8);
    assertThat(agreed(patience(1, 1), Double.NaN, 0.7)).containsExactly(0, 0.7);
  }

  /** The definition: at least a threshold where {@code patience} of the last {@code within} are. */
  @ParameterizedTest
  @CsvSource({"1, 1", "1, 4", "2, 3", "4, 4", "3, 7"})
  void next_anyThreshold_isReachedWhereThatManyWindowsAgree(int needed, int within) {
    SplittableRandom random = new SplittableRandom(5);
    double[] scores = random.doubles(60).toArray();
    double[] agreed = agreed(patience(needed, within), scores);
    for (double threshold : new double[] {0.1, 0.4, 0.7, 0.95}) {
      for (int i = 0; i < scores.length; i++) {
        int above = 0;
        for (int j = Math.max(0, i - within + 1); j <= i; j++) {
          above += scores[j] >= threshold ? 1 : 0;
        }
        assertThat(agreed[i] >= threshold).isEqualTo(above >= needed);
      }
    }
  }
}
