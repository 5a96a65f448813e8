package dev.graft.transfer.visualisation;

import java.util.ArrayList;
import java.util.List;

/** The page in sentences, for people who were not there. */
final class VisualisationSentences {
  static final String WHAT_TO_LOOK_FOR =
      "In trained networks the first layer usually answers to edges and colours, blocks in the middle"
          + " to corners, curves and textures, and the last ones to parts and whole shapes (Zeiler and"
          + " Fergus 2014). The pictures below show how far that is so here. A network with fresh"
          + " weights shows no such order.";

  static final String MAPS =
      "Each small picture is one channel of a block: bright where the channel is strong, dark where"
          + " it is weak. Of each block those with the highest mean are shown. Each has colours of its"
          + " own, from its lowest value to its highest; both stand below it. The channels of the first"
          + " layer are its filters.";

  static final String PATCHES =
      "For each unit the nine images that excite it most are shown, the strongest at the top left: of"
          + " each image the part that the unit depends on at the place where it is strongest. Where"
          + " that is more than the image, the whole image is shown, with a small frame around the"
          + " middle of the part. Grey is what lies outside of an image, or a place for which no"
          + " image excited the unit. Below stand the unit's values and the classes of the images.";

  static final String CHOICE =
      "Of each block those units are shown whose highest value varies most from image to image, and"
          + " which do not all remember the same images. Places at the border of a map do not count,"
          + " since there it is often the padding that excites a unit. How large a part is follows"
          + " from the sizes of the kernels; its middle counts most, its border hardly (Luo et al."
          + " 2016). Gates that weigh whole channels by the whole image are not counted.";

  private VisualisationSentences() {}

  static String lead(Visualisation shown) {
    return shown.backbone().id()
        + " looks at an image of "
        + PageWords.size(
            shown.backbone().imagePreprocessing().cropHeight(),
            shown.backbone().imagePreprocessing().cropWidth())
        + " pixels in "
        + PageWords.count(shown.backbone().blocks().size(), "block")
        + " of layers, each of which works on what the one before found.";
  }

  /** What the page holds, and what it could hold. */
  static List<String> contents(Visualisation shown) {
    List<String> lines = new ArrayList<>();
    shown
        .filters()
        .ifPresent(
            all ->
                lines.add(
                    "Filters: "
                        + all.tiles().size()
                        + " of "
                        + all.count()
                        + " of the first layer."));
    lines.add(
        shown
            .image()
            .map(
                image ->
                    "Activation maps: "
                        + PageWords.count(shown.mapCount(), "channel")
                        + ", for the image "
                        + image.name()
                        + ".")
            .orElse("Activation maps: none, since no image was given (--image, --data)."));
    lines.add(
        shown.imageCount() == 0
            ? "Exciting patches: none, since no data were given (--data)."
            : "Exciting patches: "
                + PageWords.count(shown.unitCount(), "unit")
                + ", from "
                + PageWords.count(shown.imageCount(), "image")
                + " that the network looked at.");
    return lines;
  }

  static String filters(FirstLayerFilters filters) {
    PixelSize size = PixelSize.of(filters);
    String whose =
        filters.channels() == 3
            ? "in the colours of the channels that it reads"
            : filters.channels() == 1
                ? "in grey, since it reads one channel"
                : "as the mean over the " + filters.channels() + " channels that it reads, in grey";
    return "The first convolution ("
        + filters.layer()
        + ") has "
        + PageWords.count(filters.count(), "filter")
        + " of "
        + PageWords.size(size.height, size.width)
        + " pixels. Each is shown "
        + whose
        + ", by its own largest weight: mid-grey is 0, brighter adds, darker takes away."
        + (filters.tiles().size() < filters.count()
            ? " Shown are the " + filters.tiles().size() + " with the largest weights."
            : "");
  }

  private record PixelSize(int height, int width) {
    static PixelSize of(FirstLayerFilters filters) {
      return filters.tiles().isEmpty()
          ? new PixelSize(0, 0)
          : new PixelSize(
              filters.tiles().get(0).pixels().height(), filters.tiles().get(0).pixels().width());
    }
  }
}
