package dev.graft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.image.ImageDecoder;
import dev.graft.data.image.PixelImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PngEncoderTest {

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 1", "1, 5", "17, 23", "640, 480"})
  void encode_randomPixels_areReadBackWithoutLossByTwoDecoders(int width, int height)
      throws IOException {
    byte[] rgb = new byte[width * height * 3];
    new SplittableRandom(width).nextBytes(rgb);
    byte[] png = PngEncoder.encode(new PixelImage(width, height, rgb));

    PixelImage decoded = new ImageDecoder().decode(png, "encoded.png");
    assertThat(decoded.width()).isEqualTo(width);
    assertThat(decoded.rgb()).isEqualTo(rgb);

    BufferedImage read = ImageIO.read(new ByteArrayInputStream(png));
    for (int i = 0; i < width * height; i++) {
      int expected =
          ((rgb[3 * i] & 0xFF) << 16) | ((rgb[3 * i + 1] & 0xFF) << 8) | (rgb[3 * i + 2] & 0xFF);
      assertThat(read.getRGB(i % width, i / width) & 0xFFFFFF).isEqualTo(expected);
    }
  }
}
