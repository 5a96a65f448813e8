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
    cases.addAll(matrices());
    cases.addAll(normalizations());
    cases.addAll(reductions());
    cases.addAll(SpatialGradientCases.all());
    cases.addAll(LayoutGradientCases.all());
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
        on("Celu", "alpha 0.7").with("alpha", 0.7).inputIn(-2, 2, 3, 5),
        on("Selu", "defaults").inputIn(-2, 2, 3, 5),
        on("ThresholdedRelu", "alpha 0.5").with("alpha", 0.5).input(3, 5),
        on("Shrink", "bound and bias").with("lambd", 0.3).with("bias", 0.1).input(3, 5),
        on("Mish", "wide").inputIn(-4, 4, 3, 5),
        on("Softsign", "around zero").inputIn(-2, 2, 3, 5),
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
    for (String operator : List.of("Max", "Min", "Sum", "Mean")) {
      cases.add(on(operator, "three operands, broadcast").input(2, 3).input(3).input(2, 1));
      cases.add(on(operator, "one operand").input(2, 3));
    }
    for (String operator :
        List.of(
            "Neg", "Abs", "Sign", "Exp", "Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Sinh",
            "Cosh", "Asinh", "Atanh")) {
      cases.add(on(operator, "around zero").inputIn(-0.9, 0.9, 2, 5).tolerance(1e-6));
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
    cases.add(on("Acosh", "above one").inputIn(1.2, 3, 2, 5));
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

  private static List<GradientCase> matrices() {
    return List.of(
        on("MatMul", "matrices").input(2, 3).input(3, 4),
        on("MatMul", "stacked, broadcast").input(2, 1, 2, 3).input(3, 3, 2),
        on("Attention", "four axes, mask")
            .input(2, 2, 3, 4)
            .input(2, 2, 5, 4)
            .input(2, 2, 5, 3)
            .input(2, 1, 1, 5),
        on("Attention", "scale, no mask")
            .with("scale", 0.3)
            .input(1, 2, 3, 4)
            .input(1, 2, 5, 4)
            .input(1, 2, 5, 4),
        on("Attention", "causal, shared heads of three axes")
            .with("is_causal", 1)
            .with("q_num_heads", 2)
            .with("kv_num_heads", 1)
            .input(2, 3, 8)
            .input(2, 3, 4)
            .input(2, 3, 4),
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
        on("Gemm", "no bias").input(2, 3).input(3, 4),
        on("Einsum", "attention scores")
            .with("equation", "bhid,bhjd->bhij")
            .input(1, 2, 3, 2)
            .input(1, 2, 2, 2),
        on("Einsum", "diagonal of a stack").with("equation", "...ii->...i").input(2, 3, 3),
        on("Einsum", "sum of three, output implied")
            .with("equation", "ij,jk,k")
            .input(2, 3)
            .input(3, 2)
            .input(2));
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
        on("BatchNormalization", "the graph's training mode, one output")
            .with("training_mode", 1)
            .input(3, 2, 2)
            .inputIn(0.5, 1.5, 2)
            .input(2)
            .fixedInputIn(-1, 1, 2)
            .fixedInputIn(0.5, 2, 2)
            .tolerance(1e-6),
        on("BatchNormalization", "the graph's training mode, all outputs")
            .with("training_mode", 1)
            .with("momentum", 0.7)
            .outputs("y", "mean", "variance")
            .input(3, 2, 2)
            .inputIn(0.5, 1.5, 2)
            .input(2)
            .inputIn(-1, 1, 2)
            .inputIn(0.5, 2, 2)
            .tolerance(1e-6),
        on("LayerNormalization", "scale and bias broadcast")
            .with("axis", 1)
            .input(2, 3, 4)
            .inputIn(0.5, 1.5, 4)
            .input(3, 1),
        on("LayerNormalization", "statistics in double")
            .with("stash_type", ElementType.DOUBLE.onnxCode())
            .outputs("y", "mean", "inverse")
            .input(2, 4)
            .inputIn(0.5, 1.5, 4)
            .input(4),
        on("RMSNormalization", "two axes").with("axis", 1).input(2, 3, 2).inputIn(0.5, 1.5, 3, 2),
        on("MeanVarianceNormalization", "map").input(2, 2, 2, 3).tolerance(1e-6),
        on("LRN", "odd window").with("size", 3).with("alpha", 0.5).input(1, 4, 2, 2),
        on("LRN", "even window")
            .with("size", 4)
            .with("alpha", 0.5)
            .with("beta", 1.5)
            .input(2, 5, 2),
        on("LpNormalization", "p 2").with("axis", 1).input(2, 4),
        on("LpNormalization", "p 1").with("p", 1).input(2, 4));
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
    cases.add(
        on("ReduceSumSquare", "no axes, squares").with("noop_with_empty_axes", 1).input(2, 3));
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
}
