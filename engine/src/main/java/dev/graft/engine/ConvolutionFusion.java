package dev.graft.engine;

import dev.graft.engine.operator.FusedConvolution;
import dev.graft.engine.operator.FusedConvolution.Activation;
import dev.graft.engine.operator.ScalarValue;
import dev.graft.engine.operator.TensorValue;
import dev.graft.engine.operator.Value;
import dev.graft.onnx.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds frozen convolutions that one kernel computes together with the activation behind them:
 * Relu, Clip, HardSwish or Swish (SiLU).
 */
final class ConvolutionFusion {
  private final Map<String, Value> constants;
  private final Set<String> kept;
  private final Map<String, List<Node>> consumers = new HashMap<>();
  private final Map<String, Activation> activations = new HashMap<>();

  /** What follows a convolution, the output of both together, and the nodes that go with it. */
  private record Tail(Activation activation, String output, List<Node> nodes) {}

  /**
   * Creates the pass.
   *
   * @param constants values by name
   * @param kept tensors that must keep their value because they are outputs of the graph
   */
  ConvolutionFusion(Map<String, Value> constants, Set<String> kept) {
    this.constants = constants;
    this.kept = kept;
  }

  /** The nodes without the activations that went into convolutions. */
  List<Node> fuse(List<Node> nodes) {
    for (Node node : nodes) {
      for (String name : new HashSet<>(node.inputs())) {
        consumers.computeIfAbsent(name, key -> new ArrayList<>()).add(node);
      }
    }
    Set<String> gone = new HashSet<>();
    List<Node> result = new ArrayList<>();
    for (Node node : nodes) {
      if (gone.contains(node.output(0))) {
        continue;
      }
      if (!isFrozenMapConvolution(node)) {
        result.add(node);
        continue;
      }
      Tail tail = tail(node.output(0));
      tail.nodes().forEach(member -> gone.add(member.output(0)));
      activations.put(tail.output(), tail.activation());
      result.add(node.withOutputs(List.of(tail.output())));
    }
    return result;
  }

  /** The activation of a fused convolution; {@code null} for all other nodes. */
  @Nullable Activation activationOf(Node node) {
    return node.operator().equals("Conv") ? activations.get(node.output(0)) : null;
  }

  /** A fused convolution under another name of its output. */
  Node renameOutput(Node node, String output) {
    Activation activation = Objects.requireNonNull(activations.remove(node.output(0)));
    activations.put(output, activation);
    return node.withOutputs(List.of(output));
  }

  private boolean isFrozenMapConvolution(Node node) {
    return node.operator().equals("Conv")
        && constants.get(node.input(1)) instanceof TensorValue weight
        && weight.tensor().dim() == 4
        && (!node.hasInput(2)
            || (constants.get(node.input(2)) instanceof TensorValue && isBiasOnly(node.input(2))));
  }

  /** A bias that other operators read too would have to be in two formats. */
  private boolean isBiasOnly(String name) {
    return consumers.getOrDefault(name, List.of()).stream()
        .allMatch(
            user ->
                user.operator().equals("Conv")
                    && user.inputs().indexOf(name) == 2
                    && constants.get(user.input(1)) instanceof TensorValue weight
                    && weight.tensor().dim() == 4);
  }

  private Tail tail(String output) {
    Tail plain = new Tail(Activation.NONE, output, List.of());
    if (kept.contains(output)) {
      return plain;
    }
    List<Node> users = consumers.getOrDefault(output, List.of());
    Activation activation = users.size() == 1 ? activation(users.get(0)) : null;
    return activation == null ? plain : new Tail(activation, users.get(0).output(0), users);
  }

  private @Nullable Activation activation(Node node) {
    return switch (node.operator()) {
      case "Relu" -> new Activation("relu");
      case "HardSwish" -> new Activation("hardswish");
      case "Swish" -> node.real("alpha", 1) == 1 ? new Activation("swish") : null;
      case "Clip" ->
          constants.get(node.input(1)) instanceof ScalarValue low
                  && constants.get(node.input(2)) instanceof ScalarValue high
              ? new Activation("hardtanh", low.value(), high.value())
              : null;
      default -> null;
    };
  }

  /** Biases of fused convolutions, which the kernel takes in fp32. */
  Set<String> biases(List<Node> nodes) {
    Set<String> names = new HashSet<>();
    for (Node node : nodes) {
      if (activationOf(node) != null && node.hasInput(2)) {
        names.add(node.input(2));
      }
    }
    return names;
  }

  /** The operator of a node that was fused. */
  @Nullable FusedConvolution operator(Node node) {
    Activation activation = activationOf(node);
    return activation == null ? null : new FusedConvolution(node, activation);
  }
}
