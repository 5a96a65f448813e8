package dev.graft.engine.operator;

import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What a batch norm with frozen statistics does to each channel: x factor + offset.
 *
 * @param factor s / sqrt(v + e), [channels]
 * @param offset o - m s / sqrt(v + e), [channels]
 */
public record NormFactors(Tensor factor, Tensor offset) {
  /** The factors of a norm; all tensors are [channels]. */
  public static NormFactors of(
      Tensor scale, Tensor offset, Tensor mean, Tensor variance, double epsilon) {
    Tensor factor = scale.div(variance.add(new Scalar(epsilon)).sqrt());
    return new NormFactors(factor, offset.sub(mean.mul(factor)));
  }

  /** The filters of the merged convolution. */
  public Tensor weight(Tensor filters) {
    long[] perFilter = Shapes.of(filters);
    Arrays.fill(perFilter, 1, perFilter.length, 1);
    return filters.mul(factor.reshape(perFilter)); // [O] -> [O,1,1,1]
  }

  /** The bias of the merged convolution, [channels]. */
  public Tensor bias(@Nullable Tensor own) {
    return own == null ? offset : own.mul(factor).add(offset);
  }
}
