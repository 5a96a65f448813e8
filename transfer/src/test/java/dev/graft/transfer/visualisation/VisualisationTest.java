package dev.graft.transfer.visualisation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.graft.data.DataException;
import dev.graft.data.Dataset;
import dev.graft.data.DatasetReader;
import dev.graft.data.Example;
import dev.graft.data.ExampleSource;
import dev.graft.data.Part;
import dev.graft.data.image.PixelImage;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.TransferException;
import dev.graft.transfer.visualisation.EdgeNetwork.Channels;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A network that answers to upright edges and to red looks at twelve plain images, one with an edge
 * and one with a red spot; they are of 37 pixels, of which the preset keeps the middle 32 as they
 * are.
 */
class VisualisationTest {
  private static final int STORED_SIDE = 37;
  private static final int MARGIN = 2;
  private static final Color DARK = new Color(40, 40, 40);
  private static final Color BRIGHT = new Color(220, 220, 220);

  @TempDir Path folder = Path.of(".");
  private Path data = Path.of(".");

  @BeforeEach
  void writeImages() throws IOException {
    data = folder.resolve("data");
    for (int i = 0; i < 10; i++) {
      int grey = 10 * i;
      write("plain", i, image(new Color(grey, grey, grey)));
    }
    BufferedImage edge = image(DARK);
    fill(edge, BRIGHT, MARGIN + 20, 0, STORED_SIDE, STORED_SIDE);
    write("edge", 0, edge);
    BufferedImage red = image(DARK);
    fill(red, Color.RED, MARGIN + 8, MARGIN + 12, 6, 6);
    write("red", 0, red);
  }

  private static BufferedImage image(Color colour) {
    BufferedImage image = new BufferedImage(STORED_SIDE, STORED_SIDE, BufferedImage.TYPE_INT_RGB);
    fill(image, colour, 0, 0, STORED_SIDE, STORED_SIDE);
    return image;
  }

  private static void fill(
      BufferedImage image, Color colour, int left, int top, int width, int height) {
    Graphics2D pen = image.createGraphics();
    pen.setColor(colour);
    pen.fillRect(left, top, width, height);
    pen.dispose();
  }

  private void write(String label, int number, BufferedImage image) throws IOException {
    Path file = data.resolve(label).resolve(number + ".png");
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
  }

  private List<Example> examples() {
    Dataset dataset = DatasetReader.read(data);
    return dataset.part(Part.TRAIN);
  }

  private Backbone backbone() {
    return EdgeNetwork.load(folder, Channels.COLOUR, "unit");
  }

  private Visualisation visualisation(Optional<Example> image, List<Example> examples) {
    return Visualisation.of(
        backbone(), image, examples, VisualisationSettings.defaults(), TrainingListener.SILENT);
  }

  private static ExcitedUnit unit(BlockView block, int channel) {
    return block.units().stream()
        .filter(unit -> unit.channel() == channel)
        .findFirst()
        .orElseThrow();
  }

  private static Color pixel(PixelImage image, int x, int y) {
    int at = 3 * (y * image.width() + x);
    byte[] rgb = image.rgb();
    return new Color(rgb[at] & 0xFF, rgb[at + 1] & 0xFF, rgb[at + 2] & 0xFF);
  }

  private String page(Visualisation visualisation, String name) throws IOException {
    Path file = folder.resolve(name);
    visualisation.write(file);
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  // --- patches -----------------------------------------------------------------------------------

  @Test
  void of_edgeFilter_isExcitedMostByTheEdge() {
    Visualisation seen = visualisation(Optional.empty(), examples());
    assertThat(seen.imageCount()).isEqualTo(12);
    ExcitedUnit unit = unit(seen.blocks().get(0), EdgeNetwork.EDGE);
    assertThat(unit.labels().get(0)).isEqualTo("edge");
    // 3 x 3 pixels: dark, dark, bright or dark, bright, bright; the sheet's cells are 64 wide.
    PixelImage sheet = unit.sheet();
    assertThat(pixel(sheet, 1, 32).getRed()).isCloseTo(40, within(3));
    assertThat(pixel(sheet, 62, 32).getRed()).isCloseTo(220, within(3));
  }

  @Test
  void of_redFilter_isExcitedByTheRedImageAlone() {
    Visualisation seen = visualisation(Optional.empty(), examples());
    ExcitedUnit unit = unit(seen.blocks().get(0), EdgeNetwork.RED);
    // 0.5 of red less 0.25 each of the others is 0 on grey, so that rounding may leave dust.
    assertThat(unit.labels().get(0)).isEqualTo("red");
    assertThat(unit.values().get(0)).isCloseTo(4.5f, within(1e-4f));
    unit.values().stream().skip(1).forEach(value -> assertThat(value).isLessThan(0.01f));
    assertThat(pixel(unit.sheet(), 32, 32)).isEqualTo(Color.RED);
  }

  @Test
  void of_secondBlock_hasTheFieldOfBoth() {
    Visualisation seen = visualisation(Optional.empty(), examples());
    assertThat(seen.blocks().stream().map(block -> block.tap().block()))
        .containsExactly("First layer", "Block 1: first", "Block 2: second");
    BlockTap.Shown second = (BlockTap.Shown) seen.blocks().get(2).tap();
    FieldAxis axis = new FieldAxis(-2, 5, 2, 16);
    assertThat(second.field()).isEqualTo(new ReceptiveField.Local(axis, axis, 2, 3));
    assertThat(second.tensor()).isEqualTo("second.relu");
    assertThat(unit(seen.blocks().get(2), EdgeNetwork.EDGE).labels().get(0)).isEqualTo("edge");
  }

  @Test
  void of_sampleOfTheImages_isTheSameForTheSameSeed() {
    VisualisationSettings few = new VisualisationSettings(2, 5, 3);
    List<List<String>> runs = new ArrayList<>();
    for (int run = 0; run < 2; run++) {
      Visualisation seen =
          Visualisation.of(backbone(), Optional.empty(), examples(), few, TrainingListener.SILENT);
      assertThat(seen.imageCount()).isEqualTo(5);
      runs.add(seen.blocks().get(0).units().get(0).labels());
    }
    assertThat(runs.get(0)).isEqualTo(runs.get(1));
  }

  @Test
  void of_damagedImages_namesThemAndGoesOn() throws IOException {
    Files.write(data.resolve("edge/0.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 1, 2});
    Visualisation seen = visualisation(Optional.empty(), examples());
    assertThat(seen.imageCount()).isEqualTo(11);
    assertThat(seen.leftOut()).hasSize(1);
    assertThat(seen.leftOut().get(0).path()).endsWith("edge/0.png");
    // It was the first of all, whose maps would have been shown.
    assertThat(seen.image().orElseThrow().name()).endsWith("plain/0.png");
    assertThat(page(seen, "damaged.html")).contains("1 image left out", "edge/0.png");
  }

  @Test
  void of_nothingReadable_isADataError() throws IOException {
    for (Example example : examples()) {
      Files.write(Path.of(example.source().name()), new byte[] {'B', 'M', 1, 2});
    }
    List<Example> damaged = examples();
    assertThatThrownBy(() -> visualisation(Optional.empty(), damaged))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("none of 12 images can be read");
  }

  // --- maps --------------------------------------------------------------------------------------

  @Test
  void of_imageWithRedSpot_lightsTheRedMapThere() {
    Path file = data.resolve("red/0.png");
    Example image = new Example("red.png", "", new ExampleSource.FileSource(file));
    Visualisation seen = visualisation(Optional.of(image), List.of());
    assertThat(seen.imageCount()).isZero();
    assertThat(seen.mapCount()).isEqualTo(6);
    assertThat(pixel(seen.image().orElseThrow().pixels(), 10, 14)).isEqualTo(Color.RED);
    HeatMap map =
        seen.blocks().get(0).maps().stream()
            .filter(one -> one.channel() == EdgeNetwork.RED)
            .findFirst()
            .orElseThrow();
    assertThat(map.highest()).isCloseTo(4.5f, within(1e-4f));
    byte[] lightest = new byte[3];
    HeatPalette.write(1, lightest, 0);
    int at = 3 * (14 * EdgeNetwork.SIDE + 10);
    assertThat(
            new byte[] {
              map.pixels().rgb()[at], map.pixels().rgb()[at + 1], map.pixels().rgb()[at + 2]
            })
        .isEqualTo(lightest);
  }

  @Test
  void of_imageThatIsNone_isADataError() throws IOException {
    Path file = Files.writeString(folder.resolve("words.jpg"), "no image");
    Example image = new Example("words.jpg", "", new ExampleSource.FileSource(file));
    assertThatThrownBy(() -> visualisation(Optional.of(image), List.of()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("words.jpg");
  }

  @Test
  void of_networkWithNeitherConvolutionNorMaps_isRefused() {
    Backbone linear = EdgeNetwork.loadWithoutConvolution(folder);
    assertThatThrownBy(
            () ->
                Visualisation.of(
                    linear,
                    Optional.empty(),
                    List.of(),
                    VisualisationSettings.defaults(),
                    TrainingListener.SILENT))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("linear.onnx")
        .hasMessageContaining("neither");
  }

  // --- the page ----------------------------------------------------------------------------------

  @Test
  void write_wholePage_isSelfContainedAndItsPicturesAreImages() throws IOException {
    String page = page(visualisation(Optional.empty(), examples()), "page.html");
    assertThat(page).startsWith("<!doctype html>\n<html lang=\"en\">");
    assertThat(page)
        .contains("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
        .contains("Filters: 2 of 2 of the first layer.")
        .contains("Each place depends on 5 × 5 pixels; from place to place it is 2 pixels.")
        .doesNotContain("<script", "<link", "url(", "@import", "NaN", "Infinity", "http://");
    Matcher pictures = Pattern.compile("<img ([^>]*)>").matcher(page);
    int count = 0;
    while (pictures.find()) {
      String attributes = pictures.group(1);
      assertThat(attributes).containsPattern("alt=\"[^\"]+\"");
      Matcher source =
          Pattern.compile("src=\"data:image/png;base64,([^\"]+)\"").matcher(attributes);
      assertThat(source.find()).isTrue();
      byte[] png = Base64.getDecoder().decode(source.group(1));
      assertThat(ImageIO.read(new ByteArrayInputStream(png))).isNotNull();
      count++;
    }
    // Filters 2, image and legend 2, maps and sheets 2 of each of 3 places.
    assertThat(count).isEqualTo(2 + 2 + 6 + 6);
    assertThat(count(page, "<figure>")).isEqualTo(count(page, "</figure>"));
  }

  private static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }

  @Test
  void write_sameTwice_isTheSamePage() throws IOException {
    String first = page(visualisation(Optional.empty(), examples()), "first.html");
    String second = page(visualisation(Optional.empty(), examples()), "second.html");
    assertThat(second).isEqualTo(first);
  }

  @Test
  void write_withoutImages_saysWhatIsMissing() throws IOException {
    String page = page(visualisation(Optional.empty(), List.of()), "filters.html");
    assertThat(page)
        .contains("Name one with --image FILE", "Name a data set with --data DATA")
        .contains("alt=\"Filter 1\"")
        .doesNotContain("Map of channel");
  }

  @Test
  void write_hostileNames_areText() throws IOException {
    Path file = data.resolve("red/0.png");
    Example image =
        new Example("<script>alert(1)</script>", "", new ExampleSource.FileSource(file));
    assertThat(page(visualisation(Optional.of(image), List.of()), "hostile.html"))
        .contains("&lt;script&gt;")
        .doesNotContain("<script");
  }

  @Test
  void settings_outOfRange_areRefused() {
    assertThatThrownBy(() -> new VisualisationSettings(0, 10, 1))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("units: expected 1 to 64, found 0");
    assertThatThrownBy(() -> new VisualisationSettings(1, 0, 1))
        .hasMessageContaining("images: expected 1 or more, found 0");
  }
}
