package dev.graft.transfer.visualisation;

import dev.graft.onnx.Graph;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Computes the receptive field of each tensor of a graph from the kernels, strides and paddings on
 * all ways to it; where ways meet, the union counts, which is the longest of them. Thread-safe.
 */
public final class ReceptiveFields {
  /** What takes each value, or each place, by itself; statistics over all places count as such. */
  private static final Set<String> PLACE_BY_PLACE =
      Set.of(
          "Abs",
          "Add",
          "BatchNormalization",
          "Cast",
          "Celu",
          "Clip",
          "Div",
          "Dropout",
          "Elu",
          "Erf",
          "Exp",
          "Gelu",
          "GroupNormalization",
          "HardSigmoid",
          "HardSwish",
          "Identity",
          "InstanceNormalization",
          "LRN",
          "LayerNormalization",
          "LeakyRelu",
          "Log",
          "Max",
          "Mean",
          "Min",
          "Mish",
          "Mul",
          "Neg",
          "PRelu",
          "Pow",
          "Reciprocal",
          "Relu",
          "Selu",
          "Sigmoid",
          "Softplus",
          "Softsign",
          "Sqrt",
          "Sub",
          "Sum",
          "Swish",
          "Tanh");

  private final Graph graph;
  private final Map<String, ReceptiveField> fields = new HashMap<>();

  private ReceptiveFields(Graph graph) {
    this.graph = graph;
  }

  /**
   * The fields of all tensors that depend on the image.
   *
   * @param model with one input [N, channels, height, width]
   */
  public static Map<String, ReceptiveField> of(OnnxModel model, int height, int width) {
    return from(model, model.graph().inputs().get(0).name(), height, width);
  }

  /**
   * The fields of all tensors that depend on a map inside a model, counted in its places.
   *
   * @param map a tensor [N, channels, height, width]
   */
  public static Map<String, ReceptiveField> from(
      OnnxModel model, String map, int height, int width) {
    ReceptiveFields computed = new ReceptiveFields(model.graph());
    computed.fields.put(
        map, new ReceptiveField.Local(FieldAxis.ofImage(height), FieldAxis.ofImage(width), 2, 3));
    for (Node node : model.graph().nodes()) {
      computed.visit(node);
    }
    return Map.copyOf(computed.fields);
  }

  private void visit(Node node) {
    List<ReceptiveField> inputs = new ArrayList<>();
    for (String input : node.inputs()) {
      ReceptiveField field = fields.get(input);
      if (field != null) {
        inputs.add(field);
      }
    }
    if (!inputs.isEmpty() && !node.is("Shape") && !node.is("Size")) {
      ReceptiveField field = after(node, inputs);
      node.outputs().forEach(output -> fields.put(output, field));
    }
  }

  private ReceptiveField after(Node node, List<ReceptiveField> inputs) {
    ReceptiveField joined = joined(inputs);
    if (!(joined instanceof ReceptiveField.Local map)) {
      return joined;
    }
    try {
      return after(node, map).map(ReceptiveField.class::cast).orElse(ReceptiveField.Global.MIXED);
    } catch (ArithmeticException | IndexOutOfBoundsException absurd) {
      // Numbers that no map can have: whoever runs the node reports it by name.
      return ReceptiveField.Global.MIXED;
    }
  }

  /** Summaries leave the places of a map as they are. */
  private static ReceptiveField joined(List<ReceptiveField> inputs) {
    ReceptiveField joined = ReceptiveField.Global.SUMMARY;
    for (ReceptiveField input : inputs) {
      if (input == ReceptiveField.Global.MIXED) {
        return input;
      }
      if (input instanceof ReceptiveField.Local map) {
        Optional<ReceptiveField.Local> both =
            joined instanceof ReceptiveField.Local other ? map.union(other) : Optional.of(map);
        if (both.isEmpty()) {
          return ReceptiveField.Global.MIXED;
        }
        joined = both.get();
      }
    }
    return joined;
  }

  private Optional<? extends ReceptiveField> after(Node node, ReceptiveField.Local map) {
    if (!node.domain().isEmpty()) {
      return Optional.empty();
    }
    if (PLACE_BY_PLACE.contains(node.operator())) {
      return Optional.of(map);
    }
    return switch (node.operator()) {
      case "Conv" -> slid(node, map, kernel(node));
      case "MaxPool", "AveragePool", "LpPool" -> slid(node, map, node.integers("kernel_shape"));
      case "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool" ->
          Optional.of(ReceptiveField.Global.SUMMARY);
      case "Pad" -> padded(node, map);
      case "Transpose" -> transposed(node, map);
      case "MatMul" -> product(node, map);
      case "Softmax", "Concat", "Split" -> alongChannels(map, node.integer("axis", -1));
      case "Slice" -> constant(node.input(3)).flatMap(axes -> alongChannels(map, axes));
      default -> node.operator().startsWith("Reduce") ? reduced(node, map) : Optional.empty();
    };
  }

  private long[] kernel(Node convolution) {
    long[] stated = convolution.integers("kernel_shape");
    if (stated.length > 0) {
      return stated;
    }
    long[] weight = graph.constant(convolution.input(1)).map(OnnxTensor::shape).orElse(stated);
    return weight.length < 2 ? stated : Arrays.copyOfRange(weight, 2, weight.length);
  }

  private static Optional<ReceptiveField.Local> slid(
      Node node, ReceptiveField.Local map, long[] kernel) {
    if (map.rowAxis() != 2 || map.columnAxis() != 3 || kernel.length != 2) {
      return Optional.empty();
    }
    return Optional.of(
        new ReceptiveField.Local(
            map.rows().after(window(node, kernel, 0)),
            map.columns().after(window(node, kernel, 1)),
            2,
            3));
  }

  private static SlidingWindow window(Node node, long[] kernel, int axis) {
    long[] pads = node.integers("pads", 0, 0, 0, 0);
    return new SlidingWindow(
        kernel[axis],
        node.integers("strides", 1, 1)[axis],
        node.integers("dilations", 1, 1)[axis],
        pads[axis],
        pads[axis + 2],
        switch (node.text("auto_pad", "NOTSET")) {
          case "VALID" -> SlidingWindow.Padding.VALID;
          case "SAME_UPPER" -> SlidingWindow.Padding.SAME_UPPER;
          case "SAME_LOWER" -> SlidingWindow.Padding.SAME_LOWER;
          default -> SlidingWindow.Padding.EXPLICIT;
        },
        node.integer("ceil_mode", 0) == 1
            ? SlidingWindow.Rounding.CEILING
            : SlidingWindow.Rounding.FLOOR);
  }

  private Optional<ReceptiveField.Local> padded(Node node, ReceptiveField.Local map) {
    Optional<long[]> pads = constant(node.input(1));
    if (pads.isEmpty() || node.hasInput(3) || pads.get().length != 8) {
      return Optional.empty();
    }
    long[] values = pads.get();
    return Optional.of(
        new ReceptiveField.Local(
            map.rows().padded(values[map.rowAxis()], values[map.rowAxis() + 4]),
            map.columns().padded(values[map.columnAxis()], values[map.columnAxis() + 4]),
            map.rowAxis(),
            map.columnAxis()));
  }

  private static Optional<ReceptiveField.Local> transposed(Node node, ReceptiveField.Local map) {
    int rowAxis = -1;
    int columnAxis = -1;
    long[] order = node.integers("perm", 3, 2, 1, 0);
    for (int axis = 0; axis < order.length; axis++) {
      rowAxis = order[axis] == map.rowAxis() ? axis : rowAxis;
      columnAxis = order[axis] == map.columnAxis() ? axis : columnAxis;
    }
    return order.length == 4 && rowAxis >= 0 && columnAxis >= 0
        ? Optional.of(new ReceptiveField.Local(map.rows(), map.columns(), rowAxis, columnAxis))
        : Optional.empty();
  }

  /** Channels that lie last times a stored matrix: a linear layer at each place. */
  private Optional<ReceptiveField.Local> product(Node node, ReceptiveField.Local map) {
    boolean channelsLast = map.rowAxis() != 3 && map.columnAxis() != 3;
    return channelsLast && !fields.containsKey(node.input(1)) ? Optional.of(map) : Optional.empty();
  }

  /** Only along an axis that holds no places do the places stay what they are. */
  private static Optional<ReceptiveField.Local> alongChannels(
      ReceptiveField.Local map, long... axes) {
    for (long axis : axes) {
      long counted = axis < 0 ? axis + 4 : axis;
      if (counted == map.rowAxis() || counted == map.columnAxis()) {
        return Optional.empty();
      }
    }
    return Optional.of(map);
  }

  private Optional<? extends ReceptiveField> reduced(Node node, ReceptiveField.Local map) {
    Optional<long[]> axes =
        node.hasAttribute("axes")
            ? Optional.of(node.integers("axes"))
            : node.hasInput(1) ? constant(node.input(1)) : Optional.empty();
    if (axes.isEmpty()) {
      return Optional.empty();
    }
    List<Long> counted =
        Arrays.stream(axes.get()).map(axis -> axis < 0 ? axis + 4 : axis).boxed().toList();
    boolean rows = counted.contains((long) map.rowAxis());
    boolean columns = counted.contains((long) map.columnAxis());
    if (rows && columns) {
      return Optional.of(ReceptiveField.Global.SUMMARY);
    }
    boolean keepsRank = node.integer("keepdims", 1) == 1;
    return !rows && !columns && keepsRank ? Optional.of(map) : Optional.empty();
  }

  private Optional<long[]> constant(String tensor) {
    return tensor.isEmpty()
        ? Optional.empty()
        : graph.constant(tensor).filter(value -> value.type().isInteger()).map(OnnxTensor::toLongs);
  }
}
