package dev.graft.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Frees a batch size of 1 that an exporter baked into a file.
 *
 * <p>The first dimension of every input is set to a prime; shapes are inferred; a Reshape whose
 * constant target starts with 1 and holds that prime times too few elements gets 0 or -1 there, and
 * a constant that Concat puts beside the examples is repeated for each. It is proved when every
 * tensor in between has a dimension with the prime in it, and every output has it first.
 */
final class BatchDimension {
  private static final long PRIME = 7919;

  private BatchDimension() {}

  static OnnxModel makeDynamic(OnnxModel model) {
    List<ValueInfo> inputs = model.graph().inputs();
    if (inputs.stream().noneMatch(input -> input.rank() > 0 && input.size(0) == 1)) {
      return model;
    }
    List<ValueInfo> freed = new ArrayList<>();
    for (ValueInfo input : inputs) {
      freed.add(withFreeBatch(input));
    }
    List<ValueInfo> outputs =
        model.graph().outputs().stream().map(BatchDimension::withFreeBatch).toList();
    // Declared inner shapes repeat the batch size of 1 and would hide what is inferred.
    OnnxModel current =
        model.edit().clearInnerDeclarations().setInputs(freed).setOutputs(outputs).build();
    // Each round frees one node for good, so that there are no more rounds than nodes.
    for (int round = 0; round <= model.graph().nodes().size(); round++) {
      Optional<OnnxModel> next = freeOneNode(current);
      if (next.isEmpty()) {
        break;
      }
      current = next.get();
    }
    prove(model, current);
    return current;
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

  private static Optional<OnnxModel> freeOneNode(OnnxModel model) {
    ShapeInference shapes = infer(model);
    for (Node node : model.graph().nodes()) {
      if (node.is("Concat")) {
        Optional<OnnxModel> repeated = repeatConstant(model, shapes, node);
        if (repeated.isPresent()) {
          return repeated;
        }
      }
      Optional<OnnxTensor> constant =
          node.is("Reshape") ? model.graph().constant(node.input(1)) : Optional.empty();
      if (constant.isPresent()) {
        long[] target = constant.get().toLongs();
        if (bakesBatch(target, shapes.facts(node.input(0)))) {
          target[0] = shapes.facts(node.input(0)).size(0) == PRIME ? 0 : -1;
          ModelEditor editor = model.edit();
          String name = editor.freshName(node.output(0) + "_target");
          editor.setInitializer(OnnxTensor.ofLongs(name, target, target.length));
          editor.replaceNode(node, node.withInputs(List.of(node.input(0), name)));
          return Optional.of(editor.pruneUnreachable().build());
        }
      }
    }
    return Optional.empty();
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

  /** Whether a target [1, ...] is that of one example, while the input holds PRIME of them. */
  private static boolean bakesBatch(long[] target, TensorFacts x) {
    long total = x.elementCount();
    if (target.length == 0 || target[0] != 1) {
      return false;
    }
    long others = 1;
    boolean inferred = false;
    for (int i = 1; i < target.length; i++) {
      inferred |= target[i] == -1;
      long size = target[i] == 0 ? x.size(i) : target[i];
      others *= target[i] == -1 ? 1 : size;
    }
    if (inferred) {
      // [1, -1, ...]: the first dimension is the batch if the input's is, too.
      return x.size(0) == PRIME;
    }
    return total > 0 && others > 0 && total == PRIME * others;
  }

  /**
   * Refuses unless every value that is computed from the inputs' values has a dimension that holds
   * the batch, and it is the first one of each output. (A tensor without it has mixed examples, or
   * would be broadcast over them unnoticed.)
   */
  private static void prove(OnnxModel before, OnnxModel after) {
    Graph graph = after.graph();
    ShapeInference shapes = infer(after);
    List<String> outputs = graph.outputs().stream().map(ValueInfo::name).toList();
    Set<Node> needed = CachePoints.ancestors(graph, outputs);
    Set<String> carrying = new HashSet<>();
    graph.inputs().forEach(input -> carrying.add(input.name()));
    for (Node node : graph.nodes()) {
      boolean computesValues =
          !node.is("Shape")
              && !node.is("Size")
              && node.inputs().stream().anyMatch(carrying::contains);
      if (needed.contains(node) && computesValues) {
        carrying.addAll(node.outputs());
        if (!holdsBatch(shapes.facts(node.output(0)))) {
          throw unproved(before, "the batch is lost at " + node.describe());
        }
      }
    }
    for (String output : outputs) {
      if (shapes.facts(output).size(0) != PRIME) {
        Node node = graph.producer(output).orElseThrow();
        throw unproved(
            before,
            "the output \"" + output + "\" has it elsewhere than first, after " + node.describe());
      }
    }
  }

  private static boolean holdsBatch(TensorFacts facts) {
    long[] dimensions = facts.dimensions();
    return dimensions != null
        && Arrays.stream(dimensions)
            .anyMatch(size -> size != TensorFacts.UNKNOWN && size > 0 && size % PRIME == 0);
  }

  private static OnnxModelException unproved(OnnxModel model, String reason) {
    return new OnnxModelException(
        "%s: a batch size of 1 is baked in and cannot be proved to be free: %s. Export the model with a dynamic batch dimension (dynamic_axes)."
            .formatted(model.source(), reason));
  }
}
