package dev.graft.engine.operator;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Filters and bias of a convolution that is merged with the batch norm behind it: from W, s, o, m,
 * v and optionally b to W' and b', see {@link NormFactors}.
 *
 * @param type the type in which the convolution takes both; they are computed in fp32
 */
public record MergedNorm(ScalarType type) implements Operator {
  @Override
  public List<Value> apply(Call call) {
    NormFactors factors =
        NormFactors.of(
            call.tensor(1),
            call.tensor(2),
            call.tensor(3),
            call.tensor(4),
            call.real("epsilon", 1e-5));
    Tensor weight = factors.weight(call.tensor(0).to(ScalarType.Float));
    Tensor bias = factors.bias(call.has(5) ? call.tensor(5).to(ScalarType.Float) : null);
    return List.of(new TensorValue(weight.to(type)), new TensorValue(bias.to(type)));
  }
}
