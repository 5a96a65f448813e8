package dev.graft.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MiniatureTest {

  @ParameterizedTest
  @CsvSource({
    "640, 480, 96, 72",
    "480, 640, 72, 96",
    "96, 96, 96, 96",
    "28, 20, 28, 20",
    "2000, 3, 96, 1"
  })
  void jpeg_anySize_keepsTheShapeWithinTheSide(
      int width, int height, int expectedWidth, int expectedHeight) {
    PixelImage decoded = decoded(Miniature.jpeg(TestImages.gradient(height, width), 96));
    assertThat(decoded.width()).isEqualTo(expectedWidth);
    assertThat(decoded.height()).isEqualTo(expectedHeight);
  }

  @Test
  void jpeg_oneColour_keepsIt() {
    byte[] rgb = new byte[300 * 200 * 3];
    for (int i = 0; i < rgb.length; i += 3) {
      rgb[i] = (byte) 200;
      rgb[i + 1] = 90;
      rgb[i + 2] = 30;
    }
    byte[] found = decoded(Miniature.jpeg(new PixelImage(300, 200, rgb), 48)).rgb();
    // JPEG rounds colours to steps of its own.
    for (int i = 0; i < found.length; i += 3) {
      assertThat(found[i] & 0xff).isBetween(196, 204);
      assertThat(found[i + 1] & 0xff).isBetween(86, 94);
      assertThat(found[i + 2] & 0xff).isBetween(26, 34);
    }
  }

  @Test
  void jpeg_halves_areAtTheSamePlaces() {
    byte[] rgb = new byte[256 * 256 * 3];
    Arrays.fill(rgb, rgb.length / 2, rgb.length, (byte) 255);
    PixelImage found = decoded(Miniature.jpeg(new PixelImage(256, 256, rgb), 64));
    assertThat(found.rgb()[3 * (10 * 64 + 32)] & 0xff).isLessThan(10);
    assertThat(found.rgb()[3 * (54 * 64 + 32)] & 0xff).isGreaterThan(245);
  }

  @Test
  void jpeg_sameImage_givesTheSameBytes() {
    PixelImage image = TestImages.noise(200, 300, 7);
    assertThat(Miniature.jpeg(image, 96))
        .isEqualTo(Miniature.jpeg(image, 96))
        .hasSizeLessThan(12_000);
  }

  @Test
  void jpeg_noSide_isRefused() {
    assertThatThrownBy(() -> Miniature.jpeg(TestImages.gradient(8, 8), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("longerSide: expected at least 1, found 0");
  }

  private static PixelImage decoded(byte[] file) {
    return new ImageDecoder().decode(file, "miniature");
  }
}
