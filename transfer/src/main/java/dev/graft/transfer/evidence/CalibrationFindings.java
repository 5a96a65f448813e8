package dev.graft.transfer.evidence;

import java.util.List;
import java.util.Optional;

/**
 * How far the probabilities can be believed.
 *
 * @param temperature what the logits were divided by, above 0 (Guo et al. 2017, section 4.2)
 * @param before reliability of the held-out predictions before that
 * @param after the same after it
 * @param test reliability on the test part, with the temperature
 * @param sets prediction sets that hold the true class with a chosen probability
 */
public record CalibrationFindings(
    double temperature,
    Reliability before,
    Reliability after,
    Optional<Reliability> test,
    Optional<PredictionSets> sets) {

  /**
   * How often predictions of a confidence are right.
   *
   * @param expectedCalibrationError mean over the bins of |accuracy - confidence|, weighted by
   *     their examples, 0 to 1
   * @param bins of equal width from 0 to 1, the empty ones included
   */
  public record Reliability(double expectedCalibrationError, List<Bin> bins) {
    /** Copies the bins. */
    public Reliability {
      bins = List.copyOf(bins);
    }
  }

  /**
   * Predictions of like confidence.
   *
   * @param low least confidence
   * @param high largest confidence
   * @param examples how many there are
   * @param confidence their mean confidence; 0 without examples
   * @param accuracy share of them that is right; 0 without examples
   */
  public record Bin(double low, double high, int examples, double confidence, double accuracy) {}

  /**
   * Split-conformal prediction sets (Vovk et al. 2005; Angelopoulos and Bates 2023, section 1).
   *
   * @param coverage probability with which a set shall hold the true class, in (0, 1)
   * @param leastProbability classes of at least this probability are in the set
   * @param meanSize mean number of classes in a held-out example's set
   * @param test what the test part shows; empty without one
   */
  public record PredictionSets(
      double coverage, double leastProbability, double meanSize, Optional<Observed> test) {}

  /**
   * What sets did on examples.
   *
   * @param coverage share of the examples whose set holds their class
   * @param interval 95 % interval of that share
   * @param meanSize mean number of classes in a set
   */
  public record Observed(double coverage, Interval interval, double meanSize) {}
}
