package dev.graft.engine.operator;

import static dev.graft.engine.operator.GradientCase.on;

import dev.graft.onnx.ElementType;
import java.util.ArrayList;
import java.util.List;

/** Every differentiable operator in the forms in which exported graphs use it. */
final class GradientCases {
  private GradientCases() {}

  static List<GradientCase> all() {
    List<GradientCase> cases = new ArrayList<>();
    cases.addAll(activations());
    cases.addAll(arithmetic());
    cases.addAll(convolutions());
    cases.addAll(matrices());
    cases.addAll(normalizations());
    cases.addAll(poolings());
    cases.addAll(reductions());
    cases.addAll(shapes());
    cases.addAll(indexing());
    cases.addAll(resizing());
    return cases;
  }

  private static List<GradientCase> activations() {
    return List.of(
        on("Relu", "map").input(2, 3, 2, 2),
        on("Clip", "both bounds").input(3, 5).fixedInputIn(-0.5, -0.5).fixedInputIn(0.4, 0.4),
        on("Clip", "upper bound alone").input(3, 5).absent().fixedInputIn(0.4, 0.4),
        on("Clip", "no bound").input(3, 5),
        on("Sigmoid", "wide").inputIn(-6, 6, 3, 5),
        on("Tanh", "wide").inputIn(-3, 3, 3, 5),
        on("HardSigmoid", "defaults").inputIn(-4, 4, 3, 5),
        on("HardSigmoid", "MobileNetV3's slope").with("alpha", 1 / 6.0).inputIn(-4, 4, 3, 5),
        on("HardSwish", "all three pieces").inputIn(-5, 5, 3, 5),
        on("LeakyRelu", "slope 0.2").with("alpha", 0.2).input(3, 5),
        on("Elu", "alpha 1.5").with("alpha", 1.5).input(3, 5),
        on("PRelu", "slope per channel").input(2, 3, 2, 2).input(3, 1, 1),
        on("PRelu", "one slope").input(2, 3).input(1),
        on("Softplus", "wide").inputIn(-4, 4, 3, 5),
        on("Swish", "alpha 1").inputIn(-4, 4, 3, 5),
        on("Swish", "alpha 1.7").with("alpha", 1.7).inputIn(-4, 4, 3, 5),
        on("Gelu", "erf").inputIn(-3, 3, 3, 5),
        on("Gelu", "tanh").with("approximate", "tanh").inputIn(-3, 3, 3, 5),
        on("Softmax", "last axis").inputIn(-3, 3, 3, 5),
        on("Softmax", "inner axis").with("axis", 1).inputIn(-3, 3, 2, 3, 4),
        on("LogSoftmax", "first axis").with("axis", 0).inputIn(-3, 3, 3, 5));
  }

  private static List<GradientCase> arithmetic() {
    List<GradientCase> cases = new ArrayList<>();
    for (String operator : List.of("Add", "Sub", "Mul")) {
      cases.add(on(operator, "same shapes").input(2, 3).input(2, 3));
      cases.add(on(operator, "both broadcast").input(2, 1, 4).input(3, 1));
      cases.add(on(operator, "scalar").input(2, 3).input());
    }
    for (String operator : List.of("Max", "Min", "Sum")) {
      cases.add(on(operator, "three operands, broadcast").input(2, 3).input(3).input(2, 1));
      cases.add(on(operator, "one operand").input(2, 3));
    }
    for (String operator : List.of("Neg", "Abs", "Sign", "Exp", "Sin", "Cos")) {
      cases.add(on(operator, "around zero").input(2, 5));
    }
    for (String operator : List.of("Floor", "Ceil", "Round")) {
      cases.add(on(operator, "steps have no slope").inputIn(-2.2, 2.2, 2, 5));
    }
    cases.add(on("Div", "broadcast").input(2, 3).inputIn(0.5, 2, 3));
    cases.add(on("Div", "negative denominators").input(2, 3).inputIn(-2, -0.5, 2, 1));
    cases.add(on("Mod", "fmod").with("fmod", 1).inputIn(-3, 3, 2, 4).inputIn(0.7, 1.3, 4));
    cases.add(on("Pow", "square").input(2, 5).fixedInputIn(2, 2));
    cases.add(on("Pow", "cube").input(2, 5).fixedInputIn(3, 3));
    cases.add(on("Pow", "root").inputIn(0.3, 2, 2, 5).fixedInputIn(0.5, 0.5));
    cases.add(on("Pow", "exponents per column").inputIn(0.3, 2, 2, 5).inputIn(-2, 2, 5));
    cases.add(on("Sqrt", "positive").inputIn(0.3, 2, 2, 5));
    cases.add(on("Log", "positive").inputIn(0.3, 2, 2, 5));
    cases.add(on("Erf", "wide").inputIn(-2, 2, 2, 5));
    cases.add(on("Reciprocal", "positive").inputIn(0.5, 2, 2, 5));
    cases.add(on("Cast", "to double").with("to", ElementType.DOUBLE.onnxCode()).input(2, 3));
    cases.add(
        on("Where", "condition broadcast")
            .integers(ElementType.BOOL, new long[] {1, 0, 1}, 3)
            .input(2, 3)
            .input(2, 1));
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
        on("Conv", "three axes").input(1, 2, 2, 3, 2).input(2, 2, 1, 2, 2).input(2));
  }

  private static List<GradientCase> matrices() {
    return List.of(
        on("MatMul", "matrices").input(2, 3).input(3, 4),
        on("MatMul", "stacked, broadcast").input(2, 1, 2, 3).input(3, 3, 2),
        on("MatMul", "vector on the right").input(2, 3, 4).input(4),
        on("Gemm", "transB with bias").with("transB", 1).input(2, 3).input(4, 3).input(4),
        on("Gemm", "plain with bias row").input(2, 3).input(3, 4).input(1, 4),
        on("Gemm", "transA, alpha, beta, matrix bias")
            .with("transA", 1)
            .with("alpha", 0.5)
            .with("beta", 2.0)
            .input(3, 2)
            .input(3, 4)
            .input(2, 4),
        on("Gemm", "alpha with vector bias").with("alpha", 0.5).input(2, 3).input(3, 4).input(4),
        on("Gemm", "no bias").input(2, 3).input(3, 4));
  }

  private static List<GradientCase> normalizations() {
    return List.of(
        on("BatchNormalization", "stored statistics")
            .with("epsilon", 1e-3)
            .input(2, 3, 2, 2)
            .inputIn(0.5, 1.5, 3)
            .input(3)
            .fixedInputIn(-1, 1, 3)
            .fixedInputIn(0.5, 2, 3),
        on("BatchNormalization", "batch statistics")
            .withBatchStatistics()
            .input(3, 2, 2, 2)
            .inputIn(0.5, 1.5, 2)
            .input(2)
            .fixedInputIn(-1, 1, 2)
            .fixedInputIn(0.5, 2, 2)
            .tolerance(1e-6),
        on("LayerNormalization", "last axis").input(2, 3, 4).inputIn(0.5, 1.5, 4).input(4),
        on("LayerNormalization", "two axes, no bias")
            .with("axis", 1)
            .input(2, 3, 2)
            .inputIn(0.5, 1.5, 3, 2),
        on("InstanceNormalization", "map").input(2, 2, 2, 3).inputIn(0.5, 1.5, 2).input(2),
        on("GroupNormalization", "scale per channel")
            .with("num_groups", 2)
            .input(2, 4, 2, 2)
            .inputIn(0.5, 1.5, 4)
            .input(4),
        on("GroupNormalization", "scale per group")
            .with("num_groups", 2)
            .input(2, 4, 2, 2)
            .inputIn(0.5, 1.5, 2)
            .input(2),
        on("LpNormalization", "p 2").with("axis", 1).input(2, 4),
        on("LpNormalization", "p 1").with("p", 1).input(2, 4));
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
        on("GlobalAveragePool", "map").input(2, 3, 2, 3),
        on("GlobalMaxPool", "map").input(2, 3, 2, 3));
  }

  private static List<GradientCase> reductions() {
    List<GradientCase> cases = new ArrayList<>();
    for (String operator :
        List.of(
            "ReduceMean",
            "ReduceSum",
            "ReduceMax",
            "ReduceMin",
            "ReduceProd",
            "ReduceL1",
            "ReduceL2",
            "ReduceSumSquare",
            "ReduceLogSumExp")) {
      cases.add(on(operator, "two axes kept").input(2, 3, 2).integers(0, -1));
      cases.add(on(operator, "one axis dropped").with("keepdims", 0).input(2, 3, 2).integers(1));
      cases.add(on(operator, "all axes").input(2, 3));
    }
    cases.add(on("ReduceLogSum", "positive").inputIn(0.2, 2, 2, 3).integers(1));
    cases.add(on("ReduceSum", "no axes, no change").with("noop_with_empty_axes", 1).input(2, 3));
    cases.add(on("CumSum", "forward").input(2, 4).integers(1));
    cases.add(
        on("CumSum", "exclusive, reversed")
            .with("exclusive", 1)
            .with("reverse", 1)
            .input(2, 4)
            .integers(-1));
    return cases;
  }

  private static List<GradientCase> shapes() {
    return List.of(
        on("Identity", "map").input(2, 3),
        on("Dropout", "passes on").input(2, 3).fixedInputIn(0.5, 0.5),
        on("Reshape", "copied and free axis").input(2, 3, 4).integers(0, -1),
        on("Flatten", "axis 2").with("axis", 2).input(2, 3, 2, 2),
        on("Squeeze", "named axis").input(2, 1, 3, 1).integers(1),
        on("Squeeze", "all").input(2, 1, 3, 1),
        on("Unsqueeze", "both ends").input(2, 3).integers(0, -1),
        on("Transpose", "permutation").withIntegers("perm", 2, 0, 1).input(2, 3, 4),
        on("Transpose", "reversed").input(2, 3, 4),
        on("Concat", "middle axis").with("axis", 1).input(2, 1, 2).input(2, 3, 2),
        on("Split", "given sizes").with("axis", 1).outputs("a", "b").input(2, 5).integers(2, 3),
        on("Split", "unequal rest").with("axis", -1).outputs("a", "b").input(2, 5),
        on("Expand", "both ways").input(3, 1).integers(2, 1, 4),
        on("Tile", "twice and once").input(2, 3).integers(2, 1),
        on("Pad", "constant with axes")
            .input(2, 3, 2)
            .integers(1, 0, 2, 1)
            .fixedInputIn(0.5, 0.5)
            .integers(0, 2),
        on("Pad", "negative crops").input(2, 4).integers(0, -1, 0, -1),
        on("Pad", "reflect")
            .with("mode", "reflect")
            .input(1, 1, 3, 4)
            .integers(0, 0, 1, 2, 0, 0, 1, 1),
        on("Pad", "edge").with("mode", "edge").input(1, 1, 3, 3).integers(0, 0, 1, 2, 0, 0, 0, 1));
  }

  private static List<GradientCase> indexing() {
    return List.of(
        on("Gather", "rows, repeated and negative")
            .input(4, 3)
            .integers(ElementType.INT64, new long[] {1, -1, 1, 0}, 2, 2),
        on("Gather", "class token by scalar")
            .with("axis", 1)
            .input(2, 3, 4)
            .integers(ElementType.INT64, new long[] {0}),
        on("GatherElements", "negative indices")
            .with("axis", 1)
            .input(2, 3)
            .integers(ElementType.INT64, new long[] {0, -1, 2, 2}, 2, 2),
        on("Slice", "two axes with steps")
            .input(4, 5)
            .integers(1, 0)
            .integers(Long.MAX_VALUE, -1)
            .integers(0, 1)
            .integers(2, 3),
        on("Slice", "backwards")
            .input(2, 5)
            .integers(-1)
            .integers(Long.MIN_VALUE)
            .integers(1)
            .integers(-2),
        on("Trilu", "upper").input(3, 3),
        on("Trilu", "lower, shifted")
            .with("upper", 0)
            .input(2, 3, 3)
            .integers(ElementType.INT64, new long[] {-1}),
        on("OneHot", "values train").integers(0, 2, -1).integers(3).input(2));
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
    return cases;
  }
}
