package dev.graft.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Cuts the trunk out of a backbone: everything up to the feature tensor. */
public final class Trunk {
  /** The output of {@link #withFeatures}: [N, features]. */
  public static final String FEATURES = "features";

  private Trunk() {}

  /**
   * The part of a model that computes one tensor; the weights that feed only the rest are gone, all
   * others are bit-identical and keep their names.
   *
   * @throws OnnxModelException if the model does not compute this tensor
   */
  public static OnnxModel cut(OnnxModel model, String featureTensor) {
    Graph graph = model.graph();
    if (graph.producer(featureTensor).isEmpty()) {
      throw new HeadNotFoundException(
          "%s: no node computes the tensor \"%s\".".formatted(model.source(), featureTensor),
          HeadFinder.candidates(model));
    }
    return model
        .edit()
        .setOutputs(List.of(described(graph, featureTensor)))
        .pruneUnreachable()
        .build();
  }

  /**
   * The trunk for a head, ending in an output "features" of shape [N, features]: the feature tensor
   * is pooled and flattened as {@link Head#pooling()} says.
   *
   * <p>Needs opset 18 or newer; see {@link OnnxModel#upgradeTo}.
   */
  public static OnnxModel withFeatures(OnnxModel model, Head head) {
    if (model.opset() < 18) {
      throw new OnnxModelException(
          "%s: opset %d; expected 18 or newer to append pooling. Upgrade the model first."
              .formatted(model.source(), model.opset()));
    }
    OnnxModel trunk = cut(model, head.featureTensor());
    ModelEditor editor = trunk.edit();
    String features = editor.freshName(FEATURES);
    int rank = ShapeInference.of(trunk.graph()).facts(head.featureTensor()).rank();
    String vector = pooled(trunk.graph(), editor, head, rank);
    if (rank == 2 || (rank == 3 && head.pooling() != Pooling.NONE)) {
      editor.addNode(Node.of("Identity", List.of(vector), List.of(features)));
    } else {
      // [N, C, 1, 1] or [N, 1, 1, C] -> [N, C]
      editor.addNode(Node.of("Flatten", List.of(vector), List.of(features)).withInteger("axis", 1));
    }
    ElementType type = ShapeInference.of(trunk.graph()).facts(head.featureTensor()).type();
    long width = head instanceof LinearHead linear ? linear.features() : -1;
    return editor
        .setOutputs(
            List.of(
                ValueInfo.of(
                    features,
                    type == ElementType.UNDEFINED ? ElementType.FLOAT : type,
                    Dimension.named("N"),
                    width > 0 ? Dimension.of(width) : Dimension.named(""))))
        .build();
  }

  private static String pooled(Graph graph, ModelEditor editor, Head head, int rank) {
    String tensor = head.featureTensor();
    String result = editor.freshName(tensor + "_pooled");
    switch (head.pooling()) {
      case NONE -> {
        return tensor;
      }
      case CLASS_TOKEN -> {
        String first = editor.freshName("graft_first_position");
        editor.setInitializer(OnnxTensor.ofLongs(first, new long[] {0}));
        // [N, T, F] -> [N, F]
        editor.addNode(
            Node.of("Gather", List.of(tensor, first), List.of(result)).withInteger("axis", 1));
      }
      case MEAN -> {
        Optional<ValueInfo> mask =
            graph.inputs().stream()
                .filter(input -> input.name().toLowerCase(Locale.ROOT).contains("attention_mask"))
                .findFirst();
        if (rank >= 4) {
          editor.addNode(Node.of("GlobalAveragePool", List.of(tensor), List.of(result)));
        } else if (mask.isPresent()) {
          addMaskedMean(editor, tensor, mask.get().name(), result);
        } else {
          // [N, T, F] -> [N, F]
          editor.addNode(
              Node.of("ReduceMean", List.of(tensor, axis(editor, 1)), List.of(result))
                  .withInteger("keepdims", 0));
        }
      }
    }
    return result;
  }

  /** {@code sum over t of mask[t] * x[t] / max(1, sum over t of mask[t])}. */
  private static void addMaskedMean(ModelEditor editor, String tensor, String mask, String result) {
    List<String> names = new ArrayList<>();
    for (String step : List.of("weights", "column", "weighted", "total", "count", "positive")) {
      names.add(editor.freshName(result + "_" + step));
    }
    String one = editor.freshName("graft_one");
    editor.setInitializer(OnnxTensor.ofFloats(one, new float[] {1}));
    String positions = axis(editor, 1);
    editor.addNode(Node.of("CastLike", List.of(mask, tensor), List.of(names.get(0))));
    // [N, T] -> [N, T, 1]
    editor.addNode(
        Node.of("Unsqueeze", List.of(names.get(0), axis(editor, 2)), List.of(names.get(1))));
    editor.addNode(Node.of("Mul", List.of(tensor, names.get(1)), List.of(names.get(2))));
    // [N, T, F] -> [N, F]
    editor.addNode(
        Node.of("ReduceSum", List.of(names.get(2), positions), List.of(names.get(3)))
            .withInteger("keepdims", 0));
    // [N, T, 1] -> [N, 1]
    editor.addNode(
        Node.of("ReduceSum", List.of(names.get(1), positions), List.of(names.get(4)))
            .withInteger("keepdims", 0));
    // An example without a single token gives zeros instead of NaN.
    String floor = editor.freshName(result + "_floor");
    editor.addNode(Node.of("CastLike", List.of(one, tensor), List.of(floor)));
    editor.addNode(Node.of("Max", List.of(names.get(4), floor), List.of(names.get(5))));
    editor.addNode(Node.of("Div", List.of(names.get(3), names.get(5)), List.of(result)));
  }

  private static String axis(ModelEditor editor, long axis) {
    String name = editor.freshName("graft_axis_" + axis);
    editor.setInitializer(OnnxTensor.ofLongs(name, new long[] {axis}, 1));
    return name;
  }

  private static ValueInfo described(Graph graph, String tensor) {
    TensorFacts facts = ShapeInference.of(graph).facts(tensor);
    ElementType type = facts.type() == ElementType.UNDEFINED ? ElementType.FLOAT : facts.type();
    long[] known = facts.dimensions();
    if (known == null) {
      return ValueInfo.ofUnknownShape(tensor, type);
    }
    Dimension[] shape = new Dimension[known.length];
    for (int i = 0; i < shape.length; i++) {
      shape[i] =
          known[i] == TensorFacts.UNKNOWN
              ? Dimension.named(i == 0 ? "N" : "")
              : Dimension.of(known[i]);
    }
    return ValueInfo.of(tensor, type, shape);
  }
}
