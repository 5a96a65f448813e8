package dev.graft.engine.operator;

import static org.bytedeco.pytorch.global.torch.batch_norm;
import static org.bytedeco.pytorch.global.torch.group_norm;
import static org.bytedeco.pytorch.global.torch.instance_norm;
import static org.bytedeco.pytorch.global.torch.layer_norm;
import static org.bytedeco.pytorch.global.torch.native_layer_norm;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Normalisations; libtorch keeps their statistics in fp32 also where the data are bf16. */
final class Normalizations {
  private Normalizations() {}

  static void register(Operators operators) {
    operators
        .tensor("BatchNormalization", Normalizations::batchNormalization)
        .add("LayerNormalization", Normalizations::layerNormalization)
        .tensor(
            "InstanceNormalization",
            call ->
                instance_norm(
                    call.tensor(0),
                    optionalParameter(call, 1),
                    optionalParameter(call, 2),
                    new TensorOptional(),
                    new TensorOptional(),
                    true,
                    0,
                    call.real("epsilon", 1e-5),
                    false))
        .tensor("GroupNormalization", Normalizations::groupNormalization)
        .tensor("LpNormalization", Normalizations::unitLength);
  }

  /** Parameters are in fp32 where the data are in bf16; libtorch takes this mix, but no other. */
  private static Tensor parameter(Call call, int input) {
    ScalarType ofData = ScalarTypes.of(call.tensor(0));
    return call.tensor(input).to(ofData == ScalarType.BFloat16 ? ScalarType.Float : ofData);
  }

  private static TensorOptional optionalParameter(Call call, int input) {
    return call.has(input) ? new TensorOptional(parameter(call, input)) : new TensorOptional();
  }

  /**
   * scale (x - mean) / sqrt(variance + epsilon) + bias; with batch statistics it updates mean and
   * variance.
   */
  private static Tensor batchNormalization(Call call) {
    return batch_norm(
        call.tensor(0),
        optionalParameter(call, 1),
        optionalParameter(call, 2),
        optionalParameter(call, 3),
        optionalParameter(call, 4),
        call.batchStatistics(),
        // ONNX weighs the old value with momentum, libtorch the new one.
        1 - call.real("momentum", 0.9),
        call.real("epsilon", 1e-5),
        false);
  }

  private static List<Value> layerNormalization(Call call) {
    Tensor x = call.tensor(0);
    long[] shape = Shapes.of(x);
    int axis = Shapes.axis(call.integer("axis", -1), shape.length);
    if (call.node().outputs().size() > 1) {
      T_TensorTensorTensor_T all =
          native_layer_norm(
              x,
              Arrays.copyOfRange(shape, axis, shape.length),
              optionalParameter(call, 1),
              optionalParameter(call, 2),
              call.real("epsilon", 1e-5));
      // The tuple's members live no longer than the tuple, hence handles of their own;
      // mean and 1/deviation are [d0.., 1..].
      return List.of(
          new TensorValue(new Tensor(all.get0())),
          new TensorValue(new Tensor(all.get1())),
          new TensorValue(new Tensor(all.get2())));
    }
    return List.of(
        new TensorValue(
            layer_norm(
                x,
                Arrays.copyOfRange(shape, axis, shape.length),
                optionalParameter(call, 1),
                optionalParameter(call, 2),
                call.real("epsilon", 1e-5),
                false)));
  }

  private static Tensor groupNormalization(Call call) {
    Tensor x = call.tensor(0);
    long groups = call.integer("num_groups", 1);
    long channels = x.size(1);
    return group_norm(
        x,
        groups,
        new TensorOptional(perChannel(parameter(call, 1), channels)),
        new TensorOptional(perChannel(parameter(call, 2), channels)),
        call.real("epsilon", 1e-5),
        false);
  }

  /** Opset 18 has one scale per group, opset 21 one per channel. */
  private static Tensor perChannel(Tensor scale, long channels) {
    return scale.size(0) == channels ? scale : scale.repeat_interleave(channels / scale.size(0));
  }

  private static Tensor unitLength(Call call) {
    Tensor x = call.tensor(0);
    long axis = call.integer("axis", -1);
    Tensor norm =
        call.integer("p", 2) == 1
            ? x.abs().sum(new long[] {axis}, true, new org.bytedeco.pytorch.ScalarTypeOptional())
            : x.mul(x)
                .sum(new long[] {axis}, true, new org.bytedeco.pytorch.ScalarTypeOptional())
                .sqrt();
    return x.div(norm);
  }
}
