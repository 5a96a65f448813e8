package dev.graft.onnx;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Replaces shape arithmetic that has one possible outcome by constants.
 *
 * <p>Shapes are inferred twice, with different prime numbers for every symbolic size. A value that
 * is the same both times does not depend on the input; a Reshape target that equals the size of the
 * same dimension of its input both times is a copy of it (written 0); one other may be inferred
 * (written -1). This is identity testing by evaluation: sizes are products and sums of the input's
 * sizes, which do not coincide at two sets of primes unless they are equal.
 */
final class ShapeFolding {
  private static final long[] BATCH_PRIMES = {7919, 6841};

  /** Below any table of positions that clamps them. */
  private static final long[][] LENGTH_PRIMES = {{5, 11, 17}, {7, 13, 19}};

  private final OnnxModel model;
  private final Graph graph;
  private final ShapeInference first;
  private final ShapeInference second;

  private ShapeFolding(OnnxModel model) {
    this.model = model;
    this.graph = model.graph();
    this.first = ShapeInference.of(graph, sizes(model, 0));
    this.second = ShapeInference.of(graph, sizes(model, 1));
  }

  /** The step of preparation. */
  record Pass() implements GraphPass {
    @Override
    public String name() {
      return "shapes";
    }

    @Override
    public String purpose() {
      return "shape arithmetic with one possible outcome becomes a constant";
    }

    @Override
    public Rewrite apply(OnnxModel model) {
      return new ShapeFolding(model).fold();
    }
  }

  static OnnxModel fold(OnnxModel model) {
    return new ShapeFolding(model).fold().model();
  }

  /** Sizes for one inference; only token models get one for anything but the batch. */
  private static Map<String, long[]> sizes(OnnxModel model, int run) {
    boolean tokens = InputKind.detect(model) == InputKind.TOKENS;
    Map<String, Long> bySymbol = new HashMap<>();
    Map<String, long[]> shapes = new HashMap<>();
    for (ValueInfo input : model.graph().inputs()) {
      List<Dimension> declared = input.shape().orElse(List.of());
      long[] shape = new long[declared.size()];
      for (int i = 0; i < shape.length; i++) {
        long prime =
            i == 0
                ? BATCH_PRIMES[run]
                : tokens ? LENGTH_PRIMES[run][Math.min(i - 1, 2)] : TensorFacts.UNKNOWN;
        Dimension dimension = declared.get(i);
        if (dimension instanceof Dimension.Symbolic symbolic && !symbolic.name().isEmpty()) {
          Long known = bySymbol.putIfAbsent(symbolic.name(), prime);
          prime = known == null ? prime : known;
        }
        shape[i] = dimension.sizeOr(prime);
      }
      if (input.shape().isPresent()) {
        shapes.put(input.name(), shape);
      }
    }
    return shapes;
  }

  private GraphPass.Rewrite fold() {
    int places = 0;
    ModelEditor editor = model.edit();
    Set<String> live = CachePoints.liveTensors(graph);
    for (Node node : graph.nodes()) {
      String output = node.output(0);
      boolean single = node.outputs().size() == 1 && live.contains(output);
      if (single && isKnown(output) && !graph.isOutput(output)) {
        editor.removeNode(node).setInitializer(constant(output));
        places++;
      } else if (node.is("Reshape") && live.contains(node.input(1)) && !isKnown(node.input(1))) {
        long[] target = target(node);
        if (target != null) {
          String name = editor.freshName(node.output(0) + "_target");
          editor.setInitializer(OnnxTensor.ofLongs(name, target, target.length));
          editor.replaceNode(node, node.withInputs(List.of(node.input(0), name)));
          places++;
        }
      }
    }
    return new GraphPass.Rewrite(editor.pruneUnreachable().build(), places);
  }

  /** Whether a tensor of whole numbers has the same values for every input. */
  private boolean isKnown(String tensor) {
    TensorFacts a = first.facts(tensor);
    TensorFacts b = second.facts(tensor);
    long[] values = a.values();
    long[] others = b.values();
    if (a.type() != ElementType.INT64 || values == null || others == null) {
      return false;
    }
    long[] shape = a.dimensions();
    if (values.length != others.length || shape == null || a.elementCount() != values.length) {
      return false;
    }
    for (int i = 0; i < values.length; i++) {
      if (values[i] == TensorFacts.UNKNOWN || values[i] != others[i]) {
        return false;
      }
    }
    return true;
  }

  private OnnxTensor constant(String tensor) {
    TensorFacts facts = first.facts(tensor);
    long[] values = facts.values();
    long[] shape = facts.dimensions();
    if (values == null || shape == null) {
      throw new IllegalStateException("only called for known tensors");
    }
    return OnnxTensor.ofLongs(tensor, values, shape);
  }

  private long @Nullable [] target(Node reshape) {
    if (reshape.integer("allowzero", 0) != 0) {
      return null;
    }
    long[] a = first.facts(reshape.input(1)).values();
    long[] b = second.facts(reshape.input(1)).values();
    if (a == null || b == null || a.length != b.length) {
      return null;
    }
    long[] target = new long[a.length];
    boolean inferred = false;
    for (int i = 0; i < a.length; i++) {
      boolean known = a[i] != TensorFacts.UNKNOWN && b[i] != TensorFacts.UNKNOWN;
      if (known && a[i] == b[i]) {
        target[i] = a[i];
        inferred |= a[i] == -1;
        if (a[i] == 0) {
          return null;
        }
      } else if (known
          && a[i] == first.facts(reshape.input(0)).size(i)
          && b[i] == second.facts(reshape.input(0)).size(i)) {
        target[i] = 0;
      } else if (!inferred) {
        target[i] = -1;
        inferred = true;
      } else {
        return null;
      }
    }
    // A -1 that stands in the file after one that was put here would make two.
    long free = Arrays.stream(target).filter(size -> size == -1).count();
    return free <= 1 ? target : null;
  }
}
