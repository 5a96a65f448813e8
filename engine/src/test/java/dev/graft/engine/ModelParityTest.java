package dev.graft.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import dev.graft.onnx.UnsupportedOperatorsException;
import dev.graft.onnx.ValueInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every output of whole models is what ONNX Runtime computes in fp32, and a model that is read and
 * written again is the same model.
 */
class ModelParityTest {
  private static final double TOLERANCE = 1e-4;
  private static final double QUANTISED_TOLERANCE = 0.15;

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  private static OnnxModel family(String name) {
    return switch (name) {
      case "convnext" -> FamilyGraphs.convNext();
      case "distilbert" -> FamilyGraphs.distilBert();
      case "wav2vec2" -> FamilyGraphs.waveform();
      case "bert" -> SequenceGraphs.text();
      case "sound" -> SequenceGraphs.sound();
      default -> TestGraphs.of(name);
    };
  }

  private static OnnxModel shared(String file) {
    Path path = Path.of(System.getProperty("graft.shared"), "models").resolve(file);
    assumeTrue(Files.exists(path), "reference data absent: " + path);
    return OnnxModel.read(path);
  }

  // Forward

  @ParameterizedTest
  @ValueSource(
      strings = {
        "resnet",
        "efficientnet",
        "mobilenetv3",
        "vit",
        "convnext",
        "bert",
        "distilbert",
        "sound",
        "wav2vec2"
      })
  void run_family_equalsOnnxRuntime(String name) throws Exception {
    OnnxModel model = family(name);
    for (int examples : new int[] {1, 3}) {
      assertThat(worstError(model, model, inputs(model, examples, 5, 11))).isLessThan(TOLERANCE);
    }
  }

  /** Sizes that a file leaves free are given as examples and as a length. */
  @Tag("reference-data")
  @ParameterizedTest
  @CsvSource({
    "mobilenetv2-1.0-imagenet.onnx,2,0",
    "mobilenetv2-0.35-imagenet-headless.onnx,2,0",
    "speech-embedding.onnx,3,0",
    "speech-embedding-mel-spectrogram.onnx,1,8000",
    "word2vec-8k/model.onnx,3,9",
    "tinybert/tinybert.onnx,2,12",
  })
  void run_sharedModel_equalsOnnxRuntime(String file, int examples, int length) throws Exception {
    OnnxModel model = shared(file);
    Map<String, OnnxTensor> inputs = inputs(model, examples, length, 50);
    assertThat(worstError(model, model, inputs)).isLessThan(TOLERANCE);
  }

  /**
   * The real form of a quantised model is exact; against the quantised one itself the tolerance is
   * what rounding 53 activations to 8 bits each costs.
   */
  @Tag("reference-data")
  @Test
  void run_quantisedModel_equalsOnnxRuntimeOnItsRealForm() throws Exception {
    OnnxModel quantised = shared("mobilenetv2-1.0-imagenet-int8.onnx");
    OnnxModel real = quantised.dequantized();
    Map<String, OnnxTensor> inputs = inputs(quantised, 2, 0, 0);
    assertThat(worstError(real, real, inputs)).isLessThan(TOLERANCE);
    assertThat(worstError(quantised, real, inputs)).isLessThan(QUANTISED_TOLERANCE);
  }

  // Saved unchanged

  @ParameterizedTest
  @ValueSource(strings = {"resnet", "convnext", "distilbert", "wav2vec2"})
  void write_familyUnchanged_givesIdenticalOutputs(String name, @TempDir Path folder)
      throws Exception {
    OnnxModel model = family(name);
    checkSavedUnchanged(folder, model, inputs(model, 2, 5, 11));
  }

  @Tag("reference-data")
  @ParameterizedTest
  @CsvSource({
    "mobilenetv2-1.0-imagenet.onnx,1,0",
    "mobilenetv2-1.0-imagenet-int8.onnx,1,0",
    "mobilenetv2-0.35-imagenet-headless.onnx,1,0",
    "speech-embedding.onnx,1,0",
    "speech-embedding-mel-spectrogram.onnx,1,8000",
    "word2vec-8k/model.onnx,1,9",
    "tinybert/tinybert.onnx,1,12",
  })
  void write_sharedModelUnchanged_givesIdenticalOutputs(
      String file, int examples, int length, @TempDir Path folder) throws Exception {
    OnnxModel model = shared(file);
    checkSavedUnchanged(folder, model, inputs(model, examples, length, 50));
  }

  private static void checkSavedUnchanged(
      Path folder, OnnxModel model, Map<String, OnnxTensor> inputs) throws Exception {
    UnknownFieldSet unknown =
        UnknownFieldSet.newBuilder()
            .addField(
                4711,
                UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(ByteString.copyFromUtf8("of a later version"))
                    .build())
            .build();
    ModelProto.Builder future =
        ModelProto.parseFrom(model.toBytes()).toBuilder().setUnknownFields(unknown);
    future.getGraphBuilder().getNodeBuilder(0).setUnknownFields(unknown);
    Path before = folder.resolve("before.onnx");
    Path after = folder.resolve("after.onnx");
    Files.write(before, future.build().toByteArray());
    OnnxModel.read(before).write(after);
    assertThat(ModelProto.parseFrom(Files.readAllBytes(after))).isEqualTo(future.build());
    Map<String, FloatTensor> expected = OnnxRuntime.runAll(Files.readAllBytes(before), inputs);
    Map<String, FloatTensor> actual = OnnxRuntime.runAll(OnnxModel.read(after).toBytes(), inputs);
    assertThat(actual.keySet()).isEqualTo(expected.keySet()).isNotEmpty();
    actual.forEach(
        (name, output) ->
            assertThat(output.values()).as(name).containsExactly(get(expected, name).values()));
  }

  // Operators that are not known

  @Test
  void load_severalUnknownOperators_namesAllWithOpset() throws Exception {
    ModelProto.Builder proto = ModelProto.parseFrom(TestGraphs.residual().toBytes()).toBuilder();
    proto.getGraphBuilder().getNodeBuilder(1).setOpType("Loop");
    proto.getGraphBuilder().getNodeBuilder(3).setOpType("Frobnicate");
    proto.getGraphBuilder().getNodeBuilder(4).setOpType("Relu").setDomain("com.example");
    OnnxModel model = OnnxModel.parse(proto.build().toByteArray(), "strange.onnx");
    assertThatThrownBy(() -> Network.load(model, Precision.FP32))
        .isInstanceOf(UnsupportedOperatorsException.class)
        .hasMessageContainingAll(
            "strange.onnx", "opset 18", "Frobnicate, Loop, com.example.Relu", "3 operators");
  }

  // Tools

  /** Seeded values; whole numbers stay below the vocabulary, and masks hide the last element. */
  private static Map<String, OnnxTensor> inputs(
      OnnxModel model, int examples, int length, int vocabulary) {
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    for (ValueInfo input : model.graph().inputs()) {
      long[] shape = new long[input.rank()];
      for (int axis = 0; axis < shape.length; axis++) {
        long free = axis == 0 ? examples : length;
        shape[axis] = input.size(axis) > 0 ? input.size(axis) : free;
      }
      inputs.put(
          input.name(),
          input.type().isFloating()
              ? OnnxTensor.ofFloats("x", TestTensors.noise(7, shape).values(), shape)
              : wholes(input.name(), vocabulary, shape));
    }
    return inputs;
  }

  private static OnnxTensor wholes(String name, int vocabulary, long... shape) {
    SplittableRandom random = new SplittableRandom(name.hashCode());
    long[] values = new long[(int) (shape[0] * shape[1])];
    for (int i = 0; i < values.length; i++) {
      boolean last = i % shape[1] == shape[1] - 1;
      values[i] =
          name.endsWith("mask")
              ? (last ? 0 : 1)
              : name.contains("type") ? 0 : random.nextInt(vocabulary);
    }
    return OnnxTensor.ofLongs("x", values, shape);
  }

  private static FloatTensor get(Map<String, FloatTensor> outputs, String name) {
    return Objects.requireNonNull(outputs.get(name), name);
  }

  /** The largest relative error of any output. */
  private static double worstError(
      OnnxModel reference, OnnxModel model, Map<String, OnnxTensor> inputs) throws Exception {
    Map<String, FloatTensor> expected = OnnxRuntime.runAll(reference.toBytes(), inputs);
    double worst = 0;
    try (PointerScope scope = new PointerScope();
        AutoGradMode inference = new AutoGradMode(false);
        Program program = ProgramBuilder.build(model, Precision.FP32, Set.of())) {
      Map<String, Tensor> given = new LinkedHashMap<>();
      inputs.forEach((name, value) -> given.put(name, TensorFiles.toTensor(value)));
      List<Tensor> results = program.run(given, Program.Mode.INFERENCE, Program.Observer.NONE);
      assertThat(results).hasSameSizeAs(model.graph().outputs());
      for (int i = 0; i < results.size(); i++) {
        FloatTensor wanted = get(expected, model.graph().outputs().get(i).name());
        worst =
            Math.max(
                worst, TestTensors.relativeError(NativeTensors.toJava(results.get(i)), wanted));
      }
    }
    return worst;
  }
}
