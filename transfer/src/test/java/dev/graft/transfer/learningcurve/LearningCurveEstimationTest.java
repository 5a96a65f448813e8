package dev.graft.transfer.learningcurve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.Splitter;
import dev.graft.transfer.evidence.LearningCurve;
import dev.graft.transfer.training.Activations;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class LearningCurveEstimationTest {
  private static final int WIDTH = 40;

  /** Normal features; those of class 1 are moved along the first axes. */
  private record Generated(float[][] rows, int[] labels) implements Activations {
    static Generated of(int examples, double distance, long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      float[][] rows = new float[examples][WIDTH];
      int[] labels = new int[examples];
      for (int i = 0; i < examples; i++) {
        labels[i] = i % 2;
        for (int j = 0; j < WIDTH; j++) {
          double angle = 2 * Math.PI * random.nextDouble();
          double radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
          rows[i][j] = (float) (radius * Math.cos(angle) + (j < 4 ? labels[i] * distance : 0));
        }
      }
      return new Generated(rows, labels);
    }

    @Override
    public int width() {
      return rows[0].length;
    }

    @Override
    public void read(int row, int view, float[] out) {
      System.arraycopy(rows[row], 0, out, 0, rows[row].length);
    }

    Optional<LearningCurve> curve(int[] groups, long seed) {
      return LearningCurveEstimation.of(this, labels, groups, 2, seed);
    }

    LearningCurve curve(long seed) {
      return curve(Splitter.ungrouped(labels.length), seed).orElseThrow();
    }
  }

  /** Two normal classes 2.4 deviations apart: no classifier has more than 88.5 % right. */
  @Test
  void of_taskThatIsHalfLearned_expectsMoreUpToWhatIsPossible() {
    LearningCurve curve = Generated.of(120, 1.2, 1).curve(3);

    assertThat(curve.points()).hasSize(5);
    assertThat(curve.points().get(4).examples()).isEqualTo(96);
    assertThat(curve.points().get(4).accuracy())
        .isGreaterThan(curve.points().get(0).accuracy() + 0.03);
    assertThat(curve.forecasts())
        .extracting(LearningCurve.Forecast::examples)
        .containsExactly(240, 480);
    for (LearningCurve.Forecast forecast : curve.forecasts()) {
      assertThat(forecast.band().low()).isLessThan(0.885);
      assertThat(forecast.band().high()).isGreaterThan(0.8);
      assertThat(forecast.accuracy()).isBetween(forecast.band().low(), forecast.band().high());
    }
    assertThat(curve.sentence()).contains("240", "80 % band");
  }

  @Test
  void of_taskThatIsLearned_saysThatMoreHelpsLittle() {
    LearningCurve curve = Generated.of(300, 6, 2).curve(3);

    assertThat(curve.points().get(4).accuracy()).isGreaterThan(0.99);
    assertThat(curve.sentence()).startsWith("More examples of the same kind would help little");
  }

  /** Every example is there twice; whoever has seen its copy would know its random label. */
  @Test
  void of_copiesWithRandomLabels_staysAtChance() {
    Generated once = Generated.of(60, 0, 4);
    float[][] rows = new float[120][];
    int[] labels = new int[120];
    int[] groups = new int[120];
    for (int i = 0; i < 120; i++) {
      rows[i] = once.rows[i % 60];
      labels[i] = once.labels[i % 60];
      groups[i] = i % 60;
    }
    Generated copied = new Generated(rows, labels);

    LearningCurve apart = copied.curve(groups, 3).orElseThrow();
    LearningCurve leaking = copied.curve(3);

    assertThat(apart.points().get(4).accuracy()).isBetween(0.3, 0.65);
    assertThat(leaking.points().get(4).accuracy()).isGreaterThan(0.7);
  }

  @Test
  void of_oneGroupOfAClass_isEmpty() {
    Generated few = Generated.of(4, 3, 1);

    assertThat(few.curve(new int[] {0, 1, 0, 1}, 1)).isEmpty();
  }

  @Test
  void of_handfulOfExamples_promisesNothing() {
    LearningCurve curve = Generated.of(24, 0.8, 5).curve(1);

    assertThat(curve.forecasts()).isEmpty();
    assertThat(curve.sentence()).contains("cannot be told");
  }

  @Test
  void of_sameSeed_givesTheSame() {
    Generated task = Generated.of(80, 1, 6);

    assertThat(task.curve(9)).isEqualTo(task.curve(9));
    assertThat(task.curve(9)).isNotEqualTo(task.curve(10));
  }

  /** More examples than are measured at once: a sample is, and the sentence says so. */
  @Test
  void of_moreExamplesThanAreMeasured_forecastsForAllFromASample() {
    Generated task = Generated.of(400, 1.2, 7);

    LearningCurve curve =
        LearningCurveEstimation.of(task, task.labels, Splitter.ungrouped(400), 2, 1, 150)
            .orElseThrow();

    assertThat(curve.points().get(4).examples()).isEqualTo(120);
    assertThat(curve.forecasts())
        .extracting(LearningCurve.Forecast::examples)
        .containsExactly(800, 1600);
    assertThat(curve.sentence()).contains("sample of 150");
  }

  @Test
  void of_threeOfAClass_measuresAndPromisesNothing() {
    Generated few = Generated.of(6, 3, 1);

    LearningCurve curve = few.curve(1);

    assertThat(curve.points()).isNotEmpty();
    assertThat(curve.forecasts()).isEmpty();
    assertThat(curve.sentence()).contains("cannot be told from 6", "too few");
  }

  /** Of many features none moves far in the first step of a fit, which is not its end. */
  @Test
  void of_wideFeaturesOfUnevenClasses_areLearnedByMoreExamples() {
    int[] counts = {41, 19, 6, 13};
    int width = 1_024;
    Random random = new Random(1);
    float[][] centres = new float[counts.length][width];
    for (float[] centre : centres) {
      for (int i = 0; i < width; i++) {
        centre[i] = (float) random.nextGaussian();
      }
    }
    int[] labels = new int[79];
    float[][] rows = new float[labels.length][width];
    int row = 0;
    for (int label = 0; label < counts.length; label++) {
      for (int i = 0; i < counts[label]; i++) {
        labels[row] = label;
        for (int f = 0; f < width; f++) {
          rows[row][f] = centres[label][f] + 2 * (float) random.nextGaussian();
        }
        row++;
      }
    }
    LearningCurve curve =
        LearningCurveEstimation.of(
                new Generated(rows, labels), labels, Splitter.ungrouped(labels.length), 4, 1)
            .orElseThrow();
    assertThat(curve.points().get(curve.points().size() - 1).accuracy()).isGreaterThan(0.95);
  }
}
