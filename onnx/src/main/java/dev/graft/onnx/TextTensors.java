package dev.graft.onnx;

import java.util.HashSet;
import java.util.Set;

/** Tensors by which networks of text are known once they take tokens alone. */
public final class TextTensors {
  /** The input, [N, tokens]: numbers of tokens as floats, exact up to 2^24. */
  public static final String TOKENS = "graft.tokens";

  /**
   * What a mean over tokens is weighted by, [N, tokens]: 1 for a token, 0 for padding. A graph
   * input whose name contains attention_mask does as well.
   */
  public static final String MASK = "graft.attention_mask";

  private TextTensors() {}

  /** Whether a graph takes tokens alone. */
  public static boolean isText(Graph graph) {
    return graph.inputs().size() == 1 && graph.inputs().get(0).name().equals(TOKENS);
  }

  /**
   * What follows from the tokens before any weight is met, such as the mask that every layer of a
   * transformer reads: no reason to take two of its layers for one.
   *
   * @return none where the graph takes something else
   */
  static Set<String> beforeWeights(Graph graph, Set<Node> weightBearing) {
    Set<String> found = new HashSet<>();
    if (!isText(graph)) {
      return found;
    }
    found.add(TOKENS);
    Set<String> live = CachePoints.liveTensors(graph);
    for (Node node : graph.nodes()) {
      boolean reads = node.inputs().stream().anyMatch(found::contains);
      boolean onlyThose = node.inputs().stream().filter(live::contains).allMatch(found::contains);
      if (reads && onlyThose && !weightBearing.contains(node)) {
        found.addAll(node.outputs());
      }
    }
    return found;
  }
}
