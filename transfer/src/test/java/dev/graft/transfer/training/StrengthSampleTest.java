package dev.graft.transfer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.data.Split;
import dev.graft.data.Splitter;
import dev.graft.transfer.TrainingListener;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class StrengthSampleTest {
  private static final int WIDTH = 6;
  private static final int CLASSES = 3;

  /** Classes lie around points that are two deviations apart. */
  private static final class Clouds implements Activations {
    private final float[] values;

    Clouds(int[] labels, long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      values = new float[labels.length * WIDTH];
      for (int i = 0; i < values.length; i++) {
        double noise = random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5;
        values[i] = (float) (noise + (i % WIDTH == labels[i / WIDTH] ? 1 : 0));
      }
    }

    @Override
    public int width() {
      return WIDTH;
    }

    @Override
    public void read(int row, int view, float[] out) {
      System.arraycopy(values, row * WIDTH, out, 0, WIDTH);
    }
  }

  private static HeadProblem problem(int examples) {
    int[] labels = new int[examples];
    int[] groups = new int[examples];
    for (int i = 0; i < examples; i++) {
      labels[i] = i % 10 < 6 ? 0 : i % 10 < 9 ? 1 : 2;
      groups[i] = i;
    }
    float[] weights = {1, 1, 1};
    return new HeadProblem(
        new Clouds(labels, 3), labels, 1, groups, Optional.empty(), CLASSES, weights, 0.2, 5);
  }

  private static List<Split> split(HeadProblem problem) {
    return List.of(Splitter.holdOut(problem.labels(), problem.groups(), 0.2, 5));
  }

  @Test
  void of_manyExamples_takesSomeOfEachClassThatAreNotHeldOut() {
    HeadProblem whole = problem(10_000);
    StrengthSample sample = StrengthSample.of(whole, split(whole)).orElseThrow();
    assertThat(sample.problem().examples()).isCloseTo(3_000, within(5));
    assertThat(sample.share()).isCloseTo(3_000 / 8_000.0, within(0.001));
    long rare = Arrays.stream(sample.problem().labels()).filter(label -> label == 2).count();
    assertThat(rare).isCloseTo(300, within(5L));
    assertThat(sample.problem().heldOut().orElseThrow().labels()).hasSize(2_000);
    int[] held = split(whole).get(0).validation();
    assertThat(sample.problem().groups()).doesNotContain(held);
    float[] own = new float[WIDTH];
    float[] expected = new float[WIDTH];
    sample.problem().train().read(7, 0, own);
    whole.train().read(sample.problem().groups()[7], 0, expected);
    assertThat(own).containsExactly(expected);
  }

  @Test
  void of_fewerThanTwiceTheSample_isNone() {
    HeadProblem whole = problem(7_000);
    assertThat(StrengthSample.of(whole, split(whole))).isEmpty();
  }

  @Test
  void fit_manyExamples_isAsGoodAsTheSearchOnAllAndTellsWhatWasTried() {
    HeadProblem whole = problem(12_000);
    HeadProblem.Fit fit = LinearHeadFitting.fit(whole, TrainingListener.SILENT);
    assertThat(fit.candidates()).hasSizeGreaterThan(3);
    assertThat(fit.candidates().stream().filter(one -> one.chosen())).hasSize(1);
    double chosen =
        fit.candidates().stream()
            .filter(one -> one.chosen())
            .mapToDouble(one -> one.logLoss())
            .findFirst()
            .orElseThrow();
    // Beside the sample's candidates, that of all examples has the least loss, or nearly.
    assertThat(fit.candidates())
        .allSatisfy(one -> assertThat(one.logLoss()).isGreaterThan(chosen - 0.005));
    assertThat(fit.validated().labels()).hasSize(2_400);
  }
}
