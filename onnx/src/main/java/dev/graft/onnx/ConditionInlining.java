package dev.graft.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Replaces an If by the branch that is taken for every input.
 *
 * <p>A condition counts as known where it is constant, or follows from the sizes that the file
 * fixes. The batch size is left out of these, since it is freed later.
 */
record ConditionInlining() implements GraphPass {
  @Override
  public String name() {
    return "conditions";
  }

  @Override
  public String purpose() {
    return "an If whose condition is known becomes the branch that is taken";
  }

  @Override
  public Rewrite apply(OnnxModel model) {
    OnnxModel current = model;
    int places = 0;
    // Branches may hold further Ifs; each round takes away one level of nesting.
    while (current.graph().nodes().stream().anyMatch(node -> node.is("If"))) {
      Rewrite round = inlineOnce(current, places);
      if (round.places() == 0) {
        break;
      }
      places += round.places();
      current = round.model();
    }
    return new Rewrite(current, places);
  }

  private static Rewrite inlineOnce(OnnxModel model, int alreadyInlined) {
    ModelEditor editor = model.edit();
    ShapeInference shapes = ShapeInference.of(model.graph(), sizesWithoutBatch(model.graph()));
    int places = 0;
    for (Node node : model.graph().nodes()) {
      Optional<Boolean> condition =
          node.is("If") ? condition(model.graph(), shapes, node.input(0)) : Optional.empty();
      if (condition.isPresent()) {
        Graph branch =
            node.subgraph(condition.get() ? "then_branch" : "else_branch")
                .orElseThrow(
                    () ->
                        new OnnxModelException(
                            "%s: %s lacks a branch; expected two. Export the model again."
                                .formatted(model.source(), node.describe())));
        String prefix = "taken" + (alreadyInlined + places) + "/";
        editor.replaceNode(node, body(editor, node, branch, prefix));
        places++;
      }
    }
    return new Rewrite(places == 0 ? model : editor.pruneUnreachable().build(), places);
  }

  private static Map<String, long[]> sizesWithoutBatch(Graph graph) {
    Map<String, long[]> sizes = new HashMap<>();
    for (ValueInfo input : graph.inputs()) {
      long[] known = TensorFacts.of(input).dimensions();
      if (known != null && known.length > 0) {
        long[] shape = known.clone();
        shape[0] = TensorFacts.UNKNOWN;
        sizes.put(input.name(), shape);
      }
    }
    return sizes;
  }

  private static Optional<Boolean> condition(Graph graph, ShapeInference shapes, String tensor) {
    Optional<OnnxTensor> constant = graph.constant(tensor);
    if (constant.isPresent() && constant.get().elementCount() == 1) {
      return Optional.of(constant.get().toLongs()[0] != 0);
    }
    long[] values = shapes.facts(tensor).values();
    return values != null && values.length == 1 && values[0] != TensorFacts.UNKNOWN
        ? Optional.of(values[0] != 0)
        : Optional.empty();
  }

  /** The branch's nodes under names of their own, ending in the names of the If's outputs. */
  private static Node[] body(ModelEditor editor, Node node, Graph branch, String prefix) {
    Set<String> inner = new HashSet<>(branch.initializers().keySet());
    branch.nodes().forEach(each -> inner.addAll(each.outputs()));
    inner.remove("");
    Map<String, String> names = new LinkedHashMap<>();
    inner.forEach(name -> names.put(name, editor.freshName(prefix + name)));
    branch
        .initializers()
        .forEach(
            (name, tensor) ->
                editor.setInitializer(tensor.renamed(names.getOrDefault(name, name))));
    List<Node> nodes = new ArrayList<>();
    for (Node each : branch.nodes()) {
      Node renamed = each;
      for (Map.Entry<String, String> name : names.entrySet()) {
        renamed = renamed.renaming(name.getKey(), name.getValue());
      }
      nodes.add(each.name().isEmpty() ? renamed : renamed.withName(prefix + each.name()));
    }
    for (int i = 0; i < node.outputs().size(); i++) {
      if (!node.output(i).isEmpty()) {
        String given = branch.outputs().get(i).name();
        nodes.add(
            Node.of(
                "Identity", List.of(names.getOrDefault(given, given)), List.of(node.output(i))));
      }
    }
    return nodes.toArray(Node[]::new);
  }
}
