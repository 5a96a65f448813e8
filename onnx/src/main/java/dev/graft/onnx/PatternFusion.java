package dev.graft.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A pass that replaces groups of nodes which spell out one operator by that operator.
 *
 * <p>A group is replaced only if no tensor inside it is read elsewhere or is an output of the
 * graph. The tensor at its end keeps its name, and weights keep theirs.
 */
abstract sealed class PatternFusion implements GraphPass
    permits AttentionFusion,
        GeluFusion,
        HardSwishFusion,
        LayerNormalizationFusion,
        SoftmaxFusion,
        SwishFusion {
  private final String name;
  private final String purpose;

  /** The operator set that has the fused operator. */
  private final int opset;

  PatternFusion(String name, String purpose, int opset) {
    this.name = name;
    this.purpose = purpose;
    this.opset = opset;
  }

  /**
   * A group that was found.
   *
   * @param nodes all its nodes; the last one gives the result
   * @param replacements what takes their place, in order
   */
  record Group(List<Node> nodes, List<Node> replacements) {}

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final String purpose() {
    return purpose;
  }

  /** The group of which a node is the characteristic one. */
  abstract Optional<Group> match(GraphPattern graph, Node node);

  @Override
  public final Rewrite apply(OnnxModel model) {
    OnnxModel current = model.opset() < opset ? model.upgradeTo(opset) : model;
    Graph graph = current.graph();
    ModelEditor editor = current.edit();
    GraphPattern pattern = new GraphPattern(graph, editor);
    Set<Node> gone = Collections.newSetFromMap(new IdentityHashMap<>());
    Map<Node, List<Node>> replacements = new HashMap<>();
    for (Node node : graph.nodes()) {
      Optional<Group> found = gone.contains(node) ? Optional.empty() : match(pattern, node);
      if (found.isPresent()
          && isClosed(graph, found.get())
          && found.get().nodes().stream().noneMatch(gone::contains)) {
        List<Node> nodes = found.get().nodes();
        gone.addAll(nodes);
        replacements.put(nodes.get(nodes.size() - 1), found.get().replacements());
      }
    }
    if (replacements.isEmpty()) {
      return new Rewrite(model, 0);
    }
    List<Node> result = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (replacements.containsKey(node)) {
        result.addAll(replacements.get(node));
      } else if (!gone.contains(node)) {
        result.add(node);
      }
    }
    return new Rewrite(editor.setNodes(result).pruneUnreachable().build(), replacements.size());
  }

  /** Whether only the last node of a group is seen from outside. */
  private static boolean isClosed(Graph graph, Group group) {
    List<Node> nodes = group.nodes();
    return nodes.subList(0, nodes.size() - 1).stream()
        .flatMap(node -> node.outputs().stream())
        .allMatch(
            output ->
                !graph.isOutput(output)
                    && graph.consumers(output).stream().allMatch(nodes::contains));
  }
}
