package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The nodes and tensors of a model.
 *
 * <p>Immutable and thread-safe.
 */
public final class Graph {
  private final String name;
  private final List<Node> nodes;
  private final Map<String, OnnxTensor> initializers;
  private final List<ValueInfo> inputs;
  private final List<ValueInfo> outputs;
  private final Map<String, ValueInfo> declared;
  private final Map<String, Node> producers = new HashMap<>();
  private final Map<String, List<Node>> consumers = new HashMap<>();
  private final Set<String> outputNames = new HashSet<>();

  private Graph(
      String name,
      List<Node> nodes,
      Map<String, OnnxTensor> initializers,
      List<ValueInfo> inputs,
      List<ValueInfo> outputs,
      Map<String, ValueInfo> declared) {
    this.name = name;
    this.nodes = List.copyOf(nodes);
    this.initializers = Collections.unmodifiableMap(initializers);
    this.inputs = List.copyOf(inputs);
    this.outputs = List.copyOf(outputs);
    this.declared = declared;
    for (Node node : nodes) {
      node.outputs().forEach(output -> producers.put(output, node));
      Set<String> read = new LinkedHashSet<>(node.inputs());
      read.addAll(node.capturedInputs());
      read.remove("");
      read.forEach(input -> consumers.computeIfAbsent(input, key -> new ArrayList<>()).add(node));
    }
    producers.remove("");
    outputs.forEach(output -> outputNames.add(output.name()));
  }

  static Graph of(GraphProto proto, ExternalData external, String source) {
    Map<String, OnnxTensor> initializers = new LinkedHashMap<>();
    for (TensorProto tensor : proto.getInitializerList()) {
      initializers.put(tensor.getName(), new OnnxTensor(tensor, external.find(tensor.getName())));
    }
    Map<String, ValueInfo> declared = new HashMap<>();
    for (ValueInfoProto value : proto.getValueInfoList()) {
      declared.put(value.getName(), ValueInfo.of(value));
    }
    List<ValueInfo> inputs = new ArrayList<>();
    for (ValueInfoProto input : proto.getInputList()) {
      declared.put(input.getName(), ValueInfo.of(input));
      if (!initializers.containsKey(input.getName())) {
        inputs.add(ValueInfo.of(input));
      }
    }
    List<ValueInfo> outputs = new ArrayList<>();
    for (ValueInfoProto output : proto.getOutputList()) {
      declared.put(output.getName(), ValueInfo.of(output));
      outputs.add(ValueInfo.of(output));
    }
    List<Node> nodes = proto.getNodeList().stream().map(Node::new).toList();
    return new Graph(
        proto.getName(),
        TopologicalOrder.of(nodes, source),
        initializers,
        inputs,
        outputs,
        declared);
  }

  /** The graph's name; may be empty. */
  public String name() {
    return name;
  }

  /** The nodes, each after the producers of its inputs. */
  public List<Node> nodes() {
    return nodes;
  }

  /** Stored tensors by name, in file order. */
  public Map<String, OnnxTensor> initializers() {
    return initializers;
  }

  /** What a caller must feed; initialisers that are listed as inputs are left out. */
  public List<ValueInfo> inputs() {
    return inputs;
  }

  /** What the graph gives back. */
  public List<ValueInfo> outputs() {
    return outputs;
  }

  /** Type and shape of a tensor where the file declares them. */
  public Optional<ValueInfo> declared(String tensor) {
    return Optional.ofNullable(declared.get(tensor));
  }

  /** The node that computes a tensor; empty for inputs and initialisers. */
  public Optional<Node> producer(String tensor) {
    return Optional.ofNullable(producers.get(tensor));
  }

  /** The nodes that read a tensor, also from inside their subgraphs, in order, each once. */
  public List<Node> consumers(String tensor) {
    return Collections.unmodifiableList(consumers.getOrDefault(tensor, List.of()));
  }

  /** Whether a tensor is an output of the graph. */
  public boolean isOutput(String tensor) {
    return outputNames.contains(tensor);
  }

  /** Whether a tensor is fed by the caller. */
  public boolean isInput(String tensor) {
    return inputs.stream().anyMatch(input -> input.name().equals(tensor));
  }

  /**
   * The value of a tensor that is known without running the graph: an initialiser, the output of a
   * Constant node, or an Identity of one of these.
   *
   * <p>The result carries the asked name only where it is an initialiser of that name.
   */
  public Optional<OnnxTensor> constant(String tensor) {
    String current = tensor;
    while (true) {
      OnnxTensor initializer = initializers.get(current);
      if (initializer != null) {
        return Optional.of(initializer);
      }
      Node producer = producers.get(current);
      if (producer == null) {
        return Optional.empty();
      }
      if (producer.is("Constant")) {
        return constantValue(producer, current);
      }
      if (!producer.is("Identity")) {
        return Optional.empty();
      }
      current = producer.input(0);
    }
  }

  private static Optional<OnnxTensor> constantValue(Node node, String name) {
    if (node.hasAttribute("value")) {
      return node.tensor("value");
    }
    if (node.hasAttribute("value_float")) {
      return Optional.of(OnnxTensor.ofFloats(name, new float[] {node.real("value_float", 0)}));
    }
    if (node.hasAttribute("value_floats")) {
      float[] values = node.reals("value_floats");
      return Optional.of(OnnxTensor.ofFloats(name, values, values.length));
    }
    if (node.hasAttribute("value_int")) {
      return Optional.of(OnnxTensor.ofLongs(name, new long[] {node.integer("value_int", 0)}));
    }
    if (node.hasAttribute("value_ints")) {
      long[] values = node.integers("value_ints");
      return Optional.of(OnnxTensor.ofLongs(name, values, values.length));
    }
    return Optional.empty();
  }
}
