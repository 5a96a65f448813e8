package dev.graft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.graft.engine.FloatTensor;
import dev.graft.engine.Network;
import dev.graft.engine.Precision;
import dev.graft.onnx.Layers;
import dev.graft.onnx.OnnxModel;
import dev.graft.zoo.architecture.ImageTask;
import dev.graft.zoo.architecture.NormForm;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StepNetworkTest {
  private static final ImageTask SMALL = ImageTask.of(64, 10);
  private static final int ROWS = 2;

  @TempDir private Path work = Path.of("");

  @ParameterizedTest
  @CsvSource({
    "RESNET18, FOLDED",
    "RESNET18, BATCH_NORM",
    "RESNET50, FOLDED",
    "RESNET50, BATCH_NORM",
    "VIT_S, FOLDED"
  })
  void model_generatedNetwork_computesWhatOnnxRuntimeDoes(StepNetwork network, NormForm norms)
      throws OrtException {
    Path file = work.resolve("network.onnx");
    network.model(norms, SMALL).write(file);
    FloatTensor images = images();
    float[] graft;
    try (Network engine = Network.load(OnnxModel.read(file), Precision.FP32)) {
      graft = engine.run(images).values();
    }
    FloatBuffer buffer = PlainOnnxRuntime.directFloats(images.values().length).put(images.values());
    try (OrtSession session = PlainOnnxRuntime.open(file)) {
      float[][] expected = PlainOnnxRuntime.run(session, buffer, ROWS, SMALL.side().getAsInt());
      for (int i = 0; i < graft.length; i++) {
        float value = expected[i / SMALL.classes()][i % SMALL.classes()];
        // Relative to the size of the logits: sums of up to 4,608 products in another order.
        assertThat(graft[i])
            .as("logit %d", i)
            .isCloseTo(value, Offset.offset(1e-4f * size(expected)));
      }
    }
  }

  private static float size(float[][] logits) {
    float largest = 0;
    for (float[] row : logits) {
      for (float value : row) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    return largest;
  }

  private static FloatTensor images() {
    float[] pixels = new float[ROWS * 3 * SMALL.side().getAsInt() * SMALL.side().getAsInt()];
    SplittableRandom random = new SplittableRandom(6);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return new FloatTensor(pixels, ROWS, 3, SMALL.side().getAsInt(), SMALL.side().getAsInt());
  }

  @Test
  void model_transformer_trainsItsClassTokenToo() {
    OnnxModel model = StepNetwork.VIT_S.model(NormForm.FOLDED, SMALL);
    assertThat(Layers.trainableTensors(model))
        .contains("embeddings.cls_token", "embeddings.position_embeddings");
  }

  // 1.8 and 4.1 thousand millions (torchvision), 4.6 (DeiT) with the products of the attention.
  @Test
  void multiplyAdds_ofTheGeneratedNetworks_areThePublishedOnes() {
    assertThat(StepNetwork.RESNET18.multiplyAdds()).isEqualTo(1_814_073_344);
    assertThat(StepNetwork.RESNET50.multiplyAdds()).isEqualTo(4_089_184_256L);
    assertThat(StepNetwork.VIT_S.multiplyAdds()).isBetween(4.5e9, 4.7e9);
  }
}
