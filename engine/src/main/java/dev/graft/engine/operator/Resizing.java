package dev.graft.engine.operator;

import static org.bytedeco.pytorch.global.torch.matmul;
import static org.bytedeco.pytorch.global.torch.upsample_bilinear2d;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Resizing of maps.
 *
 * <p>Bilinear resizing to a size runs in libtorch's own kernel. All other forms are products with
 * one small interpolation matrix [output length, input length] per axis, which says the same for
 * every mode and is differentiable as it stands.
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
    double[] scales = new double[rank];
    long[] size = Shapes.of(x);
    Arrays.fill(scales, 1);
    for (int i = 0; i < axes.length; i++) {
      int axis = Shapes.axis(axes[i], rank);
      if (call.has(3)) {
        size[axis] = call.longs(3)[i];
        scales[axis] = size[axis] / (double) x.size(axis);
      } else {
        scales[axis] = scale(call, i);
        size[axis] = (long) Math.floor(x.size(axis) * scales[axis]);
      }
    }
    if (call.has(3)) {
      keepAspectRatio(call, x, axes, scales, size);
    }
    if (isPlainBilinear(call, x, scales, size)) {
      boolean alignCorners = coordinates(call).equals("align_corners");
      return upsample_bilinear2d(x, new long[] {size[2], size[3]}, alignCorners);
    }
    return separably(call, x, scales, size);
  }

  private static double scale(Call call, int position) {
    Tensor scales = call.tensor(2).to(ScalarType.Float);
    return scales.get(position).item().toFloat();
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
    boolean exact = x.dim() == 4;
    for (int axis = 0; exact && axis < size.length; axis++) {
      exact = size[axis] == scales[axis] * x.size(axis) && (axis > 1 || scales[axis] == 1);
    }
    String coordinates = coordinates(call);
    return exact
        && call.node().text("mode", "nearest").equals("linear")
        && call.integer("antialias", 0) == 0
        && (coordinates.equals("half_pixel") || coordinates.equals("align_corners"));
  }

  private static Tensor separably(Call call, Tensor x, double[] scales, long[] size) {
    String coordinates = coordinates(call);
    if (coordinates.equals("tf_crop_and_resize")) {
      throw call.failure(
          "the coordinate_transformation_mode tf_crop_and_resize is not computed; the modes"
              + " half_pixel, half_pixel_symmetric, pytorch_half_pixel, align_corners and asymmetric"
              + " are.");
    }
    Tensor result = x;
    for (int axis = 0; axis < size.length; axis++) {
      if (scales[axis] == 1 && size[axis] == x.size(axis)) {
        continue;
      }
      double[] matrix =
          Interpolation.of(call, (int) x.size(axis), (int) size[axis], scales[axis]).matrix();
      Tensor weights =
          Tensor.create(matrix, size[axis], x.size(axis)).to(ScalarTypes.of(x)).t(); // [in, out]
      // [.., in, ..] -> [.., in] -> [.., out] -> [.., out, ..]
      result = matmul(result.transpose(axis, -1), weights).transpose(axis, -1);
    }
    return result;
  }
}
