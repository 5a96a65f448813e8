package dev.graft.transfer.training;

import java.util.List;
import java.util.Optional;

/**
 * A head to be fitted on the features of a frozen trunk.
 *
 * @param train features of the training examples
 * @param labels their classes
 * @param views views of each training example
 * @param groups near-duplicates that stay on one side of every split
 * @param heldOut examples already held out: the data's own validation part, or a share
 * @param classes number of classes
 * @param classWeights factor on the loss of each class
 * @param validationFraction share to hold out where one split is made
 * @param seed of splits and fresh weights
 */
public record HeadProblem(
    Activations train,
    int[] labels,
    int views,
    int[] groups,
    Optional<HeldOut> heldOut,
    int classes,
    float[] classWeights,
    double validationFraction,
    long seed) {

  /**
   * Features and classes of examples that do not train.
   *
   * @param method how they were chosen, in words
   */
  public record HeldOut(Activations features, int[] labels, String method) {}

  /** The same problem with only the first views of each example. */
  HeadProblem withViews(int fewer) {
    return new HeadProblem(
        train, labels, fewer, groups, heldOut, classes, classWeights, validationFraction, seed);
  }

  int examples() {
    return labels.length;
  }

  /** The plain rows of some training examples. */
  HeldOut plainRows(int[] rows) {
    int[] theirLabels = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      theirLabels[i] = labels[rows[i]];
    }
    Activations features =
        new Activations() {
          @Override
          public int width() {
            return train.width();
          }

          @Override
          public void read(int row, int view, float[] out) {
            train.read(rows[row], 0, out);
          }
        };
    String method = Math.round(100 * validationFraction) + " % of the training examples, held out";
    return new HeldOut(features, theirLabels, method);
  }

  /** What a fit gives. */
  public record Fit(
      ClassifierHead head,
      Validated validated,
      List<dev.graft.transfer.evidence.TrainingRecord.Candidate> candidates,
      List<dev.graft.transfer.evidence.TrainingRecord.Epoch> history) {}
}
