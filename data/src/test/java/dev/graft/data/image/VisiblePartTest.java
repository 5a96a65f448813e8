package dev.graft.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which part of an image the backbone sees, told and tried out. */
class VisiblePartTest {
  /** Resize the shorter side to 256, crop 224: 256 / 375 is the scale of 500 x 375. */
  @Test
  void visiblePart_centreCropOfPhoto_isTheMiddleSquare() {
    ImagePreprocessing imagenet = ImagePreprocessing.preset("imagenet", 224, 224);
    Region part = new ImagePreprocessor(imagenet).visiblePart(500, 375);
    double scale = 256.0 / 375;
    // The resized image is 341 x 256, so that the crop begins at (58, 16).
    assertThat(part.x()).isCloseTo(58 / scale, within(1e-3));
    assertThat(part.y()).isCloseTo(16 / scale, within(1e-3));
    assertThat(part.width()).isCloseTo(224 / scale, within(1e-3));
    assertThat(part.height()).isCloseTo(224 / scale, within(1e-3));
  }

  /** What lies outside by more than the filter's width changes nothing; what lies inside does. */
  @ParameterizedTest
  @CsvSource({"60, 90, 32", "97, 51, 48", "40, 40, 32", "300, 200, 32"})
  void visiblePart_pixelsInsideAndOutside_matterAndDoNotMatter(int width, int height, int crop) {
    ImagePreprocessing unit = ImagePreprocessing.preset("unit", crop, crop);
    ImagePreprocessor preprocessor = new ImagePreprocessor(unit);
    Region part = preprocessor.visiblePart(width, height);
    float[] plain = prepared(preprocessor, new byte[3 * width * height], width, height);
    double reach = Math.max(1, part.width() / crop) + 1;
    byte[] outside = new byte[3 * width * height];
    byte[] inside = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        boolean far =
            x + 1 < part.x() - reach
                || x > part.x() + part.width() + reach
                || y + 1 < part.y() - reach
                || y > part.y() + part.height() + reach;
        int at = 3 * (y * width + x);
        outside[at] = far ? (byte) 255 : 0;
      }
    }
    int corner = 3 * ((int) Math.ceil(part.y()) * width + (int) Math.ceil(part.x()));
    inside[corner] = (byte) 255;
    assertThat(prepared(preprocessor, outside, width, height)).containsExactly(plain);
    assertThat(prepared(preprocessor, inside, width, height)).isNotEqualTo(plain);
  }

  private static float[] prepared(
      ImagePreprocessor preprocessor, byte[] rgb, int width, int height) {
    float[] values = new float[preprocessor.preprocessing().valueCount()];
    preprocessor.apply(new PixelImage(width, height, rgb), values, 0);
    return values;
  }

  @Test
  void visiblePart_stretchedWithoutCrop_isTheWholeImage() {
    ImagePreprocessing stretched =
        ImagePreprocessing.preset("unit", 32, 48)
            .withSize(new Resize.Exact(32, 48), 32, 48)
            .withNormalisation(ChannelOrder.RGB, 1, List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));
    Region part = new ImagePreprocessor(stretched).visiblePart(123, 77);
    assertThat(part.x()).isZero();
    assertThat(part.y()).isZero();
    assertThat(part.width()).isCloseTo(123, within(1e-4));
    assertThat(part.height()).isCloseTo(77, within(1e-4));
  }
}
