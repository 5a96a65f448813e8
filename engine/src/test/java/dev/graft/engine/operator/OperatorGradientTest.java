package dev.graft.engine.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.engine.Libtorch;
import java.nio.DoubleBuffer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The gradient of each operator equals central finite differences in double precision.
 *
 * <p>The scalar that is differentiated is sum_i c_i y_i over all outputs, with fixed c_i that
 * differ from element to element, so that a wrong order of elements shows.
 */
class OperatorGradientTest {
  private static final double STEP = 1e-6;

  /** Operators that give integers or truth values, or values that depend on shapes alone. */
  private static final Set<String> WITHOUT_GRADIENT =
      Set.of(
          "And",
          "ArgMax",
          "ArgMin",
          "BlackmanWindow",
          "CastLike", // the same function as Cast, which is checked
          "ConstantOfShape",
          "Equal",
          "Greater",
          "GreaterOrEqual",
          "HammingWindow",
          "HannWindow",
          "Hardmax",
          "IsInf",
          "IsNaN",
          "Less",
          "LessOrEqual",
          "MelWeightMatrix",
          "NonZero",
          "Not",
          "Or",
          "Range",
          "Shape",
          "Size",
          "Xor");

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  static Stream<GradientCase> cases() {
    return GradientCases.all().stream();
  }

  @Test
  void cases_together_coverEveryOperator() {
    Set<String> covered = cases().map(GradientCase::operator).collect(Collectors.toSet());
    Set<String> missing = new TreeSet<>(Operators.names());
    missing.removeAll(covered);
    assertThat(missing).isEqualTo(new TreeSet<>(WITHOUT_GRADIENT));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void backward_anyCase_equalsFiniteDifferences(GradientCase example) {
    try (PointerScope scope = new PointerScope();
        AutoGradMode training = new AutoGradMode(true)) {
      @Nullable Value[] values = example.values();
      Tensor loss = loss(example.apply(values));
      if (loss.requires_grad()) {
        loss.backward();
      }
      for (int i = 0; i < values.length; i++) {
        if (values[i] instanceof TensorValue value && value.tensor().requires_grad()) {
          check(example, values, i, value.tensor());
        }
      }
    }
  }

  private static void check(
      GradientCase example, @Nullable Value[] values, int input, Tensor tensor) {
    double[] gradient = new double[(int) tensor.numel()];
    if (tensor.grad().defined()) {
      Tensor dense = tensor.grad().contiguous();
      DoubleBuffer buffer = dense.createBuffer();
      buffer.get(gradient);
    }
    for (int element = 0; element < gradient.length; element++) {
      double up = lossWith(example, values, tensor, element, STEP);
      double down = lossWith(example, values, tensor, element, -STEP);
      assertThat(gradient[element])
          .as("%s, input %d, element %d", example, input, element)
          .isCloseTo((up - down) / (2 * STEP), within(example.tolerance()));
    }
  }

  private static double lossWith(
      GradientCase example, @Nullable Value[] values, Tensor tensor, int element, double step) {
    try (PointerScope scope = new PointerScope();
        AutoGradMode inference = new AutoGradMode(false)) {
      DoubleBuffer data = tensor.createBuffer();
      double kept = data.get(element);
      data.put(element, kept + step);
      try {
        return loss(example.apply(values)).item().toDouble();
      } finally {
        data.put(element, kept);
      }
    }
  }

  private static Tensor loss(List<Tensor> outputs) {
    assertThat(outputs).as("outputs with a gradient").isNotEmpty();
    Tensor sum = torch.zeros(new long[0], outputs.get(0).options());
    for (Tensor output : outputs) {
      long count = output.numel();
      double[] factors = new double[(int) count];
      for (int i = 0; i < factors.length; i++) {
        factors[i] = Math.sin(1 + 0.7 * i);
      }
      sum = sum.add(output.reshape(count).mul(Tensor.create(factors, count)).sum());
    }
    return sum;
  }
}
