package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;

/**
 * Edits a copy of a model and ends in {@link #build()}.
 *
 * <p>Whatever is not touched, unknown protobuf fields included, survives byte for byte. Nodes are
 * found by identity or else by their first output, so that a node read before a renaming still
 * names its successor. Mutable; for one thread.
 */
public final class ModelEditor {
  private final ModelProto.Builder model;
  private final GraphProto.Builder graph;
  private final String source;
  private final List<Node> nodes;
  private final Map<String, OnnxTensor> initializers;
  private int freshNames;

  ModelEditor(OnnxModel start) {
    this.model = start.proto().toBuilder();
    this.graph = start.proto().getGraph().toBuilder().clearNode().clearInitializer();
    this.source = start.source();
    this.nodes = new ArrayList<>(start.graph().nodes());
    this.initializers = new LinkedHashMap<>(start.graph().initializers());
  }

  /** The nodes as they stand, in order. */
  public List<Node> nodes() {
    return List.copyOf(nodes);
  }

  /** The initialiser of this name as it stands. */
  public Optional<OnnxTensor> initializer(String name) {
    return Optional.ofNullable(initializers.get(name));
  }

  /** Adds an initialiser, or replaces the one of its name in place. */
  public ModelEditor setInitializer(OnnxTensor tensor) {
    if (tensor.name().isEmpty()) {
      throw new IllegalArgumentException("an initialiser needs a name");
    }
    OnnxTensor before = initializers.put(tensor.name(), tensor);
    if (before != null && !before.describe().equals(tensor.describe())) {
      replaceDeclaration(tensor);
    }
    return this;
  }

  /** Removes an initialiser, also where it is listed as a graph input; absent names are ignored. */
  public ModelEditor removeInitializer(String name) {
    if (initializers.remove(name) != null) {
      removeNamed(graph, name);
    }
    return this;
  }

  /** Appends a node; {@link #build()} brings nodes into a valid order. */
  public ModelEditor addNode(Node node) {
    nodes.add(node);
    return this;
  }

  /** Inserts a node before another. */
  public ModelEditor insertBefore(Node existing, Node node) {
    nodes.add(index(existing), node);
    return this;
  }

  /** Inserts a node after another. */
  public ModelEditor insertAfter(Node existing, Node node) {
    nodes.add(index(existing) + 1, node);
    return this;
  }

  /** Puts nodes in the place of one. */
  public ModelEditor replaceNode(Node old, Node... replacements) {
    int index = index(old);
    nodes.remove(index);
    nodes.addAll(index, List.of(replacements));
    return this;
  }

  /** Removes a node. */
  public ModelEditor removeNode(Node node) {
    nodes.remove(index(node));
    return this;
  }

  /**
   * Renames a tensor wherever it stands: nodes, subgraphs, initialisers, inputs, outputs.
   *
   * @throws IllegalArgumentException if the new name is already in use
   */
  public ModelEditor renameTensor(String from, String to) {
    if (from.equals(to)) {
      return this;
    }
    if (names().contains(to)) {
      throw new IllegalArgumentException(
          "cannot rename tensor \"%s\" to \"%s\": the name is in use".formatted(from, to));
    }
    redirect(from, to);
    if (initializers.containsKey(from)) {
      Map<String, OnnxTensor> before = new LinkedHashMap<>(initializers);
      initializers.clear();
      before.forEach(
          (name, tensor) -> {
            OnnxTensor kept = name.equals(from) ? tensor.renamed(to) : tensor;
            initializers.put(kept.name(), kept);
          });
    }
    for (ValueInfoProto.Builder value : declarations()) {
      if (value.getName().equals(from)) {
        value.setName(to);
      }
    }
    return this;
  }

  /** Lets every reader of one tensor read another; outputs and declarations stay as they are. */
  public ModelEditor redirectConsumers(String from, String to) {
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      if (node.inputs().contains(from) || node.capturedInputs().contains(from)) {
        Node renamed = node.renaming(from, to);
        nodes.set(i, renamed.withOutputs(node.outputs()));
      }
    }
    return this;
  }

  /** Replaces the inputs; initialisers listed as inputs stay listed. */
  public ModelEditor setInputs(List<ValueInfo> inputs) {
    List<ValueInfoProto> kept =
        graph.getInputList().stream()
            .filter(input -> initializers.containsKey(input.getName()))
            .toList();
    graph.clearInput();
    inputs.forEach(input -> graph.addInput(input.toProto()));
    graph.addAllInput(kept);
    return this;
  }

  /** Replaces the outputs. */
  public ModelEditor setOutputs(List<ValueInfo> outputs) {
    graph.clearOutput();
    outputs.forEach(output -> graph.addOutput(output.toProto()));
    return this;
  }

  /** Replaces the model's notes, in the map's order. */
  public ModelEditor setMetadata(Map<String, String> metadata) {
    model.clearMetadataProps();
    metadata.forEach(
        (key, value) ->
            model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return this;
  }

  /** States the version of an operator set and raises the file format with it; changes no node. */
  public ModelEditor setOpset(String domain, int version) {
    if (domain.isEmpty()) {
      model.setIrVersion(Math.max(model.getIrVersion(), GraphBuilder.irVersion(version)));
    }
    for (int i = 0; i < model.getOpsetImportCount(); i++) {
      String known = model.getOpsetImport(i).getDomain();
      if (known.equals(domain) || (domain.isEmpty() && known.equals("ai.onnx"))) {
        model.getOpsetImportBuilder(i).setVersion(version);
        return this;
      }
    }
    model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version));
    return this;
  }

  /** States the version of the default operator set; changes no node. */
  public ModelEditor setOpset(int version) {
    return setOpset("", version);
  }

  /** Drops all declarations of inner tensors' shapes; they are hints that a rewrite may outdate. */
  public ModelEditor clearInnerDeclarations() {
    graph.clearValueInfo();
    return this;
  }

  /** A tensor name that is not in use, starting with {@code base}. */
  public String freshName(String base) {
    Set<String> used = names();
    String candidate = base;
    while (used.contains(candidate)) {
      candidate = base + "_" + freshNames++;
    }
    return candidate;
  }

  /** Removes nodes, initialisers and declarations that feed no output; graph inputs stay. */
  public ModelEditor pruneUnreachable() {
    Map<String, Node> producers = new HashMap<>();
    nodes.forEach(node -> node.outputs().forEach(output -> producers.put(output, node)));
    producers.remove("");
    Set<String> needed = new HashSet<>();
    List<String> open = new ArrayList<>();
    graph.getOutputList().forEach(output -> open.add(output.getName()));
    Set<Node> kept = new HashSet<>();
    while (!open.isEmpty()) {
      String tensor = open.remove(open.size() - 1);
      if (!needed.add(tensor)) {
        continue;
      }
      Node producer = producers.get(tensor);
      if (producer != null && kept.add(producer)) {
        open.addAll(producer.inputs());
        open.addAll(producer.capturedInputs());
      }
    }
    nodes.removeIf(node -> !kept.contains(node));
    for (String name : List.copyOf(initializers.keySet())) {
      if (!needed.contains(name)) {
        removeInitializer(name);
      }
    }
    Set<String> produced = new HashSet<>();
    nodes.forEach(node -> produced.addAll(node.outputs()));
    List<ValueInfoProto> declared =
        graph.getValueInfoList().stream()
            .filter(
                value ->
                    produced.contains(value.getName()) || initializers.containsKey(value.getName()))
            .toList();
    graph.clearValueInfo().addAllValueInfo(declared);
    return this;
  }

  /**
   * The edited model, checked, with its nodes in a valid order.
   *
   * @throws OnnxModelException if the edits left names undefined or doubled, or made a cycle
   */
  public OnnxModel build() {
    GraphProto.Builder whole = graph.clone();
    TopologicalOrder.of(nodes, source).forEach(node -> whole.addNode(node.proto()));
    Map<String, ByteBuffer> external = new HashMap<>();
    for (OnnxTensor tensor : initializers.values()) {
      whole.addInitializer(tensor.proto());
      if (tensor.isExternal()) {
        external.put(tensor.name(), tensor.data());
      }
    }
    return OnnxModel.of(model.clone().setGraph(whole).build(), new ExternalData(external), source);
  }

  ModelEditor setNodes(List<Node> replacements) {
    nodes.clear();
    nodes.addAll(replacements);
    return this;
  }

  ModelEditor clearFunctions() {
    model.clearFunctions();
    return this;
  }

  private void redirect(String from, String to) {
    nodes.replaceAll(
        node ->
            node.inputs().contains(from)
                    || node.outputs().contains(from)
                    || node.capturedInputs().contains(from)
                ? node.renaming(from, to)
                : node);
  }

  private int index(Node node) {
    int index = nodes.indexOf(node);
    for (int i = 0; index < 0 && i < nodes.size(); i++) {
      if (!node.output(0).isEmpty() && nodes.get(i).output(0).equals(node.output(0))) {
        index = i;
      }
    }
    if (index < 0) {
      throw new NoSuchElementException("the model has no node " + node.describe());
    }
    return index;
  }

  private Set<String> names() {
    Set<String> names = new HashSet<>(initializers.keySet());
    nodes.forEach(
        node -> {
          names.addAll(node.inputs());
          names.addAll(node.outputs());
          names.addAll(node.capturedInputs());
        });
    graph.getInputList().forEach(input -> names.add(input.getName()));
    graph.getOutputList().forEach(output -> names.add(output.getName()));
    return names;
  }

  private List<ValueInfoProto.Builder> declarations() {
    List<ValueInfoProto.Builder> all = new ArrayList<>(graph.getInputBuilderList());
    all.addAll(graph.getOutputBuilderList());
    all.addAll(graph.getValueInfoBuilderList());
    return all;
  }

  private void replaceDeclaration(OnnxTensor tensor) {
    for (ValueInfoProto.Builder value : declarations()) {
      if (value.getName().equals(tensor.name())) {
        Dimension[] shape = new Dimension[tensor.rank()];
        for (int i = 0; i < shape.length; i++) {
          shape[i] = Dimension.of(tensor.shape()[i]);
        }
        value.setType(ValueInfo.of(tensor.name(), tensor.type(), shape).toProto().getType());
      }
    }
  }

  private static void removeNamed(GraphProto.Builder graph, String name) {
    for (int i = graph.getInputCount() - 1; i >= 0; i--) {
      if (graph.getInput(i).getName().equals(name)) {
        graph.removeInput(i);
      }
    }
    for (int i = graph.getValueInfoCount() - 1; i >= 0; i--) {
      if (graph.getValueInfo(i).getName().equals(name)) {
        graph.removeValueInfo(i);
      }
    }
  }
}
