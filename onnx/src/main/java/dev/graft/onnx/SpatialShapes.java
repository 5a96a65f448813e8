package dev.graft.onnx;

import static dev.graft.onnx.TensorFacts.UNKNOWN;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The shape rules of convolutions, pools, padding and resizing: [N, C, D1, D2, ...]. */
final class SpatialShapes {
  private SpatialShapes() {}

  static TensorFacts unknownSpace(TensorFacts x, long channels) {
    long[] dimensions = x.dimensions();
    if (dimensions == null) {
      return TensorFacts.unranked(x.type());
    }
    long[] result = ShapeArithmetic.unknown(dimensions.length);
    result[0] = dimensions[0];
    result[1] = channels;
    return TensorFacts.shaped(x.type(), result);
  }

  static TensorFacts global(TensorFacts x) {
    long[] dimensions = x.dimensions();
    if (dimensions == null) {
      return TensorFacts.unranked(x.type());
    }
    long[] result = dimensions.clone();
    Arrays.fill(result, 2, result.length, 1);
    return TensorFacts.shaped(x.type(), result);
  }

  static TensorFacts convolution(Node node, TensorFacts x, TensorFacts weight, ElementType type) {
    long[] kernel = weight.dimensions();
    if (x.rank() < 0 || kernel == null) {
      return unknownSpace(x, weight.size(0)).withType(type);
    }
    long[] window = Arrays.copyOfRange(kernel, 2, kernel.length);
    return windowed(node, x, weight.size(0), window).withType(type);
  }

  static TensorFacts pool(Node node, TensorFacts x) {
    return windowed(node, x, x.size(1), node.integers("kernel_shape"));
  }

  /**
   * Sizes after sliding a window:
   *
   * <pre>out = floor((in + padBegin + padEnd - dilation*(kernel-1) - 1) / stride) + 1</pre>
   *
   * <p>SAME padding gives ceil(in / stride).
   */
  private static TensorFacts windowed(Node node, TensorFacts x, long channels, long[] kernel) {
    long[] dimensions = x.dimensions();
    if (dimensions == null) {
      return TensorFacts.unranked(x.type());
    }
    int space = dimensions.length - 2;
    long[] ones = new long[space];
    Arrays.fill(ones, 1);
    long[] strides = node.integers("strides", ones);
    long[] dilations = node.integers("dilations", ones);
    long[] pads = node.integers("pads", new long[2 * space]);
    String automatic = node.text("auto_pad", "NOTSET");
    boolean ceiling = node.integer("ceil_mode", 0) == 1;
    long[] result = new long[dimensions.length];
    result[0] = dimensions[0];
    result[1] = channels;
    for (int i = 0; i < space; i++) {
      long size = dimensions[i + 2];
      long extent = dilations[i] * (kernel[i] - 1) + 1;
      if (size == UNKNOWN) {
        result[i + 2] = UNKNOWN;
      } else if (automatic.startsWith("SAME")) {
        result[i + 2] = -Math.floorDiv(-size, strides[i]);
      } else {
        long padding = automatic.equals("VALID") ? 0 : pads[i] + pads[i + space];
        long room = size + padding - extent;
        long steps = ceiling ? -Math.floorDiv(-room, strides[i]) : Math.floorDiv(room, strides[i]);
        // A window that would start in the end padding is left out.
        boolean startsOutside = ceiling && steps * strides[i] >= size + pads[i];
        result[i + 2] = startsOutside ? steps : steps + 1;
      }
    }
    return TensorFacts.shaped(x.type(), result);
  }

  static TensorFacts padded(Node node, TensorFacts x, long @Nullable [] input) {
    long[] dimensions = x.dimensions();
    long[] pads = node.hasAttribute("pads") ? node.integers("pads") : input;
    if (dimensions == null || pads == null || pads.length != 2 * dimensions.length) {
      return ShapeArithmetic.unknownSizes(x);
    }
    long[] result = dimensions.clone();
    for (int i = 0; i < result.length; i++) {
      long end = pads[i + result.length];
      result[i] =
          result[i] == UNKNOWN || pads[i] == UNKNOWN || end == UNKNOWN
              ? UNKNOWN
              : result[i] + pads[i] + end;
    }
    return TensorFacts.shaped(x.type(), result);
  }

  /** Resize with constant scales or sizes for every dimension; otherwise only the rank is known. */
  static TensorFacts resized(Node node, TensorFacts x, Graph graph) {
    long[] dimensions = x.dimensions();
    if (dimensions == null) {
      return TensorFacts.unranked(x.type());
    }
    Optional<OnnxTensor> sizes =
        node.hasInput(3) ? graph.constant(node.input(3)) : Optional.empty();
    if (sizes.isPresent() && sizes.get().elementCount() == dimensions.length) {
      return TensorFacts.shaped(x.type(), sizes.get().toLongs());
    }
    String scalesInput = node.inputs().size() == 2 ? node.input(1) : node.input(2);
    float[] scales = node.reals("scales");
    if (scales.length == 0) {
      scales = graph.constant(scalesInput).map(OnnxTensor::toFloats).orElse(scales);
    }
    long[] result = ShapeArithmetic.unknown(dimensions.length);
    for (int i = 0; scales.length == result.length && i < result.length; i++) {
      result[i] =
          dimensions[i] == UNKNOWN
              ? UNKNOWN
              : (long) Math.floor(dimensions[i] * (double) scales[i]);
    }
    return TensorFacts.shaped(x.type(), result);
  }

  /** Blocks of pixels become channels, or the other way round. */
  static TensorFacts blocks(Node node, TensorFacts x) {
    long[] dimensions = x.dimensions();
    if (dimensions == null || dimensions.length != 4) {
      return TensorFacts.unranked(x.type());
    }
    long block = node.integer("blocksize", 1);
    boolean toChannels = node.is("SpaceToDepth");
    long[] result = dimensions.clone();
    for (int axis = 1; axis < 4 && block > 0; axis++) {
      boolean grows = (axis == 1) == toChannels;
      long factor = axis == 1 ? Math.multiplyExact(block, block) : block;
      if (result[axis] != UNKNOWN) {
        result[axis] = grows ? Math.multiplyExact(result[axis], factor) : result[axis] / factor;
      }
    }
    return TensorFacts.shaped(x.type(), result);
  }
}
