package dev.graft.engine;

import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Features in the coordinates of their principal axes: X = Z A with Z [rows, axes] and A [axes,
 * features], the rows of A orthonormal and the columns of Z orthogonal (the thin singular value
 * decomposition U S V', Z being U S and A being V').
 *
 * <p>Weights that are penalised by their squares have nothing outside the axes, so that a linear
 * model of few examples is found in as many coordinates as there are examples, and there the
 * curvature of its objective is about diagonal.
 *
 * <p>Owns its native memory; close it. Not thread-safe.
 */
final class PrincipalAxes implements AutoCloseable {
  /** Axes along which the features vary less, as a share of the first one's variance, are noise. */
  private static final double LEAST_VARIANCE = 1e-12;

  private final Tensor coordinates;
  private final Tensor axes;
  private final Tensor variances;

  private PrincipalAxes(Tensor coordinates, Tensor axes, Tensor variances) {
    this.coordinates = coordinates;
    this.axes = axes;
    this.variances = variances;
  }

  /**
   * Those of features [rows, features]; empty where the features do not vary at all. It takes about
   * ten times the third power of the lesser of rows and features.
   */
  static Optional<PrincipalAxes> of(Tensor features) {
    try (PointerScope scope = new PointerScope();
        AutoGradMode inference = new AutoGradMode(false)) {
      Tensor exact = features.to(ScalarType.Double);
      boolean fewRows = exact.size(0) <= exact.size(1);
      Tensor products =
          fewRows ? torch.matmul(exact, exact.t()) : torch.matmul(exact.t(), exact); // [K,K]
      T_TensorTensor_T found = torch.linalg_eigh(products);
      long size = products.size(0);
      double largest = found.get0().select(0, size - 1).item().toDouble();
      if (!(largest > 0)) {
        return Optional.empty();
      }
      // Ascending, so that those to keep stand last.
      long kept = found.get0().gt(new Scalar(largest * LEAST_VARIANCE)).sum().item().toLong();
      Tensor squares = found.get0().narrow(0, size - kept, kept);
      Tensor vectors = found.get1().narrow(1, size - kept, kept); // [K,kept]
      Tensor lengths = squares.sqrt();
      Tensor coordinates = fewRows ? vectors.mul(lengths) : torch.matmul(exact, vectors);
      Tensor axes =
          fewRows ? torch.matmul(vectors.t(), exact).div(lengths.unsqueeze(1)) : vectors.t();
      return Optional.of(
          new PrincipalAxes(
              single(coordinates),
              single(axes),
              single(squares.div(new Scalar((double) exact.size(0))))));
    }
  }

  private static Tensor single(Tensor exact) {
    Tensor single = exact.to(ScalarType.Float).contiguous();
    single.retainReference();
    return single;
  }

  /** Z, [rows, axes]. */
  Tensor coordinates() {
    return coordinates;
  }

  /** The mean square of the coordinates along each axis, [axes]. */
  Tensor variances() {
    return variances;
  }

  /** Weights for features to weights for coordinates, [any, axes]. */
  Tensor towards(Tensor weight) {
    return torch.matmul(weight, axes.t());
  }

  /** Weights for coordinates to weights for features, [any, features]. */
  Tensor back(Tensor weight) {
    return torch.matmul(weight, axes);
  }

  @Override
  public void close() {
    coordinates.releaseReference();
    axes.releaseReference();
    variances.releaseReference();
  }
}
