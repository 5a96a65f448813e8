package dev.graft.transfer;

import dev.graft.data.image.ImagePreprocessing;
import dev.graft.data.image.Resize;
import dev.graft.transfer.baseline.BaselineTask;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.ExampleViews;
import dev.graft.transfer.training.ImageViews;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The side of the input for images that are smaller than what a backbone takes: to enlarge them
 * costs time, and need not help.
 *
 * <p>Heads on features at several sides are cross-validated. Where layers train, the smallest side
 * is taken whose log loss is not proved to be higher than the best one's; a head alone keeps the
 * backbone's own side unless its loss is. An automatic choice that ends with the head keeps the
 * side at which it was compared. The level is 5 % for all comparisons together (Bonferroni): the
 * best of several is the best by luck as well. Not thread-safe.
 */
public final class ChosenSide {
  /** Of usual networks, which halve the side five times, at least two by two places remain. */
  private static final int LEAST_SIDE = 64;

  /**
   * Of the own side: networks know things at about the scale that they learned them at. From 224
   * pixels down to 64 the frozen features of digits seem as good, and fine-tuning is worse.
   */
  private static final double LEAST_SHARE = 0.4;

  private static final int STRIDE = 32;

  /** From one side to the next smaller one, before it is rounded to the stride. */
  private static final double STEP = 0.8;

  private static final double LEVEL = 0.05;

  private final SideRating rating;

  /**
   * Chooses by the training examples of these tables.
   *
   * @param task the classes, and how examples are held out
   * @param precision of the features
   * @param cache where the features are kept; empty to keep none
   */
  public ChosenSide(
      ExampleTables tables,
      BaselineTask task,
      PrecisionChoice precision,
      Optional<Path> cache,
      TrainingListener listener) {
    this.rating = new SideRating(tables, task, precision, cache, listener);
  }

  /**
   * What was chosen.
   *
   * @param backbone at the chosen side
   * @param sentence the reason; empty where there was nothing to choose
   */
  public record Choice(Backbone backbone, Optional<String> sentence) {}

  /**
   * Chooses for a head alone, which costs little at any side: the backbone's own unless another is
   * proved to be better.
   */
  public Choice forHead(Backbone backbone) {
    return choose(backbone, ChosenSide::ownUnlessWorse);
  }

  /** Chooses for layers that train: the smallest that is not proved to be worse. */
  public Choice forTraining(Backbone backbone) {
    return choose(backbone, ChosenSide::smallestNotWorse);
  }

  private Choice choose(Backbone backbone, Function<List<RatedSide>, RatedSide> rule) {
    Choice own = new Choice(backbone, Optional.empty());
    ExampleTable train = rating.tables().train();
    // Features of fresh weights tell nothing of what they will learn.
    if (!(ExampleViews.plain(backbone.preprocessing()) instanceof ImageViews plain)
        || backbone.isFresh()
        || backbone.freshBlocks() > 0
        || train.size() == 0
        || rating.task().classes() > SideRating.MOST_CLASSES) {
      return own;
    }
    ImageTraits traits = ImageTraits.of(train, plain);
    int pixels =
        plain.preprocessing().resize() instanceof Resize.Exact
            ? traits.usualLongerSide() // it is squeezed to the shorter one
            : traits.usualSide();
    List<Backbone> candidates = new ArrayList<>(List.of(backbone));
    for (int side : smaller(plain.preprocessing(), pixels)) {
      backbone.withSide(side).ifPresent(candidates::add);
    }
    List<RatedSide> rated = candidates.size() == 1 ? List.of() : rating.of(candidates);
    if (rated.isEmpty()) {
      return own;
    }
    RatedSide chosen = rule.apply(rated);
    return new Choice(chosen.backbone(), Optional.of(sentence(rated, chosen, pixels)));
  }

  /**
   * The first, unless the one with the lowest loss is proved to be better.
   *
   * @param rated the own side first
   */
  static RatedSide ownUnlessWorse(List<RatedSide> rated) {
    return isProvedWorse(rated.get(0), rated) ? best(rated) : rated.get(0);
  }

  /**
   * The last that is not proved to be worse than the one with the lowest loss.
   *
   * @param rated the smallest side last
   */
  static RatedSide smallestNotWorse(List<RatedSide> rated) {
    RatedSide chosen = rated.get(0);
    for (RatedSide one : rated) {
      chosen = isProvedWorse(one, rated) ? chosen : one;
    }
    return chosen;
  }

  private static boolean isProvedWorse(RatedSide one, List<RatedSide> all) {
    return all.size() > 1 && one.isProvedWorseThan(best(all), LEVEL / (all.size() - 1));
  }

  private static RatedSide best(List<RatedSide> rated) {
    return Collections.min(rated, Comparator.comparingDouble(RatedSide::loss));
  }

  /** Sides below that of a square crop which lose nothing of the images, the largest first. */
  static List<Integer> smaller(ImagePreprocessing images, int pixels) {
    List<Integer> sides = new ArrayList<>();
    if (images.cropHeight() == images.cropWidth()) {
      int own = images.cropHeight();
      double least = Math.max(LEAST_SHARE * own, Math.max(LEAST_SIDE, pixels));
      for (int side = next(own); side >= least; side = next(side)) {
        sides.add(side);
      }
    }
    return sides;
  }

  private static int next(int side) {
    return (int) (STEP * side) / STRIDE * STRIDE;
  }

  private static String sentence(List<RatedSide> rated, RatedSide chosen, int pixels) {
    RatedSide own = rated.get(0);
    String losses =
        rated.stream()
            .map(one -> String.format(Locale.ROOT, "%.3f at %d", one.loss(), one.side()))
            .collect(Collectors.joining(", "));
    String reason = "images of " + pixels + " pixels; log loss of a cross-validated head " + losses;
    return chosen.side() == own.side()
        ? "The network sees images at its own " + own.side() + " pixels: " + reason + "."
        : String.format(
            Locale.ROOT,
            "The network sees images at %d instead of %d pixels, which is %.1f times less work: %s."
                + " An input size of %d keeps its own.",
            chosen.side(),
            own.side(),
            (double) own.backbone().profile().multiplyAdds()
                / chosen.backbone().profile().multiplyAdds(),
            reason,
            own.side());
  }
}
