package dev.graft.onnx;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Appends what pools a tensor with positions to one vector for each example. For one thread. */
final class PoolingNodes {
  /** Keeps the gradient of the root finite where all positions are alike. */
  private static final float LEAST_VARIANCE = 1e-5f;

  private final Graph graph;
  private final ModelEditor editor;
  private final String tensor;
  private final int rank;
  private final String result;

  /** For a tensor of this rank: [N, F], [N, T, F] or [N, C, H, W]. */
  PoolingNodes(Graph graph, ModelEditor editor, String tensor, int rank) {
    this.graph = graph;
    this.editor = editor;
    this.tensor = tensor;
    this.rank = rank;
    this.result = editor.freshName(tensor + "_pooled");
  }

  /** Appends the pooling and names its result. */
  String add(Pooling pooling) {
    return switch (pooling) {
      case NONE -> tensor;
      case CLASS_TOKEN -> firstPosition();
      case MEAN ->
          rank >= 4
              ? node("GlobalAveragePool", result, tensor)
              : mean(tensor, Weights.of(this), result);
      case MEAN_AND_DEVIATION -> meanAndDeviation();
    };
  }

  /** [N, T, F] to [N, F]. */
  private String firstPosition() {
    String first = editor.freshName("graft_first_position");
    editor.setInitializer(OnnxTensor.ofLongs(first, new long[] {0}));
    editor.addNode(
        Node.of("Gather", List.of(tensor, first), List.of(result)).withInteger("axis", 1));
    return result;
  }

  /** [N, T, F] to [N, 2 F], or [N, C, H, W] to [N, 2 C]. */
  private String meanAndDeviation() {
    String vectors = rank >= 4 ? positions() : tensor;
    Weights weights = Weights.of(this);
    String mean = mean(vectors, weights, fresh("mean"));
    String centre = node("Unsqueeze", fresh("centre"), mean, axes(1));
    String centred = node("Sub", fresh("centred"), vectors, centre);
    String squares = node("Mul", fresh("squares"), centred, centred);
    String variance = mean(squares, weights, fresh("variance"));
    String least = like(editor.freshName("graft_least_variance"), LEAST_VARIANCE, fresh("least"));
    String deviation =
        node("Sqrt", fresh("deviation"), node("Add", fresh("positive"), variance, least));
    editor.addNode(
        Node.of("Concat", List.of(mean, deviation), List.of(result)).withInteger("axis", 1));
    return result;
  }

  /** [N, C, H, W] to [N, H W, C]. */
  private String positions() {
    String shape = editor.freshName("graft_maps");
    editor.setInitializer(OnnxTensor.ofLongs(shape, new long[] {0, 0, -1}, 3));
    String flat = node("Reshape", fresh("places"), tensor, shape);
    String turned = fresh("positions");
    editor.addNode(
        Node.of("Transpose", List.of(flat), List.of(turned)).withIntegers("perm", 0, 2, 1));
    return turned;
  }

  /**
   * What each position counts: [N, T, 1], and their sum [N, 1]; nothing where all count alike.
   *
   * @param column empty where there is no mask
   */
  private record Weights(String column, String count) {
    static Weights of(PoolingNodes nodes) {
      Stream<String> fed = nodes.graph.inputs().stream().map(ValueInfo::name);
      Stream<String> computed = nodes.graph.nodes().stream().flatMap(one -> one.outputs().stream());
      return Stream.concat(fed, computed.filter(TextTensors.MASK::equals))
          .filter(name -> name.toLowerCase(Locale.ROOT).contains("attention_mask"))
          .findFirst()
          .filter(mask -> nodes.rank == 3)
          .map(nodes::masked)
          .orElse(new Weights("", ""));
    }
  }

  private Weights masked(String mask) {
    String weights = node("CastLike", fresh("weights"), mask, tensor);
    // [N, T] -> [N, T, 1]
    String column = node("Unsqueeze", fresh("column"), weights, axes(2));
    // [N, T, 1] -> [N, 1]
    String count = sum(column, fresh("count"));
    // An example without a single token gives zeros instead of NaN.
    String floor = like(editor.freshName("graft_one"), 1, fresh("floor"));
    return new Weights(column, node("Max", fresh("positive_count"), count, floor));
  }

  /** The mean over T: {@code sum of w[t] x[t] / max(1, sum of w[t])} where there is a mask. */
  private String mean(String x, Weights weights, String name) {
    if (weights.column.isEmpty()) {
      editor.addNode(
          Node.of("ReduceMean", List.of(x, axes(1)), List.of(name)).withInteger("keepdims", 0));
      return name;
    }
    String total = sum(node("Mul", fresh("weighted"), x, weights.column), fresh("total"));
    return node("Div", name, total, weights.count);
  }

  /** [N, T, F] to [N, F]. */
  private String sum(String x, String name) {
    editor.addNode(
        Node.of("ReduceSum", List.of(x, axes(1)), List.of(name)).withInteger("keepdims", 0));
    return name;
  }

  /** A constant in the element type of the tensor. */
  private String like(String constant, float value, String name) {
    editor.setInitializer(OnnxTensor.ofFloats(constant, new float[] {value}));
    return node("CastLike", name, constant, tensor);
  }

  private String node(String operator, String output, String... inputs) {
    editor.addNode(Node.of(operator, List.of(inputs), List.of(output)));
    return output;
  }

  private String axes(long axis) {
    String name = editor.freshName("graft_axis_" + axis);
    editor.setInitializer(OnnxTensor.ofLongs(name, new long[] {axis}, 1));
    return name;
  }

  private String fresh(String name) {
    return editor.freshName(result + "_" + name);
  }
}
