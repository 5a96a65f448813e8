package dev.graft.onnx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Drops operators that hand their input on: Identity, Dropout of a graph for inference, casts
 * between float types of a run that has chosen its own.
 */
record StepRemoval() implements GraphPass {
  @Override
  public String name() {
    return "empty steps";
  }

  @Override
  public String purpose() {
    return "Identity, Dropout and casts between float types are dropped";
  }

  @Override
  public Rewrite apply(OnnxModel model) {
    Graph graph = model.graph();
    ShapeInference shapes = ShapeInference.of(graph);
    ModelEditor editor = model.edit();
    Map<String, String> handedOn = new HashMap<>();
    int places = 0;
    for (Node node : graph.nodes()) {
      if (isEmpty(graph, shapes, node)) {
        String source = handedOn.getOrDefault(node.input(0), node.input(0));
        handedOn.put(node.output(0), source);
        editor.removeNode(node).redirectConsumers(node.output(0), source);
        places++;
      }
    }
    return places == 0
        ? new Rewrite(model, 0)
        : new Rewrite(editor.pruneUnreachable().build(), places);
  }

  private static boolean isEmpty(Graph graph, ShapeInference shapes, Node node) {
    boolean handsOn =
        node.is("Identity")
            || (node.is("Dropout") && !mayTrain(graph, node))
            || (node.is("Cast") && isFloat(node, shapes));
    // The name of an output has to stay, and a mask that is read has to be computed.
    return handsOn
        && node.outputs().stream().noneMatch(graph::isOutput)
        && node.outputs().stream()
            .skip(1)
            .allMatch(output -> output.isEmpty() || graph.consumers(output).isEmpty());
  }

  private static boolean mayTrain(Graph graph, Node dropout) {
    return dropout.hasInput(2)
        && !graph
            .constant(dropout.input(2))
            .filter(mode -> mode.elementCount() == 1 && mode.toLongs()[0] == 0)
            .isPresent();
  }

  private static boolean isFloat(Node cast, ShapeInference shapes) {
    List<ElementType> narrow =
        List.of(ElementType.FLOAT, ElementType.FLOAT16, ElementType.BFLOAT16, ElementType.DOUBLE);
    return narrow.contains(ElementType.ofOnnxCode((int) cast.integer("to", 0)))
        && narrow.contains(shapes.facts(cast.input(0)).type());
  }
}
