package dev.graft.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Joins two models into one graph. */
public final class ModelJoin {
  /** The model whose names (and notes) the joined model keeps. */
  public enum Keeps {
    FIRST,
    SECOND
  }

  private ModelJoin() {}

  /**
   * Feeds outputs of the first model into inputs of the second; the result has the second's
   * outputs, the first's inputs and those of the second that are not fed.
   *
   * <p>No name of the kept model changes. A name of the other that is taken already gets the
   * prefix.
   *
   * @param links the first model's outputs to the second model's inputs
   * @throws OnnxModelException if the operator sets differ, a linked name does not exist, or linked
   *     element types differ
   */
  public static OnnxModel chain(
      OnnxModel first, OnnxModel second, Map<String, String> links, Keeps keeps, String prefix) {
    checkOpsets(first, second);
    checkLinks(first, second, links);
    boolean keepsFirst = keeps == Keeps.FIRST;
    OnnxModel kept = keepsFirst ? first : second;
    OnnxModel other = keepsFirst ? second : first;
    OnnxModel renamed = withDistinctNames(kept, other, prefix);
    Map<String, String> newNames = renamings(other, renamed);
    Map<String, String> linked = new LinkedHashMap<>();
    links.forEach(
        (output, input) ->
            linked.put(
                keepsFirst ? output : newNames.getOrDefault(output, output),
                keepsFirst ? newNames.getOrDefault(input, input) : input));
    return join(kept, keepsFirst ? kept : renamed, keepsFirst ? renamed : kept, linked);
  }

  private static OnnxModel join(
      OnnxModel kept, OnnxModel first, OnnxModel second, Map<String, String> links) {
    List<ValueInfo> inputs = new ArrayList<>(first.graph().inputs());
    for (ValueInfo input : second.graph().inputs()) {
      if (!links.containsValue(input.name())) {
        inputs.add(input);
      }
    }
    OnnxModel other = kept == first ? second : first;
    ModelEditor editor = kept.edit();
    other.graph().nodes().forEach(editor::addNode);
    other.graph().initializers().values().forEach(editor::setInitializer);
    for (Map.Entry<String, Integer> entry : other.opsets().entrySet()) {
      editor.setOpset(entry.getKey(), entry.getValue());
    }
    // An Identity keeps the names of both sides, so that reports and checks still find them.
    links.forEach(
        (output, input) -> editor.addNode(Node.of("Identity", List.of(output), List.of(input))));
    return editor.setInputs(inputs).setOutputs(second.graph().outputs()).pruneUnreachable().build();
  }

  private static OnnxModel withDistinctNames(OnnxModel kept, OnnxModel other, String prefix) {
    Set<String> taken = tensorNames(kept.proto().getGraph());
    Set<String> takenNodes = new HashSet<>();
    kept.graph().nodes().forEach(node -> takenNodes.add(node.name()));
    ModelEditor editor = other.edit();
    for (String name : orderedNames(other.proto().getGraph())) {
      if (taken.contains(name)) {
        String candidate = prefix + name;
        while (taken.contains(candidate)) {
          candidate = prefix + candidate;
        }
        editor.renameTensor(name, editor.freshName(candidate));
      }
    }
    for (Node node : editor.nodes()) {
      if (!node.name().isEmpty() && takenNodes.contains(node.name())) {
        editor.replaceNode(node, node.withName(prefix + node.name()));
      }
    }
    return editor.build();
  }

  private static Map<String, String> renamings(OnnxModel before, OnnxModel after) {
    Map<String, String> names = new LinkedHashMap<>();
    GraphProto old = before.proto().getGraph();
    GraphProto renamed = after.proto().getGraph();
    for (int i = 0; i < old.getInputCount(); i++) {
      names.put(old.getInput(i).getName(), renamed.getInput(i).getName());
    }
    for (int i = 0; i < old.getOutputCount(); i++) {
      names.put(old.getOutput(i).getName(), renamed.getOutput(i).getName());
    }
    return names;
  }

  private static Set<String> tensorNames(GraphProto graph) {
    return new HashSet<>(orderedNames(graph));
  }

  private static List<String> orderedNames(GraphProto graph) {
    Set<String> names = new LinkedHashSet<>();
    graph.getInputList().stream().map(ValueInfoProto::getName).forEach(names::add);
    graph.getInitializerList().forEach(tensor -> names.add(tensor.getName()));
    for (NodeProto node : graph.getNodeList()) {
      names.addAll(node.getOutputList());
      Subgraphs.graphs(node).forEach(subgraph -> names.addAll(orderedNames(subgraph)));
    }
    names.remove("");
    return List.copyOf(names);
  }

  private static void checkOpsets(OnnxModel first, OnnxModel second) {
    for (Map.Entry<String, Integer> entry : first.opsets().entrySet()) {
      Integer other = second.opsets().get(entry.getKey());
      if (other != null && !other.equals(entry.getValue())) {
        throw new OnnxModelException(
            "%s has version %d of operator set \"%s\", %s has %d; expected the same to join them. Upgrade the older one first."
                .formatted(
                    first.source(),
                    entry.getValue(),
                    entry.getKey().isEmpty() ? "ai.onnx" : entry.getKey(),
                    second.source(),
                    other));
      }
    }
  }

  private static void checkLinks(OnnxModel first, OnnxModel second, Map<String, String> links) {
    links.forEach(
        (output, input) -> {
          ValueInfo from = find(first.graph().outputs(), output, first.source(), "output");
          ValueInfo to = find(second.graph().inputs(), input, second.source(), "input");
          if (from.type() != to.type()) {
            throw new OnnxModelException(
                "%s gives %s, but %s takes %s; expected the same element type to join them. Insert a Cast."
                    .formatted(first.source(), from.describe(), second.source(), to.describe()));
          }
        });
  }

  private static ValueInfo find(List<ValueInfo> values, String name, String source, String kind) {
    return values.stream()
        .filter(value -> value.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new OnnxModelException(
                    "%s has no %s \"%s\"; it has %s."
                        .formatted(
                            source, kind, name, values.stream().map(ValueInfo::name).toList())));
  }
}
