package dev.graft.transfer.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.image.PixelImage;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PictureLikenessTest {
  private final PictureLikeness measure = new PictureLikeness();

  @Test
  void of_croppedPicture_isFoundAgain() {
    PixelImage whole = blobs(1, 200, 160);
    PixelImage part = crop(whole, 8, 3, 190, 152);
    assertThat(measure.of(GreyGrid.of(whole), GreyGrid.of(part))).isGreaterThan(0.98);
    assertThat(measure.of(GreyGrid.of(part), GreyGrid.of(whole))).isGreaterThan(0.98);
  }

  @Test
  void of_brighterPicture_isTheSame() {
    PixelImage dark = blobs(2, 90, 120);
    byte[] lighter = dark.rgb().clone();
    for (int i = 0; i < lighter.length; i++) {
      lighter[i] = (byte) ((lighter[i] & 0xff) / 2 + 60);
    }
    assertThat(measure.of(GreyGrid.of(dark), GreyGrid.of(new PixelImage(90, 120, lighter))))
        .isGreaterThan(0.995);
  }

  @Test
  void of_otherPicture_isUnlike() {
    assertThat(measure.of(GreyGrid.of(blobs(3, 120, 120)), GreyGrid.of(blobs(4, 120, 120))))
        .isLessThan(0.8);
  }

  @Test
  void of_mirroredGrid_isThatOfTheMirroredPicture() {
    PixelImage image = blobs(5, 96, 96);
    byte[] mirrored = new byte[image.rgb().length];
    for (int y = 0; y < 96; y++) {
      for (int x = 0; x < 96; x++) {
        System.arraycopy(image.rgb(), (y * 96 + 95 - x) * 3, mirrored, (y * 96 + x) * 3, 3);
      }
    }
    GreyGrid other = GreyGrid.of(new PixelImage(96, 96, mirrored));
    assertThat(measure.of(GreyGrid.of(image), other)).isLessThan(0.9);
    assertThat(measure.of(GreyGrid.of(image), other.mirrored())).isGreaterThan(0.999);
  }

  @Test
  void of_onePixelAndOneGrey_isLikeNothing() {
    PixelImage pixel = new PixelImage(1, 1, new byte[] {9, 9, 9});
    assertThat(measure.of(GreyGrid.of(pixel), GreyGrid.of(blobs(6, 50, 50)))).isZero();
    assertThat(measure.of(GreyGrid.of(pixel), GreyGrid.of(pixel))).isZero();
  }

  /** Soft grey discs on a grey ground. */
  static PixelImage blobs(long seed, int width, int height) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] grey = new float[width * height];
    for (int blob = 0; blob < 12; blob++) {
      double x0 = random.nextDouble() * width;
      double y0 = random.nextDouble() * height;
      double radius = (0.06 + 0.15 * random.nextDouble()) * width;
      double strength = 160 * random.nextDouble() - 80;
      for (int i = 0; i < grey.length; i++) {
        int row = i / width;
        double square = Math.pow(i % width - x0, 2) + Math.pow(row - y0, 2);
        grey[i] += (float) (strength * Math.exp(-square / (radius * radius)));
      }
    }
    byte[] rgb = new byte[3 * grey.length];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) Math.max(0, Math.min(255, Math.round(128 + grey[i / 3])));
    }
    return new PixelImage(width, height, rgb);
  }

  private static PixelImage crop(PixelImage image, int left, int top, int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      System.arraycopy(
          image.rgb(), ((top + y) * image.width() + left) * 3, rgb, y * width * 3, width * 3);
    }
    return new PixelImage(width, height, rgb);
  }
}
