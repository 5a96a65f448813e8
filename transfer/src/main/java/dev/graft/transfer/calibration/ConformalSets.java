package dev.graft.transfer.calibration;

import dev.graft.transfer.evidence.CalibrationFindings.Observed;
import dev.graft.transfer.evidence.CalibrationFindings.PredictionSets;
import dev.graft.transfer.evidence.Interval;
import java.util.Arrays;
import java.util.Optional;

/**
 * Split-conformal prediction sets by the probability of the class (Sadinle, Lei and Wasserman 2019;
 * Angelopoulos and Bates 2023, section 1).
 *
 * <p>Of n held-out examples the k = ceil((n + 1) coverage) best ones, by the probability of their
 * true class, must be covered: a set holds every class of at least the k-th largest of those
 * probabilities. For an example exchangeable with them it holds the true class with at least the
 * probability {@code coverage}. The most probable class is always in the set, which only covers
 * more. With k &gt; n no threshold has that guarantee.
 */
final class ConformalSets {
  private static final double ROUNDING = 1e-9;

  private ConformalSets() {}

  /** The fewest held-out examples from which a threshold follows. */
  static int fewestExamples(double coverage) {
    int count = 1;
    while (rank(count, coverage) > count) {
      count++;
    }
    return count;
  }

  private static long rank(int examples, double coverage) {
    return (long) Math.ceil((examples + 1) * coverage - ROUNDING);
  }

  /** The least probability of a class in a set; empty with too few examples. */
  static Optional<Double> leastProbability(HeldOutPredictions heldOut, double coverage) {
    int examples = heldOut.size();
    long rank = rank(examples, coverage);
    if (rank > examples) {
      return Optional.empty();
    }
    double[] ofTruth = new double[examples];
    for (int i = 0; i < examples; i++) {
      ofTruth[i] = heldOut.probability(i, heldOut.labels()[i]);
    }
    Arrays.sort(ofTruth);
    double threshold = ofTruth[examples - (int) rank];
    // Probabilities that bf16 computed may leave the range by rounding.
    return Optional.of(Math.max(0, Math.min(1, threshold)));
  }

  static Optional<PredictionSets> of(
      HeldOutPredictions heldOut, Optional<HeldOutPredictions> test, double coverage) {
    return leastProbability(heldOut, coverage)
        .map(
            least ->
                new PredictionSets(
                    coverage,
                    least,
                    observed(heldOut, least).meanSize(),
                    test.map(part -> observed(part, least))));
  }

  static Observed observed(HeldOutPredictions predictions, double least) {
    int covered = 0;
    long classes = 0;
    for (int i = 0; i < predictions.size(); i++) {
      int best = predictions.predicted(i);
      for (int c = 0; c < predictions.classes(); c++) {
        boolean inSet = c == best || predictions.probability(i, c) >= least;
        classes += inSet ? 1 : 0;
        covered += inSet && c == predictions.labels()[i] ? 1 : 0;
      }
    }
    return new Observed(
        (double) covered / predictions.size(),
        Interval.wilson(covered, predictions.size(), Interval.NORMAL_QUANTILE_95),
        (double) classes / predictions.size());
  }
}
