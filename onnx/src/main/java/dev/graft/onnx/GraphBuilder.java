package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds a new model from nothing: heads, preprocessing, small graphs for tests.
 *
 * <p>Mutable; for one thread.
 */
public final class GraphBuilder {
  private final GraphProto.Builder graph = GraphProto.newBuilder();
  private final List<Node> nodes = new ArrayList<>();
  private final List<OperatorSetIdProto> otherOpsets = new ArrayList<>();

  private GraphBuilder(String name) {
    graph.setName(name);
  }

  /** An empty graph of this name. */
  public static GraphBuilder named(String name) {
    return new GraphBuilder(name);
  }

  /** Adds an input. */
  public GraphBuilder input(String name, ElementType type, Dimension... shape) {
    graph.addInput(ValueInfo.of(name, type, shape).toProto());
    return this;
  }

  /** Adds an input. */
  public GraphBuilder input(ValueInfo input) {
    graph.addInput(input.toProto());
    return this;
  }

  /** Adds a stored tensor. */
  public GraphBuilder initializer(OnnxTensor tensor) {
    graph.addInitializer(tensor.inlineProto());
    return this;
  }

  /** Adds a node. */
  public GraphBuilder node(Node node) {
    nodes.add(node);
    return this;
  }

  /** Adds a node without attributes and with one output. */
  public GraphBuilder node(String operator, List<String> inputs, String output) {
    return node(Node.of(operator, inputs, List.of(output)));
  }

  /** Adds an output. */
  public GraphBuilder output(String name, ElementType type, Dimension... shape) {
    graph.addOutput(ValueInfo.of(name, type, shape).toProto());
    return this;
  }

  /** Adds an output. */
  public GraphBuilder output(ValueInfo output) {
    graph.addOutput(output.toProto());
    return this;
  }

  /** States the version of an operator set beside the default one. */
  public GraphBuilder opset(String domain, int version) {
    otherOpsets.add(OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version).build());
    return this;
  }

  /**
   * The model.
   *
   * @param opset the version of the default operator set, 7 to 28
   * @throws OnnxModelException if names are undefined or doubled, or nodes form a cycle
   */
  public OnnxModel build(int opset) {
    GraphProto.Builder whole = graph.clone();
    TopologicalOrder.of(nodes, graph.getName()).forEach(node -> whole.addNode(node.proto()));
    ModelProto model =
        ModelProto.newBuilder()
            .setIrVersion(irVersion(opset))
            .setProducerName("graft")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
            .addAllOpsetImport(otherOpsets)
            .setGraph(whole)
            .build();
    return OnnxModel.of(model, ExternalData.NONE, graph.getName());
  }

  /** The file format that came with an operator set (onnx/docs/Versioning.md). */
  static int irVersion(int opset) {
    if (opset <= 9) {
      // Format 3 demands that initialisers be listed as inputs; 4 lifted that.
      return 4;
    }
    if (opset <= 11) {
      return 6;
    }
    if (opset <= 14) {
      return 7;
    }
    if (opset <= 18) {
      return 8;
    }
    if (opset <= 20) {
      return 9;
    }
    return opset <= 22 ? 10 : opset <= 24 ? 11 : 12;
  }
}
