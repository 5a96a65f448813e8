package dev.graft.engine.operator;

import dev.graft.engine.EngineException;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.Node;
import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * One application of an operator: the node with its attributes and the values of its inputs.
 *
 * @param node the node
 * @param inputs the values in the node's order; {@code null} where an optional input is absent
 * @param overwriteFirst whether the first input is used by nobody else and may be overwritten
 * @param batchStatistics whether BatchNormalization uses and updates batch statistics
 * @param seed what random numbers are made from where the node states no seed of its own
 */
public record Call(
    Node node,
    @Nullable Value[] inputs,
    boolean overwriteFirst,
    boolean batchStatistics,
    long seed) {

  boolean has(int index) {
    return index < inputs.length && inputs[index] != null;
  }

  Value value(int index) {
    Value value = index < inputs.length ? inputs[index] : null;
    if (value == null) {
      throw new EngineException(
          "Running " + node.describe() + ": input " + index + " is required but absent.");
    }
    return value;
  }

  /** An input as a tensor; Java integers are copied over. */
  Tensor tensor(int index) {
    Value value = value(index);
    if (value instanceof TensorValue tensor) {
      return tensor.tensor();
    }
    return value instanceof ScalarValue scalar
        ? scalar.tensor()
        : ((IntegerValue) value).toTensor();
  }

  TensorOptional optional(int index) {
    return has(index) ? new TensorOptional(tensor(index)) : new TensorOptional();
  }

  /** A small integer input (shape, axes, indices) as Java integers. */
  IntegerValue integers(int index) {
    Value value = value(index);
    return value instanceof IntegerValue integers ? integers : IntegerValue.of(tensor(index));
  }

  long[] longs(int index) {
    return integers(index).data();
  }

  Optional<long[]> optionalLongs(int index) {
    return has(index) ? Optional.of(longs(index)) : Optional.empty();
  }

  /** A scalar float input, as Clip bounds are; absent gives the default. */
  double real(int index, double absent) {
    if (!has(index)) {
      return absent;
    }
    if (value(index) instanceof ScalarValue known) {
      return known.value();
    }
    Tensor scalar = tensor(index);
    return scalar.numel() == 0 ? absent : scalar.to(ScalarType.Double).item().toDouble();
  }

  boolean allIntegers() {
    return Arrays.stream(inputs).allMatch(value -> value == null || value instanceof IntegerValue);
  }

  long integer(String attribute, long absent) {
    return node.integer(attribute, absent);
  }

  double real(String attribute, double absent) {
    return node.real(attribute, (float) absent);
  }

  long[] integers(String attribute, long... absent) {
    return node.integers(attribute, absent);
  }

  ScalarType scalarType(String attribute, ElementType absent) {
    return ScalarTypes.of(elementType(attribute, absent));
  }

  ElementType elementType(String attribute, ElementType absent) {
    return node.hasAttribute(attribute)
        ? ElementType.ofOnnxCode((int) node.integer(attribute, 0))
        : absent;
  }

  /** fp16 as fp32: computed in the latter and rounded once, and not all kernels take the former. */
  static Tensor widened(Tensor x) {
    return ScalarTypes.of(x) == ScalarType.Half ? x.to(ScalarType.Float) : x;
  }

  static Scalar whole(long value) {
    return new Scalar(value);
  }

  static Scalar scalar(double value) {
    return new Scalar(value);
  }

  EngineException failure(String expectedAndFound) {
    return new EngineException("Running " + node.describe() + ": " + expectedAndFound);
  }
}
