package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What the graphs inside a node (branches of If, bodies of Loop and Scan) take from outside. */
final class Subgraphs {
  private Subgraphs() {}

  /** Names that the node's subgraphs read and do not define themselves, in order of first use. */
  static Set<String> captured(NodeProto node) {
    Set<String> names = new LinkedHashSet<>();
    for (GraphProto graph : graphs(node)) {
      names.addAll(free(graph));
    }
    return names;
  }

  static List<GraphProto> graphs(NodeProto node) {
    if (node.getAttributeCount() == 0) {
      return List.of();
    }
    return node.getAttributeList().stream()
        .flatMap(
            attribute ->
                attribute.hasG() ? Stream.of(attribute.getG()) : attribute.getGraphsList().stream())
        .toList();
  }

  /** Renames a tensor in a node and where its subgraphs capture it. */
  static NodeProto rename(NodeProto node, String from, String to) {
    NodeProto.Builder builder = node.toBuilder();
    for (int i = 0; i < builder.getInputCount(); i++) {
      if (builder.getInput(i).equals(from)) {
        builder.setInput(i, to);
      }
    }
    for (int i = 0; i < builder.getOutputCount(); i++) {
      if (builder.getOutput(i).equals(from)) {
        builder.setOutput(i, to);
      }
    }
    for (AttributeProto.Builder attribute : builder.getAttributeBuilderList()) {
      if (attribute.hasG()) {
        attribute.setG(renameFree(attribute.getG(), from, to));
      }
      for (int i = 0; i < attribute.getGraphsCount(); i++) {
        attribute.setGraphs(i, renameFree(attribute.getGraphs(i), from, to));
      }
    }
    return builder.build();
  }

  private static GraphProto renameFree(GraphProto graph, String from, String to) {
    if (!free(graph).contains(from)) {
      return graph;
    }
    GraphProto.Builder builder = graph.toBuilder();
    for (int i = 0; i < builder.getNodeCount(); i++) {
      builder.setNode(i, rename(builder.getNode(i), from, to));
    }
    for (int i = 0; i < builder.getOutputCount(); i++) {
      if (builder.getOutput(i).getName().equals(from)) {
        builder.getOutputBuilder(i).setName(to);
      }
    }
    return builder.build();
  }

  private static Set<String> free(GraphProto graph) {
    Set<String> defined = new HashSet<>();
    graph.getInputList().forEach(input -> defined.add(input.getName()));
    graph.getInitializerList().forEach(tensor -> defined.add(tensor.getName()));
    graph.getNodeList().forEach(node -> defined.addAll(node.getOutputList()));
    Set<String> free = new LinkedHashSet<>();
    for (NodeProto node : graph.getNodeList()) {
      free.addAll(node.getInputList());
      free.addAll(captured(node));
    }
    graph.getOutputList().forEach(output -> free.add(output.getName()));
    free.removeAll(defined);
    free.remove("");
    return free;
  }
}
