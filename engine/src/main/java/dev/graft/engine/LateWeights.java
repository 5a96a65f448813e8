package dev.graft.engine;

import dev.graft.onnx.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Puts what is computed from weights alone, such as a transposed or widened weight, right before
 * its first use: at the start of the graph it would stay in memory all the way, and there would be
 * no place that one tensor alone passes.
 */
final class LateWeights {
  private final List<Node> nodes;

  /** For what is computed from weights alone: the index of the node that does. */
  private final Map<String, Integer> producers = new HashMap<>();

  private final boolean[] placed;
  private final List<Node> order = new ArrayList<>();

  private LateWeights(List<Node> nodes) {
    this.nodes = nodes;
    this.placed = new boolean[nodes.size()];
  }

  /**
   * The nodes in an order in which they can be computed.
   *
   * @param weights the tensors that are handed in beside the inputs
   * @param constants the tensors that are known before
   */
  static List<Node> order(List<Node> nodes, Set<String> weights, Set<String> constants) {
    LateWeights late = new LateWeights(nodes);
    late.findProducers(weights, constants);
    for (int i = 0; i < nodes.size(); i++) {
      if (!late.isOfWeights(i)) {
        late.placeWithSources(i);
      }
    }
    for (int i = 0; i < nodes.size(); i++) {
      late.placeWithSources(i); // what nobody but the caller reads
    }
    return late.order;
  }

  private void findProducers(Set<String> weights, Set<String> constants) {
    Set<String> derived = new HashSet<>(weights);
    for (int i = 0; i < nodes.size(); i++) {
      List<String> inputs = nodes.get(i).inputs();
      boolean ofWeights =
          inputs.stream().anyMatch(derived::contains)
              && inputs.stream()
                  .allMatch(in -> in.isEmpty() || derived.contains(in) || constants.contains(in));
      if (ofWeights) {
        int index = i;
        derived.addAll(nodes.get(i).outputs());
        nodes.get(i).outputs().forEach(output -> producers.put(output, index));
      }
    }
  }

  private boolean isOfWeights(int index) {
    return nodes.get(index).outputs().stream().anyMatch(producers::containsKey);
  }

  private void placeWithSources(int index) {
    TreeSet<Integer> wanted = new TreeSet<>();
    Deque<Integer> open = new ArrayDeque<>(List.of(index));
    while (!open.isEmpty()) {
      int next = open.pop();
      if (!placed[next] && wanted.add(next)) {
        for (String input : nodes.get(next).inputs()) {
          Integer producer = producers.get(input);
          if (producer != null) {
            open.push(producer);
          }
        }
      }
    }
    for (int source : wanted) {
      placed[source] = true;
      order.add(nodes.get(source));
    }
  }
}
