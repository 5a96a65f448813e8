package dev.graft.transfer.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.transfer.evidence.ExamplePredictions;
import dev.graft.transfer.evidence.ExamplePredictions.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PairedResultsTest {
  /** Sorted 0.005, 0.01, 0.03, 0.04 times 4, 3, 2, 1, none below the one before. */
  @Test
  void holm_fourValues_areAdjustedInTheirOrder() {
    assertThat(PairedResults.holm(new double[] {0.01, 0.04, 0.03, 0.005}))
        .usingComparatorWithPrecision(1e-12)
        .containsExactly(0.03, 0.06, 0.06, 0.02);
    assertThat(PairedResults.holm(new double[] {0.7})).containsExactly(0.7);
    assertThat(PairedResults.holm(new double[] {0.7, 0.6})).containsExactly(1, 1);
  }

  /** Of normal differences, the interval is close to mean +- 1.96 s / sqrt(n). */
  @Test
  void pairedMean_normalDifferences_isCloseToTheNormalInterval() {
    SplittableRandom random = new SplittableRandom(9);
    double[] differences = new double[400];
    for (int i = 0; i < differences.length; i++) {
      differences[i] = 0.2 + random.nextGaussian();
    }
    PairedMean mean = PairedMean.of(differences);
    double average = Arrays.stream(differences).average().orElseThrow();
    double square = Arrays.stream(differences).map(x -> (x - average) * (x - average)).sum() / 399;
    double half = 1.96 * Math.sqrt(square / 400);
    assertThat(mean.difference()).isCloseTo(average, within(1e-12));
    assertThat(mean.interval().low()).isCloseTo(average - half, within(0.01));
    assertThat(mean.interval().high()).isCloseTo(average + half, within(0.01));
    assertThat(PairedMean.of(differences)).isEqualTo(mean);
  }

  @Test
  void common_differentTestParts_pairsByContentAndLeavesRelabelledAway() {
    ExamplePredictions first =
        predictions(row("a", 1, "cat"), row("b", 2, "cat"), row("c", 3, "dog"), row("d", 4, "dog"));
    ExamplePredictions second =
        predictions(row("x/c", 3, "dog"), row("x/a", 1, "cat"), row("x/b", 2, "dog"));
    CommonExamples common = CommonExamples.of(List.of(first, second));
    assertThat(common.count()).isEqualTo(2);
    assertThat(common.relabelled()).isEqualTo(1);
    assertThat(ids(common.predictions().get(0))).containsExactly("a", "c");
    assertThat(ids(common.predictions().get(1))).containsExactly("x/a", "x/c");
  }

  @Test
  void common_sameContentTwice_pairsEachCopyOnce() {
    ExamplePredictions twice = predictions(row("a", 1, "cat"), row("copy", 1, "cat"));
    assertThat(CommonExamples.of(List.of(twice, twice)).count()).isEqualTo(2);
    ExamplePredictions once = predictions(row("a", 1, "cat"));
    assertThat(CommonExamples.of(List.of(twice, once)).count()).isEqualTo(1);
  }

  @Test
  void of_secondRightMoreOften_isConcludedToBeBetter() {
    List<Row> first = new ArrayList<>();
    List<Row> second = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      first.add(answer(i, i < 40, 0.7));
      second.add(answer(i, i < 55, 0.9));
    }
    PairedResult result =
        PairedResults.of(
                CommonExamples.of(
                    List.of(new ExamplePredictions(first), new ExamplePredictions(second))))
            .get(0);
    assertThat(result.counts()).isEqualTo(new PairedProportions(40, 0, 15, 5));
    assertThat(result.conclusion()).isEqualTo(PairedResult.Conclusion.SECOND_BETTER);
    assertThat(result.counts().interval().excludesZero()).isTrue();
    // 40 times ln .7 - ln .9, 15 times ln .3 - ln .9, 5 times ln .3 - ln .1
    double expected =
        (40 * Math.log(0.7 / 0.9) + 15 * Math.log(0.3 / 0.9) + 5 * Math.log(0.3 / 0.1)) / 60;
    assertThat(result.logLoss().difference()).isCloseTo(expected, within(1e-9));
  }

  private static Row answer(int number, boolean right, double certainty) {
    return new Row(
        "e" + number,
        hash(number),
        "cat",
        right ? "cat" : "dog",
        certainty,
        right ? certainty : 1 - certainty);
  }

  private static Row row(String id, int content, String label) {
    return new Row(id, hash(content), label, "cat", 0.6, label.equals("cat") ? 0.6 : 0.4);
  }

  private static String hash(int content) {
    return String.format("%064x", content);
  }

  private static ExamplePredictions predictions(Row... rows) {
    return new ExamplePredictions(List.of(rows));
  }

  private static List<String> ids(ExamplePredictions predictions) {
    return predictions.rows().stream().map(Row::id).toList();
  }
}
