package dev.graft.engine;

import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Coordinates in which the objective of logistic regression is about as curved in one direction as
 * in another: U = W L for L L' = c X' X / n + l2 I, c being the mean of p (1 - p) over examples and
 * classes.
 *
 * <p>Any c above 0 leaves the minimum where it is; it decides only how fast the search gets there.
 * With more features than {@value #MOST_FEATURES}, the matrix takes longer than it saves, and U is
 * W. Belongs to the scope in which it was made.
 */
final class Curvature {
  private static final long MOST_FEATURES = 2_048;

  private record Factor(Tensor lower, Tensor inverse) {}

  private final Optional<Factor> factor;

  private Curvature(Optional<Factor> factor) {
    this.factor = factor;
  }

  /**
   * @param uncertainty the mean of p (1 - p) over examples and classes where the search begins
   */
  static Curvature of(FeatureMatrix examples, double uncertainty, double l2) {
    if (examples.columns() > MOST_FEATURES || l2 <= 0) {
      return new Curvature(Optional.empty());
    }
    Tensor identity = torch.eye(examples.columns(), new TensorOptions(ScalarType.Float));
    Tensor matrix =
        examples.covariance().mul(new Scalar(uncertainty)).add_(identity, new Scalar(l2));
    Tensor lower = torch.linalg_cholesky(matrix);
    Tensor inverse = torch.linalg_solve_triangular(lower, identity, false);
    return new Curvature(Optional.of(new Factor(lower, inverse)));
  }

  /** W to U, [rows, features]. */
  Tensor towards(Tensor weight) {
    return factor.map(found -> torch.matmul(weight, found.lower)).orElse(weight);
  }

  /** U to W, [rows, features]. */
  Tensor back(Tensor searched) {
    return factor.map(found -> torch.matmul(searched, found.inverse)).orElse(searched);
  }

  /** The gradient in W to that in U, [rows, features]. */
  Tensor gradient(Tensor inWeight) {
    return factor.map(found -> torch.matmul(inWeight, found.inverse.t())).orElse(inWeight);
  }
}
