package dev.graft.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What an adapter of {@link OpsetUpgrade} sees of the graph around a node, and where it puts its
 * replacement.
 */
final class UpgradeScope {
  private final Graph graph;
  private final @Nullable UpgradeScope outer;
  private final ShapeInference shapes;
  private final Set<String> usedNames;
  private final @Nullable Consumer<OnnxTensor> initializers;
  private final String source;
  private final int opsetBefore;
  private final int opsetAfter;
  private List<Node> emitted = new ArrayList<>();

  /**
   * Creates a scope.
   *
   * @param initializers takes new constants of the main graph; null for a subgraph, where they
   *     become Constant nodes
   */
  UpgradeScope(
      Graph graph,
      @Nullable UpgradeScope outer,
      @Nullable Consumer<OnnxTensor> initializers,
      Set<String> usedNames,
      String source,
      int opsetBefore,
      int opsetAfter) {
    this.graph = graph;
    this.outer = outer;
    this.shapes = ShapeInference.of(graph);
    this.usedNames = usedNames;
    this.initializers = initializers;
    this.source = source;
    this.opsetBefore = opsetBefore;
    this.opsetAfter = opsetAfter;
  }

  /** The scope of a graph inside a node of this scope. */
  UpgradeScope inner(Graph subgraph) {
    return new UpgradeScope(subgraph, this, null, usedNames, source, opsetBefore, opsetAfter);
  }

  int opsetBefore() {
    return opsetBefore;
  }

  int opsetAfter() {
    return opsetAfter;
  }

  /** What is known of a tensor, here or in the enclosing graph. */
  TensorFacts facts(String tensor) {
    TensorFacts found = shapes.facts(tensor);
    boolean unknown = found.rank() < 0 && found.type() == ElementType.UNDEFINED;
    return unknown && outer != null ? outer.facts(tensor) : found;
  }

  /** The value of a constant tensor, here or in the enclosing graph. */
  Optional<OnnxTensor> constant(String tensor) {
    Optional<OnnxTensor> found = graph.constant(tensor);
    return found.isEmpty() && outer != null ? outer.constant(tensor) : found;
  }

  /** Whether any node reads a tensor or the graph gives it back. */
  boolean isRead(String tensor) {
    return graph.isOutput(tensor) || !graph.consumers(tensor).isEmpty();
  }

  /** A tensor name that is not in use. */
  String freshName(String base) {
    String candidate = base;
    for (int i = 1; !usedNames.add(candidate); i++) {
      candidate = base + "_" + i;
    }
    return candidate;
  }

  /** Appends a node to the replacement. */
  void emit(Node node) {
    emitted.add(node);
  }

  /** Appends an operation without attributes; gives the name of its result. */
  String operation(String operator, String base, String... operands) {
    String result = freshName(base);
    emit(Node.of(operator, List.of(operands), List.of(result)));
    return result;
  }

  List<Node> takeEmitted() {
    List<Node> taken = emitted;
    emitted = new ArrayList<>();
    return taken;
  }

  /** Stores a vector of whole numbers; gives its name. */
  String vector(String base, long... values) {
    return store(OnnxTensor.ofLongs(freshName(base), values, values.length));
  }

  /** Stores a whole number; gives its name. */
  String scalar(String base, long value) {
    return store(OnnxTensor.ofLongs(freshName(base), new long[] {value}));
  }

  /** Stores a vector of reals; gives its name. */
  String vector(String base, float... values) {
    return store(OnnxTensor.ofFloats(freshName(base), values, values.length));
  }

  /** Stores a number in the element type of another tensor (FLOAT where unknown). */
  String scalarLike(String tensor, String base, float value) {
    ElementType type = facts(tensor).type();
    String name = freshName(base);
    if (type.isFloating()) {
      ByteBuffer zero = ByteBuffer.allocate(type.byteWidth());
      return store(OnnxTensor.ofRaw(name, type, zero).withFloats(new float[] {value}));
    }
    if (type.isInteger()) {
      ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      bytes.putLong(0, (long) value);
      return store(OnnxTensor.ofRaw(name, type, bytes.limit(type.byteWidth())));
    }
    return store(OnnxTensor.ofFloats(name, new float[] {value}));
  }

  /** Stores a tensor; gives its name. */
  String store(OnnxTensor tensor) {
    if (initializers != null) {
      initializers.accept(tensor);
    } else {
      emit(Node.of("Constant", List.of(), List.of(tensor.name())).withTensor("value", tensor));
    }
    return tensor.name();
  }

  /** The failure for a node that has no equal in the newer operator set. */
  OnnxModelException unsupported(Node node, String reason) {
    return new OnnxModelException(
        "%s: %s cannot be brought from opset %d to %d: %s. Export the model with opset_version=%d."
            .formatted(source, node.describe(), opsetBefore, opsetAfter, reason, opsetAfter));
  }
}
