package dev.graft.transfer;

import dev.graft.transfer.ladder.PairedComparison;
import dev.graft.transfer.training.Validated;
import java.util.Arrays;

/**
 * What a head is worth on the features that a backbone gives at one side of its images.
 *
 * @param heldOut predictions of cross-validation
 * @param groups near-duplicates among the held-out examples
 */
record RatedSide(Backbone backbone, Validated heldOut, int[] groups) {
  double loss() {
    int classes = heldOut.probabilities().length / heldOut.labels().length;
    return Validated.logLoss(heldOut.labels(), heldOut.probabilities(), classes);
  }

  int side() {
    return backbone.imagePreprocessing().cropHeight();
  }

  /** Whether its loss is higher than that of another on the same splits, believed below a level. */
  boolean isProvedWorseThan(RatedSide other, double level) {
    if (!Arrays.equals(heldOut.rows(), other.heldOut.rows())) {
      throw new IllegalArgumentException("sides that were rated on other splits");
    }
    return PairedComparison.of(
            heldOut.labels(), groups, other.heldOut.probabilities(), heldOut.probabilities())
        .provesHigherLoss(level);
  }
}
