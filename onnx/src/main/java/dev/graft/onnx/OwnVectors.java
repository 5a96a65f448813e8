package dev.graft.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Gives every layer vectors (biases, norm scales) of its own.
 *
 * <p>Exporters store equal vectors once, although the layers had one each: training the copy of a
 * late layer would change early, frozen ones. Matrices stay shared, for those are tied on purpose.
 * A vector that an Identity passes on gets the Identity's output as its name, which is the name
 * before the export; any other copy is named after the node that reads it.
 */
record OwnVectors() implements GraphPass {
  @Override
  public String name() {
    return "own vectors";
  }

  @Override
  public String purpose() {
    return "vectors that the exporter stored once for several layers are stored for each";
  }

  @Override
  public Rewrite apply(OnnxModel model) {
    ModelEditor editor = model.edit();
    Graph graph = model.graph();
    int places = 0;
    for (Node node : graph.nodes()) {
      OnnxTensor stored = graph.initializers().get(node.input(0));
      if (node.is("Identity")
          && stored != null
          && isVector(stored)
          && !graph.isOutput(node.output(0))) {
        editor.removeNode(node).setInitializer(stored.renamed(node.output(0)));
        places++;
      }
    }
    OnnxModel named = places == 0 ? model : editor.pruneUnreachable().build();
    Rewrite rewrite = separated(named);
    return new Rewrite(rewrite.model(), rewrite.places() + places);
  }

  private static Rewrite separated(OnnxModel model) {
    ModelEditor editor = model.edit();
    int places = 0;
    Set<String> trainable = new HashSet<>(Layers.trainableTensors(model));
    for (OnnxTensor tensor : model.graph().initializers().values()) {
      List<Node> readers = model.graph().consumers(tensor.name());
      if (trainable.contains(tensor.name()) && isVector(tensor)) {
        for (Node reader : readers.subList(Math.min(1, readers.size()), readers.size())) {
          String copy = editor.freshName(tensor.name() + "_of_" + reader.output(0));
          List<String> inputs = new ArrayList<>(reader.inputs());
          inputs.replaceAll(input -> input.equals(tensor.name()) ? copy : input);
          editor.setInitializer(tensor.renamed(copy));
          editor.replaceNode(reader, reader.withInputs(inputs));
          places++;
        }
      }
    }
    return places == 0 ? new Rewrite(model, 0) : new Rewrite(editor.build(), places);
  }

  private static boolean isVector(OnnxTensor tensor) {
    return tensor.type().isFloating()
        && tensor.elementCount() > 1
        && Arrays.stream(tensor.shape()).filter(size -> size > 1).count() == 1;
  }
}
