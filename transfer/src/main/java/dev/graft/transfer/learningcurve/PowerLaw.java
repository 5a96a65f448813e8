package dev.graft.transfer.learningcurve;

/**
 * The error that n training examples leave: {@code floor + scale * n^-exponent}.
 *
 * <p>Source: Hestness et al. 2017, "Deep learning scaling is predictable, empirically", who find
 * exponents of 0.07 to 0.35 for networks that train whole, and 0.5 in theory.
 *
 * @param floor what no number of examples removes, at least 0
 * @param scale at least 0
 * @param exponent {@value #LEAST_EXPONENT} to {@value #GREATEST_EXPONENT}
 * @param misfit sum of the weighted squared residuals
 */
record PowerLaw(double floor, double scale, double exponent, double misfit) {
  static final double LEAST_EXPONENT = 0.1;
  static final double GREATEST_EXPONENT = 1.2;
  private static final double EXPONENT_STEP = 0.05;

  /**
   * Few points hardly tell an exponent. Being e times too large or small counts as half a squared
   * standard error, so that where the points say nothing it is that of the theory.
   */
  private static final double EXPECTED_EXPONENT = 0.5;

  private static final double EXPONENT_WEIGHT = 0.5;

  /**
   * Fits by weighted least squares: for each exponent of a grid the other two are linear.
   *
   * @param examples numbers of training examples, at least three different ones
   * @param errors the error at each
   * @param weights the inverse variance of each error
   */
  static PowerLaw fit(int[] examples, double[] errors, double[] weights) {
    int steps = (int) Math.round((GREATEST_EXPONENT - LEAST_EXPONENT) / EXPONENT_STEP);
    PowerLaw best = fit(examples, errors, weights, LEAST_EXPONENT);
    for (int step = 1; step <= steps; step++) {
      PowerLaw one = fit(examples, errors, weights, LEAST_EXPONENT + step * EXPONENT_STEP);
      best = one.cost() < best.cost() ? one : best;
    }
    return best;
  }

  private double cost() {
    double factors = Math.log(exponent / EXPECTED_EXPONENT);
    return misfit + EXPONENT_WEIGHT * factors * factors;
  }

  private static PowerLaw fit(int[] n, double[] errors, double[] weights, double exponent) {
    double total = 0;
    double x = 0;
    double xx = 0;
    double y = 0;
    double xy = 0;
    double[] powers = new double[n.length];
    for (int i = 0; i < n.length; i++) {
      powers[i] = Math.pow(n[i], -exponent);
      total += weights[i];
      x += weights[i] * powers[i];
      xx += weights[i] * powers[i] * powers[i];
      y += weights[i] * errors[i];
      xy += weights[i] * powers[i] * errors[i];
    }
    double scale = (total * xy - x * y) / (total * xx - x * x);
    double floor = (y - scale * x) / total;
    if (floor < 0) {
      floor = 0;
      scale = xy / xx;
    }
    if (scale < 0) {
      scale = 0;
      floor = y / total;
    }
    double misfit = 0;
    for (int i = 0; i < n.length; i++) {
      double residual = errors[i] - floor - scale * powers[i];
      misfit += weights[i] * residual * residual;
    }
    return new PowerLaw(floor, scale, exponent, misfit);
  }

  /** The accuracy that so many examples give, 0 to 1. */
  double accuracy(double examples) {
    return Math.max(0, Math.min(1, 1 - floor - scale * Math.pow(examples, -exponent)));
  }
}
