package dev.graft.onnx;

/**
 * The nodes that turn a raw input, such as samples of sound, into what an encoder takes. They are
 * known by the beginning of their names, which survives joining, cutting and upgrading.
 *
 * <p>What they hold (Fourier kernels, filter banks) never trains and is stored and computed in
 * fp32, whatever the precision of the run: logarithms of energies over ten decades need it.
 */
public final class FrontEndNodes {
  /** What the names of these nodes, and of the tensors that they hold, begin with. */
  public static final String PREFIX = "graft.frontend.";

  private FrontEndNodes() {}

  /** Whether a node is one of them. */
  public static boolean contains(Node node) {
    return node.name().startsWith(PREFIX);
  }

  /** Whether an input of a graph is read by one of them, so that it must come as it is. */
  public static boolean read(Graph graph, String input) {
    return graph.consumers(input).stream().anyMatch(FrontEndNodes::contains);
  }
}
