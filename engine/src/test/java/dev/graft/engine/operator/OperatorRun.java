package dev.graft.engine.operator;

import dev.graft.onnx.ElementType;
import dev.graft.onnx.Node;
import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** Applies single operators to values that stand in a test. */
final class OperatorRun {
  private OperatorRun() {}

  /** The outputs of a node without names, which gets as many inputs as values are given. */
  static List<Value> apply(Node node, @Nullable Value... inputs) {
    return applyWith(Operators.find(node.operator()).orElseThrow(), node, inputs);
  }

  static List<Value> applyWith(Operator operator, Node node, @Nullable Value... inputs) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < inputs.length; i++) {
      names.add(inputs[i] == null ? "" : "x" + i);
    }
    return operator.apply(new Call(node.withInputs(names), inputs, false, false, 0));
  }

  static Node node(String operator, String... outputs) {
    return Node.of(operator, List.of(), outputs.length == 0 ? List.of("y") : List.of(outputs));
  }

  static Value floats(double[] values, long... shape) {
    return new TensorValue(Tensor.create(values, shape).to(ScalarType.Float));
  }

  static Value doubles(double[] values, long... shape) {
    return new TensorValue(Tensor.create(values, shape));
  }

  /** A tensor of integers, even where it is small enough for Java integers. */
  static Value wholes(ElementType type, long[] values, long... shape) {
    return new TensorValue(Tensor.create(values, shape).to(ScalarTypes.of(type)));
  }

  static double[] toDoubles(Value value) {
    Tensor tensor =
        value instanceof IntegerValue integers
            ? integers.toTensor()
            : ((TensorValue) value).tensor();
    double[] values = new double[(int) tensor.numel()];
    if (values.length > 0) {
      Tensor dense = tensor.to(ScalarType.Double).contiguous();
      DoubleBuffer buffer = dense.createBuffer();
      buffer.get(values);
    }
    return values;
  }

  /** The elements as 64 bits each, whatever their sign. */
  static long[] toLongs(Value value) {
    Tensor tensor =
        value instanceof IntegerValue integers
            ? integers.toTensor()
            : ((TensorValue) value).tensor();
    return IntegerValue.of(tensor.to(ScalarType.Long)).data();
  }
}
