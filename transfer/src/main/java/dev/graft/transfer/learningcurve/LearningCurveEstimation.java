package dev.graft.transfer.learningcurve;

import dev.graft.data.Split;
import dev.graft.data.Splitter;
import dev.graft.engine.CoreWorkers;
import dev.graft.transfer.evidence.Interval;
import dev.graft.transfer.evidence.LearningCurve;
import dev.graft.transfer.evidence.LearningCurve.Point;
import dev.graft.transfer.training.Activations;
import dev.graft.transfer.training.LinearProbes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Measures how the accuracy of linear heads on frozen features grows with the number of training
 * examples, and forecasts it for two and four times as many.
 *
 * <p>Heads are fitted to nested stratified subsamples, an eighth to the whole of the training side
 * of each split, and judged by the other side; near-duplicates stay on one side. Up to {@value
 * #FOLDS_UP_TO_EXAMPLES} examples the splits are folds, of more they hold a fifth out. The strength
 * of the penalty is chosen once, for the largest subsamples. Where features are many, a sample of
 * the examples is measured. Stateless, thread-safe.
 */
public final class LearningCurveEstimation {
  private static final int FOLDS = 5;
  private static final int FOLDS_UP_TO_EXAMPLES = 1_000;
  private static final int MOST_REPETITIONS = 4;
  private static final int HOLD_OUTS = 3;
  private static final double HELD_OUT = 0.2;

  /**
   * Values times classes times heads of a size that are worth a repetition: 20 million take about a
   * second of one core.
   */
  private static final long REPEATED_UP_TO_PRODUCTS = 20_000_000;

  private static final long FOLDS_UP_TO_PRODUCTS = 40_000_000;

  /** Above either, fewer examples are measured: it would take more than some seconds. */
  private static final long MOST_PRODUCTS = 20_000_000;

  private static final long MOST_VALUES = 2_000_000;
  private static final int FEWEST_MEASURED = 500;

  /** With fewer values the cores wait for each other more than they compute. */
  private static final long MOST_VALUES_ON_ONE_CORE = 4_000_000;

  private LearningCurveEstimation() {}

  /**
   * Measures and forecasts.
   *
   * @param features of the training examples
   * @param labels class of each of them
   * @param groups near-duplicates
   * @param classes number of classes
   * @param seed of splits, subsamples and draws
   * @return empty where a class has no two examples to hold one of them out
   */
  public static Optional<LearningCurve> of(
      Activations features, int[] labels, int[] groups, int classes, long seed) {
    return of(features, labels, groups, classes, seed, most(features.width(), classes));
  }

  /** As above, measured on so many examples at most. */
  static Optional<LearningCurve> of(
      Activations features, int[] labels, int[] groups, int classes, long seed, int most) {
    int[] rows = measured(labels, most, seed);
    int[] theirLabels = Arrays.stream(rows).map(row -> labels[row]).toArray();
    int[] theirGroups = Arrays.stream(rows).map(row -> groups[row]).toArray();
    Optional<Plan> plan =
        Plan.of(theirLabels, theirGroups, (long) features.width() * classes, seed);
    if (plan.isEmpty()) {
      return Optional.empty();
    }
    Subsamples subsamples = Subsamples.draw(theirLabels, classes, plan.get().splits, seed);
    HeldOutHits hits;
    try (LinearProbes probes = LinearProbes.of(features, rows, theirLabels, classes)) {
      hits =
          (long) rows.length * features.width() <= MOST_VALUES_ON_ONE_CORE
              ? CoreWorkers.onOneCore(
                  () -> HeldOutHits.of(probes, subsamples, plan.get().folds, theirLabels, classes))
              : HeldOutHits.of(probes, subsamples, plan.get().folds, theirLabels, classes);
    }
    if (subsamples.sizes() < Forecasting.LEAST_SIZES) {
      return Optional.of(CurveWords.withoutForecast(points(hits), labels.length));
    }
    Forecasting forecasting = Forecasting.of(hits, theirGroups, seed);
    return Optional.of(CurveWords.curve(points(hits), forecasting, labels.length, rows.length));
  }

  private static List<Point> points(HeldOutHits hits) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < hits.sizes().length; i++) {
      int size = i;
      double[] accuracies =
          IntStream.range(0, hits.repetitions())
              .mapToDouble(repetition -> hits.accuracy(size, repetition))
              .sorted()
              .toArray();
      points.add(
          new Point(
              hits.sizes()[size],
              hits.accuracy(size),
              new Interval(accuracies[0], accuracies[accuracies.length - 1])));
    }
    return points;
  }

  /** So many examples are measured in seconds. */
  private static int most(int width, int classes) {
    return (int)
        Math.max(
            FEWEST_MEASURED,
            Math.min(MOST_VALUES / width, MOST_PRODUCTS / ((long) width * classes)));
  }

  /** The examples that are measured: all, or a stratified sample. */
  private static int[] measured(int[] labels, int most, long seed) {
    int[] all = Splitter.ungrouped(labels.length);
    return labels.length <= most
        ? all
        : Splitter.holdOut(labels, all, (double) most / labels.length, seed).validation();
  }

  /**
   * How examples are held out.
   *
   * @param folds how many splits in a row hold each example out once, or 1
   */
  private record Plan(List<Split> splits, int folds) {
    /**
     * Makes a plan.
     *
     * @param weights of one head
     */
    static Optional<Plan> of(int[] labels, int[] groups, long weights, long seed) {
      int[] perClass = Splitter.groupsPerClass(labels, groups);
      int fewest = Arrays.stream(perClass).filter(count -> count > 0).min().orElse(0);
      if (fewest < 2) {
        return Optional.empty();
      }
      int folds = Math.min(FOLDS, fewest);
      long products = labels.length * weights * folds;
      List<Split> splits = new ArrayList<>();
      if (labels.length > FOLDS_UP_TO_EXAMPLES || products > FOLDS_UP_TO_PRODUCTS) {
        for (int i = 0; i < HOLD_OUTS; i++) {
          splits.add(Splitter.holdOut(labels, groups, HELD_OUT, seed + i));
        }
        return Optional.of(new Plan(splits, 1));
      }
      long affordable = REPEATED_UP_TO_PRODUCTS / products;
      long repetitions = Math.max(1, Math.min(MOST_REPETITIONS, affordable));
      for (int i = 0; i < repetitions; i++) {
        splits.addAll(Splitter.folds(labels, groups, folds, seed + i));
      }
      return Optional.of(new Plan(splits, folds));
    }
  }
}
