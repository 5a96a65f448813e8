package dev.graft.engine.operator;

import static org.bytedeco.pytorch.global.torch.amax;
import static org.bytedeco.pytorch.global.torch.avg_pool2d;
import static org.bytedeco.pytorch.global.torch.constant_pad_nd;
import static org.bytedeco.pytorch.global.torch.convolution;
import static org.bytedeco.pytorch.global.torch.max_pool2d;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Poolings over windows and over whole maps. */
final class Poolings {
  private Poolings() {}

  static void register(Operators operators) {
    operators
        .tensor("MaxPool", Poolings::maximum)
        .tensor("AveragePool", Poolings::average)
        .tensor("GlobalAveragePool", Poolings::globalAverage)
        .tensor("GlobalMaxPool", call -> amax(call.tensor(0), spatialAxes(call.tensor(0)), true));
  }

  private static long[] spatialAxes(Tensor x) {
    long[] axes = new long[(int) x.dim() - 2];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = i + 2L;
    }
    return axes;
  }

  /** Summed in fp32 also where the data are bf16. */
  private static Tensor globalAverage(Call call) {
    Tensor x = call.tensor(0);
    if (ScalarTypes.of(x) != ScalarType.BFloat16) {
      return x.mean(spatialAxes(x), true, new ScalarTypeOptional());
    }
    return x.mean(spatialAxes(x), true, new ScalarTypeOptional(ScalarType.Float))
        .to(ScalarType.BFloat16);
  }

  private static Tensor maximum(Call call) {
    Window window = Window.of(call);
    Tensor x = call.tensor(0);
    boolean inside = window.padsWithinHalfOfTheKernel();
    Tensor map = inside ? x : window.extended(x, Double.NEGATIVE_INFINITY);
    long[] pads = inside ? window.padding.begin() : new long[window.kernel.length];
    UnaryOperator<Tensor> pool =
        two ->
            max_pool2d(
                two,
                two(window.kernel, 1),
                two(window.strides, 1),
                two(pads, 0),
                two(window.dilations, 1),
                inside && window.ceil);
    return asTwoAxes(call, map, pool);
  }

  private static Tensor average(Call call) {
    Window window = Window.of(call);
    boolean countPads = call.integer("count_include_pad", 0) == 1;
    if (!window.padsWithinHalfOfTheKernel() || !window.isDense()) {
      return averageBySums(call.tensor(0), window, countPads);
    }
    return asTwoAxes(
        call,
        call.tensor(0),
        two ->
            avg_pool2d(
                two,
                two(window.kernel, 1),
                two(window.strides, 1),
                two(window.padding.begin(), 0),
                window.ceil,
                countPads,
                new LongOptional()));
  }

  /**
   * Pads that libtorch does not take, or dilations: the sum over each window divided by the number
   * of its elements that count, both as convolutions with ones.
   */
  private static Tensor averageBySums(Tensor x, Window window, boolean countPads) {
    long[] inner = Shapes.of(x);
    inner[0] = 1;
    inner[1] = 1;
    Tensor counted = x.new_ones(inner); // [1,1,H,W]
    if (countPads) {
      counted =
          constant_pad_nd(counted, window.padding.lastAxisFirst(), Call.scalar(1)); // [1,1,H+p,W+p]
    }
    long[] before = countPads ? new long[window.kernel.length] : window.padding.begin();
    Tensor count = window.sum(window.extended(counted, 0, before));
    return window.sum(window.extended(x, 0)).div(count);
  }

  /** One spatial axis is pooled as a map of height one. */
  private static Tensor asTwoAxes(Call call, Tensor x, UnaryOperator<Tensor> pool) {
    if (x.dim() == 4) {
      return pool.apply(x);
    }
    if (x.dim() == 3) {
      return pool.apply(x.unsqueeze(2)).squeeze(2); // [N,C,L] -> [N,C,1,L] -> [N,C,L']
    }
    throw call.failure(
        "poolings over one or two axes are computed, not over " + (x.dim() - 2) + ".");
  }

  private static long[] two(long[] perAxis, long first) {
    return perAxis.length == 2 ? perAxis : new long[] {first, perAxis[0]};
  }

  /**
   * The sliding window of a pooling.
   *
   * @param reach lengths of the spatial axes that the windows cover together, pads included
   */
  private record Window(
      Padding padding,
      long[] kernel,
      long[] strides,
      long[] dilations,
      boolean ceil,
      long[] reach) {
    static Window of(Call call) {
      long[] kernel = call.integers("kernel_shape");
      long[] strides = call.integers("strides", Padding.ones(kernel.length));
      long[] dilations = call.integers("dilations", Padding.ones(kernel.length));
      long[] input = Padding.spatial(call.value(0).shape());
      if (input.length != kernel.length) {
        throw call.failure(
            "kernel_shape "
                + Arrays.toString(kernel)
                + " does not fit an input of shape "
                + Arrays.toString(call.value(0).shape())
                + ".");
      }
      Padding padding = Padding.of(call, input, kernel, strides, dilations);
      boolean ceil = call.integer("ceil_mode", 0) == 1;
      long[] reach = new long[kernel.length];
      for (int axis = 0; axis < reach.length; axis++) {
        long begin = padding.begin()[axis];
        long window = (kernel[axis] - 1) * dilations[axis] + 1;
        long room = input[axis] + begin + padding.end()[axis] - window;
        long outputs = (room + (ceil ? strides[axis] - 1 : 0)) / strides[axis] + 1;
        // A last window that would begin in the padding at the end is left out (ONNX, MaxPool).
        if (ceil && (outputs - 1) * strides[axis] >= input[axis] + begin) {
          outputs--;
        }
        reach[axis] = (outputs - 1) * strides[axis] + window;
      }
      return new Window(padding, kernel, strides, dilations, ceil, reach);
    }

    /** libtorch takes symmetric pads up to half the window; others are laid around the map. */
    boolean padsWithinHalfOfTheKernel() {
      boolean within = padding.isSymmetric();
      for (int axis = 0; axis < kernel.length; axis++) {
        within &= 2 * padding.begin()[axis] <= kernel[axis];
      }
      return within;
    }

    boolean isDense() {
      return Arrays.stream(dilations).allMatch(dilation -> dilation == 1);
    }

    /** The map with pads around it, exactly as large as the windows reach. */
    Tensor extended(Tensor x, double value) {
      return extended(x, value, padding.begin());
    }

    Tensor extended(Tensor x, double value, long[] before) {
      long[] after = new long[before.length];
      for (int axis = 0; axis < after.length; axis++) {
        after[axis] = reach[axis] - before[axis] - x.size(axis + 2);
      }
      return constant_pad_nd(x, new Padding(before, after).lastAxisFirst(), Call.scalar(value));
    }

    /** The sum over each window of a map that holds its pads. */
    Tensor sum(Tensor x) {
      long channels = x.size(1);
      long[] shape = new long[kernel.length + 2]; // [C,1,k..]
      shape[0] = channels;
      shape[1] = 1;
      System.arraycopy(kernel, 0, shape, 2, kernel.length);
      return convolution(
          x,
          x.new_ones(shape),
          new TensorOptional(),
          strides,
          new long[kernel.length],
          dilations,
          false,
          new long[kernel.length],
          channels);
    }
  }
}
