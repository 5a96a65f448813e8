package dev.graft.engine.operator;

import static org.bytedeco.pytorch.global.torch.clamp;
import static org.bytedeco.pytorch.global.torch.elu;
import static org.bytedeco.pytorch.global.torch.gelu;
import static org.bytedeco.pytorch.global.torch.hardswish;
import static org.bytedeco.pytorch.global.torch.hardtanh;
import static org.bytedeco.pytorch.global.torch.hardtanh_;
import static org.bytedeco.pytorch.global.torch.leaky_relu;
import static org.bytedeco.pytorch.global.torch.log_softmax;
import static org.bytedeco.pytorch.global.torch.mish;
import static org.bytedeco.pytorch.global.torch.relu;
import static org.bytedeco.pytorch.global.torch.sigmoid;
import static org.bytedeco.pytorch.global.torch.softmax;
import static org.bytedeco.pytorch.global.torch.softplus;
import static org.bytedeco.pytorch.global.torch.tanh;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Pointwise non-linearities and softmax. */
final class Activations {
  private Activations() {}

  static void register(Operators operators) {
    operators
        .tensor(
            "Relu", call -> call.overwriteFirst() ? call.tensor(0).relu_() : relu(call.tensor(0)))
        .shapeAware("Clip", Activations::clip)
        .tensor("Sigmoid", call -> sigmoid(call.tensor(0)))
        .tensor("Tanh", call -> tanh(call.tensor(0)))
        .tensor("HardSigmoid", Activations::hardSigmoid)
        .tensor("HardSwish", call -> hardswish(call.tensor(0)))
        .tensor(
            "LeakyRelu", call -> leaky_relu(call.tensor(0), Call.scalar(call.real("alpha", 0.01))))
        .tensor(
            "Elu",
            call ->
                elu(
                    call.tensor(0),
                    Call.scalar(call.real("alpha", 1)),
                    Call.scalar(1),
                    Call.scalar(1)))
        .tensor("Celu", Activations::continuousElu)
        .tensor(
            "Selu",
            call ->
                elu(
                    call.tensor(0),
                    Call.scalar(call.real("alpha", 1.6732631921768188)),
                    Call.scalar(call.real("gamma", 1.0507010221481323)),
                    Call.scalar(1)))
        .tensor("PRelu", Activations::parametricRelu)
        .tensor("ThresholdedRelu", Activations::thresholdedRelu)
        .tensor("Shrink", Activations::shrink)
        .tensor("Mish", call -> mish(call.tensor(0)))
        .tensor("Softsign", call -> softsign(call.tensor(0)))
        .tensor("Softplus", call -> softplus(call.tensor(0)))
        .tensor("Swish", Activations::swish)
        .tensor("Gelu", call -> gelu(call.tensor(0), call.node().text("approximate", "none")))
        .tensor("Softmax", Activations::proportions)
        .tensor("LogSoftmax", call -> log_softmax(call.tensor(0), call.integer("axis", -1)))
        .tensor("Hardmax", Activations::hardmax);
  }

  /**
   * exp(x - max x) / sum of these along an axis.
   *
   * <p>libtorch's kernels keep the statistics of 16-bit data in fp32, which is what training in
   * bf16 wants. The standard's own function rounds after each step, which is followed for graphs
   * that state fp16.
   */
  private static Tensor proportions(Call call) {
    Tensor x = call.tensor(0);
    long axis = call.integer("axis", -1);
    if (ScalarTypes.of(x) != ScalarType.Half || x.numel() == 0) {
      return softmax(x, axis);
    }
    long[] axes = {axis};
    Tensor powers = x.sub(x.amax(axes, true)).exp();
    return powers.div(powers.sum(axes, true, new ScalarTypeOptional()));
  }

  private static Tensor clip(Call call) {
    ScalarOptional low = bound(call, 1);
    ScalarOptional high = bound(call, 2);
    if (!low.has_value() && !high.has_value()) {
      return new Tensor(call.tensor(0));
    }
    Tensor x = call.tensor(0);
    if (x.is_floating_point() && isRange(low, high)) {
      // The same function, whose gradient takes one pass and can do with the output.
      return call.overwriteFirst()
          ? hardtanh_(x, low.get(), high.get())
          : hardtanh(x, low.get(), high.get());
    }
    return call.overwriteFirst() ? torch.clamp_(x, low, high) : clamp(x, low, high);
  }

  private static boolean isRange(ScalarOptional low, ScalarOptional high) {
    return low.has_value() && high.has_value() && low.get().toDouble() < high.get().toDouble();
  }

  private static ScalarOptional bound(Call call, int input) {
    if (!call.has(input)) {
      return new ScalarOptional();
    }
    // A float bound would turn integer data into floats.
    return new ScalarOptional(
        call.value(0).type().isFloating()
            ? new Scalar(call.real(input, 0))
            : new Scalar(call.longs(input)[0]));
  }

  /** max(0, min(1, alpha x + beta)). */
  private static Tensor hardSigmoid(Call call) {
    double alpha = call.real("alpha", 0.2);
    double beta = call.real("beta", 0.5);
    Tensor x = call.tensor(0);
    Tensor line = Call.widened(x).mul(Call.scalar(alpha)).add(Call.scalar(beta));
    return clamp(line, new ScalarOptional(Call.scalar(0)), new ScalarOptional(Call.scalar(1)))
        .to(ScalarTypes.of(x));
  }

  /** x where x >= 0, else slope x; the slope broadcasts in ONNX's way, from the last axis. */
  private static Tensor parametricRelu(Call call) {
    Tensor x = call.tensor(0);
    Tensor negative = clamp(x, new ScalarOptional(), new ScalarOptional(Call.scalar(0)));
    return relu(x).add(negative.mul(call.tensor(1)));
  }

  /** max(0, x) + min(0, alpha (exp(x / alpha) - 1)). */
  private static Tensor continuousElu(Call call) {
    double alpha = call.real("alpha", 1);
    return elu(call.tensor(0), Call.scalar(alpha), Call.scalar(1), Call.scalar(1 / alpha));
  }

  /** x above the threshold, else 0. */
  private static Tensor thresholdedRelu(Call call) {
    Tensor x = call.tensor(0);
    return x.masked_fill(x.le(Call.scalar(call.real("alpha", 1))), Call.whole(0));
  }

  /** x moved toward zero by the bias where it is further than lambd from it, else 0. */
  private static Tensor shrink(Call call) {
    Tensor x = call.tensor(0);
    double bound = call.real("lambd", 0.5);
    double bias = call.real("bias", 0);
    ScalarType type = ScalarTypes.of(x);
    Tensor below = x.add(Call.scalar(bias)).mul(x.lt(Call.scalar(-bound)));
    Tensor above = x.sub(Call.scalar(bias)).mul(x.gt(Call.scalar(bound)));
    return below.add(above).to(type);
  }

  private static Tensor softsign(Tensor x) {
    return x.div(x.abs().add(Call.scalar(1)));
  }

  /** 1 at the first of the largest elements along an axis, else 0. */
  private static Tensor hardmax(Call call) {
    Tensor x = call.tensor(0);
    long axis = call.integer("axis", -1);
    Tensor place = x.argmax(new LongOptional(axis), true);
    return torch.zeros_like(x).scatter(axis, place, Call.whole(1));
  }

  /** x sigmoid(alpha x). */
  private static Tensor swish(Call call) {
    Tensor x = call.tensor(0);
    double alpha = call.real("alpha", 1);
    return alpha == 1 ? torch.silu(x) : x.mul(sigmoid(x.mul(Call.scalar(alpha))));
  }
}
