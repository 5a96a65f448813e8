package dev.graft.transfer.visualisation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.image.PixelImage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PatchSheetTest {
  private static final FieldAxis STEM = new FieldAxis(-5, 11, 4, 8);
  private static final MapLayout LAYOUT = new MapLayout(1, 8, 8, 0, 64, 1);

  private static PixelImage white(int side) {
    byte[] rgb = new byte[3 * side * side];
    Arrays.fill(rgb, (byte) 255);
    return new PixelImage(side, side, rgb);
  }

  private static int red(PixelImage image, int x, int y) {
    return image.rgb()[3 * (y * image.width() + x)] & 0xFF;
  }

  @Test
  void window_ofAPlace_isItsField() {
    ReceptiveField field = new ReceptiveField.Local(STEM, STEM, 2, 3);
    // Row 2, column 3.
    PatchWindow window = PatchWindow.of(field, LAYOUT, 19, 32, 32);
    assertThat(window).isEqualTo(new PatchWindow(3, 7, 11, 11, 8, 12, PatchWindow.Extent.FIELD));
  }

  @Test
  void window_ofAFieldLargerThanTheImage_isTheImageWithTheMiddle() {
    FieldAxis large = new FieldAxis(-50, 101, 4, 8);
    PatchWindow window =
        PatchWindow.of(new ReceptiveField.Local(large, large, 2, 3), LAYOUT, 63, 32, 32);
    // The middle of the last place: -50 + 7 * 4 + 50.
    assertThat(window)
        .isEqualTo(new PatchWindow(0, 0, 32, 32, 28, 28, PatchWindow.Extent.WHOLE_IMAGE));
    PatchWindow mixed = PatchWindow.of(ReceptiveField.Global.MIXED, LAYOUT, 0, 32, 32);
    assertThat(mixed)
        .isEqualTo(new PatchWindow(0, 0, 32, 32, 2, 2, PatchWindow.Extent.WHOLE_IMAGE));
  }

  @Test
  void draw_partlyOutside_leavesGrey() {
    PatchSheet sheet = new PatchSheet(22);
    PatchWindow window = new PatchWindow(-5, -5, 11, 11, 0, 0, PatchWindow.Extent.FIELD);
    sheet.draw(0, white(32), window);
    PixelImage drawn = sheet.pixels();
    assertThat(drawn.width()).isEqualTo(3 * 22 + 4);
    // Each source pixel is two pixels wide: five of padding, then the image.
    assertThat(red(drawn, 9, 15)).isEqualTo(128);
    assertThat(red(drawn, 15, 9)).isEqualTo(128);
    assertThat(red(drawn, 10, 10)).isEqualTo(255);
    assertThat(red(drawn, 21, 21)).isEqualTo(255);
    assertThat(red(drawn, 30, 10)).isEqualTo(128);
  }

  @Test
  void draw_fifthPatch_standsInTheMiddle() {
    PatchSheet sheet = new PatchSheet(10);
    sheet.draw(4, white(40), new PatchWindow(0, 0, 40, 40, 39, 0, PatchWindow.Extent.FIELD));
    PixelImage drawn = sheet.pixels();
    assertThat(red(drawn, 11, 11)).isEqualTo(128);
    assertThat(red(drawn, 12, 12)).isEqualTo(255);
    assertThat(red(drawn, 21, 21)).isEqualTo(255);
    assertThat(red(drawn, 22, 22)).isEqualTo(128);
  }

  @Test
  void draw_wholeImage_framesTheMiddleOfTheField() {
    PatchSheet sheet = new PatchSheet(32);
    sheet.draw(0, white(32), new PatchWindow(0, 0, 32, 32, 20, 10, PatchWindow.Extent.WHOLE_IMAGE));
    PixelImage drawn = sheet.pixels();
    assertThat(red(drawn, 10, 20)).isEqualTo(255);
    assertThat(red(drawn, 13, 20)).isZero();
    assertThat(red(drawn, 10, 17)).isZero();
    assertThat(red(drawn, 14, 20)).isEqualTo(255);
  }
}
