package dev.graft.engine;

import dev.graft.engine.operator.MergedNorm;
import dev.graft.engine.operator.Operator;
import dev.graft.engine.operator.TensorValue;
import dev.graft.engine.operator.Value;
import dev.graft.onnx.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Merges batch norms with frozen statistics into the convolutions in training before them.
 *
 * <p>W' = W s / sqrt(v + e), b' = (b - m) s / sqrt(v + e) + o are computed from the present weights
 * in each step, once, and gradients flow through them to W, b, s and o: the same function and the
 * same gradients as those of the two layers, without a pass over the activations for the norm,
 * neither forward nor backward, and without keeping the norm's input.
 */
final class NormMerging {
  /** The operator that computes W' and b' from W, s, o, m, v and b. */
  static final String OPERATOR = "MergedBatchNormalization";

  private static final String DOMAIN = "dev.graft";

  private final Map<String, Value> constants;
  private final Set<String> weights;
  private final Set<String> kept;
  private final MergedNorm merged;
  private final Map<String, List<Node>> consumers = new HashMap<>();

  /**
   * Creates the pass.
   *
   * @param constants values by name
   * @param weights the tensors that are handed in at each step
   * @param kept tensors that must keep their value because they are outputs of the graph
   * @param precision of the convolutions
   */
  NormMerging(
      Map<String, Value> constants, Set<String> weights, Set<String> kept, Precision precision) {
    this.constants = constants;
    this.weights = weights;
    this.kept = kept;
    this.merged =
        new MergedNorm(precision == Precision.BF16 ? ScalarType.BFloat16 : ScalarType.Float);
  }

  List<Node> merge(List<Node> nodes) {
    for (Node node : nodes) {
      for (String name : new HashSet<>(node.inputs())) {
        consumers.computeIfAbsent(name, key -> new ArrayList<>()).add(node);
      }
    }
    WeightNodes parts = new WeightNodes(nodes, weights, constants.keySet());
    Set<Node> gone = new HashSet<>();
    List<Node> result = new ArrayList<>();
    for (Node node : nodes) {
      Node norm = mergeable(node, parts);
      if (norm != null) {
        gone.add(norm);
        result.addAll(merged(node, norm));
      } else if (!gone.contains(node)) {
        result.add(node);
      }
    }
    return result;
  }

  /** The norm that can be merged into a node, if there is one. */
  private @Nullable Node mergeable(Node node, WeightNodes parts) {
    if (!node.operator().equals("Conv")
        || !parts.isOfWeights(node.input(1))
        || !isReadOnce(node.input(1))
        || !isReadOnce(node.output(0))
        || (node.hasInput(2) && !(isKnown(node.input(2), parts) && isReadOnce(node.input(2))))) {
      return null;
    }
    Node norm = consumers.getOrDefault(node.output(0), List.of()).get(0);
    boolean frozen =
        norm.operator().equals("BatchNormalization")
            && norm.input(0).equals(node.output(0))
            && norm.integer("training_mode", 0) == 0
            && norm.outputs().size() == 1
            && norm.inputs().size() >= 5
            && isKnown(norm.input(1), parts)
            && isKnown(norm.input(2), parts)
            && constants.get(norm.input(3)) instanceof TensorValue
            && constants.get(norm.input(4)) instanceof TensorValue;
    return frozen ? norm : null;
  }

  private boolean isKnown(String name, WeightNodes parts) {
    return parts.isOfWeights(name) || constants.get(name) instanceof TensorValue;
  }

  /** What others read too would have to be there in two formats, or unmerged. */
  private boolean isReadOnce(String name) {
    return !kept.contains(name) && consumers.getOrDefault(name, List.of()).size() == 1;
  }

  private static List<Node> merged(Node convolution, Node norm) {
    String output = norm.output(0);
    String weight = output + "#merged-weight";
    String bias = output + "#merged-bias";
    List<String> inputs = new ArrayList<>(List.of(convolution.input(1)));
    inputs.addAll(norm.inputs().subList(1, 5));
    if (convolution.hasInput(2)) {
      inputs.add(convolution.input(2));
    }
    return List.of(
        norm.withOperator(OPERATOR)
            .withDomain(DOMAIN)
            .withInputs(inputs)
            .withOutputs(List.of(weight, bias)),
        convolution
            .withInputs(List.of(convolution.input(0), weight, bias))
            .withOutputs(List.of(output)));
  }

  /** The operator of a node that this pass has added. */
  @Nullable Operator operator(Node node) {
    return node.operator().equals(OPERATOR) ? merged : null;
  }
}
