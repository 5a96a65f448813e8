package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import dev.graft.onnx.TextTensors;
import java.util.List;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which precision is chosen, and what bf16 may not break. */
class PrecisionTest {

  // Processor

  @ParameterizedTest
  @ValueSource(
      strings = {
        "flags\t\t: fpu avx2 avx512_bf16 clzero",
        "flags\t\t: fpu amx_bf16 avx512_fp16 amx_tile"
      })
  void flagsContain_unitsForBrainFloats_true(String line) {
    assertThat(Processor.flagsContain(List.of("processor\t: 0", line))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"flags\t\t: fpu avx2 avx512f avx512_vnni", "model name\t: avx512_bf16", "flags"})
  void flagsContain_noSuchUnits_false(String line) {
    assertThat(Processor.flagsContain(List.of(line, ""))).isFalse();
  }

  @Test
  void flagsContain_flagNamedTwice_true() {
    assertThat(Processor.flagsContain(List.of("flags : fpu fpu avx512_bf16"))).isTrue();
  }

  // PrecisionProof

  @Test
  void of_wellBehavedNetwork_choosesWhatTheProcessorIsGoodAt() {
    FloatTensor examples = TestTensors.noise(3, 4, 3, TestGraphs.SIDE, TestGraphs.SIDE);
    PrecisionProof proof = PrecisionProof.of(TestGraphs.residual(), examples);
    if (Processor.hasBrainFloatUnits()) {
      assertThat(proof.precision()).isEqualTo(Precision.BF16);
      assertThat(proof.cosine()).isBetween(PrecisionProof.LEAST_COSINE, 1.0);
      assertThat(proof.reason()).startsWith("bf16: features agree with fp32 (cosine 0.99");
    } else {
      assertThat(proof.precision()).isEqualTo(Precision.FP32);
      assertThat(proof.reason()).isEqualTo("fp32: this processor has no units for bf16");
    }
  }

  @Test
  void of_differencesOfLargeNumbers_staysInFp32() {
    // y = (1000 + x W) - 1000: what bf16 keeps of 1000 + xW has steps of 4.
    OnnxModel model =
        GraphBuilder.named("cancellation")
            .input("x", ElementType.FLOAT, Dimension.named("N"), Dimension.of(4))
            .initializer(OnnxTensor.ofFloats("w", TestTensors.noise(1, 4, 8).values(), 4, 8))
            .initializer(OnnxTensor.ofFloats("large", new float[] {1000}))
            .node("MatMul", List.of("x", "w"), "p")
            .node("Add", List.of("p", "large"), "a")
            .node("Sub", List.of("a", "large"), "y")
            .output("y", ElementType.FLOAT, Dimension.named("N"), Dimension.of(8))
            .build(18);
    PrecisionProof proof = PrecisionProof.of(model, TestTensors.noise(2, 3, 4));
    assertThat(proof.precision()).isEqualTo(Precision.FP32);
    if (Processor.hasBrainFloatUnits()) {
      assertThat(proof.cosine()).isLessThan(PrecisionProof.LEAST_COSINE);
      assertThat(proof.reason()).startsWith("fp32: in bf16 the features would differ (cosine 0");
    }
  }

  @Test
  void leastCosine_severalRows_isTheWorst() {
    FloatTensor left = new FloatTensor(new float[] {1, 0, 1, 1, 0, 0}, 3, 2);
    FloatTensor right = new FloatTensor(new float[] {2, 0, 1, 0, 0, 0}, 3, 2);
    assertThat(PrecisionProof.leastCosine(left, right)).isCloseTo(Math.sqrt(0.5), within(1e-12));
  }

  @Test
  void leastCosine_notANumber_isMinusOne() {
    FloatTensor left = new FloatTensor(new float[] {1, 2}, 1, 2);
    FloatTensor right = new FloatTensor(new float[] {1, Float.NaN}, 1, 2);
    assertThat(PrecisionProof.leastCosine(left, right)).isEqualTo(-1);
  }

  // Mask fills

  @ParameterizedTest
  @ValueSource(floats = {-3.4028235e38f, Float.NEGATIVE_INFINITY})
  void run_maskFillInBf16_givesProbabilitiesAndNoNan(float fill) {
    // softmax(where(x > 0, x, fill)): the masked places get 0, the others share 1.
    OnnxModel model =
        GraphBuilder.named("mask")
            .input("x", ElementType.FLOAT, Dimension.named("N"), Dimension.of(6))
            .initializer(OnnxTensor.ofFloats("zero", new float[] {0}))
            .initializer(OnnxTensor.ofFloats("fill", new float[] {fill}))
            .node("Greater", List.of("x", "zero"), "open")
            .node("Where", List.of("open", "x", "fill"), "masked")
            .node(Node.of("Softmax", List.of("masked"), List.of("y")).withInteger("axis", -1))
            .output("y", ElementType.FLOAT, Dimension.named("N"), Dimension.of(6))
            .build(18);
    FloatTensor input = new FloatTensor(new float[] {1, -1, 1, -1, -1, -1}, 1, 6);
    try (Network network = Network.load(model, Precision.BF16)) {
      assertThat(network.run(input).values()).containsExactly(0.5f, 0, 0.5f, 0, 0, 0);
    }
  }

  @Test
  void run_additiveMaskMadeByTheGraphInBf16_equalsOnnxRuntime() throws Exception {
    // (1 - mask) * -3.4e38 + x W, as BERT exports write it; the mask comes from a comparison.
    OnnxModel model =
        GraphBuilder.named("additive-mask")
            .input("x", ElementType.FLOAT, Dimension.named("N"), Dimension.of(6))
            .initializer(OnnxTensor.ofFloats("zero", new float[] {0}))
            .initializer(OnnxTensor.ofFloats("one", new float[] {1}))
            .initializer(OnnxTensor.ofFloats("fill", new float[] {-Float.MAX_VALUE}))
            .initializer(OnnxTensor.ofFloats("w", TestTensors.noise(1, 6, 6).values(), 6, 6))
            .initializer(OnnxTensor.ofFloats("v", TestTensors.noise(2, 6, 4).values(), 6, 4))
            .node("Greater", List.of("x", "zero"), "open")
            .node(
                Node.of("Cast", List.of("open"), List.of("mask"))
                    .withInteger("to", ElementType.FLOAT.onnxCode()))
            .node("Sub", List.of("one", "mask"), "closed")
            .node("Mul", List.of("closed", "fill"), "bias")
            .node("MatMul", List.of("x", "w"), "scores")
            .node("Add", List.of("scores", "bias"), "masked")
            .node(Node.of("Softmax", List.of("masked"), List.of("p")).withInteger("axis", -1))
            .node("MatMul", List.of("p", "v"), "y")
            .output("y", ElementType.FLOAT, Dimension.named("N"), Dimension.of(4))
            .build(18);
    FloatTensor input = TestTensors.noise(4, 5, 6);
    try (Network network = Network.load(model, Precision.BF16)) {
      double error = TestTensors.relativeError(network.run(input), OnnxRuntime.run(model, input));
      assertThat(error).isLessThan(1e-2);
    }
  }

  @Test
  void run_attentionUnderTheLowestMaskInBf16_equalsOnnxRuntime() throws Exception {
    // The second query sees nothing: its row is all -3.4e38, and must not become NaN.
    float low = -Float.MAX_VALUE;
    float[] mask = {0, low, 0, low, low, low, 0, 0, low};
    OnnxModel model =
        GraphBuilder.named("attention")
            .input(
                "x",
                ElementType.FLOAT,
                Dimension.named("N"),
                Dimension.of(2),
                Dimension.of(3),
                Dimension.of(4))
            .initializer(OnnxTensor.ofFloats("scale", new float[] {0.5f}))
            .initializer(OnnxTensor.ofFloats("mask", mask, 1, 1, 3, 3))
            .node(
                Node.of("Transpose", List.of("x"), List.of("key")).withIntegers("perm", 0, 1, 3, 2))
            .node("MatMul", List.of("x", "key"), "products")
            .node("Mul", List.of("products", "scale"), "scores")
            .node("Add", List.of("scores", "mask"), "masked")
            .node(Node.of("Softmax", List.of("masked"), List.of("p")).withInteger("axis", -1))
            .node("MatMul", List.of("p", "x"), "y")
            .output(
                "y",
                ElementType.FLOAT,
                Dimension.named("N"),
                Dimension.of(2),
                Dimension.of(3),
                Dimension.of(4))
            .build(18);
    FloatTensor input = TestTensors.noise(6, 2, 2, 3, 4);
    FloatTensor expected = OnnxRuntime.run(model, input);
    try (Network exact = Network.load(model, Precision.FP32);
        Network narrow = Network.load(model, Precision.BF16)) {
      assertThat(TestTensors.relativeError(exact.run(input), expected)).isLessThan(1e-5);
      assertThat(TestTensors.relativeError(narrow.run(input), expected)).isLessThan(2e-2);
    }
  }

  // Rounding

  @Test
  void round_valuesBeyondTheRange_becomeTheLargest() {
    Libtorch.load();
    try (PointerScope scope = new PointerScope()) {
      Tensor floats = Tensor.create(Float.MAX_VALUE, Float.NEGATIVE_INFINITY, 1 + 0x1p-8f);
      float[] rounded = NativeTensors.toJava(BrainFloats.round(floats)).values();
      // 1 + 2^-8 lies between two bf16 values and goes to the even one.
      assertThat(rounded).containsExactly(3.3895314e38f, -3.3895314e38f, 1f);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void roundFilters_anyWeights_keepsSumsAndStaysNear(long seed) {
    Libtorch.load();
    int filters = 16;
    FloatTensor weight = TestTensors.noise(seed, filters, 2, 3, 3);
    try (PointerScope scope = new PointerScope()) {
      float[] rounded =
          NativeTensors.toJava(BrainFloats.roundFilters(NativeTensors.of(weight))).values();
      for (int filter = 0; filter < filters; filter++) {
        double sum = 0;
        double smallest = 1;
        for (int i = filter * 18; i < (filter + 1) * 18; i++) {
          double exact = weight.values()[i];
          sum += rounded[i] - exact;
          smallest = Math.min(smallest, Math.abs(exact));
          // Half a step of its own, and half a step of a weight up to one exponent above.
          assertThat(rounded[i]).isCloseTo((float) exact, within(0x1p-8f));
        }
        // Half a step of the smallest weight, whatever exponent the taken-over error gave it.
        assertThat(Math.abs(sum)).as("seed %d, filter %d", seed, filter).isLessThan(0x1p-9);
        assertThat(Math.abs(sum)).isLessThan(Math.max(smallest, 0x1p-8) * 0x1p-7);
      }
    }
  }

  // Numbers of tokens

  @Test
  void step_brainFloats_readsTheVeryTokens() {
    OnnxModel model =
        GraphBuilder.named("texts")
            .input(
                TextTensors.TOKENS, ElementType.FLOAT, Dimension.named("N"), Dimension.named("T"))
            .initializer(OnnxTensor.ofFloats("table", new float[3_000], 1_000, 3))
            .initializer(OnnxTensor.ofLongs("tokens", new long[] {1}, 1))
            .node(
                Node.of("Cast", List.of(TextTensors.TOKENS), List.of("ids"))
                    .withInteger("to", ElementType.INT64.onnxCode()))
            .node("Gather", List.of("table", "ids"), "vectors")
            .node(
                Node.of("ReduceMean", List.of("vectors", "tokens"), List.of("logits"))
                    .withInteger("keepdims", 0))
            .output("logits", ElementType.FLOAT, Dimension.named("N"), Dimension.of(3))
            .build(18);
    TrainingOptions options =
        TestTraining.of(List.of("table"), new OptimizerSettings.Sgd(1, 0, false), Precision.BF16);
    try (TrainingSession session = TrainingSession.open(model, options)) {
      session.step(new FloatTensor(new float[] {999, 998}, 1, 2), new int[] {2}, 1);
      float[] table = Objects.requireNonNull(session.weights().get("table"));
      for (int token = 0; token < 1_000; token++) {
        assertThat(table[3 * token + 2] > 0).as("token %d", token).isEqualTo(token >= 998);
      }
    }
  }
}
