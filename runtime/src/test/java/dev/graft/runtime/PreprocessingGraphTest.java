package dev.graft.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.data.image.ChannelOrder;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.data.image.ImagePreprocessor;
import dev.graft.data.image.Interpolation;
import dev.graft.data.image.PixelImage;
import dev.graft.data.image.Resize;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Preprocessing inside a model: what a bundle relies on ONNX Runtime for. */
class PreprocessingGraphTest {

  /**
   * Expected: Python onnxruntime 1.30.0 on the same graph (ONNX 1.19 helper) and the same pixels,
   * the values at 0, crop-1, crop*crop/2, crop*crop+1 and the end of [3, crop, crop], and the mean.
   */
  @ParameterizedTest
  @CsvSource({
    "37, 53, 16, 12, 100.898, 132.9667, 127.762, 156.9791, 142.0792, 126.8007",
    "5, 9, 16, 12, 175.084, 121.1191, 152.6855, 158.502, 104.1934, 134.3229",
    "16, 16, 16, 16, 0.0, 210.0, 128.0, 236.0, 232.0, 127.0",
    "300, 41, 16, 15, 81.129, 179.7316, 152.7867, 114.3653, 124.2648, 126.8666",
    "1, 3, 8, 7, 87.75, 164.125, 146.25, 174.125, 108.375, 137.8452",
    "16, 33, 16, 9, 114.0, 42.0, 170.0, 54.0, 104.0, 128.9547"
  })
  void run_resizeAndCropOfAnySize_equalsReference(
      int height,
      int width,
      int resize,
      int crop,
      double first,
      double endOfRow,
      double middle,
      double secondChannel,
      double last,
      double mean) {
    float[] found = run(height, width, resize, crop);
    assertThat(found).hasSize(3 * crop * crop);
    double sum = 0;
    for (float value : found) {
      sum += value;
    }
    double[] expected = {first, endOfRow, middle, secondChannel, last, mean};
    double[] actual = {
      found[0],
      found[crop - 1],
      found[crop * crop / 2],
      found[crop * crop + 1],
      found[found.length - 1],
      sum / found.length
    };
    assertThat(actual).containsExactly(expected, within(2e-3));
  }

  @Test
  void run_sizesInTurn_needNoNewSession() {
    byte[] model = TestModels.preprocessingOnly(16, 12).build().toByteArray();
    try (InferenceSession session =
        InferenceSession.open(model, "preprocessing", InferenceOptions.defaults())) {
      for (int side = 1; side < 60; side += 7) {
        TensorValue pixels = TensorValue.ofBytes(pixels(side, 2 * side), 1, side, 2L * side, 3);
        float[] found = TestBundles.floats(session.run(Map.of("image", pixels)), "crop");
        assertThat(found).containsExactly(run(side, 2 * side, 16, 12));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void run_anySize_equalsTheTrainingSidesPreprocessing(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int trial = 0; trial < 25; trial++) {
      int height = 1 + random.nextInt(150);
      int width = Math.min(30 * height, 1 + random.nextInt(150));
      int resize = 1 + random.nextInt(40);
      int crop = 1 + random.nextInt(resize);
      ImagePreprocessing preprocessing =
          new ImagePreprocessing(
              new Resize.ShorterSide(resize),
              crop,
              crop,
              Interpolation.BILINEAR,
              ChannelOrder.RGB,
              1,
              List.of(0f, 0f, 0f),
              List.of(1f, 1f, 1f));
      float[] expected = new float[3 * crop * crop];
      new ImagePreprocessor(preprocessing)
          .apply(new PixelImage(width, height, pixels(height, width)), expected, 0);
      assertThat(run(height, width, resize, crop))
          .describedAs("seed %d: %d x %d to %d, crop %d", seed, height, width, resize, crop)
          .containsExactly(expected, within(2e-3f));
    }
  }

  private static float[] run(int height, int width, int resize, int crop) {
    byte[] model = TestModels.preprocessingOnly(resize, crop).build().toByteArray();
    try (InferenceSession session =
        InferenceSession.open(model, "preprocessing", InferenceOptions.defaults())) {
      TensorValue pixels = TensorValue.ofBytes(pixels(height, width), 1, height, width, 3);
      return TestBundles.floats(session.run(Map.of("image", pixels)), "crop");
    }
  }

  /** Sample i is (7 i i + 31 i) mod 256. */
  private static byte[] pixels(int height, int width) {
    byte[] pixels = new byte[height * width * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (7L * i * i + 31L * i);
    }
    return pixels;
  }
}
