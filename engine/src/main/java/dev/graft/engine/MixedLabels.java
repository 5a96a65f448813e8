package dev.graft.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The labels of a batch whose examples are each mixed from two: {@code x = share * a + (1 - share)
 * * b}.
 *
 * <p>The loss of a step is {@code share * CE(logits, labels) + (1 - share) * CE(logits, others)},
 * each a weighted mean over the batch. Zhang et al. 2018, "mixup: Beyond Empirical Risk
 * Minimization", equation 2. Immutable as long as the arrays are not written.
 *
 * @param labels class index of each example's first part
 * @param others class index of each example's second part, as many
 * @param share the weight of the first parts, in [0, 1]
 */
public record MixedLabels(int[] labels, int[] others, double share) {
  /** Checks that each example has both labels. */
  public MixedLabels {
    if (labels.length != others.length) {
      throw new IllegalArgumentException(
          "each example needs two labels but there are %d and %d"
              .formatted(labels.length, others.length));
    }
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("the share must be in [0, 1] but is " + share);
    }
  }

  /** Labels of examples that are not mixed. */
  public static MixedLabels of(int[] labels) {
    return new MixedLabels(labels, labels, 1);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MixedLabels that
        && Arrays.equals(labels, that.labels)
        && Arrays.equals(others, that.others)
        && Double.compare(share, that.share) == 0;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Arrays.hashCode(labels) + Arrays.hashCode(others)) + Double.hashCode(share);
  }
}
