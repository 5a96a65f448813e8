package dev.graft.onnx;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Turns a quantised graph into an ordinary one with FLOAT weights.
 *
 * <p>Dynamic quantisation computes
 *
 * <pre>y = Cast(ConvInteger(q(x), W, zx, zw)) * (scale_x * scale_w)</pre>
 *
 * which approximates {@code Conv(x, (W - zw) * scale_w)}; the latter is what is left here, and
 * likewise for MatMulInteger. Of QuantizeLinear and DequantizeLinear pairs, those on weights are
 * computed and those on activations dropped.
 */
final class QuantisationRemoval {
  private static final Set<String> QUANTISED =
      Set.of(
          "ConvInteger",
          "MatMulInteger",
          "QLinearConv",
          "QLinearMatMul",
          "DynamicQuantizeLinear",
          "QuantizeLinear",
          "DequantizeLinear");

  private OnnxModel model;
  private int places;

  private QuantisationRemoval(OnnxModel model) {
    this.model = model;
  }

  /** The step of preparation. */
  record Pass() implements GraphPass {
    @Override
    public String name() {
      return "quantisation";
    }

    @Override
    public String purpose() {
      return "quantised weights become real ones, and steps that only quantise are dropped";
    }

    @Override
    public Rewrite apply(OnnxModel model) {
      return QuantisationRemoval.apply(model);
    }
  }

  static GraphPass.Rewrite apply(OnnxModel model) {
    if (model.graph().nodes().stream().noneMatch(QuantisationRemoval::isQuantised)) {
      return new GraphPass.Rewrite(model, 0);
    }
    QuantisationRemoval removal = new QuantisationRemoval(model);
    removal.integerOperators();
    removal.weights();
    removal.activations();
    removal.refuseRemains();
    return new GraphPass.Rewrite(removal.model, removal.places);
  }

  private static boolean isQuantised(Node node) {
    return QUANTISED.contains(node.operator())
        || (!node.domain().isEmpty() && node.operator().startsWith("QLinear"));
  }

  private void integerOperators() {
    Graph graph = model.graph();
    ModelEditor editor = model.edit();
    for (Node node : graph.nodes()) {
      if (node.is("ConvInteger") || node.is("MatMulInteger")) {
        IntegerProduct.match(graph, node).ifPresent(product -> rewrite(editor, product));
      }
    }
    model = editor.pruneUnreachable().build();
  }

  private void rewrite(ModelEditor editor, IntegerProduct product) {
    places++;
    boolean convolution = product.node().is("ConvInteger");
    OnnxTensor quantised = product.weight();
    int axis = convolution ? 0 : quantised.rank() - 1;
    OnnxTensor real =
        Dequantizer.dequantized(quantised, product.scale(), product.zeroPoint(), axis);
    String plain = quantised.name().replaceFirst("_quantized$", "");
    String name = realName(editor, plain.isEmpty() ? "weight" : plain, quantised.name());
    editor.setInitializer(real.renamed(name));
    editor.removeNode(product.node()).removeNode(product.cast());
    editor.replaceNode(
        product.scaled(),
        product
            .node()
            .withOperator(convolution ? "Conv" : "MatMul")
            .withInputs(List.of(product.x(), name))
            .withOutputs(List.of(product.scaled().output(0))));
  }

  /** The weight's own name without its suffix where that is free, else a new one. */
  private static String realName(ModelEditor editor, String plain, String quantised) {
    return editor.freshName(plain.equals(quantised) ? plain + "_dequantized" : plain);
  }

  private void weights() {
    Graph graph = model.graph();
    ModelEditor editor = model.edit();
    for (Node node : graph.nodes()) {
      if (node.is("DequantizeLinear") && hasFloatScale(graph, node)) {
        Optional<OnnxTensor> stored = graph.constant(node.input(0));
        Optional<OnnxTensor> real =
            stored.flatMap(tensor -> Dequantizer.dequantized(graph, node, tensor));
        if (real.isPresent()) {
          places++;
          editor.removeNode(node).setInitializer(real.get().renamed(node.output(0)));
        }
      }
    }
    model = editor.pruneUnreachable().build();
  }

  private void activations() {
    Graph graph = model.graph();
    ModelEditor editor = model.edit();
    for (Node node : graph.nodes()) {
      Optional<Node> quantised =
          node.is("DequantizeLinear")
              ? graph.producer(node.input(0)).filter(producer -> producer.is("QuantizeLinear"))
              : Optional.empty();
      if (quantised.isPresent() && hasFloatScale(graph, node)) {
        places++;
        // An Identity keeps the tensor's name, which may be an output or a feature tensor.
        String x = quantised.get().input(0);
        editor.replaceNode(node, Node.of("Identity", List.of(x), List.of(node.output(0))));
      }
    }
    model = editor.pruneUnreachable().build();
  }

  private static boolean hasFloatScale(Graph graph, Node node) {
    return graph
        .constant(node.input(1))
        .filter(scale -> scale.type() == ElementType.FLOAT)
        .isPresent();
  }

  private void refuseRemains() {
    TreeSet<String> remains = new TreeSet<>();
    for (Node node : model.graph().nodes()) {
      if (isQuantised(node)) {
        remains.add(node.describe());
      }
    }
    if (!remains.isEmpty()) {
      throw new OnnxModelException(
          "%s: %d quantised operators cannot be turned into real ones: %s. Take the fp32 file of this model (model.onnx rather than model_quantized.onnx)."
              .formatted(
                  model.source(),
                  remains.size(),
                  String.join("; ", remains.stream().limit(5).toList())));
    }
  }
}
