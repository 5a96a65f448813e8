package dev.graft.runtime;

/**
 * How far an input is from the training examples: a weak sign of whether the model has seen the
 * like. An unusual input may be near in the features of a network that does not see the difference,
 * and a usual one far.
 *
 * @param distance cosine distance of the input's features, each in units of its deviation over the
 *     training examples, to those of the fifth nearest training example, a nearer one where classes
 *     have fewer than ten, 0 to 2 (Sun et al. 2022, "Out-of-distribution detection with deep
 *     nearest neighbors", section 3)
 * @param fartherThan how many training examples are nearer to the other ones than the input is to
 *     them, divided by all of them + 1, 0 to less than 1: of inputs like the training examples, a
 *     share of at most 1 - f has f or more (a conformal p-value; Bates et al. 2023, "Testing for
 *     outliers with conformal p-values", section 2)
 */
public record TrainingDistance(double distance, double fartherThan) {
  /**
   * From this share on an input counts as unlike the training data. With fewer than 49 examples to
   * compare with, none does: they do not tell the unusual from the unlike.
   */
  public static final double UNLIKE_FROM = 0.98;

  /** Whether the input is farther than {@value #UNLIKE_FROM} of the training examples. */
  public boolean isUnlike() {
    return fartherThan >= UNLIKE_FROM;
  }
}
