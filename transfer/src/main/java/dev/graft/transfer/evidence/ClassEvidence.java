package dev.graft.transfer.evidence;

import java.util.OptionalDouble;

/**
 * How well one class is told from the others.
 *
 * @param label the class
 * @param examples examples of the class
 * @param predicted examples that the model takes for the class
 * @param correct examples of the class that the model takes for it
 */
public record ClassEvidence(String label, int examples, int predicted, int correct) {

  /**
   * Checks the counts.
   *
   * @throws IllegalArgumentException if more examples are correct than there are
   */
  public ClassEvidence {
    if (correct < 0 || correct > examples || correct > predicted) {
      throw new IllegalArgumentException(
          "class "
              + label
              + ": "
              + correct
              + " correct of "
              + examples
              + " examples and "
              + predicted
              + " predictions is impossible");
    }
  }

  /** correct / predicted; empty where the model never predicts the class. */
  public OptionalDouble precision() {
    return ratio(correct, predicted);
  }

  /** The 95 % Wilson interval of {@link #precision()}; 0 to 1 where that is empty. */
  public Interval precisionInterval() {
    return Interval.wilson95(correct, predicted);
  }

  /** correct / examples; empty where the class has no examples. */
  public OptionalDouble recall() {
    return ratio(correct, examples);
  }

  /** The 95 % Wilson interval of {@link #recall()}; 0 to 1 where that is empty. */
  public Interval recallInterval() {
    return Interval.wilson95(correct, examples);
  }

  /**
   * The harmonic mean of precision and recall, 2 correct / (examples + predicted); empty where the
   * class has neither examples nor predictions.
   */
  public OptionalDouble f1() {
    return ratio(2 * (long) correct, (long) examples + predicted);
  }

  private static OptionalDouble ratio(long part, long whole) {
    return whole == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) part / whole);
  }
}
