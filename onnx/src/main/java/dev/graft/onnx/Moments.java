package dev.graft.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Nodes that compute the mean of a tensor and its deviation, sqrt(mean of squares + epsilon), over
 * its last axes.
 *
 * @param x the tensor
 * @param mean the node that averages it
 * @param centred the node that takes the mean off
 * @param root the node that gives the deviation
 * @param nodes all of these and those between them, in order
 * @param axes the number of axes
 * @param epsilon what is added to the variance
 */
record Moments(
    String x, Node mean, Node centred, Node root, List<Node> nodes, int axes, double epsilon) {
  /** The moments of which a Sqrt gives the deviation. */
  static Optional<Moments> endingAt(GraphPattern graph, Node root) {
    Optional<Node> shifted = graph.producer(root.input(0), "Add");
    if (shifted.isEmpty()) {
      return Optional.empty();
    }
    for (int i = 0; i < 2; i++) {
      OptionalDouble epsilon = graph.number(shifted.get().input(i));
      Optional<Node> variance = graph.producer(shifted.get().input(1 - i), "ReduceMean");
      if (epsilon.isPresent() && epsilon.getAsDouble() >= 0 && variance.isPresent()) {
        return of(graph, root, shifted.get(), variance.get(), epsilon.getAsDouble());
      }
    }
    return Optional.empty();
  }

  private static Optional<Moments> of(
      GraphPattern graph, Node root, Node shifted, Node variance, double epsilon) {
    Optional<Node> square =
        graph
            .producer(variance.input(0), "Pow")
            .filter(pow -> graph.isNumber(pow.input(1), 2))
            .or(
                () ->
                    graph
                        .producer(variance.input(0), "Mul")
                        .filter(mul -> mul.input(0).equals(mul.input(1))));
    Optional<Node> centred = square.flatMap(node -> graph.producer(node.input(0), "Sub"));
    Optional<Node> mean = centred.flatMap(node -> graph.producer(node.input(1), "ReduceMean"));
    if (mean.isEmpty()
        || !mean.get().input(0).equals(centred.get().input(0))
        || !graph.sameAxes(mean.get(), variance)) {
      return Optional.empty();
    }
    String x = mean.get().input(0);
    int axes = trailing(graph.axes(variance).orElseThrow(), graph.facts(x).rank());
    List<Node> nodes = List.of(mean.get(), centred.get(), square.get(), variance, shifted, root);
    return axes == 0
        ? Optional.empty()
        : Optional.of(new Moments(x, mean.get(), centred.get(), root, nodes, axes, epsilon));
  }

  /** The number of axes where they are the last ones of the tensor, else 0. */
  private static int trailing(long[] axes, int rank) {
    long[] fromEnd = new long[axes.length];
    for (int i = 0; i < axes.length; i++) {
      if (axes[i] >= 0 && rank < 0) {
        return 0;
      }
      fromEnd[i] = axes[i] < 0 ? axes[i] : axes[i] - rank;
    }
    Arrays.sort(fromEnd);
    for (int i = 0; i < fromEnd.length; i++) {
      if (fromEnd[i] != i - fromEnd.length) {
        return 0;
      }
    }
    return axes.length;
  }

  /** The node that takes the mean off for a tensor: exporters write it once or twice. */
  Optional<Node> centring(GraphPattern graph, String tensor) {
    return graph.producer(tensor, "Sub").filter(node -> node.inputs().equals(centred.inputs()));
  }

  /** These nodes and further ones. */
  List<Node> with(Node... further) {
    List<Node> all = new ArrayList<>(nodes);
    for (Node node : further) {
      if (!all.contains(node)) {
        all.add(node);
      }
    }
    return all;
  }
}
