package dev.graft.engine.operator;

import static org.bytedeco.pytorch.global.torch.constant_pad_nd;
import static org.bytedeco.pytorch.global.torch.convolution;

import org.bytedeco.pytorch.Tensor;

/** Convolution over one, two or three spatial axes, with groups. */
final class Convolutions {
  private Convolutions() {}

  static void register(Operators operators) {
    operators.tensor("Conv", Convolutions::convolve);
  }

  private static Tensor convolve(Call call) {
    Tensor weight = call.tensor(1);
    Tensor x = call.tensor(0).to(ScalarTypes.of(weight));
    long[] kernel = Padding.spatial(Shapes.of(weight));
    long[] strides = call.integers("strides", Padding.ones(kernel.length));
    long[] dilations = call.integers("dilations", Padding.ones(kernel.length));
    Padding padding = Padding.of(call, Padding.spatial(Shapes.of(x)), kernel, strides, dilations);
    long[] pads = padding.begin();
    if (!padding.isSymmetric()) {
      x = constant_pad_nd(x, padding.lastAxisFirst());
      pads = new long[kernel.length];
    }
    return convolution(
        x,
        weight,
        call.optional(2),
        strides,
        pads,
        dilations,
        false,
        new long[kernel.length],
        call.integer("group", 1));
  }
}
