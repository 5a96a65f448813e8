package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Brings a model to a newer default operator set without changing what it computes.
 *
 * <p>Only operators whose meaning or form changed have an adapter; versions that merely widened the
 * element types need none. Source: onnx/docs/Changelog.md.
 */
final class OpsetUpgrade {
  /** Emits into the scope what has the node's old meaning in the newer operator set. */
  interface Adapter {
    void adapt(Node node, UpgradeScope scope);
  }

  private static final NavigableMap<Integer, Map<String, Adapter>> STEPS = steps();

  private OpsetUpgrade() {}

  private static NavigableMap<Integer, Map<String, Adapter>> steps() {
    NavigableMap<Integer, Map<String, Adapter>> steps = new TreeMap<>();
    put(steps, 9, FormAdapters::batchNormalizationSpatial, "BatchNormalization");
    put(steps, 9, ResizeAdapters::upsampleScales, "Upsample");
    Adapter refusesScan =
        (node, scope) -> {
          throw scope.unsupported(node, "Scan of opset 8 has a batch dimension of its own");
        };
    put(steps, 9, refusesScan, "Scan");
    put(steps, 10, ResizeAdapters::upsampleToResize, "Upsample");
    put(steps, 10, FormAdapters::dropoutMask, "Dropout");
    put(steps, 10, FormAdapters::slice, "Slice");
    put(steps, 10, FormAdapters::topK, "TopK");
    put(steps, 11, FormAdapters::clip, "Clip");
    put(steps, 11, FormAdapters::oneHot, "OneHot");
    put(steps, 11, FormAdapters::pad, "Pad");
    put(steps, 11, FormAdapters::scatter, "Scatter");
    put(steps, 11, ResizeAdapters::resize10, "Resize");
    put(steps, 12, FormAdapters::dropout, "Dropout");
    put(steps, 13, SoftmaxAdapter::adapt, "Softmax", "LogSoftmax", "Hardmax");
    put(steps, 13, FormAdapters::axesToInput, "Squeeze", "Unsqueeze", "ReduceSum");
    put(steps, 13, FormAdapters::split, "Split");
    put(steps, 13, ResizeAdapters::halfPixelForNearest, "Resize");
    put(steps, 14, FormAdapters::batchNormalizationOutputs, "BatchNormalization");
    put(steps, 16, FormAdapters::roiAlign, "RoiAlign");
    put(
        steps,
        18,
        FormAdapters::axesToInput,
        "ReduceL1",
        "ReduceL2",
        "ReduceLogSum",
        "ReduceLogSumExp",
        "ReduceMax",
        "ReduceMean",
        "ReduceMin",
        "ReduceProd",
        "ReduceSumSquare");
    put(steps, 18, FormAdapters::splitCount, "Split");
    put(steps, 20, FormAdapters::dftAxis, "DFT");
    put(steps, 20, ResizeAdapters::gridSampleModes, "GridSample");
    put(steps, 21, FormAdapters::groupNormalization, "GroupNormalization");
    return steps;
  }

  private static void put(
      NavigableMap<Integer, Map<String, Adapter>> steps,
      int version,
      Adapter adapter,
      String... operators) {
    for (String operator : operators) {
      steps.computeIfAbsent(version, key -> new HashMap<>()).put(operator, adapter);
    }
  }

  static OnnxModel upgrade(OnnxModel original, int opset) {
    if (opset < ModelChecker.OLDEST_OPSET || opset > ModelChecker.NEWEST_OPSET) {
      throw new IllegalArgumentException(
          "opset %d: expected %d to %d"
              .formatted(opset, ModelChecker.OLDEST_OPSET, ModelChecker.NEWEST_OPSET));
    }
    OnnxModel model = FunctionInliner.inline(original);
    if (model.opset() >= opset) {
      return model;
    }
    Set<String> usedNames = names(model.proto().getGraph());
    int from = model.opset();
    for (Map.Entry<Integer, Map<String, Adapter>> step :
        STEPS.subMap(from, false, opset, true).entrySet()) {
      model = apply(model, step.getValue(), step.getKey(), usedNames);
    }
    return model.edit().setOpset(opset).build();
  }

  private static OnnxModel apply(
      OnnxModel model, Map<String, Adapter> adapters, int version, Set<String> usedNames) {
    ModelEditor editor = model.edit();
    UpgradeScope scope =
        new UpgradeScope(
            model.graph(),
            null,
            editor::setInitializer,
            usedNames,
            model.source(),
            model.opset(),
            version);
    return editor.setNodes(adapt(model.graph().nodes(), adapters, scope)).setOpset(version).build();
  }

  private static List<Node> adapt(
      List<Node> nodes, Map<String, Adapter> adapters, UpgradeScope scope) {
    List<Node> result = new ArrayList<>();
    for (Node node : nodes) {
      Adapter adapter = node.domain().isEmpty() ? adapters.get(node.operator()) : null;
      if (adapter == null) {
        scope.emit(node);
      } else {
        adapter.adapt(node, scope);
      }
      for (Node emitted : scope.takeEmitted()) {
        result.add(withAdaptedSubgraphs(emitted, adapters, scope));
      }
    }
    return result;
  }

  private static Node withAdaptedSubgraphs(
      Node node, Map<String, Adapter> adapters, UpgradeScope scope) {
    if (Subgraphs.graphs(node.proto()).isEmpty()) {
      return node;
    }
    NodeProto.Builder builder = node.proto().toBuilder();
    for (AttributeProto.Builder attribute : builder.getAttributeBuilderList()) {
      if (attribute.hasG()) {
        attribute.setG(adaptGraph(attribute.getG(), adapters, scope));
      }
      for (int i = 0; i < attribute.getGraphsCount(); i++) {
        attribute.setGraphs(i, adaptGraph(attribute.getGraphs(i), adapters, scope));
      }
    }
    return new Node(builder.build());
  }

  private static GraphProto adaptGraph(
      GraphProto proto, Map<String, Adapter> adapters, UpgradeScope scope) {
    Graph subgraph = Graph.of(proto, ExternalData.NONE, proto.getName());
    GraphProto.Builder builder = proto.toBuilder().clearNode();
    adapt(subgraph.nodes(), adapters, scope.inner(subgraph))
        .forEach(node -> builder.addNode(node.proto()));
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
