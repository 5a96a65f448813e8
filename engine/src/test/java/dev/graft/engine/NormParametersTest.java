package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.onnx.ElementType;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;

/** Scales and biases of norms are known whatever the exporter made of the norm. */
class NormParametersTest {
  private static final int WIDTH = 6;

  @Test
  void weights_layerNormInSingleOperators_areKnown() {
    GraphLayers net = GraphLayers.ofSound("decomposed", 1, WIDTH);
    String mean = average(net, "waveform", "mean");
    String centred = net.node("Sub", "waveform", mean);
    String squares = net.node("Pow", centred, net.scalar("two", 2));
    String variance = average(net, squares, "variance");
    String shifted = net.node("Add", variance, net.scalar("epsilon", 1e-5f));
    String normal = net.node("Div", centred, net.node("Sqrt", shifted));
    String scaled = net.node("Mul", normal, net.uniform("gamma", 0.7, 1.3, WIDTH));
    String x = net.node("Add", scaled, net.bias("beta", WIDTH));
    assertThat(weights(net.classifier(3, x, WIDTH))).containsExactlyInAnyOrder("gamma", "beta");
  }

  private static String average(GraphLayers net, String x, String name) {
    return net.node(
        Node.of("ReduceMean", List.of(x, net.longs(name + ".axes", -1)), List.of(name))
            .withInteger("keepdims", 1));
  }

  @Test
  void weights_widenedScale_isKnownByItsStoredName() {
    GraphLayers net = GraphLayers.ofSound("widened", 1, WIDTH);
    String wide =
        net.node(
            Node.of("Cast", List.of(net.uniform("gamma", 0.7, 1.3, WIDTH)), List.of("wide"))
                .withInteger("to", ElementType.FLOAT.onnxCode()));
    String x =
        net.node(
            Node.of("LayerNormalization", List.of("waveform", wide), List.of("norm"))
                .withInteger("axis", -1));
    assertThat(weights(net.classifier(3, x, WIDTH))).containsExactly("gamma");
  }

  @Test
  void weights_convolutionAndLinear_areNone() {
    OnnxModel model = TestGraphs.mobile();
    assertThat(weights(model)).isEmpty();
  }

  /** Those among the weights that train. */
  private static Set<String> weights(OnnxModel model) {
    Set<String> trainable = Set.copyOf(TestTraining.trainable(model));
    try (PointerScope scope = new PointerScope();
        Program program = ProgramBuilder.build(model, Precision.BF16, trainable)) {
      Set<String> found =
          new TreeSet<>(
              NormParameters.weights(program.steps().stream().map(Program.Step::node).toList()));
      found.retainAll(trainable);
      return found;
    }
  }
}
