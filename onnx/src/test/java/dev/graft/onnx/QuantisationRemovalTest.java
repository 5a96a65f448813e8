package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.onnx.Reference.Feed;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class QuantisationRemovalTest {
  private static OnnxTensor bytes(String name, byte[] values, long... shape) {
    return OnnxTensor.ofRaw(name, ElementType.INT8, ByteBuffer.wrap(values), shape);
  }

  private static OnnxModel dynamicMatMul(OnnxTensor scale, OnnxTensor zeroPoint) {
    return Graphs.withInput(-1, 2)
        .initializer(bytes("fc.weight_quantized", new byte[] {10, -20, 30, 40, 50, -60}, 2, 3))
        .initializer(scale)
        .initializer(zeroPoint)
        .node(Node.of("DynamicQuantizeLinear", List.of("x"), List.of("xq", "xs", "xz")))
        .node("MatMulInteger", List.of("xq", "fc.weight_quantized", "xz", "wz"), "integer")
        .node(Node.of("Cast", List.of("integer"), List.of("real")).withInteger("to", 1))
        .node("Mul", List.of("xs", "ws"), "scales")
        .node("Mul", List.of("real", "scales"), "y")
        .output(ValueInfo.ofUnknownShape("y", ElementType.FLOAT))
        .build(13);
  }

  @Test
  void dequantized_dynamicMatMul_becomesMatMulWithRealWeight() {
    OnnxModel model =
        dynamicMatMul(
            OnnxTensor.ofFloats("ws", new float[] {0.5f}, 1), bytes("wz", new byte[] {2}, 1));
    OnnxModel real = model.dequantized();
    assertThat(real.graph().nodes()).extracting(Node::operator).containsExactly("MatMul");
    assertThat(real.graph().initializers().keySet()).containsExactly("fc.weight");
    assertThat(real.graph().constant("fc.weight").orElseThrow().toFloats())
        .containsExactly(4, -11, 14, 19, 24, -31);
    // 8-bit activations: an error of half a step (range 2 / 255 / 2) times the summed weights.
    Reference.assertSameOutputs(model, real, Map.of("x", Feed.random(3, 4, 2)), 0.3f);
  }

  @Test
  void dequantized_scalePerColumn_isAppliedAlongTheLastAxis() {
    OnnxModel real =
        dynamicMatMul(
                OnnxTensor.ofFloats("ws", new float[] {1, 2, 3}, 3),
                bytes("wz", new byte[] {0, 0, 10}, 3))
            .dequantized();
    assertThat(real.graph().constant("fc.weight").orElseThrow().toFloats())
        .containsExactly(10, -40, 60, 40, 100, -210);
  }

  @Test
  void dequantized_scalesOfWrongLength_areNamed() {
    OnnxModel model =
        dynamicMatMul(
            OnnxTensor.ofFloats("ws", new float[] {1, 2}, 2), bytes("wz", new byte[] {0}, 1));
    assertThatThrownBy(model::dequantized)
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("has 2 scales; expected 1 or 3")
        .hasMessageContaining("fp32 file");
  }

  @Test
  void dequantized_quantiseDequantisePairs_leaveAnOrdinaryGraph() {
    OnnxModel model =
        Graphs.withInput(-1, 1, 3, 3)
            .initializer(bytes("wq", new byte[] {10, -20, 30, 40}, 2, 1, 1, 2))
            .initializer(OnnxTensor.ofFloats("ws", new float[] {0.5f, 0.25f}, 2))
            .initializer(bytes("wz", new byte[] {0, 0}, 2))
            .initializer(OnnxTensor.ofFloats("xs", new float[] {0.01f}))
            .initializer(bytes("xz", new byte[] {0}))
            .node("QuantizeLinear", List.of("x", "xs", "xz"), "xq")
            .node("DequantizeLinear", List.of("xq", "xs", "xz"), "xr")
            .node(
                Node.of("DequantizeLinear", List.of("wq", "ws", "wz"), List.of("w"))
                    .withInteger("axis", 0))
            .node("Conv", List.of("xr", "w"), "y")
            .output(ValueInfo.ofUnknownShape("y", ElementType.FLOAT))
            .build(13);
    OnnxModel real = model.dequantized();
    assertThat(real.graph().nodes()).extracting(Node::operator).containsExactly("Identity", "Conv");
    assertThat(real.graph().constant("w").orElseThrow().toFloats())
        .containsExactly(5, -10, 7.5f, 10);
    Reference.assertSameOutputs(model, real, Map.of("x", Feed.random(3, 1, 1, 3, 3)), 0.2f);
    assertThat(Layers.trainableTensors(real)).containsExactly("w");
  }

  @Test
  void dequantized_quantisedOperatorWithoutRealForm_isRefusedWithAdvice() {
    OnnxModel model =
        GraphBuilder.named("q")
            .input("x", ElementType.UINT8, Graphs.dims(-1, 2))
            .initializer(bytes("w", new byte[] {1, 2}, 2, 1))
            .node("MatMulInteger", List.of("x", "w"), "y")
            .output("y", ElementType.INT32)
            .build(13);
    assertThatThrownBy(model::dequantized)
        .isInstanceOf(OnnxModelException.class)
        .hasMessageContaining("MatMulInteger \"y\"")
        .hasMessageContaining("Take the fp32 file");
  }

  @Test
  void dequantized_ordinaryModel_isUntouched() {
    OnnxModel model = Graphs.withGemmHead().output("logits", ElementType.FLOAT).build(18);
    assertThat(model.dequantized()).isSameAs(model);
  }

  @Test
  @Tag("reference-data")
  void dequantized_realInt8Model_givesTheFp32ModelsOutputsAndHead() {
    OnnxModel real = SharedModels.read(SharedModels.MOBILENET_INT8).dequantized();
    OnnxModel fp32 = SharedModels.read(SharedModels.MOBILENET);
    Map<String, Feed> feeds = Map.of("input", Feed.random(5, 1, 3, 224, 224));
    float[] expected = Reference.run(fp32, feeds).get(0);
    float[] found = Reference.run(real, feeds).get(0);
    // The shared fp32 file was made from these very weights.
    assertThat(cosine(expected, found)).isCloseTo(1, Offset.offset(1e-6));
    LinearHead head = (LinearHead) HeadFinder.find(real, Optional.empty(), OptionalInt.empty());
    assertThat(head.weightName()).isEqualTo("classifier.1.weight");
    assertThat(head.features()).isEqualTo(1280);
  }

  private static double cosine(float[] a, float[] b) {
    double product = 0;
    double lengthA = 0;
    double lengthB = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      lengthA += (double) a[i] * a[i];
      lengthB += (double) b[i] * b[i];
    }
    return product / Math.sqrt(lengthA * lengthB);
  }
}
