package dev.graft.onnx;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a linear head: {@code logits[c] = sum over f of weight[c * features + f] *
 * feature[f] + bias[c]}.
 *
 * <p>Transposition, Gemm's alpha and beta, and constant factors and summands after the layer are
 * applied already. Thread-safe if the arrays are not written.
 */
public final class HeadWeights {
  private final float[] weight;
  private final float[] bias;

  private HeadWeights(float[] weight, float[] bias) {
    this.weight = weight;
    this.bias = bias;
  }

  /** The weight, [classes, features] row-major; a copy. */
  public float[] weight() {
    return weight.clone();
  }

  /** The bias, [classes]; zeros where the layer has none; a copy. */
  public float[] bias() {
    return bias.clone();
  }

  static HeadWeights of(Graph graph, LinearHead head) {
    int classes = head.classes();
    int features = head.features();
    float[] weight = new float[0];
    float[] bias = new float[classes];
    for (Node node : head.nodes()) {
      switch (node.operator()) {
        case "Gemm" -> {
          float[] stored = floats(graph, node.input(1));
          boolean rows = node.integer("transB", 0) == 1;
          weight = rows ? stored.clone() : transposed(stored, features, classes);
          scale(weight, node.real("alpha", 1));
          if (node.hasInput(2)) {
            add(bias, floats(graph, node.input(2)), node.real("beta", 1));
          }
        }
        case "MatMul" -> weight = transposed(floats(graph, node.input(1)), features, classes);
        case "Conv" -> {
          // [classes, features, 1, 1] is [classes, features] in memory.
          weight = floats(graph, node.input(1)).clone();
          if (node.hasInput(2)) {
            add(bias, floats(graph, node.input(2)), 1);
          }
        }
        case "Add" -> add(bias, constantOperand(graph, node), 1);
        case "Sub" -> add(bias, constantOperand(graph, node), -1);
        case "Mul" -> {
          scale(weight, constantOperand(graph, node)[0]);
          scale(bias, constantOperand(graph, node)[0]);
        }
        case "Div" -> {
          scale(weight, 1 / constantOperand(graph, node)[0]);
          scale(bias, 1 / constantOperand(graph, node)[0]);
        }
        default -> {
          // Pools and changes of shape keep the logits' values.
        }
      }
    }
    return new HeadWeights(weight, bias);
  }

  private static float[] constantOperand(Graph graph, Node node) {
    String name =
        WeightTracer.resolve(graph, node.input(1)).isPresent() ? node.input(1) : node.input(0);
    return floats(graph, name);
  }

  private static float[] floats(Graph graph, String tensor) {
    Optional<OnnxTensor> value = WeightTracer.resolve(graph, tensor);
    return value
        .orElseThrow(
            () -> new OnnxModelException("tensor \"" + tensor + "\" of the head is no constant"))
        .toFloats();
  }

  private static float[] transposed(float[] stored, int rows, int columns) {
    float[] result = new float[stored.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        result[column * rows + row] = stored[row * columns + column];
      }
    }
    return result;
  }

  private static void scale(float[] values, float factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
  }

  private static void add(float[] bias, float[] summand, float factor) {
    for (int i = 0; i < bias.length; i++) {
      bias[i] += factor * summand[summand.length == 1 ? 0 : i];
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HeadWeights that
        && Arrays.equals(weight, that.weight)
        && Arrays.equals(bias, that.bias);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bias);
  }
}
