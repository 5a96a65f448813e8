package dev.graft.data.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Expected values: ONNX Runtime 1.30, Resize of opset 18 with antialias=1, on float input; see
 * make_references.py.
 */
final class AntialiasResamplerTest {

  static Stream<String> cases() {
    return new String(TestImages.resource("resize.txt"), UTF_8).lines();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void resample_likeOnnxRuntime_isWithin2e3(String line) {
    String[] words = line.split(" ");
    int height = Integer.parseInt(words[2]);
    int width = Integer.parseInt(words[3]);
    int outHeight = Integer.parseInt(words[7]);
    int outWidth = Integer.parseInt(words[8]);
    Interpolation interpolation =
        words[0].equals("linear") ? Interpolation.BILINEAR : Interpolation.BICUBIC;
    double coefficient = Double.parseDouble(words[6]);
    AntialiasResampler.Window rows;
    AntialiasResampler.Window columns;
    if (words[1].equals("not_smaller")) {
      float scale = AntialiasResampler.notSmallerScale(width, height, Integer.parseInt(words[4]));
      assertThat(AntialiasResampler.resizedSize(height, scale)).isEqualTo(outHeight);
      assertThat(AntialiasResampler.resizedSize(width, scale)).isEqualTo(outWidth);
      rows = AntialiasResampler.Window.scaled(height, scale, outHeight);
      columns = AntialiasResampler.Window.scaled(width, scale, outWidth);
    } else {
      rows = AntialiasResampler.Window.stretched(height, outHeight, outHeight);
      columns = AntialiasResampler.Window.stretched(width, outWidth, outWidth);
    }
    float[] planes = new float[3 * outHeight * outWidth];
    AntialiasResampler.resample(
        TestImages.noise(height, width, height * 1000L + width),
        AntialiasResampler.computeTaps(rows, interpolation, coefficient),
        AntialiasResampler.computeTaps(columns, interpolation, coefficient),
        planes);
    for (int i = 0; i < 24; i++) {
      float expected = Float.parseFloat(words[9 + i]);
      assertThat(planes[(int) ((long) i * planes.length / 24)])
          .as("value %d", i)
          .isCloseTo(expected, within(2e-3f));
    }
  }

  @Test
  void resample_window_equalsThePartOfTheWhole() {
    PixelImage image = TestImages.noise(60, 90, 4);
    float scale = AntialiasResampler.notSmallerScale(90, 60, 40);
    float[] whole = new float[3 * 40 * 60];
    float[] part = new float[3 * 24 * 20];
    AntialiasResampler.resample(
        image,
        AntialiasResampler.Window.scaled(60, scale, 40),
        AntialiasResampler.Window.scaled(90, scale, 60),
        Interpolation.BILINEAR,
        whole);
    AntialiasResampler.resample(
        image,
        AntialiasResampler.Window.scaled(60, scale, 24),
        AntialiasResampler.Window.scaled(90, scale, 20),
        Interpolation.BILINEAR,
        part);
    for (int y = 0; y < 24; y++) {
      for (int x = 0; x < 20; x++) {
        assertThat(part[y * 20 + x]).isEqualTo(whole[(y + 8) * 60 + x + 20]);
      }
    }
  }

  @Test
  void resample_region_ignoresWhatLiesOutside() {
    // Left half 200, right half 0: a region inside the left half sees 200 only.
    byte[] rgb = new byte[20 * 20 * 3];
    for (int i = 0; i < 400; i++) {
      for (int c = 0; c < 3; c++) {
        rgb[3 * i + c] = (byte) (i % 20 < 10 ? 200 : 0);
      }
    }
    float[] planes = new float[3 * 16];
    AntialiasResampler.resample(
        new PixelImage(20, 20, rgb),
        AntialiasResampler.Window.region(20, 0, 20, 4),
        AntialiasResampler.Window.region(20, 0, 10, 4),
        Interpolation.BILINEAR,
        planes);
    assertThat(planes).containsOnly(new float[] {200}, within(1e-3f));
  }
}
