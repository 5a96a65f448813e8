package dev.graft.onnx;

import static dev.graft.onnx.TensorFacts.UNKNOWN;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Infers types, shapes and the values of shape arithmetic for the tensors of a graph, as far as the
 * file alone tells them.
 *
 * <p>Knows the operators of vision, speech and text encoders in the forms of opsets 7 to 28; any
 * other operator leaves its outputs unknown, which is always a safe answer. Source:
 * onnx/docs/Operators.md.
 */
final class ShapeInference {
  private static final Set<String> ELEMENTWISE =
      Set.of(
          "Abs",
          "Acos",
          "Acosh",
          "Asin",
          "Asinh",
          "Atan",
          "Atanh",
          "BatchNormalization",
          "Ceil",
          "Celu",
          "Clip",
          "Cos",
          "Cosh",
          "CumSum",
          "Dropout",
          "Elu",
          "Erf",
          "Exp",
          "Floor",
          "Gelu",
          "GroupNormalization",
          "HardSigmoid",
          "HardSwish",
          "Hardmax",
          "InstanceNormalization",
          "LRN",
          "LayerNormalization",
          "LeakyRelu",
          "Log",
          "LogSoftmax",
          "LpNormalization",
          "MeanVarianceNormalization",
          "Mish",
          "Neg",
          "PRelu",
          "RMSNormalization",
          "Reciprocal",
          "Relu",
          "Round",
          "ScatterElements",
          "ScatterND",
          "Selu",
          "Shrink",
          "Sigmoid",
          "Sign",
          "Sin",
          "Sinh",
          "Softmax",
          "Softplus",
          "Softsign",
          "Sqrt",
          "Swish",
          "Tan",
          "Tanh",
          "ThresholdedRelu",
          "Trilu");
  private static final Set<String> BROADCASTING =
      Set.of("Add", "Sub", "Mul", "Div", "Pow", "Mod", "Max", "Min", "Mean", "Sum", "Equal");
  private static final Set<String> LOGICAL =
      Set.of(
          "And",
          "Or",
          "Xor",
          "Not",
          "Less",
          "LessOrEqual",
          "Greater",
          "GreaterOrEqual",
          "IsNaN",
          "IsInf");

  /** A file that states more dimensions than this for one tensor is no model. */
  private static final int HIGHEST_RANK = 64;

  private final Graph graph;
  private final Map<String, TensorFacts> facts = new HashMap<>();

  private ShapeInference(Graph graph) {
    this.graph = graph;
  }

  /** The facts of every tensor, with the declared shapes of the inputs. */
  static ShapeInference of(Graph graph) {
    return of(graph, Map.of());
  }

  /** The facts of every tensor, with these shapes for the named inputs. */
  static ShapeInference of(Graph graph, Map<String, long[]> inputShapes) {
    ShapeInference inference = new ShapeInference(graph);
    for (ValueInfo input : graph.inputs()) {
      TensorFacts declared = TensorFacts.of(input);
      long[] given = inputShapes.get(input.name());
      inference.facts.put(
          input.name(), given == null ? declared : TensorFacts.shaped(declared.type(), given));
    }
    graph
        .initializers()
        .forEach((name, tensor) -> inference.facts.put(name, TensorFacts.of(tensor)));
    for (Node node : graph.nodes()) {
      List<TensorFacts> results = inference.infer(node);
      for (int i = 0; i < node.outputs().size(); i++) {
        String output = node.outputs().get(i);
        TensorFacts inferred = i < results.size() ? results.get(i) : TensorFacts.NOTHING;
        TensorFacts declared =
            graph.declared(output).map(TensorFacts::of).orElse(TensorFacts.NOTHING);
        inference.facts.put(output, inferred.or(declared));
      }
    }
    return inference;
  }

  /** What is known of a tensor. */
  TensorFacts facts(String tensor) {
    return facts.getOrDefault(tensor, TensorFacts.NOTHING);
  }

  private TensorFacts in(Node node, int index) {
    return facts(node.input(index));
  }

  private List<TensorFacts> infer(Node node) {
    try {
      return node.domain().isEmpty() ? one(node) : List.of();
    } catch (IndexOutOfBoundsException
        | IllegalArgumentException // a range of axes that ends before it begins
        | ArithmeticException
        | NegativeArraySizeException malformed) {
      // A node whose operands contradict each other: whoever runs it reports that by name.
      return List.of();
    }
  }

  private List<TensorFacts> one(Node node) {
    String operator = node.operator();
    TensorFacts x = in(node, 0);
    if (ELEMENTWISE.contains(operator)) {
      return List.of(x.withValues(null));
    }
    if (BROADCASTING.contains(operator)) {
      return List.of(ShapeArithmetic.elementwise(node, inputs(node)));
    }
    if (LOGICAL.contains(operator)) {
      return List.of(ShapeArithmetic.broadcast(ElementType.BOOL, inputs(node)));
    }
    if (operator.startsWith("Reduce")) {
      return List.of(
          ShapeArithmetic.reduce(x, axes(node), node.integer("keepdims", 1) == 1, isNoop(node)));
    }
    return switch (operator) {
      case "Identity" -> List.of(x);
      case "Where" -> List.of(ShapeArithmetic.where(x, in(node, 1), in(node, 2)));
      case "Constant" ->
          List.of(graph.constant(node.output(0)).map(TensorFacts::of).orElse(TensorFacts.NOTHING));
      case "Conv", "FusedConv" ->
          List.of(SpatialShapes.convolution(node, x, in(node, 1), x.type()));
      case "ConvInteger" ->
          List.of(SpatialShapes.convolution(node, x, in(node, 1), ElementType.INT32));
      case "ConvTranspose" -> List.of(SpatialShapes.unknownSpace(x, UNKNOWN));
      case "MaxPool", "AveragePool", "LpPool" -> {
        TensorFacts pooled = SpatialShapes.pool(node, x);
        yield List.of(pooled, pooled.withType(ElementType.INT64));
      }
      case "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool" -> List.of(SpatialShapes.global(x));
      case "Resize", "Upsample" -> List.of(SpatialShapes.resized(node, x, graph));
      case "Pad" -> List.of(SpatialShapes.padded(node, x, facts(node.input(1)).values()));
      case "Gemm" -> List.of(gemm(node));
      case "MatMul" -> List.of(ShapeArithmetic.matrixProduct(x, in(node, 1), x.type()));
      case "MatMulInteger" ->
          List.of(ShapeArithmetic.matrixProduct(x, in(node, 1), ElementType.INT32));
      case "Flatten" -> List.of(flatten(node, x));
      case "Reshape" -> List.of(ShapeArithmetic.reshape(node, x, in(node, 1).values()));
      case "Transpose" -> List.of(ShapeArithmetic.transpose(node, x));
      case "Squeeze" -> List.of(ShapeArithmetic.squeeze(x, axes(node)));
      case "Unsqueeze" -> List.of(ShapeArithmetic.unsqueeze(x, axes(node)));
      case "Concat" -> List.of(ShapeArithmetic.concat(node, inputs(node)));
      case "Split" -> split(node, x);
      case "Slice" -> List.of(slice(node, x));
      case "Gather" -> List.of(ShapeArithmetic.gather(node, x, in(node, 1)));
      case "GatherND" -> List.of(PositionShapes.gatherSlices(node, x, in(node, 1)));
      case "TopK" -> PositionShapes.topK(node, x, in(node, 1));
      case "OneHot" -> List.of(PositionShapes.oneHot(node, x, in(node, 1), in(node, 2)));
      case "NonZero" -> List.of(PositionShapes.nonZero(x));
      case "Einsum" -> List.of(PositionShapes.sumOfProducts(node, inputs(node)));
      case "DepthToSpace", "SpaceToDepth" -> List.of(SpatialShapes.blocks(node, x));
      case "DFT" -> List.of(SignalShapes.fourier(node, x, in(node, 1), in(node, 2)));
      case "STFT" ->
          List.of(SignalShapes.shortTimeFourier(node, x, in(node, 1), in(node, 2), in(node, 3)));
      case "HannWindow", "HammingWindow", "BlackmanWindow" -> List.of(SignalShapes.window(node, x));
      case "MelWeightMatrix" -> List.of(SignalShapes.melWeights(node, x, in(node, 1)));
      case "GatherElements" -> List.of(in(node, 1).withType(x.type()));
      case "Shape" -> List.of(ShapeArithmetic.shapeOf(node, x));
      case "Size" ->
          List.of(new TensorFacts(ElementType.INT64, new long[0], new long[] {x.elementCount()}));
      case "ConstantOfShape" -> List.of(constantOfShape(node, x));
      case "Expand" -> List.of(ShapeArithmetic.expand(x, in(node, 1)));
      case "Tile" -> List.of(ShapeArithmetic.tile(x, in(node, 1).values()));
      case "Range" -> List.of(ShapeArithmetic.range(x, in(node, 1), in(node, 2)));
      case "Cast" -> List.of(cast(node, x));
      case "CastLike" -> List.of(x.withType(in(node, 1).type()));
      case "ArgMax", "ArgMin" ->
          List.of(
              ShapeArithmetic.reduce(
                      x,
                      new long[] {node.integer("axis", 0)},
                      node.integer("keepdims", 1) == 1,
                      false)
                  .withType(ElementType.INT64));
      case "QuantizeLinear" ->
          List.of(x.withType(node.hasInput(2) ? in(node, 2).type() : ElementType.UINT8));
      case "DequantizeLinear" -> List.of(x.withType(in(node, 1).type()));
      case "DynamicQuantizeLinear" ->
          List.of(
              x.withType(ElementType.UINT8),
              TensorFacts.shaped(ElementType.FLOAT),
              TensorFacts.shaped(ElementType.UINT8));
      default -> List.of();
    };
  }

  private List<TensorFacts> inputs(Node node) {
    return node.inputs().stream().map(this::facts).toList();
  }

  /** The axes of Squeeze, Unsqueeze and Reduce, given as attribute or as input; null if absent. */
  private long @Nullable [] axes(Node node) {
    if (node.hasAttribute("axes")) {
      return node.integers("axes");
    }
    if (node.hasInput(1)) {
      long[] values = in(node, 1).values();
      return values == null ? new long[] {UNKNOWN} : values;
    }
    return null;
  }

  private static boolean isNoop(Node node) {
    return node.integer("noop_with_empty_axes", 0) == 1;
  }

  private TensorFacts gemm(Node node) {
    long rows = in(node, 0).size(node.integer("transA", 0) == 0 ? 0 : 1);
    long columns = in(node, 1).size(node.integer("transB", 0) == 0 ? 1 : 0);
    long left = in(node, 0).size(node.integer("transA", 0) == 0 ? 1 : 0);
    long right = in(node, 1).size(node.integer("transB", 0) == 0 ? 0 : 1);
    if (left != UNKNOWN && right != UNKNOWN && left != right) {
      return TensorFacts.unranked(in(node, 0).type());
    }
    return TensorFacts.shaped(in(node, 0).type(), rows, columns);
  }

  private static TensorFacts flatten(Node node, TensorFacts x) {
    long[] dimensions = x.dimensions();
    if (dimensions == null) {
      return TensorFacts.shaped(x.type(), UNKNOWN, UNKNOWN);
    }
    int axis = (int) node.integer("axis", 1);
    axis = axis < 0 ? axis + dimensions.length : axis;
    return TensorFacts.shaped(
        x.type(),
        ShapeArithmetic.product(dimensions, 0, axis),
        ShapeArithmetic.product(dimensions, axis, dimensions.length));
  }

  private List<TensorFacts> split(Node node, TensorFacts x) {
    long[] dimensions = x.dimensions();
    int parts = node.outputs().size();
    long[] given = node.hasAttribute("split") ? node.integers("split") : in(node, 1).values();
    TensorFacts[] results = new TensorFacts[parts];
    for (int i = 0; i < parts; i++) {
      if (dimensions == null) {
        results[i] = TensorFacts.unranked(x.type());
        continue;
      }
      int axis = ShapeArithmetic.axis(node.integer("axis", 0), dimensions.length);
      long[] part = dimensions.clone();
      if (given != null) {
        part[axis] = given[i];
      } else if (node.hasInput(1)) {
        part[axis] = UNKNOWN;
      } else if (part[axis] != UNKNOWN) {
        long most = (part[axis] + parts - 1) / parts;
        part[axis] = Math.min(most, part[axis] - i * most);
      }
      results[i] = TensorFacts.shaped(x.type(), part);
    }
    return List.of(results);
  }

  private TensorFacts slice(Node node, TensorFacts x) {
    if (node.hasAttribute("starts")) {
      long[] starts = node.integers("starts");
      return ShapeArithmetic.slice(
          x, starts, node.integers("ends"), node.integers("axes", counting(starts.length)), null);
    }
    long[] starts = in(node, 1).values();
    long[] axes =
        node.hasInput(3) ? in(node, 3).values() : counting(starts == null ? 0 : starts.length);
    long[] steps = node.hasInput(4) ? in(node, 4).values() : null;
    if (starts == null || axes == null || (node.hasInput(4) && steps == null)) {
      return ShapeArithmetic.unknownSizes(x);
    }
    return ShapeArithmetic.slice(x, starts, in(node, 2).values(), axes, steps);
  }

  private TensorFacts constantOfShape(Node node, TensorFacts shape) {
    Optional<OnnxTensor> value = node.tensor("value");
    ElementType type = value.map(OnnxTensor::type).orElse(ElementType.FLOAT);
    long[] values = shape.values();
    if (values != null) {
      TensorFacts filled = TensorFacts.shaped(type, values);
      boolean shapeLike = values.length == 1 && values[0] >= 0 && values[0] <= HIGHEST_RANK;
      if (shapeLike && type == ElementType.INT64 && value.isPresent()) {
        long[] repeated = new long[(int) values[0]];
        Arrays.fill(repeated, value.get().toLongs()[0]);
        return filled.withValues(repeated);
      }
      return filled;
    }
    long rank = shape.size(0);
    return rank < 0 || rank > HIGHEST_RANK
        ? TensorFacts.unranked(type)
        : TensorFacts.shaped(type, ShapeArithmetic.unknown((int) rank));
  }

  private static TensorFacts cast(Node node, TensorFacts x) {
    ElementType type = ElementType.ofOnnxCode((int) node.integer("to", 0));
    return new TensorFacts(type, x.dimensions(), type.isInteger() ? x.values() : null);
  }

  private static long[] counting(int count) {
    long[] axes = new long[count];
    for (int i = 0; i < count; i++) {
      axes[i] = i;
    }
    return axes;
  }
}
