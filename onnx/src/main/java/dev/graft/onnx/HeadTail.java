package dev.graft.onnx;

import java.util.Optional;
import java.util.Set;

/**
 * Walks back from an output over what follows a classifier without changing which class wins.
 *
 * <p>Normalisers turn logits into probabilities or a label: Softmax (fused or as Exp / ReduceSum),
 * LogSoftmax, Sigmoid, ArgMax. Shape keepers rearrange without mixing: Cast, Identity, Flatten,
 * Squeeze, Dropout and Reshape.
 */
final class HeadTail {
  private static final Set<String> NORMALISERS =
      Set.of("Softmax", "LogSoftmax", "Sigmoid", "ArgMax", "Hardmax", "TopK");
  private static final Set<String> SHAPE_KEEPERS =
      Set.of("Cast", "Identity", "Flatten", "Squeeze", "Reshape", "Dropout", "Unsqueeze");

  private final Graph graph;

  /** The tensor before everything that was stripped. */
  final String stripped;

  /** The tensor before the first normaliser, or the output itself without one. */
  final String logits;

  /** Whether a normaliser was stripped, which says that the output is a classifier's. */
  final boolean normalised;

  HeadTail(Graph graph, String output) {
    this.graph = graph;
    String current = output;
    String beforeNormaliser = output;
    boolean found = false;
    while (true) {
      Optional<String> normaliserInput = normaliserInput(current);
      if (normaliserInput.isPresent()) {
        current = normaliserInput.get();
        beforeNormaliser = current;
        found = true;
        continue;
      }
      Optional<Node> keeper =
          graph.producer(current).filter(node -> SHAPE_KEEPERS.contains(node.operator()));
      if (keeper.isEmpty() || WeightTracer.stored(graph, current).isPresent()) {
        break;
      }
      current = keeper.get().input(0);
    }
    this.stripped = current;
    this.logits = beforeNormaliser;
    this.normalised = found;
  }

  static boolean keepsShape(Node node) {
    return node.domain().isEmpty() && SHAPE_KEEPERS.contains(node.operator());
  }

  private Optional<String> normaliserInput(String tensor) {
    Node node = graph.producer(tensor).orElse(null);
    if (node == null || !node.domain().isEmpty()) {
      // ZipMap of scikit-learn exports only renames the columns.
      return node != null && node.operator().equals("ZipMap")
          ? Optional.of(node.input(0))
          : Optional.empty();
    }
    if (NORMALISERS.contains(node.operator())) {
      return Optional.of(node.input(0));
    }
    return node.is("Div") ? decomposedSoftmax(node) : Optional.empty();
  }

  /** {@code Exp(x - max) / ReduceSum(Exp(x - max))}, with or without the subtraction. */
  private Optional<String> decomposedSoftmax(Node quotient) {
    Node exponential = graph.producer(quotient.input(0)).filter(n -> n.is("Exp")).orElse(null);
    Node sum = graph.producer(quotient.input(1)).filter(n -> n.is("ReduceSum")).orElse(null);
    if (exponential == null || sum == null || !sum.input(0).equals(exponential.output(0))) {
      return Optional.empty();
    }
    String x = exponential.input(0);
    Node difference = graph.producer(x).filter(n -> n.is("Sub")).orElse(null);
    if (difference != null) {
      boolean minusOwnMaximum =
          graph
              .producer(difference.input(1))
              .filter(n -> n.is("ReduceMax") && n.input(0).equals(difference.input(0)))
              .isPresent();
      x = minusOwnMaximum ? difference.input(0) : x;
    }
    return Optional.of(x);
  }
}
