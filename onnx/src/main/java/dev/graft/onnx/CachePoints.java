package dev.graft.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tensors at which a graph may be cut in two, so that the second part needs this tensor and
 * constants alone: single-tensor dominators of the output.
 *
 * <p>Let the tensors and nodes between inputs and output stand in topological order. A tensor
 * dominates the output exactly if no edge leads from something before it to something after it. A
 * node that reads the Shape of an earlier tensor is such an edge like any other.
 */
public final class CachePoints {
  private final List<String> tensors;
  private final Map<String, Integer> positions;

  private CachePoints(List<String> tensors, Map<String, Integer> positions) {
    this.tensors = List.copyOf(tensors);
    this.positions = positions;
  }

  /**
   * The tensors that dominate all outputs together, in the order of the computation; a single input
   * is the first.
   */
  public static List<String> of(OnnxModel model) {
    return of(model.graph(), model.graph().outputs().stream().map(ValueInfo::name).toList())
        .tensors();
  }

  /** The tensors that dominate one tensor, in the order of the computation, itself last. */
  public static List<String> of(OnnxModel model, String output) {
    return of(model.graph(), List.of(output)).tensors();
  }

  static CachePoints of(Graph graph, List<String> outputs) {
    return of(graph, outputs, Set.of());
  }

  /**
   * The same where some tensors do not count: as if each of their readers computed them anew.
   *
   * @param aside what does not count
   */
  static CachePoints of(Graph graph, List<String> outputs, Set<String> aside) {
    Set<String> live = liveTensors(graph);
    Set<Node> needed = ancestors(graph, outputs);
    // Positions: inputs, then each node followed by its outputs.
    Map<String, Integer> positions = new HashMap<>();
    List<String> order = new ArrayList<>();
    Set<String> wanted = new HashSet<>(outputs);
    needed.forEach(
        node -> {
          wanted.addAll(node.inputs());
          wanted.addAll(node.capturedInputs());
        });
    int next = 0;
    for (ValueInfo input : graph.inputs()) {
      if (wanted.contains(input.name())) {
        positions.put(input.name(), next++);
        order.add(input.name());
      }
    }
    Map<Node, Integer> nodePositions = new HashMap<>();
    for (Node node : graph.nodes()) {
      if (needed.contains(node) && node.outputs().stream().anyMatch(live::contains)) {
        nodePositions.put(node, next++);
        for (String output : node.outputs()) {
          if (wanted.contains(output) && !output.isEmpty()) {
            positions.put(output, next++);
            order.add(output);
          }
        }
      }
    }
    int sink = next;
    List<String> dominators = new ArrayList<>();
    // The source reaches every input.
    int furthest =
        Math.max(
            0, (int) graph.inputs().stream().filter(i -> wanted.contains(i.name())).count() - 1);
    for (String tensor : order) {
      if (aside.contains(tensor)) {
        continue;
      }
      int position = positions.getOrDefault(tensor, 0);
      Node producer = graph.producer(tensor).orElse(null);
      if (producer != null) {
        // The edges of the producer to all its outputs start just before them.
        for (String output : producer.outputs()) {
          furthest = Math.max(furthest, positions.getOrDefault(output, -1));
        }
      }
      if (furthest <= position) {
        dominators.add(tensor);
      }
      for (Node consumer : graph.consumers(tensor)) {
        furthest = Math.max(furthest, nodePositions.getOrDefault(consumer, -1));
      }
      if (outputs.contains(tensor)) {
        furthest = Math.max(furthest, outputs.size() == 1 ? position : sink);
      }
    }
    nodePositions.forEach((node, position) -> positions.put(nodeKey(node), position));
    return new CachePoints(dominators, positions);
  }

  List<String> tensors() {
    return tensors;
  }

  /** Where a tensor stands in the computation; -1 if it does not feed the output. */
  int position(String tensor) {
    return positions.getOrDefault(tensor, -1);
  }

  /** Where a node stands in the computation; -1 if it does not feed the output. */
  int position(Node node) {
    return positions.getOrDefault(nodeKey(node), -1);
  }

  private static String nodeKey(Node node) {
    // No tensor name holds this character, for a tensor name is a C identifier or a path.
    return "\u0000" + node.output(0);
  }

  /** Tensors that depend on an input; the others are constants. */
  static Set<String> liveTensors(Graph graph) {
    Set<String> live = new HashSet<>();
    graph.inputs().forEach(input -> live.add(input.name()));
    for (Node node : graph.nodes()) {
      boolean depends =
          node.inputs().stream().anyMatch(live::contains)
              || node.capturedInputs().stream().anyMatch(live::contains);
      if (depends) {
        live.addAll(node.outputs());
      }
    }
    live.remove("");
    return live;
  }

  /** The nodes that the tensors depend on. */
  static Set<Node> ancestors(Graph graph, List<String> tensors) {
    Set<Node> found = new HashSet<>();
    List<String> open = new ArrayList<>(tensors);
    while (!open.isEmpty()) {
      Node producer = graph.producer(open.remove(open.size() - 1)).orElse(null);
      if (producer != null && found.add(producer)) {
        open.addAll(producer.inputs());
        open.addAll(producer.capturedInputs());
      }
    }
    return found;
  }
}
