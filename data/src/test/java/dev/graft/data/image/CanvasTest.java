package dev.graft.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CanvasTest {
  private static final int WHITE = 0xFFFFFF;

  @Test
  void fillAndDraw_standWhereTheyWerePut() {
    Canvas canvas = new Canvas(6, 4, WHITE);
    canvas.fill(1, 1, 2, 2, 0x102030);
    canvas.draw(new PixelImage(3, 1, new byte[9]), 4, 3);
    PixelImage image = canvas.image();
    assertThat(colour(image, 0, 0)).isEqualTo(WHITE);
    assertThat(colour(image, 1, 1)).isEqualTo(0x102030);
    assertThat(colour(image, 2, 2)).isEqualTo(0x102030);
    assertThat(colour(image, 3, 2)).isEqualTo(WHITE);
    assertThat(colour(image, 5, 3)).isZero();
    assertThat(colour(image, 3, 3)).isEqualTo(WHITE);
  }

  @Test
  void write_words_leavesInkInTheirBoxAlone() {
    Canvas canvas = new Canvas(200, 40, WHITE);
    canvas.write("Grad-CAM", 10, 30, 11, 0);
    int width = Canvas.widthOf("Grad-CAM", 11);
    assertThat(width).isBetween(50, 120);
    PixelImage image = canvas.image();
    int inked = 0;
    for (int y = 0; y < 40; y++) {
      for (int x = 0; x < 200; x++) {
        boolean ink = colour(image, x, y) != WHITE;
        inked += ink ? 1 : 0;
        boolean inBox = x >= 8 && x <= 12 + width && y >= 16 && y <= 36;
        assertThat(ink && !inBox).as("ink at %d, %d", x, y).isFalse();
      }
    }
    assertThat(inked).isGreaterThan(100);
  }

  @Test
  void canWrite_lettersBeyondAscii_areRefused() {
    assertThat(Canvas.canWrite("bees  99.8 %")).isTrue();
    assertThat(Canvas.canWrite("größer")).isFalse();
    assertThat(Canvas.canWrite("蟻")).isFalse();
    assertThat(Canvas.canWrite("a\nb")).isFalse();
  }

  @Test
  void scaling_constantImage_staysConstant() {
    byte[] rgb = new byte[3 * 7 * 5];
    for (int i = 0; i < rgb.length; i += 3) {
      rgb[i] = 10;
      rgb[i + 1] = (byte) 200;
      rgb[i + 2] = 77;
    }
    PixelImage scaled = Scaling.to(new PixelImage(7, 5, rgb), 20, 3);
    assertThat(scaled.width()).isEqualTo(20);
    assertThat(scaled.height()).isEqualTo(3);
    for (int x = 0; x < 20; x++) {
      assertThat(colour(scaled, x, 1)).isEqualTo(10 << 16 | 200 << 8 | 77);
    }
  }

  private static int colour(PixelImage image, int x, int y) {
    int at = 3 * (y * image.width() + x);
    byte[] rgb = image.rgb();
    return (rgb[at] & 0xFF) << 16 | (rgb[at + 1] & 0xFF) << 8 | (rgb[at + 2] & 0xFF);
  }
}
