package dev.graft.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Finds the last output layer of a model from its graph alone.
 *
 * <p>From the most likely output, everything that only normalises or reshapes is stripped; then the
 * walk goes back over constant factors and summands to the first linear operator with a constant
 * weight. Its input is the feature tensor if it dominates the output. What cannot be decided so is
 * a {@link NoHead} with the reason. The finding is a claim: {@link HeadProof} tests it on numbers.
 */
public final class HeadFinder {
  /** Numbers of classes of the label sets that published backbones were trained on. */
  private static final Set<Integer> WELL_KNOWN_WIDTHS =
      Set.of(1000, 1001, 365, 11221, 21841, 21843, 527);

  private final OnnxModel model;
  private final Graph graph;
  private final ShapeInference shapes;
  private final OptionalInt expectedClasses;

  private HeadFinder(OnnxModel model, OptionalInt expectedClasses) {
    this.model = model;
    this.graph = model.graph();
    this.shapes = ShapeInference.of(graph);
    this.expectedClasses = expectedClasses;
  }

  /**
   * Finds the head.
   *
   * @param featureTensorOverride the feature tensor that the user names, if any
   * @param expectedClasses the number of labels that the model's description states, if any
   * @throws HeadNotFoundException if the named tensor is no legal end of the trunk, no output is
   *     numeric, or no output has the expected width
   */
  public static Head find(
      OnnxModel model, Optional<String> featureTensorOverride, OptionalInt expectedClasses) {
    HeadFinder finder = new HeadFinder(model, expectedClasses);
    return featureTensorOverride.isPresent()
        ? finder.named(featureTensorOverride.get())
        : finder.automatic();
  }

  /** Tensors that could be the feature tensor, nearest to the output first. */
  public static List<String> candidates(OnnxModel model) {
    return new HeadFinder(model, OptionalInt.empty()).candidates();
  }

  private List<String> candidates() {
    List<String> found = new ArrayList<>();
    for (ValueInfo output : outputsByPreference()) {
      for (String tensor : CachePoints.of(model, output.name())) {
        TensorFacts facts = shapes.facts(tensor);
        boolean real = facts.type().isFloating() || facts.type() == ElementType.UNDEFINED;
        if (real && facts.rank() != 0 && facts.rank() != 1 && !graph.isInput(tensor)) {
          found.remove(tensor);
          found.add(tensor);
        }
      }
    }
    Collections.reverse(found);
    return found;
  }

  private Head named(String tensor) {
    boolean legal =
        graph.outputs().stream()
            .anyMatch(output -> CachePoints.of(model, output.name()).contains(tensor));
    if (!legal) {
      boolean exists = graph.producer(tensor).isPresent() || graph.isInput(tensor);
      throw new HeadNotFoundException(
          "%s: the feature tensor \"%s\" %s."
              .formatted(
                  model.source(),
                  tensor,
                  exists
                      ? "does not carry everything that an output depends on: a tensor that all"
                          + " paths pass through is needed"
                      : "does not exist in the graph"),
          candidates());
    }
    for (ValueInfo output : outputsByPreference()) {
      Optional<LinearHead> head = linear(output.name());
      if (head.isPresent() && head.get().featureTensor().equals(tensor)) {
        return head.get();
      }
    }
    return new NoHead(tensor, poolingFor(tensor), "the feature tensor was named by the user");
  }

  private Head automatic() {
    List<ValueInfo> outputs = outputsByPreference();
    if (outputs.isEmpty()) {
      throw new HeadNotFoundException(
          model.source() + ": no output of the model holds numbers.", List.of());
    }
    Optional<LinearHead> other = Optional.empty();
    for (ValueInfo output : outputs) {
      Optional<LinearHead> head = linear(output.name());
      if (head.isPresent()) {
        if (expectedClasses.isEmpty() || head.get().classes() == expectedClasses.getAsInt()) {
          return head.get();
        }
        other = head;
      }
    }
    if (other.isPresent()) {
      throw new HeadNotFoundException(
          "%s: the last linear layer (\"%s\") has %d outputs; expected %d, the number of labels in the model's description."
              .formatted(
                  model.source(),
                  other.get().weightName(),
                  other.get().classes(),
                  expectedClasses.orElse(0)),
          candidates());
    }
    return withoutHead(outputs);
  }

  /** Numeric outputs, classifier-like ones first. */
  private List<ValueInfo> outputsByPreference() {
    List<ValueInfo> outputs = new ArrayList<>();
    for (ValueInfo output : graph.outputs()) {
      ElementType type = output.type();
      boolean label = graph.producer(output.name()).filter(n -> n.is("ArgMax")).isPresent();
      boolean zipMap =
          graph.producer(output.name()).filter(n -> n.operator().equals("ZipMap")).isPresent();
      if (type.isFloating() || label || zipMap) {
        outputs.add(output);
      }
    }
    outputs.sort(Comparator.comparingInt(this::preference));
    return outputs;
  }

  private int preference(ValueInfo output) {
    int rank = shapes.facts(output.name()).rank();
    long width = shapes.facts(output.name()).size(1);
    if (expectedClasses.isPresent() && width == expectedClasses.getAsInt()) {
      return 0;
    }
    String name = output.name().toLowerCase(Locale.ROOT);
    if (name.contains("logits") || name.contains("prob")) {
      return 1;
    }
    if (rank == 2 || isOnePosition(output.name())) {
      return name.contains("output") ? 2 : 3;
    }
    return output.type().isFloating() ? 4 : 5;
  }

  private Optional<LinearHead> linear(String output) {
    HeadTail tail = new HeadTail(graph, output);
    LinearWalk walk = new LinearWalk(graph, shapes, tail.stripped);
    if (walk.layer == null) {
      return Optional.empty();
    }
    Node layer = walk.layer;
    String weight = layer.input(1);
    TensorFacts facts = shapes.facts(weight);
    boolean rows = layer.is("Conv") || layer.integer("transB", 0) == 1;
    long classes = facts.size(rows ? 0 : 1);
    long features = facts.size(rows ? 1 : 0);
    boolean widthsFit = classes > 0 && features > 0 && classes <= Integer.MAX_VALUE;
    if (!widthsFit || !walk.constantsFit(classes)) {
      return Optional.empty();
    }
    boolean evident =
        tail.normalised
            || WELL_KNOWN_WIDTHS.contains((int) classes)
            || (expectedClasses.isPresent() && expectedClasses.getAsInt() == classes);
    if (walk.form == LinearHead.Form.RECTIFIED_CONV_BEFORE_POOL && !evident) {
      // A trunk that ends in Conv, Relu, pool looks the same; its features are positive, too.
      return Optional.empty();
    }
    String feature = layer.input(0);
    if (!CachePoints.of(model, output).contains(feature)) {
      return Optional.empty();
    }
    boolean pooledAfterwards =
        walk.form == LinearHead.Form.CONV_BEFORE_POOL
            || walk.form == LinearHead.Form.RECTIFIED_CONV_BEFORE_POOL;
    return Optional.of(
        new LinearHead(
            feature,
            pooledAfterwards ? Pooling.MEAN : Pooling.NONE,
            walk.form,
            WeightTracer.stored(graph, weight).orElse(weight),
            walk.biasOperand.flatMap(operand -> WeightTracer.stored(graph, operand)),
            (int) features,
            (int) classes,
            tail.logits,
            output,
            between(feature, tail.logits)));
  }

  private List<Node> between(String feature, String logits) {
    Set<Node> after = CachePoints.ancestors(graph, List.of(logits));
    Set<Node> before = CachePoints.ancestors(graph, List.of(feature));
    Set<String> live = CachePoints.liveTensors(graph);
    return graph.nodes().stream()
        .filter(node -> after.contains(node) && !before.contains(node))
        .filter(node -> node.outputs().stream().anyMatch(live::contains))
        .toList();
  }

  private NoHead withoutHead(List<ValueInfo> outputs) {
    Optional<ValueInfo> sequence =
        outputs.stream().filter(output -> shapes.facts(output.name()).rank() == 3).findFirst();
    for (ValueInfo output : outputs) {
      Optional<String> pooled = poolerInput(output.name());
      if (pooled.isPresent()) {
        String feature = sequence.map(ValueInfo::name).orElse(pooled.get());
        return new NoHead(
            feature,
            poolingFor(feature),
            "output \""
                + output.name()
                + "\" is a pooler (a linear layer of equal widths and Tanh), not a classifier");
      }
    }
    ValueInfo output = outputs.get(0);
    HeadTail tail = new HeadTail(graph, output.name());
    boolean merged = mergesBranches(tail.stripped);
    int rank = shapes.facts(output.name()).rank();
    if (merged && tail.normalised) {
      String dominator = nearestDominator(tail.stripped);
      return new NoHead(
          dominator,
          poolingFor(dominator),
          "branches merge after \"" + dominator + "\": no single linear layer gives the output");
    }
    String reason =
        rank == 3
            ? "the output has a vector for each position (rank 3)"
            : "no linear layer with a constant weight leads to the output";
    String feature = tail.normalised ? nearestDominator(tail.stripped) : output.name();
    return new NoHead(feature, poolingFor(feature), reason);
  }

  /** The input of a linear layer of equal widths that is followed by Tanh: BERT's pooler. */
  private Optional<String> poolerInput(String output) {
    Node tanh = graph.producer(output).filter(node -> node.is("Tanh")).orElse(null);
    if (tanh == null) {
      return Optional.empty();
    }
    LinearWalk walk = new LinearWalk(graph, shapes, tanh.input(0));
    if (walk.layer == null) {
      return Optional.empty();
    }
    TensorFacts weight = shapes.facts(walk.layer.input(1));
    return weight.size(0) == weight.size(1) ? Optional.of(walk.layer.input(0)) : Optional.empty();
  }

  private boolean mergesBranches(String tensor) {
    Set<String> live = CachePoints.liveTensors(graph);
    return graph
        .producer(tensor)
        .map(node -> node.inputs().stream().filter(live::contains).distinct().count() > 1)
        .orElse(false);
  }

  private String nearestDominator(String tensor) {
    List<String> dominators = new ArrayList<>(CachePoints.of(model, tensor));
    if (mergesBranches(tensor)) {
      dominators.remove(tensor);
    }
    for (int i = dominators.size() - 1; i >= 0; i--) {
      String candidate = dominators.get(i);
      TensorFacts facts = shapes.facts(candidate);
      if (!graph.isInput(candidate) && facts.rank() != 0 && facts.rank() != 1) {
        return candidate;
      }
    }
    throw new HeadNotFoundException(
        model.source() + ": no tensor inside the graph carries everything the output depends on.",
        candidates());
  }

  private Pooling poolingFor(String tensor) {
    int rank = shapes.facts(tensor).rank();
    boolean hasPositions = rank == 3 || (rank > 3 && !isOnePosition(tensor));
    return hasPositions ? Pooling.MEAN : Pooling.NONE;
  }

  /** Whether all but one dimension after the first are known to be 1, as in [N, C, 1, 1]. */
  private boolean isOnePosition(String tensor) {
    TensorFacts facts = shapes.facts(tensor);
    int wide = 0;
    for (int i = 1; i < facts.rank(); i++) {
      wide += facts.size(i) == 1 ? 0 : 1;
    }
    return facts.rank() > 2 && wide <= 1;
  }
}
