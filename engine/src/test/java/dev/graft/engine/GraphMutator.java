package dev.graft.engine;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import dev.graft.engine.operator.Operators;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Changes the graph of a model as an attacker does who knows the format. */
final class GraphMutator {
  private static final List<String> OPERATORS = List.copyOf(Operators.names());

  private static final List<String> ATTRIBUTES =
      List.of(
          "axis",
          "group",
          "strides",
          "pads",
          "dilations",
          "kernel_shape",
          "perm",
          "keepdims",
          "ceil_mode",
          "auto_pad",
          "mode",
          "to",
          "batch_dims",
          "blocksize",
          "num_groups",
          "p",
          "epsilon",
          "output_padding",
          "output_shape",
          "axes",
          "size",
          "equation",
          "value");

  private static final List<AttributeType> TYPES = List.of(AttributeType.values());

  private static final List<String> LOCATIONS =
      List.of("../../etc/passwd", "/etc/passwd", "weights.bin", "", "\u0000", "/dev/zero", ".");

  private final SplittableRandom random;
  private final ModelProto.Builder model;
  private final GraphProto.Builder graph;

  private GraphMutator(ModelProto.Builder model, SplittableRandom random) {
    this.model = model;
    this.graph = model.getGraphBuilder();
    this.random = random;
  }

  /** One to four changes, each at a place by chance. */
  static ModelProto mutate(ModelProto model, SplittableRandom random) {
    GraphMutator mutator = new GraphMutator(model.toBuilder(), random);
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      mutator.change();
    }
    return mutator.model.build();
  }

  private void change() {
    // What a reader refuses at once comes seldom, what only a run can notice often.
    switch (random.nextInt(30)) {
      case 0, 1, 2, 3, 4, 5 -> changeInitializer();
      case 6 -> moveNode();
      case 7 -> changeDeclaration();
      case 8 -> nest();
      case 9 -> duplicateName();
      case 10 -> changeVersion();
      case 11, 12 -> changeArity();
      case 13, 14, 15 -> swapOperator();
      case 16, 17, 18, 19 -> rewire();
      default -> changeAttribute();
    }
  }

  private void changeInitializer() {
    if (graph.getInitializerCount() == 0) {
      return;
    }
    int index = random.nextInt(graph.getInitializerCount());
    switch (random.nextInt(12)) {
      case 0 -> graph.removeInitializer(index);
      case 1 -> makeExternal(graph.getInitializerBuilder(index));
      default -> TensorMutator.mutate(graph.getInitializerBuilder(index), random);
    }
  }

  private void makeExternal(TensorProto.Builder tensor) {
    tensor.setDataLocation(TensorProto.DataLocation.EXTERNAL);
    tensor.clearRawData();
    addEntry(tensor, "location", LOCATIONS.get(random.nextInt(LOCATIONS.size())));
    addEntry(tensor, "offset", Long.toString(TensorMutator.extreme(random)));
    if (random.nextBoolean()) {
      addEntry(tensor, "length", Long.toString(TensorMutator.extreme(random)));
    }
  }

  private static void addEntry(TensorProto.Builder tensor, String key, String value) {
    tensor.addExternalData(StringStringEntryProto.newBuilder().setKey(key).setValue(value));
  }

  private NodeProto.@org.jspecify.annotations.Nullable Builder node() {
    int nodes = graph.getNodeCount();
    return nodes == 0 ? null : graph.getNodeBuilder(random.nextInt(nodes));
  }

  private void changeAttribute() {
    NodeProto.Builder node = node();
    if (node == null) {
      return;
    }
    int attributes = node.getAttributeCount();
    if (attributes == 0 || random.nextInt(4) == 0) {
      AttributeProto.Builder made =
          AttributeProto.newBuilder().setName(ATTRIBUTES.get(random.nextInt(ATTRIBUTES.size())));
      fill(made);
      node.addAttribute(made);
      return;
    }
    int index = random.nextInt(attributes);
    AttributeProto.Builder attribute = node.getAttributeBuilder(index);
    switch (random.nextInt(8)) {
      case 0 -> node.removeAttribute(index);
      case 1 -> fill(attribute);
      case 2 -> attribute.setType(TYPES.get(random.nextInt(TYPES.size())));
      default -> changeValue(attribute);
    }
  }

  private void fill(AttributeProto.Builder attribute) {
    switch (random.nextInt(5)) {
      case 0, 1 -> attribute.setType(AttributeType.INT).setI(TensorMutator.extreme(random));
      case 2 -> attribute.setType(AttributeType.FLOAT).setF(extremeReal());
      case 3 ->
          attribute
              .setType(AttributeType.STRING)
              .setS(ByteString.copyFromUtf8("ij,j->" + random.nextInt()));
      default -> {
        attribute.setType(AttributeType.INTS);
        for (int i = random.nextInt(7); i > 0; i--) {
          attribute.addInts(TensorMutator.extreme(random));
        }
      }
    }
  }

  private float extremeReal() {
    float[] reals = {
      0, -1, Float.NaN, Float.POSITIVE_INFINITY, 1e38f, -1e38f, Float.MIN_VALUE, 1e9f, 0.5f
    };
    return reals[random.nextInt(reals.length)];
  }

  private void changeValue(AttributeProto.Builder attribute) {
    switch (attribute.getType()) {
      case INT -> attribute.setI(TensorMutator.extreme(random));
      case FLOAT -> attribute.setF(extremeReal());
      case STRING -> attribute.setS(ByteString.copyFromUtf8("nonsense"));
      case TENSOR -> TensorMutator.mutate(attribute.getTBuilder(), random);
      case INTS -> {
        int count = attribute.getIntsCount();
        if (count == 0 || random.nextInt(5) == 0) {
          attribute.addInts(TensorMutator.extreme(random));
        } else if (random.nextInt(5) == 0) {
          List<Long> shorter = attribute.getIntsList().subList(0, count - 1);
          attribute.clearInts().addAllInts(new ArrayList<>(shorter));
        } else {
          attribute.setInts(random.nextInt(count), TensorMutator.extreme(random));
        }
      }
      default -> fill(attribute);
    }
  }

  /** Any name of the graph; one that none has, rarely. */
  private String name() {
    List<String> names = new ArrayList<>();
    graph.getInputList().forEach(input -> names.add(input.getName()));
    graph.getInitializerList().forEach(tensor -> names.add(tensor.getName()));
    graph.getNodeList().forEach(node -> names.addAll(node.getOutputList()));
    names.add("");
    if (random.nextInt(10) == 0) {
      names.add("nobody");
    }
    return names.get(random.nextInt(names.size()));
  }

  /** Another tensor for an input or an output of the graph; a later one makes a cycle. */
  private void rewire() {
    NodeProto.Builder node = node();
    if (node == null || random.nextInt(6) == 0) {
      if (graph.getOutputCount() > 0) {
        graph.getOutputBuilder(random.nextInt(graph.getOutputCount())).setName(name());
      }
    } else if (node.getInputCount() > 0) {
      node.setInput(random.nextInt(node.getInputCount()), name());
    }
  }

  private void changeArity() {
    NodeProto.Builder node = node();
    if (node == null) {
      return;
    }
    switch (random.nextInt(4)) {
      case 0 -> node.addInput(name());
      case 1 -> node.addOutput("more" + random.nextInt(1000));
      case 2 -> {
        List<String> inputs = new ArrayList<>(node.getInputList());
        node.clearInput().addAllInput(inputs.subList(0, Math.max(0, inputs.size() - 1)));
      }
      default -> {
        List<String> outputs = new ArrayList<>(node.getOutputList());
        node.clearOutput().addAllOutput(outputs.subList(0, Math.max(0, outputs.size() - 1)));
      }
    }
  }

  private void swapOperator() {
    NodeProto.Builder node = node();
    if (node != null) {
      node.setOpType(
          random.nextInt(10) == 0 ? "Unheard" : OPERATORS.get(random.nextInt(OPERATORS.size())));
    }
  }

  private void moveNode() {
    int nodes = graph.getNodeCount();
    if (nodes == 0) {
      return;
    }
    NodeProto moved = graph.getNode(random.nextInt(nodes));
    if (random.nextBoolean()) {
      graph.removeNode(random.nextInt(nodes));
    }
    if (random.nextBoolean()) {
      graph.addNode(random.nextInt(graph.getNodeCount() + 1), moved);
    }
  }

  private void changeDeclaration() {
    boolean input = random.nextBoolean() && graph.getInputCount() > 0;
    if (!input && graph.getOutputCount() == 0) {
      return;
    }
    ValueInfoProto.Builder value =
        input
            ? graph.getInputBuilder(random.nextInt(graph.getInputCount()))
            : graph.getOutputBuilder(random.nextInt(graph.getOutputCount()));
    var type = value.getTypeBuilder().getTensorTypeBuilder();
    switch (random.nextInt(4)) {
      case 0 -> type.setElemType(random.nextInt(-1, 30));
      case 1 -> type.clearShape();
      case 2 -> type.getShapeBuilder().addDimBuilder().setDimValue(TensorMutator.extreme(random));
      default -> {
        int axes = type.getShape().getDimCount();
        if (axes > 0) {
          type.getShapeBuilder()
              .getDimBuilder(random.nextInt(axes))
              .setDimValue(TensorMutator.extreme(random));
        }
      }
    }
  }

  /** The graph, or a node, inside a node; or a function that calls itself. */
  private void nest() {
    NodeProto.Builder node = node();
    if (node == null) {
      return;
    }
    if (random.nextInt(3) == 0) {
      NodeProto call = node.build();
      model.addFunctions(
          FunctionProto.newBuilder()
              .setName(call.getOpType())
              .addAllInput(call.getInputList())
              .addAllOutput(call.getOutputList())
              .addNode(call));
      return;
    }
    GraphProto inner = graph.build();
    for (int depth = random.nextInt(1, random.nextInt(10) == 0 ? 60 : 4); depth > 0; depth--) {
      inner =
          GraphProto.newBuilder()
              .addNode(
                  NodeProto.newBuilder()
                      .setOpType("If")
                      .addInput(name())
                      .addOutput("nested" + depth)
                      .addAttribute(branch("then_branch", inner))
                      .addAttribute(
                          branch(
                              "else_branch", depth == 1 ? inner : GraphProto.newBuilder().build())))
              .addOutput(ValueInfoProto.newBuilder().setName("nested" + depth))
              .build();
    }
    if (random.nextBoolean()) {
      node.setOpType("If");
    }
    node.addAttribute(branch("then_branch", inner));
  }

  private static AttributeProto.Builder branch(String name, GraphProto graph) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.GRAPH).setG(graph);
  }

  private void duplicateName() {
    NodeProto.Builder node = node();
    if (node != null && node.getOutputCount() > 0) {
      node.setOutput(random.nextInt(node.getOutputCount()), name());
    } else if (graph.getInputCount() > 0) {
      graph.addInput(graph.getInput(0));
    }
  }

  private void changeVersion() {
    if (model.getOpsetImportCount() == 0 || random.nextInt(8) == 0) {
      model.clearOpsetImport();
    } else {
      var entry = model.getOpsetImportBuilder(random.nextInt(model.getOpsetImportCount()));
      entry.setVersion(
          random.nextInt(6) == 0 ? TensorMutator.extreme(random) : random.nextInt(6, 29));
    }
  }
}
