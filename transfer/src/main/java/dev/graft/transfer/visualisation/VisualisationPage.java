package dev.graft.transfer.visualisation;

import dev.graft.data.LeftOut;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.data.image.PixelImage;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.evidence.EvidenceFile;
import dev.graft.transfer.evidence.HtmlPage;
import dev.graft.transfer.evidence.HtmlPicture;
import dev.graft.transfer.evidence.HtmlText;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One HTML file with all pictures in it. The words come first, and names from outside are shown as
 * text.
 */
final class VisualisationPage {
  private static final int LEFT_OUT_SHOWN = 20;
  private static final int LEGEND_WIDTH = 128;
  private static final int LEGEND_HEIGHT = 8;

  private static final String CSS =
      """
      .pictures img { image-rendering: pixelated; background: rgb(128 128 128); }
      .filters img { width: 3.25rem; }
      .maps figure { width: 6.25rem; overflow-wrap: anywhere; }
      .maps img { width: 6.25rem; }
      .units figure { width: min(12.5rem, 46%); overflow-wrap: anywhere; }
      .units img { width: 100%; }
      .seen img { width: min(20rem, 100%); }
      .legend img { width: 16rem; max-width: 100%; height: 0.9rem; }
      h3 { overflow-wrap: anywhere; }
      """;

  private final Visualisation shown;

  private VisualisationPage(Visualisation shown) {
    this.shown = shown;
  }

  /**
   * Writes the file, whole or not at all.
   *
   * @throws dev.graft.transfer.TransferException if it cannot be written
   */
  static void write(Visualisation shown, Path file) {
    EvidenceFile.write(file, new VisualisationPage(shown).html());
  }

  private String html() {
    return new HtmlPage("What the layers of " + shown.backbone().id() + " see")
        .style(CSS)
        .section("summary", "Summary", "Summary", summary())
        .section("filters", "Filters", "Filters of the first layer", filters())
        .section("maps", "Maps", "Activation maps of one image", maps())
        .section("patches", "Patches", "What excites single units most", patches())
        .section("provenance", "Provenance", "Where it comes from", provenance())
        .html();
  }

  private String summary() {
    StringBuilder words = new StringBuilder("<p class=\"lead\">");
    words
        .append(HtmlText.escape(VisualisationSentences.lead(shown)))
        .append("</p>\n")
        .append(HtmlText.paragraph(VisualisationSentences.WHAT_TO_LOOK_FOR));
    VisualisationSentences.contents(shown).forEach(line -> words.append(HtmlText.paragraph(line)));
    return words.toString();
  }

  private String filters() {
    if (shown.filters().isEmpty()) {
      return HtmlText.paragraph(
          "This network has no convolution with stored weights, so there are no filters to show.");
    }
    FirstLayerFilters filters = shown.filters().get();
    StringBuilder tiles = new StringBuilder();
    for (FirstLayerFilters.Tile tile : filters.tiles()) {
      tiles.append(PagePicture.of(tile.pixels(), "tile", "Filter " + tile.filter())).append('\n');
    }
    return HtmlText.paragraph(VisualisationSentences.filters(filters))
        + HtmlPicture.row("filters", tiles.toString());
  }

  private String maps() {
    if (shown.image().isEmpty()) {
      return HtmlText.paragraph(
              "No image was given, so there are no maps. Name one with --image FILE, or a data set with"
                  + " --data DATA.")
          + notShown();
    }
    Visualisation.ShownImage image = shown.image().get();
    StringBuilder inner = new StringBuilder();
    inner.append(HtmlText.paragraph(VisualisationSentences.MAPS));
    inner.append(
        HtmlPicture.row(
            "seen",
            HtmlPicture.captioned(
                PagePicture.of(
                    image.pixels(),
                    "seen",
                    "The image " + image.name() + " as the network sees it"),
                image.name() + " as the network sees it")));
    inner.append(
        HtmlPicture.row(
            "legend",
            HtmlPicture.captioned(
                PagePicture.of(legend(), "legend", "Colours from dark violet to light yellow"),
                "lowest value of a map (left) to its highest (right)")));
    for (BlockView block : shown.blocks()) {
      if (block.tap() instanceof BlockTap.Shown tap && !block.maps().isEmpty()) {
        inner.append(heading(tap)).append(HtmlPicture.row("maps", maps(block)));
      }
    }
    return inner.append(notShown()).toString();
  }

  private String heading(BlockTap.Shown tap) {
    ImagePreprocessing images = shown.backbone().imagePreprocessing();
    return "<h3>"
        + HtmlText.escape(tap.block())
        + "</h3>\n"
        + HtmlText.paragraph(PageWords.maps(tap, images.cropHeight(), images.cropWidth()));
  }

  private static String maps(BlockView block) {
    StringBuilder pictures = new StringBuilder();
    for (HeatMap map : block.maps()) {
      String range = PageWords.number(map.lowest()) + " to " + PageWords.number(map.highest());
      String words =
          "Map of channel " + map.channel() + " of " + block.tap().block() + ", from " + range;
      pictures.append(
          HtmlPicture.captioned(
              PagePicture.of(map.pixels(), "map", words), "channel " + map.channel(), range));
    }
    return pictures.toString();
  }

  private static PixelImage legend() {
    byte[] rgb = new byte[3 * LEGEND_WIDTH * LEGEND_HEIGHT];
    for (int i = 0; i < LEGEND_WIDTH * LEGEND_HEIGHT; i++) {
      HeatPalette.write(i % LEGEND_WIDTH / (LEGEND_WIDTH - 1.0), rgb, 3 * i);
    }
    return new PixelImage(LEGEND_WIDTH, LEGEND_HEIGHT, rgb);
  }

  /** The blocks without maps, with the reason. */
  private String notShown() {
    StringBuilder items = new StringBuilder();
    for (BlockView block : shown.blocks()) {
      if (block.tap() instanceof BlockTap.NotShown none) {
        items
            .append("<li>")
            .append(HtmlText.escape(none.block() + ": " + none.reason()))
            .append("</li>\n");
      }
    }
    return items.isEmpty()
        ? ""
        : "<aside aria-label=\"Notes\"><h3>Blocks without maps</h3>\n<ul>\n"
            + items
            + "</ul></aside>\n";
  }

  private String patches() {
    if (shown.imageCount() == 0) {
      return HtmlText.paragraph(
          "No data were given, so there are no patches. Name a data set with --data DATA.");
    }
    StringBuilder inner = new StringBuilder();
    inner
        .append(HtmlText.paragraph(VisualisationSentences.PATCHES))
        .append(HtmlText.paragraph(VisualisationSentences.CHOICE));
    for (BlockView block : shown.blocks()) {
      if (block.tap() instanceof BlockTap.Shown tap) {
        inner.append(heading(tap));
        inner.append(
            block.units().isEmpty()
                ? HtmlText.paragraph("None of these images excited any of its units.")
                : HtmlPicture.row("units", units(block)));
      }
    }
    return inner.append(leftOut()).toString();
  }

  private static String units(BlockView block) {
    StringBuilder pictures = new StringBuilder();
    for (ExcitedUnit unit : block.units()) {
      List<Float> values = unit.values();
      String range =
          PageWords.number(values.get(0))
              + (values.size() > 1 ? " to " + PageWords.number(values.get(values.size() - 1)) : "");
      String words =
          "The patches that excite channel "
              + unit.channel()
              + " of "
              + block.tap().block()
              + " most";
      pictures.append(
          HtmlPicture.captioned(
              PagePicture.of(unit.sheet(), "sheet", words),
              "channel " + unit.channel() + ": " + range,
              PageWords.classes(unit.labels())));
    }
    return pictures.toString();
  }

  private String leftOut() {
    List<LeftOut> items = shown.leftOut();
    if (items.isEmpty()) {
      return "";
    }
    StringBuilder list = new StringBuilder();
    for (LeftOut item : items.subList(0, Math.min(LEFT_OUT_SHOWN, items.size()))) {
      list.append("<li>")
          .append(HtmlText.escape(item.path() + ": " + item.reason()))
          .append("</li>\n");
    }
    if (items.size() > LEFT_OUT_SHOWN) {
      list.append("<li>and ").append(items.size() - LEFT_OUT_SHOWN).append(" more</li>\n");
    }
    return "<aside aria-label=\"Left out\"><h3>"
        + PageWords.count(items.size(), "image")
        + " left out</h3>\n<ul>\n"
        + list
        + "</ul></aside>\n";
  }

  private String provenance() {
    Backbone backbone = shown.backbone();
    ImagePreprocessing images = backbone.imagePreprocessing();
    Map<String, String> values = new LinkedHashMap<>();
    values.put("file", backbone.id());
    values.put("SHA-256", backbone.sha256());
    values.put("licence", backbone.licence().orElse("unknown"));
    values.put(
        "input",
        PageWords.size(images.cropHeight(), images.cropWidth())
            + " pixels, "
            + images.channelOrder());
    values.put("blocks", Integer.toString(backbone.blocks().size()));
    if (shown.imageCount() > 0) {
      values.put("images looked at", Integer.toString(shown.imageCount()));
      values.put("at most", Integer.toString(shown.settings().images()));
      values.put("seed", Long.toString(shown.settings().seed()));
    }
    values.put("precision", "fp32");
    return HtmlText.pairs("The backbone and the settings", values);
  }
}
