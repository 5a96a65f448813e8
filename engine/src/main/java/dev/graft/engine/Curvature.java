package dev.graft.engine;

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
 * Belongs to the scope in which it was made.
 */
sealed interface Curvature {
  /** W to U, [rows, features]. */
  Tensor towards(Tensor weight);

  /** U to W, [rows, features]. */
  Tensor back(Tensor searched);

  /** The gradient in W to that in U, [rows, features]. */
  Tensor gradient(Tensor inWeight);

  /** U is W, whatever the curvature. */
  record Unknown() implements Curvature {
    @Override
    public Tensor towards(Tensor weight) {
      return weight;
    }

    @Override
    public Tensor back(Tensor searched) {
      return searched;
    }

    @Override
    public Tensor gradient(Tensor inWeight) {
      return inWeight;
    }
  }

  /**
   * L is diagonal, as it is along principal axes.
   *
   * @param lengths its diagonal, [features]
   */
  record Diagonal(Tensor lengths) implements Curvature {
    /** That of a search which begins with a mean of p (1 - p) of {@code uncertainty}. */
    static Curvature of(PrincipalAxes axes, double uncertainty, double l2) {
      return new Diagonal(axes.variances().mul(new Scalar(uncertainty)).add(new Scalar(l2)).sqrt());
    }

    @Override
    public Tensor towards(Tensor weight) {
      return weight.mul(lengths);
    }

    @Override
    public Tensor back(Tensor searched) {
      return searched.div(lengths);
    }

    @Override
    public Tensor gradient(Tensor inWeight) {
      return inWeight.div(lengths);
    }
  }

  /**
   * L is the Cholesky factor.
   *
   * @param lower L, [features, features]
   * @param inverse its inverse
   */
  record Factor(Tensor lower, Tensor inverse) implements Curvature {
    /** That of a search which begins with a mean of p (1 - p) of {@code uncertainty}. */
    static Curvature of(FeatureMatrix examples, double uncertainty, double l2) {
      Tensor identity = torch.eye(examples.columns(), new TensorOptions(ScalarType.Float));
      Tensor matrix =
          examples.covariance().mul(new Scalar(uncertainty)).add_(identity, new Scalar(l2));
      Tensor lower = torch.linalg_cholesky(matrix);
      return new Factor(lower, torch.linalg_solve_triangular(lower, identity, false));
    }

    @Override
    public Tensor towards(Tensor weight) {
      return torch.matmul(weight, lower);
    }

    @Override
    public Tensor back(Tensor searched) {
      return torch.matmul(searched, inverse);
    }

    @Override
    public Tensor gradient(Tensor inWeight) {
      return torch.matmul(inWeight, inverse.t());
    }
  }
}
