package dev.graft.engine;

import dev.graft.onnx.Node;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Parts the nodes of a network in training: those that compute something from weights alone, such
 * as a transposed or merged weight, and those that examples reach.
 *
 * <p>The former run once in a step, however many passes the step takes.
 */
final class WeightNodes {
  /** They read no values: no gradient flows through them, and shapes stay Java integers. */
  private static final Set<String> OF_SHAPES = Set.of("Shape", "Size");

  private final List<Node> ofWeights = new ArrayList<>();
  private final List<Node> ofExamples = new ArrayList<>();
  private final Set<String> derived;

  /**
   * @param weights the tensors that are handed in beside the inputs
   * @param constants the tensors that are known before
   */
  WeightNodes(List<Node> nodes, Set<String> weights, Set<String> constants) {
    derived = new LinkedHashSet<>(weights);
    for (Node node : nodes) {
      List<String> inputs = node.inputs();
      boolean alone =
          !OF_SHAPES.contains(node.operator())
              && inputs.stream().anyMatch(derived::contains)
              && inputs.stream()
                  .allMatch(in -> in.isEmpty() || derived.contains(in) || constants.contains(in));
      if (alone) {
        derived.addAll(node.outputs());
      }
      (alone ? ofWeights : ofExamples).add(node);
    }
  }

  List<Node> ofWeights() {
    return ofWeights;
  }

  List<Node> ofExamples() {
    return ofExamples;
  }

  /** Whether a tensor is a weight or computed from weights alone. */
  boolean isOfWeights(String tensor) {
    return derived.contains(tensor);
  }

  /**
   * What the passes of examples read: weights, and what is computed from weights alone.
   *
   * @param outputs the outputs of the graph
   */
  List<String> handedOn(List<String> outputs) {
    Set<String> names = new LinkedHashSet<>();
    ofExamples.forEach(node -> names.addAll(node.inputs()));
    names.addAll(outputs);
    names.retainAll(derived);
    names.remove("");
    return List.copyOf(names);
  }
}
