package dev.graft.onnx;

import java.util.List;

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
    requireComputed(model, featureTensor);
    return model
        .edit()
        .setOutputs(List.of(described(model.graph(), featureTensor)))
        .pruneUnreachable()
        .build();
  }

  private static void requireComputed(OnnxModel model, String tensor) {
    if (model.graph().producer(tensor).isEmpty()) {
      throw new HeadNotFoundException(
          "%s: no node computes the tensor \"%s\".".formatted(model.source(), tensor),
          HeadFinder.candidates(model));
    }
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
    Graph graph = model.graph();
    requireComputed(model, head.featureTensor());
    ModelEditor editor = model.edit();
    String features = editor.freshName(FEATURES);
    TensorFacts facts = ShapeInference.of(graph).facts(head.featureTensor());
    int rank = facts.rank();
    String vector = new PoolingNodes(graph, editor, head.featureTensor(), rank).add(head.pooling());
    boolean flat = rank == 2 || (rank == 3 && head.pooling() != Pooling.NONE);
    if (flat || head.pooling() == Pooling.MEAN_AND_DEVIATION) {
      editor.addNode(Node.of("Identity", List.of(vector), List.of(features)));
    } else {
      // [N, C, 1, 1] or [N, 1, 1, C] -> [N, C]
      editor.addNode(Node.of("Flatten", List.of(vector), List.of(features)).withInteger("axis", 1));
    }
    ElementType type = facts.type();
    long width = head instanceof LinearHead linear ? linear.features() : -1;
    return editor
        .setOutputs(
            List.of(
                ValueInfo.of(
                    features,
                    type == ElementType.UNDEFINED ? ElementType.FLOAT : type,
                    Dimension.named("N"),
                    width > 0 ? Dimension.of(width) : Dimension.named(""))))
        .pruneUnreachable()
        .build();
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
