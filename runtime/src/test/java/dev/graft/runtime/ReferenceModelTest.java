package dev.graft.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("reference-data")
class ReferenceModelTest {

  private static final InferenceOptions OPTIONS = InferenceOptions.defaults();

  /**
   * Expected: Python onnxruntime 1.30.0 on the same file; value i of the input is ((7 i i + 31 i)
   * mod 256) / 128 - 1.
   */
  @Test
  void run_mobileNet_givesTheLogitsOfThePythonRuntime() {
    float[] pixels = new float[3 * 224 * 224];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = ((7L * i * i + 31L * i) & 255) / 128f - 1;
    }
    try (InferenceSession session =
        InferenceSession.open(model("mobilenetv2-1.0-imagenet.onnx"), OPTIONS)) {
      TensorValue input = TensorValue.ofFloats(pixels, 1, 3, 224, 224);
      float[] logits = TestBundles.floats(session.run(Map.of("input", input)), "output");
      assertThat(logits).hasSize(1000);
      float[] expected = {-3.3454118f, -3.6824026f, -5.6585565f};
      assertThat(List.of(logits[0], logits[1], logits[2]))
          .zipSatisfy(
              List.of(expected[0], expected[1], expected[2]),
              (found, wanted) -> assertThat(found).isCloseTo(wanted, within(1e-3f)));
      assertThat(logits[794]).isCloseTo(14.5518f, within(1e-3f));
      assertThat(logits[490]).isCloseTo(13.9512f, within(1e-3f));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mobilenetv2-1.0-imagenet-int8.onnx",
        "mobilenetv2-0.35-imagenet-headless.onnx",
        "speech-embedding.onnx",
        "speech-embedding-mel-spectrogram.onnx",
      })
  void open_everySharedModel_describesInputsAndOutputs(String file) {
    try (InferenceSession session = InferenceSession.open(model(file), OPTIONS)) {
      assertThat(session.inputs())
          .isNotEmpty()
          .allSatisfy(input -> assertThat(input.kind()).isEqualTo(TensorKind.REAL));
      assertThat(session.outputs())
          .isNotEmpty()
          .allSatisfy(output -> assertThat(output.kind()).isEqualTo(TensorKind.REAL));
    }
  }

  private static Path model(String name) {
    Path shared = Path.of(System.getProperty("graft.shared", "../shared"));
    assumeTrue(Files.isDirectory(shared), "reference data absent: " + shared);
    return shared.resolve("models").resolve(name);
  }
}
