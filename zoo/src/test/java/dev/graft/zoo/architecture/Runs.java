package dev.graft.zoo.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.graft.onnx.OnnxModel;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.SplittableRandom;

/** Runs of built networks in ONNX Runtime. */
final class Runs {
  private Runs() {}

  /** Two images give different logits, all finite. */
  static float[][] assertTellsApart(OnnxModel model, int side) throws OrtException {
    float[][] logits = logits(model, noise(2, side), side);
    assertThat(logits).as(model.source() + " at " + side + " pixels").hasDimensions(2, 10);
    assertThat(logits[0]).isNotEqualTo(logits[1]);
    for (float value : logits[0]) {
      assertThat(value).isFinite();
    }
    return logits;
  }

  /** The same, and the logits are of a size that neither vanished nor exploded. */
  static void assertCarriesSignals(OnnxModel model, int side) throws OrtException {
    double squares = 0;
    for (float value : assertTellsApart(model, side)[0]) {
      squares += (double) value * value;
    }
    assertThat(Math.sqrt(squares / 10))
        .as(model.source() + " at " + side + " pixels")
        .isBetween(1e-2, 1e2);
  }

  /** The pixels of so many images: normal, mean 0, variance 1. */
  static float[] noise(int rows, int side) {
    float[] pixels = new float[rows * 3 * side * side];
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return pixels;
  }

  /** The logits [rows, classes] of images [rows, 3, side, side]. */
  static float[][] logits(OnnxModel model, float[] pixels, int side) throws OrtException {
    long rows = pixels.length / (3L * side * side);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(model.toBytes());
        var tensor =
            ai.onnxruntime.OnnxTensor.createTensor(
                environment, FloatBuffer.wrap(pixels), new long[] {rows, 3, side, side});
        OrtSession.Result result = session.run(Map.of("image", tensor))) {
      return (float[][]) result.get(0).getValue();
    }
  }
}
