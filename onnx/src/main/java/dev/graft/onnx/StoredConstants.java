package dev.graft.onnx;

import java.util.Optional;

/**
 * Stores float tensors of more than one element that stand in Constant nodes as initialisers of the
 * same name, so that they can be trained and replaced by name.
 */
record StoredConstants() implements GraphPass {
  @Override
  public String name() {
    return "constants";
  }

  @Override
  public String purpose() {
    return "weights in Constant nodes become stored tensors of the same name";
  }

  @Override
  public Rewrite apply(OnnxModel model) {
    ModelEditor editor = model.edit();
    int places = 0;
    for (Node node : model.graph().nodes()) {
      if (node.is("Constant")) {
        Optional<OnnxTensor> value = model.graph().constant(node.output(0));
        if (value.isPresent()
            && value.get().type().isFloating()
            && value.get().elementCount() > 1) {
          editor.removeNode(node).setInitializer(value.get().renamed(node.output(0)));
          places++;
        }
      }
    }
    return places == 0 ? new Rewrite(model, 0) : new Rewrite(editor.build(), places);
  }
}
