package dev.graft.engine;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** The loss of a batch's outputs, which may be computed on parts of the batch. */
interface BatchLoss {
  /** The loss of an objective. */
  static BatchLoss of(Objective objective) {
    if (objective instanceof Objective.Classification classification) {
      return new CrossEntropy(classification);
    }
    return new PairLikeness();
  }

  /**
   * What outputs are compared with, each label one of the batch's examples.
   *
   * @param labels class indices
   * @param totalWeight the sum of the weights of the whole batch's labels
   * @param share the factor on the weighted mean
   */
  record Target(Tensor labels, double totalWeight, double share) {
    /** The same for some of the examples. */
    Target narrow(long from, long length) {
      return new Target(labels.narrow(0, from, length), totalWeight, share);
    }

    long count() {
      return labels.numel();
    }
  }

  /** One target, or two where both labels count. */
  List<Target> targets(MixedLabels mixed);

  /** The loss of outputs [examples, ...], of the examples' share in the batch's weight. */
  Tensor of(Tensor outputs, List<Target> targets);

  /** Whether the loss of a batch is more than the sum of its examples' losses. */
  boolean needsWholeBatch();

  /** Class indices as libtorch takes them. */
  static Tensor indices(int[] labels) {
    long[] wide = new long[labels.length];
    for (int i = 0; i < labels.length; i++) {
      wide[i] = labels[i];
    }
    return Tensor.create(wide, wide.length);
  }
}
