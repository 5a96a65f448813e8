package dev.graft.data.image;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.DataException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Reference files are made by Pillow, see make_references.py beside them: red = 5 x, green = 7 y,
 * blue = 3 (x + y).
 */
final class ImageDecoderTest {
  private final ImageDecoder decoder = new ImageDecoder();

  private PixelImage decodeResource(String name) {
    return decoder.decode(TestImages.resource(name), name);
  }

  private static int[] pixel(PixelImage image, int x, int y) {
    int at = (y * image.width() + x) * 3;
    return new int[] {
      image.rgb()[at] & 0xff, image.rgb()[at + 1] & 0xff, image.rgb()[at + 2] & 0xff
    };
  }

  private static void assertNear(int[] found, int tolerance, int... expected) {
    for (int c = 0; c < 3; c++) {
      assertThat(found[c])
          .as("channel %d", c)
          .isBetween(expected[c] - tolerance, expected[c] + tolerance);
    }
  }

  // decode: formats

  @ParameterizedTest
  @CsvSource({
    "cmyk.jpg,6",
    "cmyk.tif,0",
    "progressive.jpg,5",
    "lossless.webp,0",
    "lossy.webp,14",
    "rgb.tif,0",
    "palette.png,24",
    "alpha.png,0",
    "odd-profile.png,0",
    "animated.gif,24",
    "animated.webp,0"
  })
  void decode_anyColourModel_givesTheKnownPixels(String name, int tolerance) {
    PixelImage image = decodeResource(name);
    assertThat(image.width()).isEqualTo(48);
    assertThat(image.height()).isEqualTo(32);
    for (int[] at : new int[][] {{3, 5}, {40, 4}, {20, 25}, {45, 30}}) {
      assertNear(pixel(image, at[0], at[1]), tolerance, 5 * at[0], 7 * at[1], 3 * (at[0] + at[1]));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"grey.jpg", "grey16.png", "grey16.tif"})
  void decode_greyOf8Or16Bits_givesThreeEqualChannels(String name) {
    PixelImage image = decodeResource(name);
    assertNear(pixel(image, 30, 10), 2, 150, 150, 150);
    assertThat(Arrays.stream(pixel(image, 7, 3)).distinct().count()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp"})
  void decode_losslessFromAnotherEncoder_isExact(String format) {
    PixelImage noise = TestImages.noise(13, 17, 5);
    assertThat(decoder.decode(TestImages.encode(noise, format), "noise").rgb())
        .isEqualTo(noise.rgb());
  }

  // decode: EXIF. Where the stored pixel (40, 4) is shown for each orientation of a stored 48 x 32
  // image (EXIF 2.3, tag 274).

  @ParameterizedTest
  @CsvSource({"1,40,4", "2,7,4", "3,7,27", "4,40,27", "5,4,40", "6,27,40", "7,27,7", "8,4,7"})
  void decode_exifOrientation_isTurnedUpright(int orientation, int x, int y) {
    PixelImage image = decodeResource("exif" + orientation + ".jpg");
    assertThat(image.width()).isEqualTo(orientation < 5 ? 48 : 32);
    assertNear(pixel(image, x, y), 5, 200, 28, 132);
  }

  @Test
  void decodeReduced_exifOrientation_isTurnedUpright() {
    PixelImage image = decoder.decodeReduced(TestImages.resource("exif6.jpg"), "exif6.jpg", 16);
    assertThat(image.width()).isEqualTo(16);
    assertThat(image.height()).isEqualTo(24);
    assertNear(pixel(image, 13, 20), 12, 203, 31, 138);
  }

  // decodeReduced

  @ParameterizedTest
  @CsvSource({"400,50", "200,100", "101,101", "100,200", "50,400", "25,400", "401,50", "1,50"})
  void decodeReduced_jpegOf600x400_keepsTheShorterSide(int wanted, int ignored) {
    byte[] jpeg = TestImages.encode(TestImages.gradient(400, 600), "jpg");
    PixelImage image = decoder.decodeReduced(jpeg, "large.jpg", wanted);
    int expected = 400;
    while (expected > 50 && expected / 2 >= wanted) {
      expected /= 2;
    }
    assertThat(image.height()).isEqualTo(expected);
    assertThat(image.height()).isGreaterThanOrEqualTo(Math.min(wanted, 400));
  }

  @Test
  void decodeReduced_redAndBlue_areNotExchanged() {
    byte[] rgb = new byte[64 * 64 * 3];
    for (int i = 0; i < rgb.length; i += 3) {
      rgb[i] = (byte) 220;
      rgb[i + 2] = 30;
    }
    byte[] jpeg = TestImages.encode(new PixelImage(64, 64, rgb), "jpg");
    assertNear(pixel(decoder.decodeReduced(jpeg, "red.jpg", 8), 4, 4), 4, 220, 0, 30);
  }

  @Test
  void decodeReduced_png_isDecodedInFull() {
    PixelImage noise = TestImages.noise(64, 64, 5);
    assertThat(decoder.decodeReduced(TestImages.encode(noise, "png"), "noise.png", 8).rgb())
        .isEqualTo(noise.rgb());
  }

  // bad input

  @Test
  void decode_emptyFile_saysSo() {
    assertThatThrownBy(() -> decoder.decode(new byte[0], "cats/a.jpg"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("cats/a.jpg")
        .hasMessageContaining("the file is empty (0 bytes)");
  }

  @Test
  void decode_renamedText_saysWhatWasFound() {
    assertThatThrownBy(() -> decoder.decode("hello, world".getBytes(US_ASCII), "cats/note.jpg"))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot decode cats/note.jpg: it is no image. Expected JPEG, PNG, GIF, BMP, WebP or TIFF, found content that begins"
                + " with \"hello, w\". It may have been renamed; remove it from the data.");
  }

  @Test
  void decode_renamedImage_isDecodedByContent() {
    byte[] png = TestImages.encode(TestImages.gradient(4, 4), "png");
    assertThat(decoder.decode(png, "really-a-png.jpg").width()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "progressive.jpg",
        "cmyk.jpg",
        "exif1.jpg",
        "alpha.png",
        "lossless.webp",
        "lossy.webp",
        "rgb.tif",
        "animated.gif"
      })
  void decode_truncatedAnywhere_isRefusedByName(String name) {
    byte[] whole = TestImages.resource(name);
    // The second half of the animation holds its second frame, which nobody reads.
    double readPart = name.equals("animated.gif") ? 0.5 : 1;
    for (double part : new double[] {0.35, 0.4, 0.5, 0.7, 0.9}) {
      byte[] truncated = Arrays.copyOf(whole, (int) (whole.length * part * readPart));
      assertThatThrownBy(() -> decoder.decode(truncated, name))
          .as("%s cut at %s", name, part)
          .isInstanceOf(DataException.class)
          .hasMessageContaining("Cannot decode " + name)
          .hasMessageContaining("truncated");
    }
  }

  @Test
  void decode_truncatedBmp_isRefused() {
    byte[] whole = TestImages.encode(TestImages.gradient(20, 20), "bmp");
    assertThatThrownBy(() -> decoder.decode(Arrays.copyOf(whole, 600), "a.bmp"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("truncated, the BMP picture goes on after its 600 bytes");
  }

  @Test
  void decode_junkAfterTheEnd_isIgnored() {
    byte[] whole = TestImages.encode(TestImages.gradient(20, 20), "jpg");
    assertThat(decoder.decode(Arrays.copyOf(whole, whole.length + 100), "a.jpg").width())
        .isEqualTo(20);
  }

  @Test
  void decode_bomb_isRefusedFromTheHeaderWithTheLimit() {
    assertThatThrownBy(() -> decoder.decode(TestImages.hollowPng(30_000, 30_000), "bomb.png"))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot decode bomb.png: it has 30000x30000 pixels, the limit is 100000000 in all. Shrink it or remove it from the data.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "progressive.jpg",
        "lossless.webp",
        "lossy.webp",
        "animated.webp",
        "rgb.tif",
        "animated.gif",
        "alpha.png"
      })
  void decode_eachFormat_isMeasuredBeforeDecoding(String name) {
    byte[] bytes = TestImages.resource(name);
    assertThat(new ImageDecoder(48 * 32).decode(bytes, name).width()).isEqualTo(48);
    assertThatThrownBy(() -> new ImageDecoder(48 * 32 - 1).decode(bytes, name))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("it has 48x32 pixels, the limit is 1535");
  }

  @Test
  void decode_negativeSize_isRefused() {
    assertThatThrownBy(() -> decoder.decode(TestImages.hollowPng(-5, 10), "odd.png"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("gives no usable size");
  }

  @Test
  void decode_pngWithFlippedBit_namesTheChecksum() {
    byte[] png = TestImages.encode(TestImages.noise(20, 20, 3), "png");
    png[png.length / 2] ^= 0x10;
    assertThatThrownBy(() -> decoder.decode(png, "flipped.png"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("flipped.png")
        .hasMessageContaining("a checksum fails");
  }

  @Test
  void decode_floatTiff_saysHowManyBits() {
    assertThatThrownBy(() -> decodeResource("float.tif"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("float.tif")
        .hasMessageContaining("32 bits per sample");
  }

  @Test
  void decode_randomDamage_endsInPixelsOrInADataException() {
    List<String> names =
        List.of("alpha.png", "animated.gif", "rgb.tif", "lossless.webp", "cmyk.tif");
    for (long seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      String name = names.get(random.nextInt(names.size()));
      byte[] bytes = TestImages.resource(name);
      for (int i = 0; i < 4; i++) {
        bytes[random.nextInt(Math.min(bytes.length, 120))] = (byte) random.nextInt(256);
      }
      try {
        PixelImage image = new ImageDecoder(1_000_000).decode(bytes, name);
        assertThat(image.rgb()).hasSize(image.width() * image.height() * 3);
      } catch (DataException expected) {
        assertThat(expected).as("seed %d", seed).hasMessageContaining("Cannot decode " + name);
      }
    }
  }

  @Test
  void decode_manyThreads_giveTheSamePixels() {
    byte[] jpeg = TestImages.encode(TestImages.noise(60, 80, 9), "jpg");
    int expected = Arrays.hashCode(decoder.decode(jpeg, "a.jpg").rgb());
    assertThat(
            IntStream.range(0, 64)
                .parallel()
                .map(i -> Arrays.hashCode(decoder.decode(jpeg, "a.jpg").rgb()))
                .filter(hash -> hash != expected)
                .count())
        .isZero();
  }

  @Test
  void constructor_limitOutOfRange_isRefused() {
    assertThatThrownBy(() -> new ImageDecoder(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pixelLimit: expected 1 to 500000000, found 0");
  }

  @Test
  void header_bmpOfOldKind_isRead() {
    byte[] bytes = new byte[80];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    buffer.put(0, (byte) 'B').put(1, (byte) 'M').putInt(10, 26).putInt(14, 12);
    buffer.putShort(18, (short) 4).putShort(20, (short) 3).putShort(24, (short) 24);
    ImageHeader header = ImageHeader.read(bytes, "old.bmp");
    assertThat(header.width()).isEqualTo(4);
    assertThat(header.height()).isEqualTo(3);
    assertThat(header.complete()).isTrue();
  }
}
