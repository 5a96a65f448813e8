package dev.graft.engine.operator;

import static org.bytedeco.pytorch.global.torch.constant_pad_nd;
import static org.bytedeco.pytorch.global.torch.convolution;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

/**
 * The sliding window of a pooling.
 *
 * @param reach lengths of the spatial axes that the windows cover together, pads included
 */
record PoolingWindow(
    Padding padding, long[] kernel, long[] strides, long[] dilations, boolean ceil, long[] reach) {
  static PoolingWindow of(Call call) {
    long[] kernel = call.integers("kernel_shape");
    long[] strides = call.integers("strides", Padding.ones(kernel.length));
    long[] dilations = call.integers("dilations", Padding.ones(kernel.length));
    long[] input = Padding.spatial(call.value(0).shape());
    if (input.length != kernel.length || kernel.length < 1 || kernel.length > 3) {
      throw call.failure(
          "kernel_shape "
              + Arrays.toString(kernel)
              + " does not fit an input of shape "
              + Arrays.toString(call.value(0).shape())
              + "; poolings over one, two or three axes are computed.");
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
    return new PoolingWindow(padding, kernel, strides, dilations, ceil, reach);
  }

  /** The number of spatial axes. */
  int axes() {
    return kernel.length;
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
