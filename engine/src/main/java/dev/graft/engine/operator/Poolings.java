package dev.graft.engine.operator;

import static org.bytedeco.pytorch.global.torch.amax;
import static org.bytedeco.pytorch.global.torch.avg_pool2d;
import static org.bytedeco.pytorch.global.torch.avg_pool3d;
import static org.bytedeco.pytorch.global.torch.constant_pad_nd;
import static org.bytedeco.pytorch.global.torch.floor_divide;
import static org.bytedeco.pytorch.global.torch.linalg_vector_norm;
import static org.bytedeco.pytorch.global.torch.max_pool2d;
import static org.bytedeco.pytorch.global.torch.max_pool2d_with_indices;
import static org.bytedeco.pytorch.global.torch.max_pool3d;
import static org.bytedeco.pytorch.global.torch.max_pool3d_with_indices;
import static org.bytedeco.pytorch.global.torch.pow;
import static org.bytedeco.pytorch.global.torch.remainder;

import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Poolings over windows and over whole maps. */
final class Poolings {
  private Poolings() {}

  static void register(Operators operators) {
    operators
        .add("MaxPool", Poolings::maximum)
        .tensor("AveragePool", Poolings::average)
        .tensor("LpPool", Poolings::power)
        .tensor("GlobalAveragePool", Poolings::globalAverage)
        .tensor("GlobalMaxPool", call -> amax(call.tensor(0), spatialAxes(call.tensor(0)), true))
        .tensor("GlobalLpPool", Poolings::globalPower);
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

  private static Tensor globalPower(Call call) {
    Tensor x = call.tensor(0);
    return linalg_vector_norm(
        x, Call.whole(call.integer("p", 2)), spatialAxes(x), true, new ScalarTypeOptional());
  }

  /** The largest element of each window, and on demand its place in the whole tensor. */
  private static List<Value> maximum(Call call) {
    PoolingWindow window = PoolingWindow.of(call);
    Tensor given = call.tensor(0);
    // Numbers of 8 bits are exact in fp32, which the kernels take.
    Tensor x = given.is_floating_point() ? Call.widened(given) : given.to(ScalarType.Float);
    boolean inside = window.padsWithinHalfOfTheKernel();
    Tensor map = inside ? x : window.extended(x, Double.NEGATIVE_INFINITY);
    long[] pads = inside ? window.padding().begin() : new long[window.axes()];
    boolean ceil = inside && window.ceil();
    if (call.node().output(1).isEmpty()) {
      Tensor pooled =
          window.axes() == 3
              ? max_pool3d(map, window.kernel(), window.strides(), pads, window.dilations(), ceil)
              : asMap(
                  map,
                  two ->
                      max_pool2d(
                          two,
                          two(window.kernel(), 1),
                          two(window.strides(), 1),
                          two(pads, 0),
                          two(window.dilations(), 1),
                          ceil));
      return List.of(new TensorValue(pooled.to(ScalarTypes.of(given))));
    }
    boolean line = window.axes() == 1;
    T_TensorTensor_T both =
        window.axes() == 3
            ? max_pool3d_with_indices(
                map, window.kernel(), window.strides(), pads, window.dilations(), ceil)
            : max_pool2d_with_indices(
                line ? map.unsqueeze(2) : map, // [N,C,L] -> [N,C,1,L]
                two(window.kernel(), 1),
                two(window.strides(), 1),
                two(pads, 0),
                two(window.dilations(), 1),
                ceil);
    Tensor values = line ? both.get0().squeeze(2) : new Tensor(both.get0());
    Tensor places = line ? both.get1().squeeze(2) : both.get1();
    long[] before = inside ? new long[window.axes()] : window.padding().begin();
    return List.of(
        new TensorValue(values.to(ScalarTypes.of(given))),
        new TensorValue(inWholeTensor(call, places, map, x, before)));
  }

  /**
   * From places within one padded map to places in the whole tensor without pads, its maps in
   * row-major order or, where the graph asks for it, column-major.
   */
  private static Tensor inWholeTensor(
      Call call, Tensor places, Tensor padded, Tensor x, long[] before) {
    boolean columnMajor = call.integer("storage_order", 0) == 1;
    int axes = before.length;
    Tensor rest = places;
    Tensor[] coordinates = new Tensor[axes];
    for (int axis = axes - 1; axis >= 0; axis--) {
      Tensor length = whole(padded.size(axis + 2));
      coordinates[axis] = remainder(rest, length).sub(whole(before[axis]));
      rest = floor_divide(rest, length);
    }
    Tensor place = whole(0);
    for (int i = 0; i < axes; i++) {
      int axis = columnMajor ? axes - 1 - i : i;
      place = place.mul(whole(x.size(axis + 2))).add(coordinates[axis]);
    }
    long maps = x.size(0) * x.size(1);
    long[] perMap = Shapes.of(places);
    for (int axis = 2; axis < perMap.length; axis++) {
      perMap[axis] = 1;
    }
    long elements = Shapes.count(Padding.spatial(Shapes.of(x)));
    Tensor offsets =
        torch
            .arange(Call.whole(maps), new TensorOptions(ScalarType.Long))
            .mul(Call.whole(elements))
            .reshape(perMap); // [N,C,1..]
    return place.add(offsets);
  }

  private static Tensor whole(long value) {
    return Tensor.create(value);
  }

  private static Tensor average(Call call) {
    PoolingWindow window = PoolingWindow.of(call);
    boolean countPads = call.integer("count_include_pad", 0) == 1;
    Tensor x = call.tensor(0);
    return averaged(Call.widened(x), window, countPads).to(ScalarTypes.of(x));
  }

  private static Tensor averaged(Tensor x, PoolingWindow window, boolean countPads) {
    if (!window.padsWithinHalfOfTheKernel() || !window.isDense()) {
      return averageBySums(x, window, countPads);
    }
    if (window.axes() == 3) {
      return avg_pool3d(
          x,
          window.kernel(),
          window.strides(),
          window.padding().begin(),
          window.ceil(),
          countPads,
          new LongOptional());
    }
    return asMap(
        x,
        two ->
            avg_pool2d(
                two,
                two(window.kernel(), 1),
                two(window.strides(), 1),
                two(window.padding().begin(), 0),
                window.ceil(),
                countPads,
                new LongOptional()));
  }

  /**
   * Pads that libtorch does not take, or dilations: the sum over each window divided by the number
   * of its elements that count, both as convolutions with ones.
   */
  private static Tensor averageBySums(Tensor x, PoolingWindow window, boolean countPads) {
    long[] inner = Shapes.of(x);
    inner[0] = 1;
    inner[1] = 1;
    Tensor counted = x.new_ones(inner); // [1,1,H,W]
    if (countPads) {
      counted =
          constant_pad_nd(
              counted, window.padding().lastAxisFirst(), Call.scalar(1)); // [1,1,H+p,W+p]
    }
    long[] before = countPads ? new long[window.axes()] : window.padding().begin();
    Tensor count = window.sum(window.extended(counted, 0, before));
    return window.sum(window.extended(x, 0)).div(count);
  }

  /** (sum of |x|^p)^(1/p) over each window. */
  private static Tensor power(Call call) {
    PoolingWindow window = PoolingWindow.of(call);
    double p = call.integer("p", 2);
    Tensor powers = pow(call.tensor(0).abs(), Call.scalar(p));
    return pow(window.sum(window.extended(powers, 0)), Call.scalar(1 / p));
  }

  /** One spatial axis is pooled as a map of height one. */
  private static Tensor asMap(Tensor x, java.util.function.UnaryOperator<Tensor> pool) {
    return x.dim() == 4
        ? pool.apply(x)
        : pool.apply(x.unsqueeze(2)).squeeze(2); // [N,C,L] -> [N,C,1,L] -> [N,C,L']
  }

  private static long[] two(long[] perAxis, long first) {
    return perAxis.length == 2 ? perAxis : new long[] {first, perAxis[0]};
  }
}
