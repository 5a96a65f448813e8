package dev.graft.transfer.learningcurve;

import dev.graft.transfer.evidence.Interval;
import dev.graft.transfer.evidence.LearningCurve.Forecast;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What a power law through the measured errors expects for more examples, with a band.
 *
 * <p>The band is that of a bootstrap: groups of near-duplicates and repetitions are drawn again,
 * and the law is fitted to each draw. A single fitted curve promises too much (Mahmood et al. 2022,
 * "How much more data do I need? Estimating requirements for downstream tasks"); whether these
 * bands hold what then comes is measured by {@code benchmarks/run learning-curve}.
 */
final class Forecasting {
  static final int LEAST_SIZES = 3;

  private static final int DRAWS = 200;
  private static final double BAND = 0.8;

  /**
   * A bootstrap knows nothing of which examples a training set happens to hold, nor whether the law
   * goes on: its own quantiles held three of four results where they claim four of five.
   */
  private static final double WIDENING = 1.15;

  private final HeldOutHits hits;
  private final PowerLaw law;
  private final PowerLaw[] drawn;

  private Forecasting(HeldOutHits hits, PowerLaw law, PowerLaw[] drawn) {
    this.hits = hits;
    this.law = law;
    this.drawn = drawn;
  }

  /**
   * Fits the law and draws its band.
   *
   * @param hits at least {@value #LEAST_SIZES} sizes
   * @param groups near-duplicates, which are drawn together
   */
  static Forecasting of(HeldOutHits hits, int[] groups, long seed) {
    double[] errors = new double[hits.sizes().length];
    double[] weights = new double[errors.length];
    for (int size = 0; size < errors.length; size++) {
      errors[size] = 1 - hits.accuracy(size);
      weights[size] = 1 / variance(errors[size], groups.length);
    }
    SplittableRandom random = new SplittableRandom(seed);
    Resampling resampling = new Resampling(hits, groups);
    PowerLaw[] drawn = new PowerLaw[DRAWS];
    for (int draw = 0; draw < DRAWS; draw++) {
      drawn[draw] = PowerLaw.fit(hits.sizes(), resampling.draw(random), weights);
    }
    return new Forecasting(hits, PowerLaw.fit(hits.sizes(), errors, weights), drawn);
  }

  /** Of a binomial share; no error at all among n is no proof that there is none. */
  private static double variance(double error, int judged) {
    double least = 0.5 / judged;
    double inner = Math.max(least, Math.min(1 - least, error));
    return inner * (1 - inner) / judged;
  }

  /** The law. */
  PowerLaw law() {
    return law;
  }

  /**
   * How far the measured errors lie from the law, in standard errors, root mean square. They were
   * measured on the same examples, so that about 1 is already a poor fit.
   */
  double misfit() {
    return Math.sqrt(law.misfit() / hits.sizes().length);
  }

  /** The forecast for a number of examples. */
  Forecast at(int examples) {
    double expected = law.accuracy(examples);
    double[] values =
        Arrays.stream(drawn).mapToDouble(one -> one.accuracy(examples)).sorted().toArray();
    double below = Math.max(0, expected - quantile(values, (1 - BAND) / 2));
    double above = Math.max(0, quantile(values, (1 + BAND) / 2) - expected);
    return new Forecast(
        examples,
        expected,
        new Interval(
            Math.max(0, expected - WIDENING * below), Math.min(1, expected + WIDENING * above)));
  }

  private static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) Math.floor(place);
    int above = Math.min(sorted.length - 1, below + 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  /** Draws groups of examples, and repetitions, with replacement. */
  private static final class Resampling {
    private final HeldOutHits hits;
    private final int[] groupOf;
    private final int groups;

    Resampling(HeldOutHits hits, int[] groups) {
      this.hits = hits;
      int[] distinct = Arrays.stream(groups).distinct().sorted().toArray();
      this.groups = distinct.length;
      this.groupOf =
          Arrays.stream(groups).map(group -> Arrays.binarySearch(distinct, group)).toArray();
    }

    /** The error at each size. */
    double[] draw(SplittableRandom random) {
      int[] times = new int[groups];
      for (int i = 0; i < groups; i++) {
        times[random.nextInt(groups)]++;
      }
      int[] repetitions = new int[hits.repetitions()];
      Arrays.setAll(repetitions, i -> random.nextInt(repetitions.length));
      double[] errors = new double[hits.sizes().length];
      for (int size = 0; size < errors.length; size++) {
        errors[size] = error(size, repetitions, times);
      }
      return errors;
    }

    private double error(int size, int[] repetitions, int[] times) {
      long wrong = 0;
      long judged = 0;
      for (int repetition : repetitions) {
        byte[] outcomes = hits.outcomes()[size][repetition];
        for (int example = 0; example < outcomes.length; example++) {
          if (outcomes[example] != HeldOutHits.UNSEEN) {
            int weight = times[groupOf[example]];
            judged += weight;
            wrong += outcomes[example] == HeldOutHits.WRONG ? weight : 0;
          }
        }
      }
      return judged == 0 ? 1 : (double) wrong / judged;
    }
  }
}
