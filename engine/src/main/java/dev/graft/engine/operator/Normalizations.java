package dev.graft.engine.operator;

import static org.bytedeco.pytorch.global.torch.batch_norm;
import static org.bytedeco.pytorch.global.torch.constant_pad_nd;
import static org.bytedeco.pytorch.global.torch.group_norm;
import static org.bytedeco.pytorch.global.torch.layer_norm;
import static org.bytedeco.pytorch.global.torch.linalg_vector_norm;
import static org.bytedeco.pytorch.global.torch.pow;

import dev.graft.onnx.ElementType;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Normalisations; libtorch keeps their statistics in fp32 also where the data are bf16. */
final class Normalizations {
  private Normalizations() {}

  static void register(Operators operators) {
    operators
        .add("BatchNormalization", Normalizations::batchNormalization)
        .add("LayerNormalization", Normalizations::layerNormalization)
        .tensor("InstanceNormalization", call -> grouped(call, call.tensor(0).size(1)))
        .tensor("GroupNormalization", call -> grouped(call, call.integer("num_groups", 1)))
        .tensor("LRN", Normalizations::acrossChannels)
        .tensor("LpNormalization", Normalizations::unitLength)
        .tensor("RMSNormalization", Normalizations::rootMeanSquare)
        .tensor("MeanVarianceNormalization", Normalizations::standardized);
  }

  /**
   * Parameters are in fp32 where the data are in 16 bits; libtorch takes this mix for bf16, while
   * data in fp16 are computed in fp32 as well.
   */
  private static Tensor parameter(Call call, int input) {
    boolean exact = ScalarTypes.of(call.tensor(0)) == ScalarType.Double;
    return call.tensor(input).to(exact ? ScalarType.Double : ScalarType.Float);
  }

  private static TensorOptional optionalParameter(Call call, int input) {
    return call.has(input) ? new TensorOptional(parameter(call, input)) : new TensorOptional();
  }

  /**
   * scale (x - mean) / sqrt(variance + epsilon) + bias; with batch statistics it updates mean and
   * variance. A vector is a batch of examples with one channel.
   */
  private static List<Value> batchNormalization(Call call) {
    Tensor given = call.tensor(0);
    Tensor x = Call.widened(given.dim() == 1 ? given.unsqueeze(1) : given);
    boolean stated = call.integer("training_mode", 0) == 1;
    if (stated && call.node().outputs().size() > 1) {
      return withUpdatedStatistics(call, x);
    }
    Tensor y =
        batch_norm(
            x,
            optionalParameter(call, 1),
            optionalParameter(call, 2),
            stated ? new TensorOptional() : optionalParameter(call, 3),
            stated ? new TensorOptional() : optionalParameter(call, 4),
            stated || call.batchStatistics(),
            // ONNX weighs the old value with momentum, libtorch the new one.
            1 - call.real("momentum", 0.9),
            call.real("epsilon", 1e-5),
            false);
    return List.of(
        new TensorValue((given.dim() == 1 ? y.squeeze(1) : y).to(ScalarTypes.of(given))));
  }

  /** The graph's own training mode: ONNX's running variance is that of the population. */
  private static List<Value> withUpdatedStatistics(Call call, Tensor x) {
    Tensor wide = ScalarTypes.of(x) == ScalarType.Double ? x : x.to(ScalarType.Float);
    long[] axes = new long[(int) x.dim() - 1];
    Arrays.setAll(axes, i -> i == 0 ? 0 : i + 1L);
    Tensor mean = wide.mean(axes, true, new ScalarTypeOptional()); // [1,C,1..]
    Tensor centred = wide.sub(mean);
    Tensor variance = centred.mul(centred).mean(axes, true, new ScalarTypeOptional());
    long[] perChannel = Shapes.of(mean);
    Tensor deviation = variance.add(Call.scalar(call.real("epsilon", 1e-5))).sqrt();
    Tensor y =
        centred
            .div(deviation)
            .mul(call.tensor(1).reshape(perChannel))
            .add(call.tensor(2).reshape(perChannel));
    double momentum = call.real("momentum", 0.9);
    return List.of(
        new TensorValue(y.to(ScalarTypes.of(call.tensor(0))).reshape(call.value(0).shape())),
        new TensorValue(moved(call.tensor(3), mean, momentum)),
        new TensorValue(moved(call.tensor(4), variance, momentum)));
  }

  private static Tensor moved(Tensor running, Tensor current, double momentum) {
    return running
        .mul(Call.scalar(momentum))
        .add(current.reshape(running.numel()).mul(Call.scalar(1 - momentum)))
        .to(ScalarTypes.of(running));
  }

  private static List<Value> layerNormalization(Call call) {
    Tensor x = call.tensor(0);
    long[] shape = Shapes.of(x);
    int axis = Shapes.axis(call.integer("axis", -1), shape.length);
    if (!call.node().output(1).isEmpty() || !call.node().output(2).isEmpty()) {
      return withStatistics(call, x, axis);
    }
    long[] normalized = Arrays.copyOfRange(shape, axis, shape.length);
    boolean plain =
        Arrays.equals(call.value(1).shape(), normalized)
            && (!call.has(2) || Arrays.equals(call.value(2).shape(), normalized));
    Tensor y =
        layer_norm(
            Call.widened(x),
            normalized,
            plain ? optionalParameter(call, 1) : new TensorOptional(),
            plain ? optionalParameter(call, 2) : new TensorOptional(),
            call.real("epsilon", 1e-5),
            false);
    Tensor affine = plain ? y : broadcastAffine(call, y);
    return List.of(new TensorValue(affine.to(ScalarTypes.of(x))));
  }

  /** With mean and 1/deviation [d0.., 1..], which libtorch's own kernel gives no gradient for. */
  private static List<Value> withStatistics(Call call, Tensor x, int axis) {
    Tensor wide = x.to(call.scalarType("stash_type", ElementType.FLOAT));
    int rank = (int) x.dim();
    long[] axes = Arrays.copyOfRange(Shapes.all(rank), axis, rank);
    Tensor mean = wide.mean(axes, true, new ScalarTypeOptional());
    Tensor centred = wide.sub(mean);
    Tensor variance = centred.mul(centred).mean(axes, true, new ScalarTypeOptional());
    Tensor inverse = variance.add(Call.scalar(call.real("epsilon", 1e-5))).rsqrt();
    Tensor normal = centred.mul(inverse).to(ScalarTypes.of(x));
    return List.of(
        new TensorValue(broadcastAffine(call, normal)),
        new TensorValue(mean),
        new TensorValue(inverse));
  }

  /** Scale and bias of fewer axes than are normalised are broadcast. */
  private static Tensor broadcastAffine(Call call, Tensor y) {
    Tensor scaled = y.mul(call.tensor(1));
    return (call.has(2) ? scaled.add(call.tensor(2)) : scaled).to(ScalarTypes.of(y));
  }

  /** Each group of channels by its own mean and variance; one group per channel is "instance". */
  private static Tensor grouped(Call call, long groups) {
    Tensor x = call.tensor(0);
    long channels = x.size(1);
    Tensor scale = perChannel(parameter(call, 1), channels);
    Tensor bias = perChannel(parameter(call, 2), channels);
    boolean parametersTrain = scale.requires_grad() || bias.requires_grad();
    Tensor y =
        group_norm(
            Call.widened(parametersTrain && !x.requires_grad() ? variable(x) : x),
            groups,
            new TensorOptional(scale),
            new TensorOptional(bias),
            call.real("epsilon", 1e-5),
            false);
    return y.to(ScalarTypes.of(x));
  }

  /**
   * The same values as something that trains: libtorch 2.10's backward kernel for channels-last
   * data writes the gradient of its input whether it is wanted or not, and ends the process.
   */
  private static Tensor variable(Tensor x) {
    return x.detach().set_requires_grad(true);
  }

  /** Opset 18 has one scale per group, opset 21 one per channel. */
  private static Tensor perChannel(Tensor scale, long channels) {
    return scale.size(0) == channels ? scale : scale.repeat_interleave(channels / scale.size(0));
  }

  /**
   * x / (bias + alpha / size * sum of squares)^beta, the sum over a window of channels that reaches
   * floor((size - 1) / 2) before and ceil((size - 1) / 2) behind each.
   */
  private static Tensor acrossChannels(Call call) {
    Tensor x = call.tensor(0);
    long size = call.integer("size", 1);
    long channels = x.size(1);
    long[] begin = new long[(int) x.dim()];
    long[] end = new long[(int) x.dim()];
    begin[1] = (size - 1) / 2;
    end[1] = size / 2;
    Tensor squares = constant_pad_nd(x.mul(x), new Padding(begin, end).lastAxisFirst());
    Tensor sum = squares.narrow(1, 0, channels);
    for (int shift = 1; shift < size; shift++) {
      sum = sum.add(squares.narrow(1, shift, channels));
    }
    Tensor base =
        sum.mul(Call.scalar(call.real("alpha", 1e-4) / size))
            .add(Call.scalar(call.real("bias", 1)));
    return x.div(pow(base, Call.scalar(call.real("beta", 0.75))));
  }

  /** x / |x| along an axis; what has no length stays zero. */
  private static Tensor unitLength(Call call) {
    Tensor x = call.tensor(0);
    long[] axis = {call.integer("axis", -1)};
    Tensor norm =
        linalg_vector_norm(
            x, Call.whole(call.integer("p", 2)), axis, true, new ScalarTypeOptional());
    Tensor zero = norm.eq(Call.whole(0));
    return x.div(norm.masked_fill(zero, Call.whole(1)));
  }

  /** scale x / sqrt(mean of squares + epsilon), the mean over the axes from a given one on. */
  private static Tensor rootMeanSquare(Call call) {
    Tensor x = call.tensor(0);
    Tensor wide =
        x.to(ScalarTypes.of(x) == ScalarType.Double ? ScalarType.Double : ScalarType.Float);
    int rank = (int) x.dim();
    int first = Shapes.axis(call.integer("axis", -1), rank);
    long[] axes = Arrays.copyOfRange(Shapes.all(rank), first, rank);
    Tensor square = wide.mul(wide).mean(axes, true, new ScalarTypeOptional());
    Tensor root = square.add(Call.scalar(call.real("epsilon", 1e-5))).sqrt();
    return wide.div(root).to(ScalarTypes.of(x)).mul(parameter(call, 1)).to(ScalarTypes.of(x));
  }

  /** (x - mean) / (deviation + 1e-9) over given axes. */
  private static Tensor standardized(Call call) {
    Tensor x = call.tensor(0);
    long[] axes = call.integers("axes", 0, 2, 3);
    Tensor centred = x.sub(x.mean(axes, true, new ScalarTypeOptional()));
    Tensor variance = centred.mul(centred).mean(axes, true, new ScalarTypeOptional());
    return centred.div(variance.sqrt().add(Call.scalar(1e-9)));
  }
}
