package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Replaces nodes one by one, also those in the graphs inside other nodes. */
final class NodeRewriting {
  /** Emits into the scope what has the same meaning as a node. */
  interface Adapter {
    void adapt(Node node, UpgradeScope scope);
  }

  private final Function<Node, @Nullable Adapter> adapters;
  private int places;

  private NodeRewriting(Function<Node, @Nullable Adapter> adapters) {
    this.adapters = adapters;
  }

  /**
   * Applies an adapter to each node that has one.
   *
   * @param adapters the adapter of a node; null where it stays as it is
   * @param opset the version that the default operator set has afterwards
   */
  static GraphPass.Rewrite apply(
      OnnxModel model, Function<Node, @Nullable Adapter> adapters, int opset) {
    NodeRewriting rewriting = new NodeRewriting(adapters);
    ModelEditor editor = model.edit();
    UpgradeScope scope =
        new UpgradeScope(
            model.graph(),
            null,
            editor::setInitializer,
            names(model.proto().getGraph()),
            model.source(),
            model.opset(),
            opset);
    List<Node> nodes = rewriting.adapt(model.graph().nodes(), scope);
    return new GraphPass.Rewrite(editor.setNodes(nodes).setOpset(opset).build(), rewriting.places);
  }

  private List<Node> adapt(List<Node> nodes, UpgradeScope scope) {
    List<Node> result = new ArrayList<>();
    for (Node node : nodes) {
      Adapter adapter = adapters.apply(node);
      if (adapter == null) {
        scope.emit(node);
      } else {
        adapter.adapt(node, scope);
      }
      List<Node> emitted = scope.takeEmitted();
      // An adapter that has nothing to change emits the node itself.
      places += adapter == null || emitted.equals(List.of(node)) ? 0 : 1;
      for (Node each : emitted) {
        result.add(withAdaptedSubgraphs(each, scope));
      }
    }
    return result;
  }

  private Node withAdaptedSubgraphs(Node node, UpgradeScope scope) {
    if (Subgraphs.graphs(node.proto()).isEmpty()) {
      return node;
    }
    NodeProto.Builder builder = node.proto().toBuilder();
    for (AttributeProto.Builder attribute : builder.getAttributeBuilderList()) {
      if (attribute.hasG()) {
        attribute.setG(adaptGraph(attribute.getG(), scope));
      }
      for (int i = 0; i < attribute.getGraphsCount(); i++) {
        attribute.setGraphs(i, adaptGraph(attribute.getGraphs(i), scope));
      }
    }
    return new Node(builder.build());
  }

  private GraphProto adaptGraph(GraphProto proto, UpgradeScope scope) {
    Graph subgraph = Graph.of(proto, ExternalData.NONE, proto.getName());
    GraphProto.Builder builder = proto.toBuilder().clearNode();
    adapt(subgraph.nodes(), scope.inner(subgraph)).forEach(node -> builder.addNode(node.proto()));
    return builder.build();
  }

  private static Set<String> names(GraphProto graph) {
    Set<String> names = new HashSet<>();
    graph.getInputList().forEach(input -> names.add(input.getName()));
    graph.getInitializerList().forEach(tensor -> names.add(tensor.getName()));
    graph.getOutputList().forEach(output -> names.add(output.getName()));
    for (NodeProto node : graph.getNodeList()) {
      names.addAll(node.getInputList());
      names.addAll(node.getOutputList());
      Subgraphs.graphs(node).forEach(subgraph -> names.addAll(names(subgraph)));
    }
    return names;
  }
}
