package dev.graft.engine.operator;

import static dev.graft.engine.operator.GradientCase.on;

import java.util.ArrayList;
import java.util.List;

/** Operators on maps: convolutions, poolings and resizing. */
final class SpatialGradientCases {
  private SpatialGradientCases() {}

  static List<GradientCase> all() {
    List<GradientCase> cases = new ArrayList<>();
    cases.addAll(convolutions());
    cases.addAll(poolings());
    cases.addAll(resizing());
    return cases;
  }

  private static List<GradientCase> convolutions() {
    return List.of(
        on("Conv", "1x1 with bias").input(2, 3, 3, 3).input(4, 3, 1, 1).input(4),
        on("Conv", "no bias, valid").input(1, 2, 4, 4).input(2, 2, 3, 3),
        on("Conv", "strides and symmetric pads")
            .withIntegers("strides", 2, 2)
            .withIntegers("pads", 1, 1, 1, 1)
            .input(1, 2, 5, 5)
            .input(3, 2, 3, 3)
            .input(3),
        on("Conv", "asymmetric pads")
            .withIntegers("strides", 2, 2)
            .withIntegers("pads", 0, 1, 1, 2)
            .input(1, 2, 4, 5)
            .input(2, 2, 3, 3)
            .input(2),
        on("Conv", "SAME_UPPER")
            .with("auto_pad", "SAME_UPPER")
            .withIntegers("strides", 2, 2)
            .input(1, 2, 4, 5)
            .input(2, 2, 3, 3),
        on("Conv", "SAME_LOWER")
            .with("auto_pad", "SAME_LOWER")
            .withIntegers("strides", 2, 1)
            .input(1, 1, 4, 4)
            .input(2, 1, 2, 2),
        on("Conv", "depthwise")
            .with("group", 4)
            .withIntegers("pads", 1, 1, 1, 1)
            .input(1, 4, 3, 3)
            .input(4, 1, 3, 3)
            .input(4),
        on("Conv", "two groups, dilated")
            .with("group", 2)
            .withIntegers("dilations", 2, 1)
            .input(1, 4, 5, 3)
            .input(2, 2, 2, 2)
            .input(2),
        on("Conv", "one axis")
            .withIntegers("strides", 2)
            .withIntegers("pads", 1, 0)
            .input(2, 2, 6)
            .input(3, 2, 3)
            .input(3),
        on("Conv", "three axes").input(1, 2, 2, 3, 2).input(2, 2, 1, 2, 2).input(2),
        on("Conv", "three axes, strides, asymmetric pads, dilations, groups")
            .with("group", 2)
            .withIntegers("strides", 2, 1, 1)
            .withIntegers("dilations", 1, 2, 1)
            .withIntegers("pads", 0, 1, 1, 1, 2, 0)
            .input(1, 2, 3, 3, 2)
            .input(2, 1, 2, 2, 2)
            .input(2),
        on("ConvTranspose", "strides, asymmetric pads, additional elements")
            .withIntegers("strides", 2, 3)
            .withIntegers("pads", 1, 0, 0, 2)
            .withIntegers("output_padding", 1, 2)
            .input(1, 2, 3, 2)
            .input(2, 3, 3, 2)
            .input(3),
        on("ConvTranspose", "groups and dilations")
            .with("group", 2)
            .withIntegers("dilations", 2)
            .input(2, 4, 3)
            .input(4, 2, 2),
        on("ConvTranspose", "SAME_UPPER")
            .with("auto_pad", "SAME_UPPER")
            .withIntegers("strides", 2, 2)
            .input(1, 1, 2, 3)
            .input(1, 2, 3, 3));
  }

  private static List<GradientCase> poolings() {
    return List.of(
        on("MaxPool", "symmetric pads")
            .withIntegers("kernel_shape", 3, 3)
            .withIntegers("strides", 2, 2)
            .withIntegers("pads", 1, 1, 1, 1)
            .input(1, 2, 5, 5),
        on("MaxPool", "asymmetric pads, ceil")
            .withIntegers("kernel_shape", 2, 2)
            .withIntegers("strides", 2, 2)
            .withIntegers("pads", 0, 0, 1, 1)
            .with("ceil_mode", 1)
            .input(1, 1, 4, 5),
        on("MaxPool", "dilated")
            .withIntegers("kernel_shape", 2, 2)
            .withIntegers("dilations", 2, 2)
            .input(1, 1, 4, 4),
        on("MaxPool", "one axis").withIntegers("kernel_shape", 2).input(1, 2, 5),
        on("AveragePool", "pads do not count")
            .withIntegers("kernel_shape", 3, 3)
            .withIntegers("pads", 1, 1, 1, 1)
            .input(1, 1, 4, 4),
        on("AveragePool", "pads count, ceil")
            .withIntegers("kernel_shape", 3, 3)
            .withIntegers("strides", 2, 2)
            .withIntegers("pads", 1, 1, 1, 1)
            .with("count_include_pad", 1)
            .with("ceil_mode", 1)
            .input(1, 1, 4, 4),
        on("AveragePool", "SAME_UPPER")
            .withIntegers("kernel_shape", 2, 2)
            .with("auto_pad", "SAME_UPPER")
            .input(1, 1, 3, 3),
        on("AveragePool", "asymmetric pads count")
            .withIntegers("kernel_shape", 2, 2)
            .withIntegers("pads", 0, 0, 1, 1)
            .with("count_include_pad", 1)
            .input(1, 1, 3, 3),
        on("AveragePool", "pads wider than half the window")
            .withIntegers("kernel_shape", 3, 3)
            .withIntegers("pads", 2, 2, 2, 2)
            .with("count_include_pad", 1)
            .input(1, 1, 3, 3),
        on("AveragePool", "dilated, pads do not count")
            .withIntegers("kernel_shape", 2, 2)
            .withIntegers("dilations", 2, 2)
            .withIntegers("pads", 1, 1, 1, 1)
            .input(1, 2, 4, 4),
        on("MaxPool", "pads wider than half the window")
            .withIntegers("kernel_shape", 3, 3)
            .withIntegers("pads", 2, 2, 2, 2)
            .input(1, 1, 3, 3),
        on("MaxPool", "three axes, with positions")
            .outputs("y", "positions")
            .withIntegers("kernel_shape", 2, 2, 1)
            .withIntegers("strides", 1, 2, 1)
            .input(1, 2, 3, 4, 2),
        on("MaxPool", "asymmetric pads, with positions")
            .outputs("y", "positions")
            .withIntegers("kernel_shape", 2, 2)
            .withIntegers("pads", 0, 1, 1, 0)
            .input(1, 2, 3, 3),
        on("AveragePool", "three axes, pads count")
            .withIntegers("kernel_shape", 2, 2, 2)
            .withIntegers("pads", 1, 0, 1, 1, 0, 1)
            .with("count_include_pad", 1)
            .input(1, 1, 3, 2, 2),
        on("AveragePool", "three axes, asymmetric pads, dilated")
            .withIntegers("kernel_shape", 2, 1, 2)
            .withIntegers("dilations", 2, 1, 1)
            .withIntegers("pads", 0, 0, 1, 1, 0, 0)
            .input(1, 2, 3, 2, 2),
        on("LpPool", "p 3, strides")
            .with("p", 3)
            .withIntegers("kernel_shape", 2, 2)
            .withIntegers("strides", 2, 1)
            .inputIn(0.2, 2, 1, 2, 4, 3),
        on("GlobalLpPool", "p 2").input(2, 3, 2, 3),
        on("GlobalAveragePool", "map").input(2, 3, 2, 3),
        on("GlobalMaxPool", "map").input(2, 3, 2, 3));
  }

  private static List<GradientCase> resizing() {
    List<GradientCase> cases = new ArrayList<>();
    for (List<String> mode :
        List.of(
            List.of("linear", "half_pixel"),
            List.of("linear", "align_corners"),
            List.of("linear", "pytorch_half_pixel"),
            List.of("nearest", "asymmetric"),
            List.of("nearest", "half_pixel"),
            List.of("linear", "half_pixel_symmetric"),
            List.of("cubic", "half_pixel"))) {
      cases.add(
          on("Resize", String.join(" ", mode))
              .with("mode", mode.get(0))
              .with("coordinate_transformation_mode", mode.get(1))
              .input(1, 2, 3, 2)
              .absent()
              .absent()
              .integers(1, 2, 5, 4));
    }
    cases.add(
        on("Resize", "shrinking with antialias, by scales")
            .with("mode", "linear")
            .with("antialias", 1)
            .input(1, 1, 4, 5)
            .absent()
            .scales(1, 1, 0.5, 0.6));
    for (String mode : List.of("nearest", "linear", "cubic")) {
      cases.add(
          on("Resize", mode + " of a part that reaches beyond the map")
              .with("mode", mode)
              .with("coordinate_transformation_mode", "tf_crop_and_resize")
              .with("extrapolation_value", 0.25)
              .input(1, 1, 4, 3)
              .scales(0, 0, 0.2, 0.4, 1, 1, 0.9, 1.3)
              .absent()
              .integers(1, 1, 3, 5));
    }
    return cases;
  }
}
