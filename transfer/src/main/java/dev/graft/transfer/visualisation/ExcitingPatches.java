package dev.graft.transfer.visualisation;

import dev.graft.data.DataException;
import dev.graft.data.LeftOut;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.data.image.PixelImage;
import dev.graft.engine.FloatTensor;
import dev.graft.transfer.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Finds the patches of a data set that excite units most. All images pass through the network once
 * and leave a few numbers for each unit; then those that the chosen units remember are read again
 * and cut. Not thread-safe.
 */
final class ExcitingPatches {
  private static final String LOOKING = "Looking at images";
  private static final String CUTTING = "Cutting out patches";

  /** What all patches of a page may have together, so that it stays below some megabytes. */
  private static final int ALL_PIXELS = 1_800_000;

  private static final int SMALLEST_CELL = 24;
  private static final int LARGEST_CELL = 64;

  private final PreparedImages images;
  private final ImagePreprocessing preprocessing;
  private final List<BlockTap.Shown> taps;
  private final TrainingListener listener;
  private final List<LeftOut> leftOut = new ArrayList<>();
  private final List<UnitRanking> rankings = new ArrayList<>();
  private int seen;

  ExcitingPatches(
      PreparedImages images,
      ImagePreprocessing preprocessing,
      List<BlockTap.Shown> taps,
      TrainingListener listener) {
    this.images = images;
    this.preprocessing = preprocessing;
    this.taps = taps;
    this.listener = listener;
    taps.forEach(tap -> rankings.add(new UnitRanking(tap.layout().channels())));
  }

  /** What one image gives: a value, or why it could not be read. */
  private record Outcome<T>(Optional<T> value, Optional<LeftOut> damage) {}

  private interface OfImage<T> {
    T of(float[] prepared);
  }

  private <T> Outcome<T> ofImage(int number, OfImage<T> function) {
    try {
      return new Outcome<>(Optional.of(function.of(images.prepared(number))), Optional.empty());
    } catch (DataException damaged) {
      return new Outcome<>(Optional.empty(), Optional.of(images.leftOut(number, damaged)));
    }
  }

  /**
   * Lets the network look at all images.
   *
   * @throws DataException if none of them can be read
   */
  void look(TrunkOutputs network) {
    listener.phase(LOOKING);
    OrderedWork.run(
        images.count(),
        number -> ofImage(number, prepared -> peaks(network.of(prepared))),
        (number, outcome) -> {
          outcome.damage().ifPresent(leftOut::add);
          outcome.value().ifPresent(peaks -> add(number, peaks));
          listener.progress(LOOKING, number + 1L, images.count(), "images");
        });
    if (seen == 0) {
      throw noneReadable(images.count(), leftOut.get(leftOut.size() - 1).reason());
    }
  }

  static DataException noneReadable(int count, String lastReason) {
    return new DataException(
        "Showing what layers see: none of "
            + count
            + " images can be read. Give data with usable images. The last reason: "
            + lastReason);
  }

  private List<Peaks> peaks(List<FloatTensor> tensors) {
    List<Peaks> peaks = new ArrayList<>();
    for (int i = 0; i < taps.size(); i++) {
      peaks.add(Peaks.of(tensors.get(i).values(), taps.get(i).layout()));
    }
    return peaks;
  }

  private void add(int number, List<Peaks> peaks) {
    seen++;
    for (int i = 0; i < rankings.size(); i++) {
      rankings.get(i).add(number, peaks.get(i));
    }
  }

  /** The number of images that could be read. */
  int seen() {
    return seen;
  }

  /** Those that could not. */
  List<LeftOut> leftOut() {
    return List.copyOf(leftOut);
  }

  /** A unit with the sheet that its patches are drawn on. */
  private record Drawing(
      BlockTap.Shown tap, int channel, List<UnitRanking.Hit> hits, PatchSheet sheet) {}

  /**
   * Cuts the patches of some units out.
   *
   * @return the units of each block, in the order of the blocks
   */
  List<List<ExcitedUnit>> cut(int unitsPerBlock) {
    int cell = cell(unitsPerBlock);
    List<List<Drawing>> drawings = new ArrayList<>();
    TreeSet<Integer> wanted = new TreeSet<>();
    for (int i = 0; i < taps.size(); i++) {
      List<Drawing> ofBlock = new ArrayList<>();
      for (int unit : rankings.get(i).chosen(unitsPerBlock)) {
        List<UnitRanking.Hit> hits = rankings.get(i).hits(unit);
        hits.forEach(hit -> wanted.add(hit.image()));
        ofBlock.add(new Drawing(taps.get(i), unit, hits, new PatchSheet(cell)));
      }
      drawings.add(ofBlock);
    }
    List<Integer> numbers = List.copyOf(wanted);
    listener.phase(CUTTING);
    OrderedWork.run(
        numbers.size(),
        i -> ofImage(numbers.get(i), prepared -> SeenImage.of(prepared, preprocessing)),
        (i, outcome) -> {
          // One that can no longer be read leaves its place on the sheet empty.
          outcome
              .value()
              .ifPresent(pixels -> drawings.forEach(block -> draw(block, numbers.get(i), pixels)));
          listener.progress(CUTTING, i + 1L, numbers.size(), "images");
        });
    return drawings.stream().map(block -> block.stream().map(this::finished).toList()).toList();
  }

  private int cell(int unitsPerBlock) {
    double patches = (double) UnitRanking.KEPT * Math.max(1, taps.size()) * unitsPerBlock;
    int side = (int) Math.sqrt(ALL_PIXELS / patches);
    return Math.max(SMALLEST_CELL, Math.min(LARGEST_CELL, side));
  }

  private static void draw(List<Drawing> drawings, int image, PixelImage pixels) {
    for (Drawing drawing : drawings) {
      for (int i = 0; i < drawing.hits.size(); i++) {
        UnitRanking.Hit hit = drawing.hits.get(i);
        if (hit.image() == image) {
          PatchWindow window =
              PatchWindow.of(
                  drawing.tap.field(),
                  drawing.tap.layout(),
                  hit.place(),
                  pixels.height(),
                  pixels.width());
          drawing.sheet.draw(i, pixels, window);
        }
      }
    }
  }

  private ExcitedUnit finished(Drawing drawing) {
    return new ExcitedUnit(
        drawing.channel,
        drawing.hits.stream().map(UnitRanking.Hit::value).toList(),
        drawing.hits.stream().map(hit -> images.example(hit.image()).label()).toList(),
        drawing.sheet.pixels());
  }
}
