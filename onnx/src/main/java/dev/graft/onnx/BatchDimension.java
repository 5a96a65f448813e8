package dev.graft.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Frees a batch size of 1 that an exporter baked into a file.
 *
 * <p>The first dimension of every input is set to a prime, shapes are inferred, and the examples
 * are followed through the graph ({@link BatchPositions}). Where they are lost at a Reshape to
 * fixed sizes, the dimension that must hold them gets 0 or -1; where they are lost at a Concat with
 * a constant, such as a class token, that is repeated for each. This goes on until they arrive in
 * the first dimension of every output, which proves that no node mixes them, or the node at which
 * they are lost is named.
 */
final class BatchDimension {
  private static final long PRIME = 7919;

  private BatchDimension() {}

  /** The step of preparation. */
  record Pass() implements GraphPass {
    @Override
    public String name() {
      return "batch";
    }

    @Override
    public String purpose() {
      return "a batch size of 1 that was baked in becomes free";
    }

    @Override
    public Rewrite apply(OnnxModel model) {
      return freed(model);
    }
  }

  static OnnxModel makeDynamic(OnnxModel model) {
    return freed(model).model();
  }

  private static GraphPass.Rewrite freed(OnnxModel model) {
    List<ValueInfo> inputs = model.graph().inputs();
    if (inputs.stream().noneMatch(input -> input.rank() > 0 && input.size(0) == 1)) {
      return new GraphPass.Rewrite(model, 0);
    }
    List<ValueInfo> freeInputs = new ArrayList<>();
    for (ValueInfo input : inputs) {
      freeInputs.add(withFreeBatch(input));
    }
    List<ValueInfo> outputs =
        model.graph().outputs().stream().map(BatchDimension::withFreeBatch).toList();
    // Declared inner shapes repeat the batch size of 1 and would hide what is inferred.
    OnnxModel current =
        model.edit().clearInnerDeclarations().setInputs(freeInputs).setOutputs(outputs).build();
    // Each round frees one node for good, so that there are no more rounds than nodes.
    for (int round = 0; round <= model.graph().nodes().size(); round++) {
      ShapeInference shapes = infer(current);
      BatchPositions positions = BatchPositions.of(current.graph(), shapes, PRIME);
      if (positions.lostAt().isEmpty()) {
        requireFirstInOutputs(current, positions);
        return new GraphPass.Rewrite(current, round + 1);
      }
      Node lostAt = positions.lostAt().get();
      current =
          freed(current, shapes, positions, lostAt)
              .orElseThrow(() -> unproved(model, "the batch is lost at " + lostAt.describe()));
    }
    throw new IllegalStateException("a node was freed twice in " + model.source());
  }

  private static ValueInfo withFreeBatch(ValueInfo value) {
    if (value.rank() < 1 || value.size(0) != 1) {
      return value;
    }
    List<Dimension> shape = new ArrayList<>(value.shape().orElse(List.of()));
    shape.set(0, Dimension.named("N"));
    return new ValueInfo(value.name(), value.type(), Optional.of(shape));
  }

  private static ShapeInference infer(OnnxModel model) {
    Map<String, long[]> shapes = new HashMap<>();
    for (ValueInfo input : model.graph().inputs()) {
      if (input.rank() > 0 && input.size(0) < 0) {
        long[] shape =
            input.shape().orElse(List.of()).stream()
                .mapToLong(dimension -> dimension.sizeOr(TensorFacts.UNKNOWN))
                .toArray();
        shape[0] = PRIME;
        shapes.put(input.name(), shape);
      }
    }
    return ShapeInference.of(model.graph(), shapes);
  }

  private static Optional<OnnxModel> freed(
      OnnxModel model, ShapeInference shapes, BatchPositions positions, Node node) {
    if (node.is("Concat")) {
      return repeatConstant(model, shapes, node);
    }
    long[] target = node.is("Reshape") ? freeTarget(node, shapes, positions) : null;
    if (target == null) {
      return Optional.empty();
    }
    ModelEditor editor = model.edit();
    String name = editor.freshName(node.output(0) + "_target");
    editor.setInitializer(OnnxTensor.ofLongs(name, target, target.length));
    editor.replaceNode(node, node.withInputs(List.of(node.input(0), name)));
    return Optional.of(editor.pruneUnreachable().build());
  }

  /**
   * Repeats a constant [1, ...], such as a class token, that is put beside something of PRIME
   * examples: Expand(constant, [batch, 1, ...]).
   */
  private static Optional<OnnxModel> repeatConstant(
      OnnxModel model, ShapeInference shapes, Node concat) {
    int rank = concat.inputs().stream().mapToInt(i -> shapes.facts(i).rank()).max().orElse(0);
    long axis = concat.integer("axis", 0);
    Optional<String> batched =
        concat.inputs().stream().filter(i -> shapes.facts(i).size(0) == PRIME).findFirst();
    if (batched.isEmpty() || axis == 0 || axis == -rank) {
      return Optional.empty();
    }
    Set<String> live = CachePoints.liveTensors(model.graph());
    for (int i = 0; i < concat.inputs().size(); i++) {
      String constant = concat.input(i);
      boolean alone = shapes.facts(constant).size(0) == 1;
      if (alone && !live.contains(constant)) {
        return Optional.of(repeated(model, concat, i, batched.get(), rank));
      }
    }
    return Optional.empty();
  }

  private static OnnxModel repeated(
      OnnxModel model, Node concat, int input, String batched, int rank) {
    ModelEditor editor = model.edit();
    String base = concat.output(0);
    String shape = editor.freshName(base + "_shape");
    String batch = editor.freshName(base + "_batch");
    String target = editor.freshName(base + "_repeats");
    String expanded = editor.freshName(base + "_repeated");
    String first = editor.freshName(base + "_first");
    String ones = editor.freshName(base + "_ones");
    long[] one = new long[rank - 1];
    Arrays.fill(one, 1);
    editor.setInitializer(OnnxTensor.ofLongs(first, new long[] {0}, 1));
    editor.setInitializer(OnnxTensor.ofLongs(ones, one, one.length));
    List<String> inputs = new ArrayList<>(concat.inputs());
    inputs.set(input, expanded);
    // Expand broadcasts, so that ones leave the other dimensions as they are.
    editor.replaceNode(
        concat,
        Node.of("Shape", List.of(batched), List.of(shape)),
        Node.of("Gather", List.of(shape, first), List.of(batch)),
        Node.of("Concat", List.of(batch, ones), List.of(target)).withInteger("axis", 0),
        Node.of("Expand", List.of(concat.input(input), target), List.of(expanded)),
        concat.withInputs(inputs));
    return editor.build();
  }

  /** The target of a Reshape with the examples let in, where there is one place for them. */
  private static long @Nullable [] freeTarget(
      Node reshape, ShapeInference shapes, BatchPositions positions) {
    TensorFacts x = shapes.facts(reshape.input(0));
    long[] sizes = x.dimensions();
    long[] known = shapes.facts(reshape.input(1)).values();
    BatchPositions.Position position = positions.of(reshape.input(0)).orElse(null);
    if (sizes == null || known == null || position == null || reshape.integer("allowzero", 0) > 0) {
      return null;
    }
    long[] target = known.clone();
    long product = 1;
    boolean inferred = false;
    for (int axis = 0; axis < target.length; axis++) {
      inferred |= target[axis] == -1;
      long size = target[axis] == 0 ? x.size(axis) : target[axis];
      if (size == TensorFacts.UNKNOWN) {
        return null;
      }
      product *= target[axis] == -1 ? 1 : size;
    }
    if (inferred) {
      // [1, -1, ...]: the first dimension holds the batch if the input's does, too.
      boolean first = position.isPlainFirst() && target[0] == 1;
      target[0] = 0;
      return first ? target : null;
    }
    long ahead = BatchPositions.valuesAhead(sizes, position);
    if (ahead < 1 || x.elementCount() != PRIME * product) {
      return null;
    }
    int axis = axisFor(target, x, ahead);
    boolean copied = target[axis] == 1 && x.size(axis) == PRIME;
    target[axis] = copied ? 0 : -1;
    return target;
  }

  /**
   * The dimension that the examples enter, so that as many values lie ahead of each batch as
   * before: a dimension of 1 if one is there. Between two others they join the one behind, like the
   * heads of attention, [positions, N * heads, width], unless that is the last one: the width of
   * rows, [positions * N, width], stays what a linear layer expects. Whether it is right, the
   * operators behind it show.
   */
  private static int axisFor(long[] target, TensorFacts x, long ahead) {
    long product = 1;
    int axis = 0;
    // Stops at the first dimension that begins at the batch or holds the place within it.
    while (axis < target.length - 1
        && product * size(target, x, axis) <= ahead
        && product < ahead) {
      product *= size(target, x, axis++);
    }
    boolean between = product == ahead && axis > 0 && size(target, x, axis) != 1;
    return between && axis == target.length - 1 ? axis - 1 : axis;
  }

  private static long size(long[] target, TensorFacts x, int axis) {
    return target[axis] == 0 ? x.size(axis) : target[axis];
  }

  private static void requireFirstInOutputs(OnnxModel model, BatchPositions positions) {
    for (ValueInfo output : model.graph().outputs()) {
      boolean first =
          positions.of(output.name()).filter(BatchPositions.Position::isPlainFirst).isPresent();
      if (!first) {
        String after =
            model
                .graph()
                .producer(output.name())
                .map(node -> ", after " + node.describe())
                .orElse("");
        throw unproved(
            model, "the output \"" + output.name() + "\" has it elsewhere than first" + after);
      }
    }
  }

  private static OnnxModelException unproved(OnnxModel model, String reason) {
    return new OnnxModelException(
        "%s: a batch size of 1 is baked in and cannot be proved to be free: %s. Export the model with a dynamic batch dimension (dynamic_axes)."
            .formatted(model.source(), reason));
  }
}
