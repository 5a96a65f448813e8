package dev.graft.onnx;

import java.util.List;
import java.util.Optional;

/**
 * One integer convolution or matrix product with the nodes around it that dynamic quantisation
 * writes.
 *
 * @param node the ConvInteger or MatMulInteger
 * @param x the real tensor that is quantised for it
 * @param weight the quantised weight
 * @param zeroPoint the weight's zero point
 * @param scale the weight's scale
 * @param cast the Cast of the product to FLOAT
 * @param scaled the Mul by both scales
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, never leaves the package.
record IntegerProduct(
    Node node,
    String x,
    OnnxTensor weight,
    long[] zeroPoint,
    float[] scale,
    Node cast,
    Node scaled) {

  static Optional<IntegerProduct> match(Graph graph, Node node) {
    Optional<Node> quantiser =
        graph.producer(node.input(0)).filter(producer -> producer.is("DynamicQuantizeLinear"));
    Optional<OnnxTensor> weight = graph.constant(node.input(1));
    Optional<OnnxTensor> zeroPoint =
        node.hasInput(3) ? graph.constant(node.input(3)) : Optional.empty();
    Optional<Node> cast = onlyConsumer(graph, node.output(0), "Cast");
    Optional<Node> scaled = cast.flatMap(c -> onlyConsumer(graph, c.output(0), "Mul"));
    boolean zeroPointUnknown = node.hasInput(3) && zeroPoint.isEmpty();
    if (quantiser.isEmpty() || weight.isEmpty() || scaled.isEmpty() || zeroPointUnknown) {
      return Optional.empty();
    }
    String scales = otherInput(scaled.get(), cast.orElseThrow().output(0));
    Optional<OnnxTensor> scale =
        graph
            .producer(scales)
            .filter(producer -> producer.is("Mul"))
            .filter(producer -> producer.inputs().contains(quantiser.get().output(1)))
            .flatMap(p -> graph.constant(otherInput(p, quantiser.get().output(1))));
    return scale.map(
        found ->
            new IntegerProduct(
                node,
                quantiser.get().input(0),
                weight.get(),
                zeroPoint.map(OnnxTensor::toLongs).orElse(new long[] {0}),
                found.toFloats(),
                cast.orElseThrow(),
                scaled.get()));
  }

  private static Optional<Node> onlyConsumer(Graph graph, String tensor, String operator) {
    List<Node> consumers = graph.consumers(tensor);
    return consumers.size() == 1 && consumers.get(0).is(operator) && !graph.isOutput(tensor)
        ? Optional.of(consumers.get(0))
        : Optional.empty();
  }

  private static String otherInput(Node node, String one) {
    return node.input(0).equals(one) ? node.input(1) : node.input(0);
  }
}
