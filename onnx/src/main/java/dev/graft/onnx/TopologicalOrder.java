package dev.graft.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Orders nodes so that each comes after the producers of its inputs (Kahn 1962), keeping the file's
 * order wherever it is already right.
 */
final class TopologicalOrder {
  private TopologicalOrder() {}

  /**
   * The order.
   *
   * @throws OnnxModelException naming the nodes of a cycle
   */
  static List<Node> of(List<Node> nodes, String source) {
    Map<String, Integer> producers = new HashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      for (String output : nodes.get(i).outputs()) {
        if (!output.isEmpty()) {
          producers.put(output, i);
        }
      }
    }
    List<List<Integer>> dependants = new ArrayList<>();
    int[] waitingFor = new int[nodes.size()];
    for (int i = 0; i < nodes.size(); i++) {
      dependants.add(new ArrayList<>());
    }
    for (int i = 0; i < nodes.size(); i++) {
      for (int producer : dependencies(nodes.get(i), producers)) {
        dependants.get(producer).add(i);
        waitingFor[i]++;
      }
    }
    PriorityQueue<Integer> ready = new PriorityQueue<>();
    for (int i = 0; i < nodes.size(); i++) {
      if (waitingFor[i] == 0) {
        ready.add(i);
      }
    }
    List<Node> ordered = new ArrayList<>(nodes.size());
    while (!ready.isEmpty()) {
      int next = ready.remove();
      ordered.add(nodes.get(next));
      for (int dependant : dependants.get(next)) {
        if (--waitingFor[dependant] == 0) {
          ready.add(dependant);
        }
      }
    }
    if (ordered.size() < nodes.size()) {
      throw cycle(nodes, producers, waitingFor, source);
    }
    return ordered;
  }

  private static Set<Integer> dependencies(Node node, Map<String, Integer> producers) {
    Set<Integer> dependencies = new HashSet<>();
    for (String input : node.inputs()) {
      Integer producer = producers.get(input);
      if (producer != null) {
        dependencies.add(producer);
      }
    }
    for (String input : node.capturedInputs()) {
      Integer producer = producers.get(input);
      if (producer != null) {
        dependencies.add(producer);
      }
    }
    return dependencies;
  }

  /** Walks back among the nodes that never became ready until one repeats: that is the cycle. */
  private static OnnxModelException cycle(
      List<Node> nodes, Map<String, Integer> producers, int[] waitingFor, String source) {
    int current = 0;
    while (waitingFor[current] == 0) {
      current++;
    }
    List<Integer> path = new ArrayList<>();
    while (!path.contains(current)) {
      path.add(current);
      for (int producer : dependencies(nodes.get(current), producers)) {
        if (waitingFor[producer] > 0) {
          current = producer;
          break;
        }
      }
    }
    List<String> names = new ArrayList<>();
    for (int index : path.subList(path.indexOf(current), path.size())) {
      names.add(0, nodes.get(index).describe());
    }
    return new OnnxModelException(
        source
            + ": the graph has a cycle: "
            + String.join(" -> ", names)
            + ". Expected a graph in which no node depends on itself; export the model again.");
  }
}
