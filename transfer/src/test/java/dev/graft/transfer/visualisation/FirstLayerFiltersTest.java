package dev.graft.transfer.visualisation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.transfer.visualisation.EdgeNetwork.Channels;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstLayerFiltersTest {
  @TempDir Path folder = Path.of(".");

  private FirstLayerFilters filters(Channels channels, String preprocessing) {
    return FirstLayerFilters.of(EdgeNetwork.load(folder, channels, preprocessing)).orElseThrow();
  }

  private static int[] pixel(FirstLayerFilters.Tile tile, int x, int y) {
    int at = 3 * (y * tile.pixels().width() + x);
    byte[] rgb = tile.pixels().rgb();
    return new int[] {rgb[at] & 0xFF, rgb[at + 1] & 0xFF, rgb[at + 2] & 0xFF};
  }

  @Test
  void of_colourFilters_areScaledAroundGrey() {
    FirstLayerFilters filters = filters(Channels.COLOUR, "unit");
    assertThat(filters.count()).isEqualTo(2);
    assertThat(filters.channels()).isEqualTo(3);
    assertThat(filters.tiles()).hasSize(2);
    // The edge filter: -1 on the left, 0 in the middle, 1 on the right, of all colours.
    FirstLayerFilters.Tile edge = filters.tiles().get(0);
    assertThat(pixel(edge, 0, 1)).containsExactly(0, 0, 0);
    assertThat(pixel(edge, 1, 1)).containsExactly(128, 128, 128);
    assertThat(pixel(edge, 2, 1)).containsExactly(255, 255, 255);
    // The filter of red: 0.5 of red, -0.25 of the others, by its largest weight.
    assertThat(pixel(filters.tiles().get(1), 1, 1)).containsExactly(255, 64, 64);
  }

  @Test
  void of_greyFilters_areGrey() {
    FirstLayerFilters filters = FirstLayerFilters.of(EdgeNetwork.loadGrey(folder)).orElseThrow();
    assertThat(filters.channels()).isEqualTo(1);
    assertThat(pixel(filters.tiles().get(0), 0, 0)).containsExactly(0, 0, 0);
    assertThat(pixel(filters.tiles().get(0), 2, 2)).containsExactly(255, 255, 255);
  }

  /** Weights that the graph widens first, as in files of 16-bit floats. */
  @Test
  void of_weightsBehindACast_areFound() {
    Path file = folder.resolve("cast.onnx");
    EdgeNetwork.graph(Channels.CAST).build(18).write(file);
    FirstLayerFilters filters = FirstLayerFilters.of(EdgeNetwork.load(file, "unit")).orElseThrow();
    assertThat(pixel(filters.tiles().get(1), 1, 1)).containsExactly(255, 64, 64);
  }

  @Test
  void of_networkWithoutConvolution_isEmpty() {
    assertThat(FirstLayerFilters.of(EdgeNetwork.loadWithoutConvolution(folder)))
        .isEqualTo(Optional.empty());
  }
}
