package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModelSummaryTest {
  @ParameterizedTest
  @CsvSource({
    "FLOAT, -1 3 224 224, IMAGE",
    "FLOAT, -1 224 224 3, IMAGE",
    "UINT8, -1 224 224 3, IMAGE",
    "FLOAT, -1 1 28 28, IMAGE",
    "FLOAT, -1 1 -1 -1, IMAGE",
    "FLOAT, -1 28 28 1, IMAGE",
    "FLOAT, -1 76 32 1, SPECTROGRAM",
    "FLOAT, -1 1 128 1024, SPECTROGRAM",
    "FLOAT, -1 80 3000, SPECTROGRAM",
    "FLOAT, -1 -1, WAVEFORM",
    "FLOAT, -1 16000, WAVEFORM",
    "FLOAT, -1 1 16000, WAVEFORM",
    "INT64, -1 -1, TOKENS",
    "FLOAT, -1 30, OTHER",
    "BOOL, -1 30, OTHER"
  })
  void detect_inputShape_givesTheKind(ElementType type, String shape, InputKind expected) {
    long[] sizes = Arrays.stream(shape.split(" ")).mapToLong(Long::parseLong).toArray();
    OnnxModel model =
        GraphBuilder.named("kind")
            .input("x", type, Graphs.dims(sizes))
            .node("Identity", List.of("x"), "y")
            .output(ValueInfo.ofUnknownShape("y", type))
            .build(18);
    assertThat(InputKind.detect(model)).isEqualTo(expected);
  }

  @Test
  void of_smallClassifier_countsByHand() {
    ModelSummary summary =
        ModelSummary.of(Graphs.withGemmHead().output("logits", ElementType.FLOAT).build(18));
    assertThat(summary.parameterCount()).isEqualTo(108 + 4 + 20 + 5);
    assertThat(summary.trainableCount()).isEqualTo(137);
    // Conv: 4 x 6 x 6 outputs of 27 products; Gemm: 5 of 4.
    assertThat(summary.multiplyAdds()).hasValue(144 * 27 + 20);
    assertThat(summary.operators()).containsEntry("Conv", 1).containsEntry("Gemm", 1);
  }

  @Test
  @Tag("reference-data")
  void of_mobilenet_hasThePublishedFigures() {
    ModelSummary summary = ModelSummary.of(SharedModels.read(SharedModels.MOBILENET));
    // Sandler et al. 2018, table 4: 3.4M parameters, 300M multiply-adds; BatchNorm is folded here.
    assertThat(summary.trainableCount()).isEqualTo(3_487_816);
    assertThat(summary.multiplyAdds()).hasValue(300_774_272);
    assertThat(summary.inputKind()).isEqualTo(InputKind.IMAGE);
  }

  @Test
  @Tag("reference-data")
  void of_symbolicLength_needsAShapeForMultiplyAdds() {
    OnnxModel model = SharedModels.read(SharedModels.MEL);
    assertThat(ModelSummary.of(model).multiplyAdds()).isEmpty();
    // 97 frames of 257 x 512 products twice, and 257 x 32.
    assertThat(ModelSummary.of(model, Map.of("input", new long[] {1, 16000})).multiplyAdds())
        .hasValue(97L * 257 * (512 * 2 + 32));
    assertThat(InputKind.detect(SharedModels.read(SharedModels.TINYBERT)))
        .isEqualTo(InputKind.TOKENS);
    assertThat(InputKind.detect(SharedModels.read(SharedModels.WORD2VEC)))
        .isEqualTo(InputKind.TOKENS);
  }
}
