package dev.graft.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Lets an encoder of a window of fixed length slide over a longer input by itself.
 *
 * <p>Where each step from the input to the output acts on neighbouring times alone and nothing is
 * laid around the ends, the same layers on a longer input give, at every {@code stride}-th time,
 * what they give for the window that begins there (Sermanet et al. 2014, "OverFeat", section 3.5).
 * That costs as much as the input is long, not as often as windows overlap, and examples stay in
 * the first dimension throughout.
 */
public final class SlidingEncoder {
  private static final Set<String> BY_ELEMENT =
      Set.of(
          "Clip",
          "Dropout",
          "Elu",
          "Erf",
          "Gelu",
          "HardSigmoid",
          "HardSwish",
          "Identity",
          "LeakyRelu",
          "Mish",
          "Relu",
          "Selu",
          "Sigmoid",
          "Softplus",
          "Swish",
          "Tanh");
  private static final Set<String> WITH_CONSTANT =
      Set.of("Add", "Div", "Max", "Min", "Mul", "PRelu", "Sub");
  private static final Set<String> WINDOWED = Set.of("Conv", "MaxPool", "AveragePool");
  private static final Set<String> REARRANGING =
      Set.of("Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Identity");

  private static final int OPEN = -1;

  private final OnnxModel model;

  /** Steps of the new input beyond the window, which the stride divides; or {@link #OPEN}. */
  private final int further;

  private final Graph graph;
  private final ShapeInference shapes;
  private final Set<String> live;
  private final Map<String, Track> tracks = new HashMap<>();
  private final Map<Node, Node> replacements = new HashMap<>();
  private final Map<String, long[]> targets = new HashMap<>();

  /** Where the time of a tensor is, and how many steps of the input one of its steps takes. */
  private record Track(int axis, int stride) {}

  private SlidingEncoder(OnnxModel model, int further) {
    this.model = model;
    this.further = further;
    this.graph = model.graph();
    this.shapes = ShapeInference.of(graph);
    this.live = CachePoints.liveTensors(graph);
  }

  /**
   * The encoder over inputs of {@code length} steps of time; its output is [N, times, C].
   *
   * @param encoder a model with one input and a free batch size
   * @param axis of the time in its input, of fixed length
   * @param length of the new input, a multiple of {@code stride} longer than the window
   * @param stride steps of the input from one time to the next that are wanted
   * @return empty where the encoder is of another kind or has another stride or length
   */
  public static Optional<OnnxModel> over(OnnxModel encoder, int axis, int length, int stride) {
    long window = encoder.graph().inputs().get(0).size(axis);
    if (window < 1 || length < window || (length - window) % stride != 0) {
      return Optional.empty();
    }
    return new SlidingEncoder(encoder, (int) (length - window))
        .slid(axis, Dimension.of(length), stride);
  }

  /**
   * The encoder over inputs of any length from its window on; the last steps that fill no further
   * window are left out, and its output is as that of {@link #over}.
   *
   * @param encoder a model with one input and a free batch size
   * @param axis of the time in its input, of fixed length
   * @param stride steps of the input from one time to the next that are wanted
   * @return empty where the encoder is of another kind or has another stride
   */
  public static Optional<OnnxModel> overAny(OnnxModel encoder, int axis, int stride) {
    return encoder.graph().inputs().get(0).size(axis) < 1
        ? Optional.empty()
        : new SlidingEncoder(encoder, OPEN).slid(axis, Dimension.named("steps"), stride);
  }

  private Optional<OnnxModel> slid(int axis, Dimension length, int stride) {
    ValueInfo input = graph.inputs().get(0);
    tracks.put(input.name(), new Track(axis, 1));
    Optional<String> end = end();
    if (end.isEmpty() || track(end.get()).stride != stride || !isVector(end.get())) {
      return Optional.empty();
    }
    ModelEditor editor = model.edit().clearInnerDeclarations();
    targets.forEach((name, target) -> editor.setInitializer(longs(name, target)));
    replacements.forEach(editor::replaceNode);
    List<Dimension> longer = new ArrayList<>(input.shape().orElseThrow());
    longer.set(axis, length);
    editor.setInputs(List.of(new ValueInfo(input.name(), input.type(), Optional.of(longer))));
    String sequence = appendSequence(editor, end.get(), stride);
    return Optional.of(Trunk.cut(editor.build(), sequence));
  }

  /** [N, C, times] or [N, C, times, 1] to [N, times, C]. */
  private String appendSequence(ModelEditor editor, String maps, int stride) {
    String flat = editor.freshName(maps + "_of_times");
    String sequence = editor.freshName(maps + "_sequence");
    String shape = editor.freshName(maps + "_shape");
    long times = further == OPEN ? OPEN : 1L + further / stride;
    editor.setInitializer(longs(shape, new long[] {0, shapes.facts(maps).size(1), times}));
    editor.addNode(Node.of("Reshape", List.of(maps, shape), List.of(flat)));
    editor.addNode(
        Node.of("Transpose", List.of(flat), List.of(sequence)).withIntegers("perm", 0, 2, 1));
    return sequence;
  }

  private static OnnxTensor longs(String name, long[] values) {
    return OnnxTensor.ofLongs(name, values, values.length);
  }

  private Track track(String tensor) {
    Track track = tracks.get(tensor);
    if (track == null) {
      throw new IllegalStateException("only called for tensors that were followed");
    }
    return track;
  }

  /** The last tensor behind which the encoder of one window only rearranges. */
  private Optional<String> end() {
    String output = graph.outputs().get(0).name();
    for (Node node : graph.nodes()) {
      if (node.outputs().stream().noneMatch(live::contains)) {
        continue;
      }
      List<String> followed = node.inputs().stream().filter(tracks::containsKey).toList();
      if (followed.size() != 1 || !followed.get(0).equals(liveInput(node).orElse(""))) {
        return Optional.empty();
      }
      String x = followed.get(0);
      boolean single = shapes.facts(x).size(track(x).axis) == 1;
      if (single && REARRANGING.contains(node.operator()) && isRearrangedTo(output, x)) {
        return Optional.of(x);
      }
      Optional<Track> next = next(node, x);
      if (next.isEmpty()) {
        return Optional.empty();
      }
      tracks.put(node.output(0), next.get());
    }
    return tracks.containsKey(output) ? Optional.of(output) : Optional.empty();
  }

  /** The one operand that depends on the input, if there is only one. */
  private Optional<String> liveInput(Node node) {
    List<String> operands = node.inputs().stream().filter(live::contains).toList();
    boolean one = operands.size() == 1 && node.capturedInputs().isEmpty();
    return one ? Optional.of(operands.get(0)) : Optional.empty();
  }

  private boolean isRearrangedTo(String output, String from) {
    Set<String> rearranged = new HashSet<>(Set.of(from));
    for (Node node : graph.nodes()) {
      if (rearranged.contains(node.input(0)) && REARRANGING.contains(node.operator())) {
        rearranged.add(node.output(0));
      } else if (node.inputs().stream().anyMatch(rearranged::contains)) {
        return false;
      }
    }
    return rearranged.contains(output);
  }

  private Optional<Track> next(Node node, String x) {
    Track track = track(x);
    String operator = node.operator();
    if (!node.domain().isEmpty()) {
      return Optional.empty();
    }
    if (BY_ELEMENT.contains(operator)) {
      return Optional.of(track);
    }
    if (operator.equals("BatchNormalization")) {
      return track.axis > 1 ? Optional.of(track) : Optional.empty();
    }
    if (WITH_CONSTANT.contains(operator)) {
      return keepsTime(node, x, track) ? Optional.of(track) : Optional.empty();
    }
    if (WINDOWED.contains(operator)) {
      return windowed(node, track);
    }
    return switch (operator) {
      case "Transpose" -> Optional.of(transposed(node, track));
      case "Reshape" -> reshaped(node, x, track);
      default -> Optional.empty();
    };
  }

  /** Whether the constants are the same for all times. */
  private boolean keepsTime(Node node, String x, Track track) {
    int fromEnd = shapes.facts(x).rank() - track.axis;
    return node.inputs().stream()
        .filter(name -> !name.equals(x))
        .map(shapes::facts)
        .allMatch(facts -> facts.rank() >= 0 && sizeFromEnd(facts, fromEnd) == 1);
  }

  private static long sizeFromEnd(TensorFacts facts, int fromEnd) {
    return facts.rank() < fromEnd ? 1 : facts.size(-fromEnd);
  }

  private static Optional<Track> windowed(Node node, Track track) {
    int space = track.axis - 2;
    String automatic = node.text("auto_pad", "NOTSET");
    long[] pads = node.integers("pads");
    boolean padded = pads.length > 0 && (pads[space] != 0 || pads[space + pads.length / 2] != 0);
    boolean plain = automatic.equals("NOTSET") || automatic.equals("VALID");
    if (space < 0 || padded || !plain || node.integer("ceil_mode", 0) != 0) {
      return Optional.empty();
    }
    long[] strides = node.integers("strides");
    long stride = strides.length == 0 ? 1 : strides[space];
    return Optional.of(new Track(track.axis, Math.toIntExact(track.stride * stride)));
  }

  private static Track transposed(Node node, Track track) {
    long[] permutation = node.integers("perm");
    for (int axis = 0; axis < permutation.length; axis++) {
      if (permutation[axis] == track.axis) {
        return new Track(axis, track.stride);
      }
    }
    throw new IllegalStateException("a permutation names each axis");
  }

  /** A Reshape that puts in or takes out axes of length 1 gets a target for the new length. */
  private Optional<Track> reshaped(Node node, String x, Track track) {
    long[] from = shapes.facts(x).dimensions();
    long[] to = shapes.facts(node.output(0)).dimensions();
    if (from == null || to == null || !Arrays.equals(wide(from), wide(to))) {
      return Optional.empty();
    }
    long before = Arrays.stream(from, 1, track.axis).filter(size -> size != 1).count();
    OptionalInt axis = wideAxis(to, before);
    if (axis.isEmpty() || from[track.axis] == 1) {
      return Optional.empty();
    }
    long[] target = to.clone();
    target[0] = 0;
    int place = axis.getAsInt();
    target[place] = further == OPEN ? OPEN : target[place] + further / track.stride;
    String name = node.output(0) + "_sliding_target";
    targets.put(name, target);
    replacements.put(node, node.withInputs(List.of(x, name)));
    return Optional.of(new Track(axis.getAsInt(), track.stride));
  }

  private static long[] wide(long[] dimensions) {
    return Arrays.stream(dimensions, 1, dimensions.length).filter(size -> size != 1).toArray();
  }

  private static OptionalInt wideAxis(long[] dimensions, long before) {
    long seen = 0;
    for (int axis = 1; axis < dimensions.length; axis++) {
      if (dimensions[axis] != 1 && seen++ == before) {
        return OptionalInt.of(axis);
      }
    }
    return OptionalInt.empty();
  }

  /** Whether a tensor is [N, C, 1] or [N, C, 1, 1] for one window, with the time behind C. */
  private boolean isVector(String tensor) {
    long[] dimensions = shapes.facts(tensor).dimensions();
    return dimensions != null
        && (dimensions.length == 3 || dimensions.length == 4)
        && track(tensor).axis >= 2
        && dimensions[1] > 1
        && Arrays.stream(dimensions, 2, dimensions.length).allMatch(size -> size == 1);
  }
}
