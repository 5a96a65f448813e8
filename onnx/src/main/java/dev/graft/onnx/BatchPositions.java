package dev.graft.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Follows the examples of a batch through a graph: in which dimension of each tensor they lie, and
 * that no operator mixes them.
 *
 * <p>A dimension may hold more than the examples: attention folds its heads in ({@code [positions,
 * N * heads, width]}), windows and token rows do likewise. So a position is a dimension of size
 * {@code outer * N * inner}, row-major. Reshape keeps the number of values before and after each
 * example; other operators keep, move or broadcast the dimension. What computes along it (a product
 * over it, a softmax, a slice of it) mixes examples or cuts some off: there the batch is lost.
 *
 * <p>Operators without a rule of their own must take and give the examples in the first dimension.
 */
final class BatchPositions {
  /** The examples' dimension, whose size is outer * batch * inner. */
  record Position(int axis, long outer, long inner) {
    boolean isPlainFirst() {
      return axis == 0 && outer == 1 && inner == 1;
    }
  }

  private static final Position FIRST = new Position(0, 1, 1);

  /** Value by value, with broadcasting. */
  private static final Set<String> ELEMENTWISE =
      Set.of(
          ("Abs Acos Add And Asin Atan Cast CastLike Ceil Celu Clip Cos Div Dropout Elu Equal Erf"
                  + " Exp Floor Gelu Greater GreaterOrEqual HardSigmoid HardSwish Identity IsInf"
                  + " IsNaN LeakyRelu Less LessOrEqual Log Max Mean Min Mish Mod Mul Neg Not Or"
                  + " PRelu Pow Reciprocal Relu Round Selu Sigmoid Sign Sin Softplus Softsign Sqrt"
                  + " Sub Sum Swish Tan Tanh ThresholdedRelu Where Xor")
              .split(" "));

  /**
   * Along the dimensions from "axis" on, or along that alone: either way not along those before.
   */
  private static final Map<String, Integer> ALONG_AXIS =
      Map.of(
          "Softmax", -1,
          "LogSoftmax", -1,
          "Hardmax", -1,
          "LayerNormalization", -1,
          "RMSNormalization", -1,
          "LpNormalization", -1);

  /** Every copy is the same, so that each example gets its own. */
  private static final Set<String> COPYING = Set.of("Expand", "ConstantOfShape", "Tile");

  private final Graph graph;
  private final ShapeInference shapes;
  private final long batch;
  private final Map<String, Position> positions = new HashMap<>();
  private @Nullable Node lostAt;

  private BatchPositions(Graph graph, ShapeInference shapes, long batch) {
    this.graph = graph;
    this.shapes = shapes;
    this.batch = batch;
  }

  /**
   * Follows the batch until the outputs, or until it is lost.
   *
   * @param shapes inferred with the batch size in the first dimension of the inputs
   * @param batch a prime that no other size is a multiple of
   */
  static BatchPositions of(Graph graph, ShapeInference shapes, long batch) {
    BatchPositions followed = new BatchPositions(graph, shapes, batch);
    followed.follow();
    return followed;
  }

  /** Where the examples lie in a tensor; nothing for one that is the same for all examples. */
  Optional<Position> of(String tensor) {
    return Optional.ofNullable(positions.get(tensor));
  }

  /** The first node behind which they cannot be found. */
  Optional<Node> lostAt() {
    return Optional.ofNullable(lostAt);
  }

  private void follow() {
    for (ValueInfo input : graph.inputs()) {
      if (shapes.facts(input.name()).size(0) == batch) {
        positions.put(input.name(), FIRST);
      }
    }
    List<String> outputs = graph.outputs().stream().map(ValueInfo::name).toList();
    Set<Node> needed = CachePoints.ancestors(graph, outputs);
    Set<String> used = new HashSet<>(outputs);
    needed.forEach(node -> used.addAll(node.inputs()));
    for (Node node : graph.nodes()) {
      if (needed.contains(node) && !follow(node, used)) {
        lostAt = node;
        return;
      }
    }
  }

  private boolean follow(Node node, Set<String> used) {
    boolean carries = node.inputs().stream().anyMatch(positions::containsKey);
    if (node.is("Shape") || node.is("Size") || !(carries || COPYING.contains(node.operator()))) {
      return true;
    }
    Position position = carries ? behindSound(node) : copied(node.output(0));
    if (position == null) {
      return !carries;
    }
    long size = position.outer * batch * position.inner;
    for (String output : node.outputs()) {
      if (used.contains(output)) {
        if (shapes.facts(output).size(position.axis) != size) {
          return false;
        }
        positions.put(output, position);
      }
    }
    return true;
  }

  /** The position in the node's outputs; null where there is none that is certain. */
  private @Nullable Position behind(Node node) {
    String operator = node.operator();
    if (!node.domain().isEmpty()) {
      return first(node);
    }
    if (ELEMENTWISE.contains(operator) || operator.equals("Expand")) {
      return broadcast(node, 0);
    }
    if (ALONG_AXIS.containsKey(operator)) {
      return alongAxis(node);
    }
    if (operator.startsWith("Reduce")) {
      return regrouped(node, this::keepsBatchWhenReduced);
    }
    return switch (operator) {
      case "MatMul" -> matrixProduct(node);
      case "Gemm" -> gemm(node);
      case "Transpose" -> transposed(node);
      case "Reshape" -> isBaked(node) ? null : regrouped(node, any -> true);
      case "Flatten", "Squeeze", "Unsqueeze" -> regrouped(node, any -> true);
      case "Concat" -> concatenated(node);
      case "Split" -> unlessAlong(node, node.integer("axis", 0));
      case "Slice" -> sliced(node);
      case "Gather" -> gathered(node);
      default -> first(node);
    };
  }

  /** A node whose attributes contradict its operands loses the batch; whoever runs it says why. */
  private @Nullable Position behindSound(Node node) {
    try {
      return behind(node);
    } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException malformed) {
      return null;
    }
  }

  private @Nullable Position copied(String output) {
    long[] dimensions = shapes.facts(output).dimensions();
    for (int axis = 0; dimensions != null && axis < dimensions.length; axis++) {
      long size = dimensions[axis];
      if (size > 0 && size % batch == 0) {
        return new Position(axis, 1, size / batch);
      }
    }
    return null;
  }

  private @Nullable Position only(Node node, int input) {
    boolean alone = true;
    for (int i = 0; i < node.inputs().size(); i++) {
      alone &= i == input || !positions.containsKey(node.input(i));
    }
    return alone ? positions.get(node.input(input)) : null;
  }

  private @Nullable Position first(Node node) {
    for (String input : node.inputs()) {
      Position position = positions.get(input);
      if (position != null && (position.axis != 0 || position.outer != 1)) {
        return null;
      }
    }
    long size = shapes.facts(node.output(0)).size(0);
    return size > 0 && size % batch == 0 ? new Position(0, 1, size / batch) : null;
  }

  /**
   * Operands meet with their last dimensions aligned.
   *
   * @param ownDimensions how many of the last are no broadcast ones
   */
  private @Nullable Position broadcast(Node node, int ownDimensions) {
    int fromEnd = -1;
    Position met = null;
    for (String input : node.inputs()) {
      Position position = positions.get(input);
      if (position != null) {
        int own = shapes.facts(input).rank() - position.axis;
        boolean agrees =
            met == null
                || (own == fromEnd && met.outer == position.outer && met.inner == position.inner);
        if (!agrees || own <= ownDimensions) {
          return null;
        }
        fromEnd = own;
        met = position;
      }
    }
    for (String input : node.inputs()) {
      TensorFacts facts = shapes.facts(input);
      boolean shapeOnly = node.is("Expand") && input.equals(node.input(1));
      if (!input.isEmpty() && !positions.containsKey(input) && !shapeOnly) {
        if (facts.rank() < 0 || (facts.rank() >= fromEnd && facts.size(-fromEnd) != 1)) {
          return null;
        }
      }
    }
    int rank = shapes.facts(node.output(0)).rank();
    return met == null || rank < fromEnd
        ? null
        : new Position(rank - fromEnd, met.outer, met.inner);
  }

  private @Nullable Position alongAxis(Node node) {
    Position x = only(node, 0);
    int rank = shapes.facts(node.input(0)).rank();
    if (x == null || rank < 0) {
      return null;
    }
    long axis = node.integer("axis", ALONG_AXIS.getOrDefault(node.operator(), -1));
    return x.axis < (axis < 0 ? axis + rank : axis) ? x : null;
  }

  private @Nullable Position matrixProduct(Node node) {
    TensorFacts left = shapes.facts(node.input(0));
    TensorFacts right = shapes.facts(node.input(1));
    Position ofLeft = positions.get(node.input(0));
    Position ofRight = positions.get(node.input(1));
    int rank = shapes.facts(node.output(0)).rank();
    if (left.rank() < 2 || right.rank() < 2 || rank < 2) {
      return null;
    }
    if (ofRight == null && ofLeft != null && ofLeft.axis == left.rank() - 2) {
      return new Position(rank - 2, ofLeft.outer, ofLeft.inner);
    }
    if (ofLeft == null && ofRight != null && ofRight.axis == right.rank() - 1) {
      return new Position(rank - 1, ofRight.outer, ofRight.inner);
    }
    return broadcast(node, 2);
  }

  private @Nullable Position gemm(Node node) {
    Position x = only(node, 0);
    boolean rows = x != null && x.axis == node.integer("transA", 0);
    // What is added must be the same for all rows.
    boolean sameForAll =
        !node.hasInput(2)
            || shapes.facts(node.input(2)).rank() == 1
            || shapes.facts(node.input(2)).rank() == 0
            || shapes.facts(node.input(2)).size(0) == 1;
    return x != null && rows && sameForAll ? new Position(0, x.outer, x.inner) : null;
  }

  private @Nullable Position transposed(Node node) {
    Position x = only(node, 0);
    int rank = shapes.facts(node.input(0)).rank();
    if (x == null || rank < 0) {
      return null;
    }
    long[] order = node.integers("perm");
    if (order.length == 0) {
      return new Position(rank - 1 - x.axis, x.outer, x.inner);
    }
    for (int axis = 0; axis < order.length; axis++) {
      if (order[axis] == x.axis) {
        return new Position(axis, x.outer, x.inner);
      }
    }
    return null;
  }

  /** Whether a Reshape writes one example where the examples lie first. */
  private boolean isBaked(Node reshape) {
    long[] target = shapes.facts(reshape.input(1)).values();
    Position x = positions.get(reshape.input(0));
    return target != null
        && target.length > 0
        && target[0] == 1
        && x != null
        && x.isPlainFirst()
        && shapes.facts(reshape.output(0)).size(0) == 1;
  }

  /** The same values in the same order, grouped otherwise, or with dimensions reduced. */
  private @Nullable Position regrouped(Node node, Predicate<Node> keepsBatch) {
    Position x = only(node, 0);
    long[] before = shapes.facts(node.input(0)).dimensions();
    long[] after = shapes.facts(node.output(0)).dimensions();
    if (x == null || before == null || after == null || !keepsBatch.test(node)) {
      return null;
    }
    if (node.operator().startsWith("Reduce")) {
      return afterReduction(node, x, before.length);
    }
    long ahead = valuesAhead(before, x);
    long product = 1;
    for (int axis = 0; axis < after.length; axis++) {
      long size = after[axis];
      if (size == TensorFacts.UNKNOWN || size == 0 || ahead < 1) {
        return null;
      }
      if (size % batch == 0) {
        boolean divides = ahead % product == 0 && (size / batch) % (ahead / product) == 0;
        return divides
            ? new Position(axis, ahead / product, size / batch / (ahead / product))
            : null;
      }
      product *= size;
    }
    return null;
  }

  /** How many groups of whole batches lie one after the other; -1 where unknown. */
  static long valuesAhead(long[] dimensions, Position position) {
    long product = position.outer;
    for (int axis = 0; axis < position.axis; axis++) {
      if (dimensions[axis] == TensorFacts.UNKNOWN) {
        return -1;
      }
      product *= dimensions[axis];
    }
    return product;
  }

  private long @Nullable [] reducedAxes(Node node) {
    if (node.hasAttribute("axes")) {
      return node.integers("axes");
    }
    return node.hasInput(1) ? shapes.facts(node.input(1)).values() : new long[0];
  }

  private boolean keepsBatchWhenReduced(Node node) {
    long[] axes = reducedAxes(node);
    Position x = positions.get(node.input(0));
    int rank = shapes.facts(node.input(0)).rank();
    boolean nothing = node.integer("noop_with_empty_axes", 0) == 1;
    return axes != null
        && x != null
        && (axes.length > 0 || nothing)
        && Arrays.stream(axes).noneMatch(axis -> (axis < 0 ? axis + rank : axis) == x.axis);
  }

  private Position afterReduction(Node node, Position x, int rank) {
    long[] axes = reducedAxes(node);
    if (axes == null || node.integer("keepdims", 1) == 1) {
      return x;
    }
    long removed =
        Arrays.stream(axes).filter(axis -> (axis < 0 ? axis + rank : axis) < x.axis).count();
    return new Position(x.axis - (int) removed, x.outer, x.inner);
  }

  private @Nullable Position concatenated(Node node) {
    List<Position> met = new ArrayList<>();
    for (String input : node.inputs()) {
      Position position = positions.get(input);
      if (position == null) {
        return null;
      }
      met.add(position);
    }
    int rank = shapes.facts(node.output(0)).rank();
    long axis = node.integer("axis", 0);
    Position one = met.get(0);
    boolean agree = met.stream().allMatch(one::equals);
    return agree && rank > 0 && (axis < 0 ? axis + rank : axis) != one.axis ? one : null;
  }

  private @Nullable Position unlessAlong(Node node, long axis) {
    Position x = only(node, 0);
    int rank = shapes.facts(node.input(0)).rank();
    return x != null && rank > 0 && (axis < 0 ? axis + rank : axis) != x.axis ? x : null;
  }

  /** A slice of the batch's own dimension must be the whole of it, forwards. */
  private @Nullable Position sliced(Node node) {
    Position x = only(node, 0);
    TensorFacts facts = shapes.facts(node.input(0));
    if (x == null || facts.rank() < 0) {
      return null;
    }
    long[] steps = node.hasInput(4) ? shapes.facts(node.input(4)).values() : new long[0];
    boolean forwards = steps != null && Arrays.stream(steps).allMatch(step -> step > 0);
    boolean whole = shapes.facts(node.output(0)).size(x.axis) == facts.size(x.axis);
    return forwards && whole ? x : null;
  }

  private @Nullable Position gathered(Node node) {
    int rank = shapes.facts(node.input(0)).rank();
    int ofIndices = shapes.facts(node.input(1)).rank();
    if (rank < 1 || ofIndices < 0) {
      return null;
    }
    int axis = ShapeArithmetic.axis(node.integer("axis", 0), rank);
    Position indices = only(node, 1);
    if (indices != null) {
      return new Position(axis + indices.axis, indices.outer, indices.inner);
    }
    Position x = only(node, 0);
    if (x == null || x.axis == axis) {
      return null;
    }
    return new Position(axis < x.axis ? x.axis + ofIndices - 1 : x.axis, x.outer, x.inner);
  }
}
