package dev.graft.engine.operator;

import dev.graft.onnx.ElementType;
import dev.graft.onnx.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * One application of an operator whose gradient is checked: the node, its inputs and the tolerance.
 *
 * <p>Float inputs hold distinct values, evenly spaced in a range and shuffled by a seed, so that no
 * two are closer than the step of a finite difference and maxima stay where they are.
 */
final class GradientCase {
  private static final double DEFAULT_TOLERANCE = 1e-7;

  private final String name;
  private Node node;
  private final List<Input> inputs = new ArrayList<>();
  private double tolerance = DEFAULT_TOLERANCE;
  private boolean batchStatistics;
  private long seed = 1;

  /** How one input is made. */
  private sealed interface Input {}

  private record Floats(long seed, double low, double high, boolean varies, long[] shape)
      implements Input {}

  private record Integers(IntegerValue value) implements Input {}

  private record Given(double[] values) implements Input {}

  private record Absent() implements Input {}

  private GradientCase(String name, Node node) {
    this.name = name;
    this.node = node;
  }

  /** A case of an operator with one output; the name says what is special about it. */
  static GradientCase on(String operator, String name) {
    return new GradientCase(name, Node.of(operator, List.of(), List.of("y")));
  }

  GradientCase outputs(String... names) {
    node = node.withOutputs(List.of(names));
    return this;
  }

  GradientCase with(String attribute, long value) {
    node = node.withInteger(attribute, value);
    return this;
  }

  GradientCase with(String attribute, double value) {
    node = node.withReal(attribute, (float) value);
    return this;
  }

  GradientCase with(String attribute, String value) {
    node = node.withText(attribute, value);
    return this;
  }

  GradientCase withIntegers(String attribute, long... values) {
    node = node.withIntegers(attribute, values);
    return this;
  }

  /** A float input of values in (-1, 1), none of them zero. */
  GradientCase input(long... shape) {
    return inputIn(-1, 1, shape);
  }

  GradientCase inputIn(double low, double high, long... shape) {
    inputs.add(new Floats(seed++, low, high, true, shape));
    return this;
  }

  /** A float input whose gradient is not asked for. */
  GradientCase fixedInputIn(double low, double high, long... shape) {
    inputs.add(new Floats(seed++, low, high, false, shape));
    return this;
  }

  /** Factors by which the axes of the first input are resized. */
  GradientCase scales(double... values) {
    inputs.add(new Given(values));
    return this;
  }

  GradientCase integers(long... values) {
    inputs.add(new Integers(IntegerValue.vector(values)));
    return this;
  }

  GradientCase integers(ElementType type, long[] values, long... shape) {
    inputs.add(new Integers(new IntegerValue(type, values, shape)));
    return this;
  }

  GradientCase absent() {
    inputs.add(new Absent());
    return this;
  }

  GradientCase withBatchStatistics() {
    batchStatistics = true;
    return this;
  }

  GradientCase tolerance(double largest) {
    tolerance = largest;
    return this;
  }

  String operator() {
    return node.operator();
  }

  double tolerance() {
    return tolerance;
  }

  /** The values of the inputs; doubles with gradient where the case asks for one. */
  @Nullable Value[] values() {
    @Nullable Value[] values = new Value[inputs.size()];
    for (int i = 0; i < values.length; i++) {
      Input input = inputs.get(i);
      if (input instanceof Floats floats) {
        Tensor tensor = Tensor.create(spaced(floats), floats.shape());
        tensor.set_requires_grad(floats.varies());
        values[i] = new TensorValue(tensor);
      } else if (input instanceof Given given) {
        values[i] = new TensorValue(Tensor.create(given.values(), given.values().length));
      } else if (input instanceof Integers integers) {
        values[i] = integers.value();
      }
    }
    return values;
  }

  /** Applies the operator and gives the outputs through which a gradient can flow. */
  List<Tensor> apply(@Nullable Value[] values) {
    Operator operator = Operators.find(node.operator()).orElseThrow();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      names.add(values[i] == null ? "" : "x" + i);
    }
    Call call = new Call(node.withInputs(names), values, false, batchStatistics, 0);
    List<Tensor> outputs = new ArrayList<>();
    for (Value output : operator.apply(call)) {
      if (output instanceof TensorValue value
          && ScalarTypes.of(value.tensor()) == ScalarType.Double) {
        outputs.add(value.tensor());
      }
    }
    return outputs;
  }

  private static double[] spaced(Floats floats) {
    int count = (int) Shapes.count(floats.shape());
    double[] values = new double[count];
    double step = (floats.high() - floats.low()) / (count + 1);
    // A third of a step to the side, so that a symmetric range does not hold zero.
    Arrays.setAll(values, i -> floats.low() + step * (i + 2.0 / 3));
    SplittableRandom random = new SplittableRandom(floats.seed());
    for (int i = count - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      double kept = values[i];
      values[i] = values[other];
      values[other] = kept;
    }
    return values;
  }

  @Override
  public String toString() {
    return node.operator() + ": " + name;
  }
}
