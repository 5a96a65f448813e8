package dev.graft.transfer.visualisation;

import dev.graft.data.DataException;
import dev.graft.data.Example;
import dev.graft.data.LeftOut;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.data.image.PixelImage;
import dev.graft.engine.FloatTensor;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.TransferException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the layers of a backbone see: the filters of its first convolution, the activation maps of
 * its blocks for one image, and the patches of a data set that excite its units most.
 *
 * <p>Computed in fp32; the same backbone, images and settings give the same page, byte for byte.
 * Immutable, thread-safe.
 */
public final class Visualisation {
  private static final int MAPS_OF_A_BLOCK = 8;
  private static final String MAPPING = "Looking at one image";

  private final Backbone backbone;
  private final VisualisationSettings settings;
  private final Optional<FirstLayerFilters> filters;
  private final List<BlockView> blocks;
  private final Optional<ShownImage> image;
  private final int images;
  private final List<LeftOut> leftOut;

  private Visualisation(
      Backbone backbone,
      VisualisationSettings settings,
      Optional<FirstLayerFilters> filters,
      List<BlockView> blocks,
      Optional<ShownImage> image,
      int images,
      List<LeftOut> leftOut) {
    this.backbone = backbone;
    this.settings = settings;
    this.filters = filters;
    this.blocks = List.copyOf(blocks);
    this.image = image;
    this.images = images;
    this.leftOut = List.copyOf(leftOut);
  }

  /**
   * The image whose maps are shown.
   *
   * @param name as the user knows it
   * @param pixels as the network sees it
   */
  record ShownImage(String name, PixelImage pixels) {}

  /** An image with the results of the blocks for it. */
  private record Mapped(ShownImage image, List<FloatTensor> tensors) {}

  /**
   * Looks at a backbone.
   *
   * @param image whose maps are shown; if empty, the first of the examples that can be read
   * @param examples where exciting patches are looked for; may be empty
   * @throws TransferException if the backbone has neither a convolution nor a block with maps
   * @throws DataException if the image, or every one of the examples, cannot be read
   */
  public static Visualisation of(
      Backbone backbone,
      Optional<Example> image,
      List<Example> examples,
      VisualisationSettings settings,
      TrainingListener listener) {
    Optional<FirstLayerFilters> filters = FirstLayerFilters.of(backbone);
    List<BlockTap> taps = BlockTaps.of(backbone);
    List<BlockTap.Shown> shown = shown(taps);
    if (filters.isEmpty() && shown.isEmpty()) {
      throw new TransferException(
          TransferException.Cause.MODEL,
          "Showing what the layers of "
              + backbone.file()
              + " see: a convolution, or blocks whose results are maps, are expected, but it has"
              + " neither. Choose a convolutional network or a vision transformer.");
    }
    ImagePreprocessing preprocessing = backbone.imagePreprocessing();
    PreparedImages sample =
        PreparedImages.sample(examples, settings.images(), settings.seed(), preprocessing);
    ExcitingPatches patches = new ExcitingPatches(sample, preprocessing, shown, listener);
    Optional<Mapped> mapped = Optional.empty();
    List<List<ExcitedUnit>> units = List.of();
    boolean hasImages = image.isPresent() || sample.count() > 0;
    if (hasImages && !shown.isEmpty()) {
      List<String> tensors = shown.stream().map(BlockTap.Shown::tensor).toList();
      try (TrunkOutputs network = TrunkOutputs.open(backbone.trunk(), tensors, preprocessing)) {
        listener.phase(MAPPING);
        mapped = Optional.of(mapped(network, image, sample, preprocessing));
        if (sample.count() > 0) {
          patches.look(network);
          units = patches.cut(settings.units());
        }
      }
    }
    return new Visualisation(
        backbone,
        settings,
        filters,
        views(taps, mapped, units),
        mapped.map(Mapped::image),
        patches.seen(),
        patches.leftOut());
  }

  private static List<BlockTap.Shown> shown(List<BlockTap> taps) {
    return taps.stream()
        .filter(BlockTap.Shown.class::isInstance)
        .map(BlockTap.Shown.class::cast)
        .toList();
  }

  private static Mapped mapped(
      TrunkOutputs network,
      Optional<Example> image,
      PreparedImages sample,
      ImagePreprocessing preprocessing) {
    PreparedImages choice =
        image.map(one -> PreparedImages.sample(List.of(one), 1, 0, preprocessing)).orElse(sample);
    for (int number = 0; ; number++) {
      try {
        float[] prepared = choice.prepared(number);
        PixelImage pixels = SeenImage.of(prepared, preprocessing);
        return new Mapped(
            new ShownImage(choice.example(number).id(), pixels), network.of(prepared));
      } catch (DataException damaged) {
        // Of a data set, another will do; it is named when the data set is looked at.
        if (number == choice.count() - 1) {
          throw image.isPresent()
              ? damaged
              : ExcitingPatches.noneReadable(choice.count(), String.valueOf(damaged.getMessage()));
        }
      }
    }
  }

  private static List<BlockView> views(
      List<BlockTap> taps, Optional<Mapped> mapped, List<List<ExcitedUnit>> units) {
    List<BlockView> views = new ArrayList<>();
    int number = 0;
    for (BlockTap tap : taps) {
      List<HeatMap> maps = List.of();
      List<ExcitedUnit> excited = List.of();
      if (tap instanceof BlockTap.Shown shown) {
        if (mapped.isPresent()) {
          float[] tensor = mapped.get().tensors().get(number).values();
          maps = ActivationMaps.strongest(tensor, shown.layout(), MAPS_OF_A_BLOCK);
        }
        excited = number < units.size() ? units.get(number) : List.of();
        number++;
      }
      views.add(new BlockView(tap, maps, excited));
    }
    return views;
  }

  /**
   * Writes the page, whole or not at all.
   *
   * @throws TransferException if it cannot be written
   */
  public void write(Path file) {
    VisualisationPage.write(this, file);
  }

  /** The number of filters shown of the first layer. */
  public int filterCount() {
    return filters.map(all -> all.tiles().size()).orElse(0);
  }

  /** The number of activation maps on the page. */
  public int mapCount() {
    return blocks.stream().mapToInt(block -> block.maps().size()).sum();
  }

  /** The number of units shown with what excites them. */
  public int unitCount() {
    return blocks.stream().mapToInt(block -> block.units().size()).sum();
  }

  /** The number of images of the data that were looked at. */
  public int imageCount() {
    return images;
  }

  /** Images of the data that could not be read, with the reason. */
  public List<LeftOut> leftOut() {
    return leftOut;
  }

  Backbone backbone() {
    return backbone;
  }

  VisualisationSettings settings() {
    return settings;
  }

  Optional<FirstLayerFilters> filters() {
    return filters;
  }

  List<BlockView> blocks() {
    return blocks;
  }

  Optional<ShownImage> image() {
    return image;
  }
}
