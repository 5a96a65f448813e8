package dev.graft.onnx.frontend;

import dev.graft.onnx.FrontEndNodes;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxTensor;
import java.util.List;

/** Lays the nodes of a front end on a graph, under the names by which they are known. */
final class MarkedGraph {
  private final GraphBuilder graph;
  private int nodes;

  MarkedGraph(GraphBuilder graph) {
    this.graph = graph;
  }

  /** A node; its output is named after it. */
  String node(String operator, String... inputs) {
    return node(Node.of(operator, List.of(inputs), List.of(fresh(operator))));
  }

  /** A node with attributes. */
  String node(Node node) {
    graph.node(node.withName(FrontEndNodes.PREFIX + nodes + "." + node.operator()));
    nodes++;
    return node.output(0);
  }

  /** A node that gives the graph's output. */
  void last(String operator, String output, String... inputs) {
    node(Node.of(operator, List.of(inputs), List.of(output)));
  }

  /** The output name of the next node. */
  String fresh(String operator) {
    return FrontEndNodes.PREFIX + operator + "_" + nodes;
  }

  String floats(String name, float[] values, long... shape) {
    String tensor = FrontEndNodes.PREFIX + name;
    graph.initializer(OnnxTensor.ofFloats(tensor, values, shape));
    return tensor;
  }

  String scalar(String name, double value) {
    return floats(name, new float[] {(float) value});
  }

  String longs(String name, long... values) {
    String tensor = FrontEndNodes.PREFIX + name;
    graph.initializer(OnnxTensor.ofLongs(tensor, values, values.length));
    return tensor;
  }
}
