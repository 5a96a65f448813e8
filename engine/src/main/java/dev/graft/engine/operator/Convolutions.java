package dev.graft.engine.operator;

import static org.bytedeco.pytorch.global.torch.constant_pad_nd;
import static org.bytedeco.pytorch.global.torch.convolution;

import java.util.Arrays;
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
        padding.within(Padding.spatial(Shapes.of(call.tensor(0))), strides),
        pads,
        dilations,
        false,
        new long[kernel.length],
        call.integer("group", 1));
  }

  /** Filters [M, C / groups, k..] must fit the maps [N, C, ..] and divide into the groups. */
  static void requireFilters(Call call) {
    long[] x = call.value(0).shape();
    long[] weight = call.value(1).shape();
    long groups = call.integer("group", 1);
    boolean fits =
        x.length == weight.length
            && x.length >= 3
            && x.length <= 5
            && groups >= 1
            && groups <= weight[0]
            && weight[0] % groups == 0
            && weight[1] >= 1
            && x[1] % groups == 0
            && x[1] / groups == weight[1];
    if (!fits) {
      throw call.failure(
          "filters of shape "
              + Arrays.toString(weight)
              + " in "
              + groups
              + " groups do not fit an input of shape "
              + Arrays.toString(x)
              + ".");
    }
    if (call.has(2) && !Arrays.equals(call.value(2).shape(), new long[] {weight[0]})) {
      throw call.failure(
          "a bias of shape ["
              + weight[0]
              + "] is expected but it has shape "
              + Arrays.toString(call.value(2).shape())
              + ".");
    }
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
    Padding.requireWindow(call, Padding.spatial(Shapes.of(x)), kernel, strides, dilations);
    NativeMemory.require(call, wholeShape(call, strides, dilations));
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

  /** The shape before the cut, as large as the filters reach. */
  private static long[] wholeShape(Call call, long[] strides, long[] dilations) {
    long[] weight = call.value(1).shape();
    long[] whole = call.value(0).shape().clone();
    whole[1] = Math.multiplyExact(weight[1], call.integer("group", 1));
    for (int axis = 0; axis < strides.length; axis++) {
      whole[axis + 2] =
          (whole[axis + 2] - 1) * strides[axis] + (weight[axis + 2] - 1) * dilations[axis] + 1;
    }
    return whole;
  }

  private static long[] perAxis(Call call, String attribute, int length) {
    long[] numbers = call.integers(attribute, new long[length]);
    if (numbers.length != length) {
      throw call.failure(
          attribute
              + " must hold "
              + length
              + " numbers but holds "
              + Arrays.toString(numbers)
              + ".");
    }
    return numbers;
  }

  /** What is cut off, as negative pads; additional elements at the end count against it. */
  private static Padding cuts(Call call, long[] input, long[] strides, long[] full) {
    int axes = full.length;
    long[] more = perAxis(call, "output_padding", axes);
    String automatic = call.node().text("auto_pad", "NOTSET");
    boolean same = automatic.startsWith("SAME");
    long[] begin = new long[axes];
    long[] end = new long[axes];
    for (int axis = 0; axis < axes; axis++) {
      if (same || call.node().hasAttribute("output_shape")) {
        long wanted =
            call.node().hasAttribute("output_shape")
                ? perAxis(call, "output_shape", axes)[axis]
                : input[axis] * strides[axis];
        long total = Math.max(0, full[axis] + more[axis] - wanted);
        begin[axis] = automatic.equals("SAME_UPPER") ? total / 2 : total - total / 2;
        end[axis] = full[axis] + more[axis] - wanted - begin[axis];
      } else if (automatic.equals("NOTSET")) {
        long[] pads = perAxis(call, "pads", 2 * axes);
        begin[axis] = pads[axis];
        end[axis] = pads[axes + axis];
      }
      begin[axis] = -begin[axis];
      end[axis] = more[axis] - end[axis];
    }
    return new Padding(begin, end);
  }
}
