package dev.graft.engine.operator;

import static org.bytedeco.pytorch.global.torch.index_select;
import static org.bytedeco.pytorch.global.torch.matmul;
import static org.bytedeco.pytorch.global.torch.upsample_bilinear2d;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Resizing of maps.
 *
 * <p>Bilinear resizing to a size runs in libtorch's own kernel, and nearest neighbours are picked
 * by index. All other forms are products with one small interpolation matrix [output length, input
 * length] per axis, which says the same for every mode and is differentiable as it stands.
 */
final class Resizing {
  private Resizing() {}

  static void register(Operators operators) {
    operators.tensor("Resize", Resizing::resize);
  }

  private static Tensor resize(Call call) {
    Tensor x = call.tensor(0);
    int rank = (int) x.dim();
    long[] axes = call.node().hasAttribute("axes") ? call.integers("axes") : Shapes.all(rank);
    boolean crops = coordinates(call).equals("tf_crop_and_resize");
    double[] region = crops ? reals(call, 1) : new double[0];
    if (crops && region.length != 2 * axes.length) {
      throw call.failure(
          "tf_crop_and_resize needs a region of "
              + 2 * axes.length
              + " numbers but gets "
              + region.length
              + ".");
    }
    boolean sized = call.has(3) && call.longs(3).length > 0;
    double[] given = sized ? new double[0] : reals(call, 2);
    double[] scales = new double[rank];
    double[] begins = new double[rank];
    double[] ends = new double[rank];
    long[] size = Shapes.of(x);
    Arrays.fill(scales, 1);
    Arrays.fill(ends, 1);
    for (int i = 0; i < axes.length; i++) {
      int axis = Shapes.axis(axes[i], rank);
      if (crops) {
        begins[axis] = region[i];
        ends[axis] = region[i + axes.length];
      }
      if (sized) {
        size[axis] = call.longs(3)[i];
        scales[axis] = size[axis] / (double) x.size(axis);
      } else {
        scales[axis] = given[i];
        // In single precision, so that 0.7 of 10 are 7.
        float length = x.size(axis) * (float) given[i];
        size[axis] = (long) Math.floor(length);
      }
    }
    if (sized) {
      keepAspectRatio(call, x, axes, scales, size);
    }
    NativeMemory.require(call, size);
    if (isPlainBilinear(call, x, scales, size)) {
      boolean alignCorners = coordinates(call).equals("align_corners");
      return upsample_bilinear2d(x, new long[] {size[2], size[3]}, alignCorners);
    }
    Tensor result = x;
    for (int axis = 0; axis < rank; axis++) {
      if (crops || scales[axis] != 1 || size[axis] != x.size(axis)) {
        Interpolation interpolation =
            Interpolation.of(
                call,
                (int) x.size(axis),
                (int) size[axis],
                scales[axis],
                new Interpolation.Region(begins[axis], ends[axis]));
        result = alongAxis(call, result, axis, interpolation);
      }
    }
    return new Tensor(result.to(ScalarTypes.of(x)));
  }

  private static double[] reals(Call call, int input) {
    if (!call.has(input)) {
      throw call.failure("neither sizes nor scales are given, or the region is missing.");
    }
    Tensor values = call.tensor(input).to(ScalarType.Double).contiguous();
    double[] reals = new double[(int) values.numel()];
    for (int i = 0; i < reals.length; i++) {
      reals[i] = values.get(i).item().toDouble();
    }
    return reals;
  }

  private static String coordinates(Call call) {
    return call.node().text("coordinate_transformation_mode", "half_pixel");
  }

  /** One scale for all axes, the smallest or the largest; the sizes follow it, rounded. */
  private static void keepAspectRatio(
      Call call, Tensor x, long[] axes, double[] scales, long[] size) {
    String policy = call.node().text("keep_aspect_ratio_policy", "stretch");
    if (policy.equals("stretch")) {
      return;
    }
    double chosen = policy.equals("not_larger") ? Double.MAX_VALUE : 0;
    for (long given : axes) {
      double scale = scales[Shapes.axis(given, scales.length)];
      chosen = policy.equals("not_larger") ? Math.min(chosen, scale) : Math.max(chosen, scale);
    }
    for (long given : axes) {
      int axis = Shapes.axis(given, scales.length);
      scales[axis] = chosen;
      size[axis] = Math.round(chosen * x.size(axis));
    }
  }

  /** libtorch takes the scale from the lengths, so a given one must be just their ratio. */
  private static boolean isPlainBilinear(Call call, Tensor x, double[] scales, long[] size) {
    boolean exact = x.dim() == 4 && x.is_floating_point();
    for (int axis = 0; exact && axis < size.length; axis++) {
      exact = size[axis] == scales[axis] * x.size(axis) && (axis > 1 || scales[axis] == 1);
    }
    String coordinates = coordinates(call);
    return exact
        && call.node().text("mode", "nearest").equals("linear")
        && call.integer("antialias", 0) == 0
        && (coordinates.equals("half_pixel") || coordinates.equals("align_corners"));
  }

  private static Tensor alongAxis(Call call, Tensor x, int axis, Interpolation interpolation) {
    Tensor result;
    if (interpolation.isNearest()) {
      Tensor sources = IntegerValue.vector(interpolation.nearestSources()).toTensor();
      result = index_select(x, axis, sources);
    } else {
      Tensor real = x.is_floating_point() ? Call.widened(x) : x.to(ScalarType.Double);
      Tensor weights =
          Tensor.create(interpolation.matrix(), interpolation.to(), interpolation.from())
              .to(ScalarTypes.of(real))
              .t(); // [in, out]
      // [.., in, ..] -> [.., in] -> [.., out] -> [.., out, ..]
      result = matmul(real.transpose(axis, -1), weights).transpose(axis, -1);
    }
    long[] outside = interpolation.outside();
    return outside.length == 0
        ? result
        : result.index_fill(
            axis,
            IntegerValue.vector(outside).toTensor(),
            Call.scalar(call.real("extrapolation_value", 0)));
  }
}
