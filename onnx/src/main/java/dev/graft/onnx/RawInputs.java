package dev.graft.onnx;

import java.util.HashSet;
import java.util.Set;

/**
 * Finds the tensors that are an input in other units, order or size, before any layer: constants by
 * channel that are added to them or multiply them normalise the input and are no weights.
 */
final class RawInputs {
  private static final Set<String> PREPROCESSING =
      Set.of(
          "Add",
          "Cast",
          "Div",
          "Flatten",
          "Identity",
          "Mul",
          "Pad",
          "Reshape",
          "Resize",
          "Slice",
          "Squeeze",
          "Sub",
          "Transpose",
          "Unsqueeze");

  private RawInputs() {}

  /**
   * The inputs themselves and what is made of one of them and constants.
   *
   * @param live tensors that depend on an input
   */
  static Set<String> of(Graph graph, Set<String> live) {
    Set<String> raw = new HashSet<>();
    graph.inputs().forEach(input -> raw.add(input.name()));
    for (Node node : graph.nodes()) {
      long operands = node.inputs().stream().filter(live::contains).count();
      boolean first = !node.inputs().isEmpty() && raw.contains(node.input(0));
      boolean second = node.inputs().size() == 2 && raw.contains(node.input(1));
      if (PREPROCESSING.contains(node.operator())
          && node.domain().isEmpty()
          && operands == 1
          && (first || second)) {
        raw.addAll(node.outputs());
      }
    }
    return raw;
  }
}
