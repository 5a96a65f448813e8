package dev.graft.engine.operator;

import static org.bytedeco.pytorch.global.torch.constant_pad_nd;
import static org.bytedeco.pytorch.global.torch.convolution;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

/** Convolution over one, two or three spatial axes, with groups. */
final class Convolutions {
  private Convolutions() {}

  static void register(Operators operators) {
    operators
        .tensor("Conv", Convolutions::convolve)
        .tensor("ConvTranspose", Convolutions::transposed);
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

  /**
   * The transpose of a convolution: every element lays its multiple of the filter on the output,
   * from which the pads are then cut.
   */
  private static Tensor transposed(Call call) {
    Tensor weight = call.tensor(1); // [C, M / groups, k..]
    Tensor x = call.tensor(0).to(ScalarTypes.of(weight));
    long[] kernel = Padding.spatial(Shapes.of(weight));
    long[] strides = call.integers("strides", Padding.ones(kernel.length));
    long[] dilations = call.integers("dilations", Padding.ones(kernel.length));
    Tensor whole =
        convolution(
            x,
            weight,
            new TensorOptional(),
            strides,
            new long[kernel.length],
            dilations,
            true,
            new long[kernel.length],
            call.integer("group", 1));
    long[] input = Padding.spatial(Shapes.of(x));
    long[] full = Padding.spatial(Shapes.of(whole));
    Tensor result = constant_pad_nd(whole, cuts(call, input, strides, full).lastAxisFirst());
    if (!call.has(2)) {
      return result;
    }
    long[] perChannel = Padding.ones(kernel.length + 1); // [M,1..]
    perChannel[0] = result.size(1);
    return result.add(call.tensor(2).reshape(perChannel));
  }

  /** What is cut off, as negative pads; additional elements at the end count against it. */
  private static Padding cuts(Call call, long[] input, long[] strides, long[] full) {
    int axes = full.length;
    long[] more = call.integers("output_padding", new long[axes]);
    String automatic = call.node().text("auto_pad", "NOTSET");
    boolean same = automatic.startsWith("SAME");
    long[] begin = new long[axes];
    long[] end = new long[axes];
    for (int axis = 0; axis < axes; axis++) {
      if (same || call.node().hasAttribute("output_shape")) {
        long wanted =
            call.node().hasAttribute("output_shape")
                ? call.integers("output_shape")[axis]
                : input[axis] * strides[axis];
        long total = Math.max(0, full[axis] + more[axis] - wanted);
        begin[axis] = automatic.equals("SAME_UPPER") ? total / 2 : total - total / 2;
        end[axis] = full[axis] + more[axis] - wanted - begin[axis];
      } else if (automatic.equals("NOTSET")) {
        long[] pads = call.integers("pads", new long[2 * axes]);
        begin[axis] = pads[axis];
        end[axis] = pads[axes + axis];
      }
      begin[axis] = -begin[axis];
      end[axis] = more[axis] - end[axis];
    }
    return new Padding(begin, end);
  }
}
