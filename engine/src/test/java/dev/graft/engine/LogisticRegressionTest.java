package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.engine.LogisticRegression.Effort;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fitted head is the optimum that a reference solver finds. */
class LogisticRegressionTest {
  private static final Effort TO_THE_END = new Effort(200, 1e-8);

  /** Many examples are searched with a Cholesky factor, few along their axes. */
  @ParameterizedTest
  @CsvSource({"60, 5", "60, 40", "10, 40", "36, 10"})
  void fit_smallProblem_reachesAStationaryPoint(int rows, int columns) {
    float[] values = TestTensors.noise(11, rows, columns).values();
    int[] labels = new int[rows];
    float[] weights = new float[rows];
    try (FeatureMatrix matrix = new FeatureMatrix(rows, columns)) {
      for (int row = 0; row < rows; row++) {
        float[] features = java.util.Arrays.copyOfRange(values, row * columns, (row + 1) * columns);
        matrix.setRow(row, features);
        labels[row] = features[0] > 0.3 ? 2 : features[1] > 0 ? 1 : 0;
        weights[row] = 1 + row % 2;
      }
      double l2 = 0.01;
      LogisticRegression.Solution solution =
          LogisticRegression.fit(matrix, labels, weights, 3, l2, Optional.empty(), TO_THE_END);
      assertThat(gradientNorm(values, labels, weights, solution, l2, columns))
          .isCloseTo(0, within(1e-3));
      LogisticRegression.Solution warm =
          LogisticRegression.fit(matrix, labels, weights, 3, l2, Optional.of(solution), TO_THE_END);
      assertThat(warm.loss()).isCloseTo(solution.loss(), within(1e-5));
    }
  }

  /** The norm of the gradient, written out in double precision. */
  private static double gradientNorm(
      float[] values,
      int[] labels,
      float[] weights,
      LogisticRegression.Solution solution,
      double l2,
      int columns) {
    int classes = solution.bias().length;
    double[] gradient = new double[classes * columns + classes];
    double total = 0;
    for (float weight : weights) {
      total += weight;
    }
    for (int row = 0; row < labels.length; row++) {
      double[] p = probabilities(values, row, solution, columns);
      for (int c = 0; c < classes; c++) {
        double residual = (p[c] - (labels[row] == c ? 1 : 0)) * weights[row] / total;
        for (int d = 0; d < columns; d++) {
          gradient[c * columns + d] += residual * values[row * columns + d];
        }
        gradient[classes * columns + c] += residual;
      }
    }
    double square = 0;
    for (int i = 0; i < gradient.length; i++) {
      double g = gradient[i] + (i < classes * columns ? l2 * solution.weight()[i] : 0);
      square += g * g;
    }
    return Math.sqrt(square);
  }

  private static double[] probabilities(
      float[] values, int row, LogisticRegression.Solution solution, int columns) {
    int classes = solution.bias().length;
    double[] p = new double[classes];
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      double logit = solution.bias()[c];
      for (int d = 0; d < columns; d++) {
        logit += solution.weight()[c * columns + d] * values[row * columns + d];
      }
      p[c] = Math.exp(logit);
      sum += p[c];
    }
    for (int c = 0; c < classes; c++) {
      p[c] /= sum;
    }
    return p;
  }
}
