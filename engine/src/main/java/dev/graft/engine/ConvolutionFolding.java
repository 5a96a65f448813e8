package dev.graft.engine;

import dev.graft.engine.operator.NormFactors;
import dev.graft.engine.operator.ScalarValue;
import dev.graft.engine.operator.Shapes;
import dev.graft.engine.operator.TensorValue;
import dev.graft.engine.operator.Value;
import dev.graft.onnx.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Merges what follows a frozen convolution and acts on each channel alone into its weight and bias.
 *
 * <p>BatchNormalization: W' = W s / sqrt(v + e), b' = (b - m) s / sqrt(v + e) + o. Addition of a
 * constant per channel: b' = b + c. Done in fp32 before any cast; the file on disk is not touched.
 */
final class ConvolutionFolding {
  private final Map<String, Value> constants;
  private final Set<String> kept;
  private final Set<String> trainable;
  private final Map<String, List<Node>> consumers = new HashMap<>();

  /**
   * Creates the pass.
   *
   * @param constants values by name; folded weights are added
   * @param kept tensors that must keep their value because they are outputs of the graph
   * @param trainable weights that are no constants
   */
  ConvolutionFolding(Map<String, Value> constants, Set<String> kept, Set<String> trainable) {
    this.constants = constants;
    this.kept = kept;
    this.trainable = trainable;
  }

  List<Node> fold(List<Node> nodes) {
    for (Node node : nodes) {
      node.inputs()
          .forEach(name -> consumers.computeIfAbsent(name, key -> new ArrayList<>()).add(node));
    }
    Map<Node, Node> replacements = new HashMap<>();
    List<Node> result = new ArrayList<>();
    for (Node node : nodes) {
      if (replacements.containsKey(node)) {
        continue;
      }
      Node current = node;
      Node next = mergeable(current);
      while (next != null) {
        current = merge(current, next);
        replacements.put(next, current);
        next = mergeable(current);
      }
      result.add(current);
    }
    return result;
  }

  /** The one consumer that can be merged into a convolution, if there is one. */
  private @Nullable Node mergeable(Node node) {
    if (!node.operator().equals("Conv")
        || !isConstant(node.input(1))
        || tensor(node.input(1)).dim() < 3
        || (node.hasInput(2) && !isConstant(node.input(2)))
        || kept.contains(node.output(0))) {
      return null;
    }
    List<Node> users = consumers.getOrDefault(node.output(0), List.of());
    if (users.size() != 1) {
      return null;
    }
    Node user = users.get(0);
    long filters = tensor(node.input(1)).size(0);
    if (node.hasInput(2) && !isVector(node.input(2), filters)) {
      return null;
    }
    boolean norm =
        user.operator().equals("BatchNormalization")
            && user.outputs().size() == 1
            && user.inputs().size() >= 5
            && user.inputs().subList(1, 5).stream()
                .allMatch(name -> isConstant(name) && isVector(name, filters));
    boolean bias = user.operator().equals("Add") && perChannel(node, addend(node, user)) != null;
    return norm || bias ? user : null;
  }

  private boolean isConstant(String name) {
    return constants.get(name) instanceof TensorValue && !trainable.contains(name);
  }

  /** What contradicts the filters is left alone, so that the run reports it by name. */
  private boolean isVector(String name, long length) {
    return Arrays.equals(Shapes.of(tensor(name)), new long[] {length});
  }

  private static String addend(Node convolution, Node addition) {
    return addition.input(0).equals(convolution.output(0)) ? addition.input(1) : addition.input(0);
  }

  /**
   * A constant of shape [1,C,1,1] or [C,1,1] (any number of spatial axes) as a vector, else null.
   */
  private @Nullable Tensor perChannel(Node convolution, String name) {
    Value value = constants.get(name);
    if (!(value instanceof TensorValue || value instanceof ScalarValue)
        || trainable.contains(name)) {
      return null;
    }
    Tensor weight = tensor(convolution.input(1));
    long channels = weight.size(0);
    long[] shape = value.shape();
    int channelAxis = shape.length - ((int) weight.dim() - 1);
    if (channelAxis < 0
        || channelAxis > 1
        || shape[channelAxis] != channels
        || Shapes.count(shape) != channels) {
      return null;
    }
    return tensor(name).reshape(channels);
  }

  private Tensor tensor(String name) {
    Value value = constants.get(name);
    return value instanceof ScalarValue scalar
        ? scalar.tensor()
        : ((TensorValue) java.util.Objects.requireNonNull(value)).tensor();
  }

  private Node merge(Node convolution, Node next) {
    Tensor weight = tensor(convolution.input(1));
    Tensor bias =
        convolution.hasInput(2)
            ? tensor(convolution.input(2))
            : torch.zeros(new long[] {weight.size(0)}, new TensorOptions(ScalarType.Float));
    if (next.operator().equals("Add")) {
      bias =
          bias.add(
              java.util.Objects.requireNonNull(perChannel(convolution, addend(convolution, next))));
    } else {
      NormFactors factors =
          NormFactors.of(
              tensor(next.input(1)),
              tensor(next.input(2)),
              tensor(next.input(3)),
              tensor(next.input(4)),
              next.real("epsilon", 1e-5f));
      weight = factors.weight(weight);
      bias = factors.bias(bias);
    }
    String output = next.output(0);
    String weightName = output + "#folded-weight";
    String biasName = output + "#folded-bias";
    constants.put(weightName, new TensorValue(weight));
    constants.put(biasName, new TensorValue(bias));
    return convolution
        .withInputs(List.of(convolution.input(0), weightName, biasName))
        .withOutputs(List.of(output));
  }
}
