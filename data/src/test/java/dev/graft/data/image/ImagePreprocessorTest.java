package dev.graft.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ImagePreprocessorTest {

  private static PixelImage flat(int red, int green, int blue) {
    byte[] rgb = new byte[30 * 20 * 3];
    for (int i = 0; i < rgb.length; i += 3) {
      rgb[i] = (byte) red;
      rgb[i + 1] = (byte) green;
      rgb[i + 2] = (byte) blue;
    }
    return new PixelImage(30, 20, rgb);
  }

  private static float[] apply(ImagePreprocessing preprocessing, PixelImage image) {
    float[] out = new float[preprocessing.valueCount()];
    new ImagePreprocessor(preprocessing).apply(image, out, 0);
    return out;
  }

  private static void assertPlane(float[] out, int plane, int area, double expected) {
    assertThat(Arrays.copyOfRange(out, plane * area, (plane + 1) * area))
        .containsOnly(new float[] {(float) expected}, within(1e-5f));
  }

  @Test
  void apply_imagenet_isScaledAndNormalisedPerChannel() {
    float[] out = apply(ImagePreprocessing.preset("imagenet", 8, 8), flat(255, 100, 0));
    assertPlane(out, 0, 64, (1 - 0.485) / 0.229);
    assertPlane(out, 1, 64, (100 / 255.0 - 0.456) / 0.224);
    assertPlane(out, 2, 64, -0.406 / 0.225);
  }

  @Test
  void apply_tf_goesFromMinusOneToOne() {
    float[] out = apply(ImagePreprocessing.preset("tf", 8, 8), flat(255, 127, 0));
    assertPlane(out, 0, 64, 1);
    assertPlane(out, 1, 64, 127 / 127.5 - 1);
    assertPlane(out, 2, 64, -1);
  }

  @Test
  void apply_bgr_exchangesTheChannels() {
    ImagePreprocessing bgr =
        ImagePreprocessing.preset("none", 8, 8)
            .withNormalisation(ChannelOrder.BGR, 1, List.of(1f, 2f, 3f), List.of(1f, 1f, 1f));
    float[] out = apply(bgr, flat(10, 20, 30));
    assertPlane(out, 0, 64, 29);
    assertPlane(out, 1, 64, 18);
    assertPlane(out, 2, 64, 7);
  }

  @Test
  void apply_grey_isOneChannelOfLuma() {
    ImagePreprocessing grey =
        ImagePreprocessing.preset("none", 8, 8)
            .withNormalisation(ChannelOrder.GREY, 1, List.of(0f), List.of(2f));
    float[] out = apply(grey, flat(100, 50, 200));
    assertThat(out).hasSize(64);
    assertPlane(out, 0, 64, (29.9 + 29.35 + 22.8) / 2);
  }

  @Test
  void apply_sameSizeWithoutCrop_copiesThePixels() {
    PixelImage image = TestImages.noise(8, 8, 3);
    ImagePreprocessing exact =
        ImagePreprocessing.preset("none", 8, 8).withSize(new Resize.Exact(8, 8), 8, 8);
    float[] out = apply(exact, image);
    for (int i = 0; i < 64; i++) {
      assertThat(out[i]).isEqualTo(image.rgb()[3 * i] & 0xff);
      assertThat(out[128 + i]).isEqualTo(image.rgb()[3 * i + 2] & 0xff);
    }
  }

  @Test
  void apply_offset_leavesTheRestAlone() {
    ImagePreprocessing none = ImagePreprocessing.preset("none", 4, 4);
    float[] out = new float[5 + 48 + 5];
    Arrays.fill(out, -7);
    new ImagePreprocessor(none).apply(flat(9, 9, 9), out, 5);
    assertThat(Arrays.copyOf(out, 5)).containsOnly(-7);
    assertThat(Arrays.copyOfRange(out, 53, 58)).containsOnly(-7);
    assertThat(out[5]).isCloseTo(9, within(1e-4f));
  }

  @Test
  void apply_tooLittleRoom_isRefused() {
    ImagePreprocessor preprocessor = new ImagePreprocessor(ImagePreprocessing.preset("none", 4, 4));
    assertThatThrownBy(() -> preprocessor.apply(flat(1, 2, 3), new float[50], 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected room for 48 values from 3, found an array of 50");
  }

  @Test
  void apply_onePixelAndVeryOblongImages_areTaken() {
    ImagePreprocessing imagenet = ImagePreprocessing.preset("imagenet", 224, 224);
    for (PixelImage image :
        List.of(
            TestImages.noise(1, 1, 1),
            TestImages.noise(1, 3000, 1),
            TestImages.noise(3000, 1, 1))) {
      float[] out = apply(imagenet, image);
      for (float value : out) {
        assertThat(value).isBetween(-3f, 3f);
      }
    }
  }

  @Test
  void apply_manyThreads_giveTheSameValues() {
    ImagePreprocessing imagenet = ImagePreprocessing.preset("imagenet", 64, 64);
    List<PixelImage> images =
        IntStream.range(0, 16).mapToObj(i -> TestImages.noise(50 + i, 70 - i, i)).toList();
    List<Integer> expected = images.stream().map(i -> Arrays.hashCode(apply(imagenet, i))).toList();
    for (int round = 0; round < 5; round++) {
      assertThat(images.parallelStream().map(i -> Arrays.hashCode(apply(imagenet, i))).toList())
          .isEqualTo(expected);
    }
  }

  @Test
  void applyRegion_mirrored_isTheMirrorImage() {
    ImagePreprocessing none = ImagePreprocessing.preset("none", 8, 8);
    ImagePreprocessor preprocessor = new ImagePreprocessor(none);
    PixelImage image = TestImages.noise(20, 30, 8);
    Region region = new Region(2.5, 3.25, 14, 12.5);
    float[] plain = new float[192];
    float[] mirrored = new float[192];
    preprocessor.applyRegion(image, region, Mirroring.NONE, plain, 0);
    preprocessor.applyRegion(image, region, Mirroring.HORIZONTAL, mirrored, 0);
    for (int row = 0; row < 24; row++) {
      for (int x = 0; x < 8; x++) {
        assertThat(mirrored[row * 8 + x]).isEqualTo(plain[row * 8 + 7 - x]);
      }
    }
  }

  @Test
  void applyRegion_whole_isTheStretchedImage() {
    ImagePreprocessing none =
        ImagePreprocessing.preset("none", 8, 8).withSize(new Resize.Exact(8, 8), 8, 8);
    PixelImage image = TestImages.noise(21, 33, 8);
    float[] region = new float[192];
    new ImagePreprocessor(none).applyRegion(image, Region.whole(image), Mirroring.NONE, region, 0);
    float[] whole = apply(none, image);
    for (int i = 0; i < whole.length; i++) {
      assertThat(region[i]).isCloseTo(whole[i], within(2e-3f));
    }
  }

  @Test
  void thumbnail_savedAgain_looksLikeAndAnotherDoesNot() {
    PixelImage image = TestImages.gradient(60, 50);
    PixelImage again = new ImageDecoder().decode(TestImages.encode(image, "jpg"), "again.jpg");
    assertThat(Thumbnails.of(image).looksLike(Thumbnails.of(again))).isTrue();
    assertThat(Thumbnails.of(image).looksLike(Thumbnails.of(TestImages.gradient(30, 90))))
        .isFalse();
  }
}
