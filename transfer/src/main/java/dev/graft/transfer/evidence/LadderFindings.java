package dev.graft.transfer.evidence;

import java.util.List;
import java.util.Optional;

/**
 * How the strategy was chosen: rungs from the cheapest up, each compared with the best so far on
 * the same folds.
 *
 * @param rungs those that were tried
 * @param skipped those that were not, and why, in sentences
 * @param chosen strategy that was taken
 */
public record LadderFindings(List<Rung> rungs, List<String> skipped, String chosen) {
  /** Copies the lists. */
  public LadderFindings {
    rungs = List.copyOf(rungs);
    skipped = List.copyOf(skipped);
  }

  /**
   * A strategy that was tried.
   *
   * @param name as in the table
   * @param accuracy out-of-fold
   * @param logLoss out-of-fold, after calibration
   * @param seconds that trying it took
   * @param against comparison with the best rung below; empty for the lowest
   * @param taken whether it became the best
   * @param sentence the decision in words, with its figures
   */
  public record Rung(
      String name,
      double accuracy,
      double logLoss,
      double seconds,
      Optional<Comparison> against,
      boolean taken,
      String sentence) {}

  /**
   * A paired comparison on the same out-of-fold predictions.
   *
   * @param wins examples that only the upper rung tells right
   * @param losses examples that only the lower rung tells right
   * @param lossDifference mean log loss of the upper less that of the lower, both calibrated; below
   *     0 is better
   * @param pValue one-sided probability of a gain so large by chance
   */
  public record Comparison(int wins, int losses, double lossDifference, double pValue) {}
}
