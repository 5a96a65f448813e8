package dev.graft.onnx;

import dev.graft.onnx.WeightTensor.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Decides which operands of a node may train. */
final class WeightRoles {
  /** Masks add this or less to hide a position: no weight is that large. */
  private static final float LARGEST_MASK_FILL = -100;

  private final Graph graph;
  private final ShapeInference shapes;
  private final Set<String> live;
  private final Set<String> raw;
  private final Node node;
  private final List<WeightTensor> found = new ArrayList<>();

  private WeightRoles(
      Graph graph, ShapeInference shapes, Set<String> live, Set<String> raw, Node node) {
    this.graph = graph;
    this.shapes = shapes;
    this.live = live;
    this.raw = raw;
    this.node = node;
  }

  /**
   * The operands of a node that may train.
   *
   * @param live tensors that depend on an input
   * @param raw tensors that are an input in other units, order or size
   */
  static List<WeightTensor> of(
      Graph graph, ShapeInference shapes, Set<String> live, Set<String> raw, Node node) {
    if (!node.domain().isEmpty() || FrontEndNodes.contains(node)) {
      return List.of();
    }
    WeightRoles roles = new WeightRoles(graph, shapes, live, raw, node);
    roles.decide();
    return roles.found;
  }

  private void decide() {
    switch (node.operator()) {
      case "Conv" -> {
        convolution(false);
        take(2, Role.BIAS, 1, 1);
      }
      case "ConvTranspose" -> {
        convolution(true);
        take(2, Role.BIAS, 1, 1);
      }
      case "Gemm" -> {
        TensorFacts weight = shapes.facts(node.input(1));
        boolean rows = node.integer("transB", 0) == 1;
        take(1, Role.LINEAR_WEIGHT, weight.size(rows ? 1 : 0), weight.size(rows ? 0 : 1));
        take(2, Role.BIAS, 1, 1);
      }
      case "MatMul" -> {
        TensorFacts right = shapes.facts(node.input(1));
        TensorFacts left = shapes.facts(node.input(0));
        take(1, Role.LINEAR_WEIGHT, right.size(-2), right.size(-1));
        take(0, Role.LINEAR_WEIGHT, left.size(-1), left.size(-2));
      }
      case "Einsum" -> {
        for (int i = 0; i < node.inputs().size(); i++) {
          TensorFacts operand = shapes.facts(node.input(i));
          take(i, Role.LINEAR_WEIGHT, operand.size(0), operand.size(-1));
        }
      }
      case "BatchNormalization",
          "InstanceNormalization",
          "LayerNormalization",
          "GroupNormalization" -> {
        // Inputs 3 and 4 of BatchNormalization are statistics.
        take(1, Role.NORM_SCALE, 1, 1);
        take(2, Role.NORM_BIAS, 1, 1);
      }
      case "RMSNormalization" -> take(1, Role.NORM_SCALE, 1, 1);
      case "Gather" -> take(0, Role.EMBEDDING, 1, 1);
      // Class tokens are repeated for the batch and put before the patches.
      case "Expand" -> learnedVector(0);
      case "Concat" -> {
        for (int i = 0; i < node.inputs().size(); i++) {
          learnedVector(i);
        }
      }
      case "PRelu" -> take(1, Role.SLOPE, 1, 1);
      case "Add" -> operands(followsNorm() ? Role.NORM_BIAS : Role.BIAS);
      case "Mul" -> operands(isNormScale() ? Role.NORM_SCALE : Role.FACTOR);
      default -> {
        // Nothing else trains.
      }
    }
  }

  private void convolution(boolean transposed) {
    TensorFacts weight = shapes.facts(node.input(1));
    long window = 1;
    for (int i = 2; i < weight.rank(); i++) {
      window *= Math.max(1, weight.size(i));
    }
    long groups = Math.max(1, node.integer("group", 1));
    // Conv: [M, C/group, ...]; ConvTranspose: [C, M/group, ...].
    long in = transposed ? weight.size(0) / groups : weight.size(1);
    long out = transposed ? weight.size(1) : weight.size(0) / groups;
    take(1, Role.CONVOLUTION_WEIGHT, in * window, out * window);
  }

  private void operands(Role role) {
    for (int i = 0; i < 2; i++) {
      boolean otherIsLive = live.contains(node.input(1 - i));
      Optional<OnnxTensor> tensor = stored(i);
      if (otherIsLive
          && tensor.isPresent()
          && tensor.get().elementCount() > 1
          && !(node.is("Add") && isMask(tensor.get()))
          && !(raw.contains(node.input(1 - i)) && isVector(tensor.get()))) {
        take(i, role, 1, 1);
      }
    }
  }

  /** Whether at most one axis is longer than 1, as mean and deviation of each channel have it. */
  private static boolean isVector(OnnxTensor tensor) {
    return Arrays.stream(tensor.shape()).filter(length -> length > 1).count() <= 1;
  }

  /** Takes a constant of different values; equal ones are padding or a fill. */
  private void learnedVector(int input) {
    Optional<OnnxTensor> tensor = stored(input);
    if (tensor.isPresent() && !isUniform(tensor.get())) {
      take(input, Role.EMBEDDING, 1, 1);
    }
  }

  private static boolean isUniform(OnnxTensor tensor) {
    float[] values = tensor.toFloats();
    for (float value : values) {
      if (value != values[0]) {
        return false;
      }
    }
    return true;
  }

  /** The Mul of a LayerNorm that is written out: its other operand is a Div by a Sqrt. */
  private boolean isNormScale() {
    return isNormalised(node.input(0)) || isNormalised(node.input(1));
  }

  private boolean isNormalised(String tensor) {
    return graph
        .producer(tensor)
        .filter(producer -> producer.is("Div"))
        .flatMap(producer -> graph.producer(producer.input(1)))
        .filter(producer -> producer.is("Sqrt"))
        .isPresent();
  }

  /** The Add of a LayerNorm that is written out: it follows the scale. */
  private boolean followsNorm() {
    for (String input : node.inputs()) {
      Node producer = graph.producer(input).orElse(null);
      if (producer != null
          && producer.is("Mul")
          && (isNormalised(producer.input(0)) || isNormalised(producer.input(1)))) {
        return true;
      }
    }
    return false;
  }

  private Optional<OnnxTensor> stored(int input) {
    if (live.contains(node.input(input))) {
      return Optional.empty();
    }
    return WeightTracer.storedOrPicked(graph, node.input(input))
        .flatMap(graph::constant)
        .filter(tensor -> tensor.type().isFloating());
  }

  private void take(int input, Role role, long fanIn, long fanOut) {
    Optional<OnnxTensor> tensor = stored(input);
    if (tensor.isPresent()) {
      String name = WeightTracer.storedOrPicked(graph, node.input(input)).orElseThrow();
      found.add(
          new WeightTensor(
              name, role, tensor.get().elementCount(), Math.max(1, fanIn), Math.max(1, fanOut)));
    }
  }

  private static boolean isMask(OnnxTensor tensor) {
    for (float value : tensor.toFloats()) {
      if (value <= LARGEST_MASK_FILL) {
        return true;
      }
    }
    return false;
  }
}
