package dev.graft.engine;

import dev.graft.engine.operator.Call;
import dev.graft.engine.operator.FusedConvolution;
import dev.graft.engine.operator.IntegerValue;
import dev.graft.engine.operator.Operator;
import dev.graft.engine.operator.Operators;
import dev.graft.engine.operator.ScalarTypes;
import dev.graft.engine.operator.ScalarValue;
import dev.graft.engine.operator.TensorValue;
import dev.graft.engine.operator.Value;
import dev.graft.engine.operator.WideUnsigned;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.FrontEndNodes;
import dev.graft.onnx.Graph;
import dev.graft.onnx.GraphPreparation;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxModelException;
import dev.graft.onnx.OnnxTensor;
import dev.graft.onnx.UnsupportedOperatorsException;
import dev.graft.onnx.ValueInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Lays out a model as a {@link Program}: what single operators spell out is fused ({@link
 * GraphPreparation#forRunning}), constants are folded, frozen batch norms and per-channel additions
 * are merged into the convolutions before them, weights are cast to the precision of the run, and
 * each value gets a slot and a last use.
 */
final class ProgramBuilder {
  /** The newest operator set that changed the meaning of an operator that is computed here. */
  private static final int MEANING_OPSET = 20;

  private final OnnxModel model;
  private final int statedOpset;
  private final Precision precision;
  private final Set<String> trainable;

  /** Whether tensors keep the element types that the file states, whatever the precision. */
  private final boolean keepsTypes;

  /** Whether gradients will be asked for. */
  private final boolean differentiated;

  private final boolean hasWideUnsigned;
  private final Map<String, Value> constants = new LinkedHashMap<>();
  private final NormMerging merging;
  private final ConvolutionFusion fusion;

  private ProgramBuilder(
      OnnxModel model,
      Precision precision,
      Set<String> trainable,
      boolean keepsTypes,
      boolean differentiated) {
    // Meanings that changed up to this operator set are told apart here and nowhere later.
    OnnxModel upgraded = model.upgradeTo(Math.max(MEANING_OPSET, model.opset()));
    this.model = keepsTypes ? upgraded : GraphPreparation.forRunning().apply(upgraded);
    this.statedOpset = model.opset();
    this.precision = precision;
    this.trainable = trainable;
    this.keepsTypes = keepsTypes;
    this.differentiated = differentiated;
    this.hasWideUnsigned = hasWideUnsigned(this.model.graph());
    Set<String> outputs = Set.copyOf(outputNames());
    this.merging = new NormMerging(constants, trainable, outputs, precision);
    this.fusion = new ConvolutionFusion(constants, outputs);
  }

  /**
   * Lays out a model.
   *
   * @param trainable initialisers that are handed in at each run instead of being constants
   */
  static Program build(OnnxModel model, Precision precision, Set<String> trainable) {
    return build(new ProgramBuilder(model, precision, trainable, false, !trainable.isEmpty()));
  }

  /** Lays out a model whose weights are constants, for gradients with respect to its inputs. */
  static Program buildDifferentiable(OnnxModel model, Precision precision) {
    return build(new ProgramBuilder(model, precision, Set.of(), false, true));
  }

  /**
   * Lays out a model that computes in the element types that the file states, DOUBLE and FLOAT16
   * among them, as the standard says to the letter.
   */
  static Program buildAsStated(OnnxModel model, Set<String> trainable) {
    return build(new ProgramBuilder(model, Precision.FP32, trainable, true, true));
  }

  /**
   * The programs of a network in training.
   *
   * @param weights from the masters to what the passes read of them, once in a step
   * @param examples from examples and the outputs of {@code weights} to the graph's outputs
   * @param handedOn the outputs of {@code weights}, in order
   * @param exact the masters that stay in fp32
   */
  record Training(Program weights, Program examples, List<String> handedOn, Set<String> exact) {}

  /**
   * Lays out a model for training.
   *
   * @param masters initialisers that are handed in at each step: the weights that train, and the
   *     running statistics where they change
   */
  static Training buildTraining(OnnxModel model, Precision precision, Set<String> masters) {
    ProgramBuilder builder = new ProgramBuilder(model, precision, masters, false, true);
    try (PointerScope scope = new PointerScope()) {
      return builder.layOutTraining(builder.merging.merge(builder.nodes()));
    }
  }

  private static Program build(ProgramBuilder builder) {
    try (PointerScope scope = new PointerScope()) {
      List<Node> nodes = builder.nodes();
      List<String> inputs = builder.inputNames();
      inputs.addAll(builder.trainable);
      return builder.layOut(inputs, nodes, builder.outputNames());
    }
  }

  private Training layOutTraining(List<Node> nodes) {
    WeightNodes parts = new WeightNodes(nodes, trainable, constants.keySet());
    List<String> handedOn = parts.handedOn(outputNames());
    Program weights = layOut(trainable, parts.ofWeights(), handedOn);
    List<String> inputs = inputNames();
    inputs.addAll(handedOn);
    try {
      Program examples = layOut(inputs, parts.ofExamples(), outputNames());
      return new Training(weights, examples, handedOn, NormParameters.weights(nodes));
    } catch (RuntimeException failure) {
      weights.close();
      throw failure;
    }
  }

  private Program layOut(Collection<String> inputs, List<Node> nodes, List<String> outputs) {
    return ProgramLayout.of(inputs, nodes, outputs, constants, this::operator);
  }

  private List<String> inputNames() {
    List<String> names = new ArrayList<>();
    model.graph().inputs().forEach(input -> names.add(input.name()));
    return names;
  }

  /** The nodes that remain to be run, in order. */
  private List<Node> nodes() {
    Graph graph = model.graph();
    requireKnownOperators(graph);
    for (OnnxTensor tensor : graph.initializers().values()) {
      if (!trainable.contains(tensor.name())) {
        constants.put(tensor.name(), constant(tensor));
      }
    }
    List<Node> nodes = foldConstants(graph.nodes());
    Set<String> outputs = Set.copyOf(outputNames());
    nodes = new ConvolutionFolding(constants, outputs, trainable).fold(nodes);
    // The fused kernel has no gradient and takes no doubles.
    if (!differentiated && !keepsTypes && FusedConvolution.isAvailable()) {
      nodes = fusion.fuse(nodes);
    }
    dropUnusedConstants(nodes, outputs);
    Set<String> exact = new HashSet<>();
    if (precision == Precision.BF16) {
      ExactStem stem = new ExactStem(constants, fusion);
      nodes = stem.cut(nodes);
      exact.addAll(NormParameters.of(nodes));
      exact.addAll(fusion.biases(nodes));
      exact.addAll(stem.weights());
      nodes.stream().filter(FrontEndNodes::contains).forEach(node -> exact.addAll(node.inputs()));
    }
    if (!keepsTypes) {
      castConstants(nodes, exact);
    }
    return nodes;
  }

  private List<String> outputNames() {
    return model.graph().outputs().stream().map(ValueInfo::name).toList();
  }

  private void requireKnownOperators(Graph graph) {
    Set<String> unknown = new TreeSet<>();
    for (Node node : graph.nodes()) {
      boolean ofStandard = node.domain().isEmpty();
      boolean constant = node.operator().equals("Constant");
      if (!ofStandard || (!constant && Operators.find(node.operator()).isEmpty())) {
        unknown.add((ofStandard ? "" : node.domain() + ".") + node.operator());
      }
    }
    if (!unknown.isEmpty()) {
      throw new UnsupportedOperatorsException(model.source(), statedOpset, unknown);
    }
  }

  private Value constant(OnnxTensor tensor) {
    long elements = tensor.elementCount();
    boolean numbers = tensor.type().isFloating() || tensor.type().isInteger();
    if (!numbers && tensor.type() != ElementType.BOOL) {
      throw new EngineException(
          "Preparing the tensor \""
              + tensor.name()
              + "\": numbers or truth values are expected but it has type "
              + tensor.type()
              + ".");
    }
    if (IntegerValue.holds(tensor.type(), elements)) {
      return new IntegerValue(tensor.type(), tensor.toLongs(), tensor.shape());
    }
    if (tensor.type().isFloating()) {
      Tensor floats =
          keepsTypes
              ? Tensor.create(tensor.toDoubles(), tensor.shape()).to(ScalarTypes.of(tensor.type()))
              : NativeTensors.of(tensor.toFloats(), tensor.shape());
      return elements == 1
          ? new ScalarValue(tensor.toDoubles()[0], floats)
          : new TensorValue(floats);
    }
    Tensor longs = Tensor.create(tensor.toLongs(), tensor.shape());
    return new TensorValue(longs.to(ScalarTypes.of(tensor.type())));
  }

  /** Runs the nodes whose inputs are all constant, once; the others remain. */
  private List<Node> foldConstants(List<Node> nodes) {
    List<Node> remaining = new ArrayList<>();
    for (Node node : nodes) {
      if (node.operator().equals("Constant")) {
        OnnxTensor value =
            model
                .graph()
                .constant(node.output(0))
                .orElseThrow(
                    () ->
                        new EngineException(
                            "Preparing "
                                + node.describe()
                                + ": a tensor or numbers are expected but it holds none."));
        constants.put(node.output(0), constant(value));
      } else if (!node.inputs().isEmpty()
          && node.inputs().stream().allMatch(in -> in.isEmpty() || constants.containsKey(in))) {
        fold(node);
      } else {
        remaining.add(node);
      }
    }
    return remaining;
  }

  private void fold(Node node) {
    @Nullable Value[] inputs = new Value[node.inputs().size()];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = constants.get(node.inputs().get(i));
    }
    List<Value> outputs = computed(node, inputs);
    for (int i = 0; i < Math.min(node.outputs().size(), outputs.size()); i++) {
      if (!node.output(i).isEmpty()) {
        constants.put(node.output(i), scalarWhereKnown(outputs.get(i)));
      }
    }
  }

  private List<Value> computed(Node node, @Nullable Value[] inputs) {
    try {
      return operator(node).apply(new Call(node, inputs, false, false, 0));
    } catch (EngineException | OnnxModelException known) {
      throw known;
    } catch (RuntimeException failure) {
      throw new EngineException(
          Program.describeFailure("Preparing", node, inputs, failure), failure);
    }
  }

  private static Value scalarWhereKnown(Value value) {
    if (value instanceof TensorValue tensor
        && tensor.tensor().is_floating_point()
        && tensor.tensor().numel() == 1) {
      return new ScalarValue(
          tensor.tensor().to(ScalarType.Double).item().toDouble(), tensor.tensor());
    }
    return value;
  }

  private Operator operator(Node node) {
    Operator ofPass = merging.operator(node);
    ofPass = ofPass == null ? fusion.operator(node) : ofPass;
    return ofPass == null ? ofFile(node) : ofPass;
  }

  private Operator ofFile(Node node) {
    String name = node.operator();
    Operator found =
        (keepsTypes ? Operators.find(name) : Operators.findWithinRun(name)).orElseThrow();
    return hasWideUnsigned ? WideUnsigned.around(name, found) : found;
  }

  /** Whether a graph mentions unsigned numbers of more than 8 bits anywhere. */
  private static boolean hasWideUnsigned(Graph graph) {
    return graph.inputs().stream().anyMatch(input -> WideUnsigned.isWide(input.type()))
        || graph.initializers().values().stream()
            .anyMatch(tensor -> WideUnsigned.isWide(tensor.type()))
        || graph.nodes().stream()
            .anyMatch(
                node ->
                    WideUnsigned.isWide(ElementType.ofOnnxCode((int) node.integer("to", 0)))
                        || node.tensor("value")
                            .filter(value -> WideUnsigned.isWide(value.type()))
                            .isPresent());
  }

  /** What was folded into other constants needs no cast and no memory. */
  private void dropUnusedConstants(List<Node> nodes, Set<String> outputs) {
    Set<String> used = new HashSet<>(outputs);
    nodes.forEach(node -> used.addAll(node.inputs()));
    constants.keySet().retainAll(used);
  }

  /** Float constants take the precision of the run, but for those that are to stay exact. */
  private void castConstants(List<Node> nodes, Set<String> exact) {
    Set<String> filters = new HashSet<>();
    nodes.stream()
        .filter(node -> node.operator().equals("Conv"))
        .forEach(node -> filters.add(node.input(1)));
    constants.replaceAll(
        (name, value) -> {
          if (value instanceof TensorValue tensor && tensor.tensor().is_floating_point()) {
            Precision wanted = exact.contains(name) ? Precision.FP32 : precision;
            Tensor cast =
                wanted == Precision.BF16 && filters.contains(name)
                    ? BrainFloats.roundFilters(tensor.tensor())
                    : toPrecision(tensor.tensor(), wanted);
            return new TensorValue(NativeTensors.channelsLast(cast));
          }
          if (value instanceof ScalarValue scalar && !exact.contains(name)) {
            return new ScalarValue(scalar.value(), toPrecision(scalar.tensor(), precision));
          }
          return value;
        });
  }

  static Tensor toPrecision(Tensor floats, Precision precision) {
    return precision == Precision.FP32
        ? floats.to(ScalarType.Float)
        : BrainFloats.round(floats.to(ScalarType.Float));
  }
}
