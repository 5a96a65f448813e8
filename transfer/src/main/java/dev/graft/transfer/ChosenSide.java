package dev.graft.transfer;

import dev.graft.data.LeftOut;
import dev.graft.data.Splitter;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.transfer.baseline.BaselineTask;
import dev.graft.transfer.ladder.PairedComparison;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.ExampleViews;
import dev.graft.transfer.training.ImageViews;
import dev.graft.transfer.training.LinearHeadFitting;
import dev.graft.transfer.training.Validated;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The side of the input for images that are smaller than what a backbone takes: to enlarge them
 * costs time, and need not help.
 *
 * <p>Heads on features at several sides are cross-validated. Where layers train, the smallest side
 * is taken whose log loss is not proved to be higher than the best one's; a head alone keeps the
 * backbone's own side unless its loss is. The level is 5 % for all comparisons together
 * (Bonferroni): the best of several is the best by luck as well.
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
  private static final int MOST_EXAMPLES = 500;
  private static final int LEAST_OF_A_CLASS = 5;

  private ChosenSide() {}

  /**
   * What was chosen.
   *
   * @param backbone at the chosen side
   * @param sentence the reason; empty where there was nothing to choose
   */
  public record Choice(Backbone backbone, Optional<String> sentence) {}

  /**
   * What a head is worth at one side.
   *
   * @param groups near-duplicates among the held-out examples
   */
  record Rated(Backbone backbone, Validated heldOut, int[] groups) {
    double loss() {
      int classes = heldOut.probabilities().length / heldOut.labels().length;
      return Validated.logLoss(heldOut.labels(), heldOut.probabilities(), classes);
    }

    int side() {
      return backbone.imagePreprocessing().cropHeight();
    }
  }

  /**
   * Chooses for a head alone, which costs little at any side: the backbone's own unless another is
   * proved to be better.
   *
   * @param task the classes, and how examples are held out
   * @param cache where the features are kept; empty to keep none
   */
  public static Choice forHead(
      Backbone backbone,
      ExampleTables tables,
      BaselineTask task,
      Optional<Path> cache,
      TrainingListener listener) {
    return choose(backbone, tables, task, cache, listener, ChosenSide::ownUnlessWorse);
  }

  /**
   * Chooses for layers that train: the smallest that is not proved to be worse.
   *
   * @param task the classes, and how examples are held out
   * @param cache where the features are kept; empty to keep none
   */
  public static Choice forTraining(
      Backbone backbone,
      ExampleTables tables,
      BaselineTask task,
      Optional<Path> cache,
      TrainingListener listener) {
    return choose(backbone, tables, task, cache, listener, ChosenSide::smallestNotWorse);
  }

  private static Choice choose(
      Backbone backbone,
      ExampleTables tables,
      BaselineTask task,
      Optional<Path> cache,
      TrainingListener listener,
      Function<List<Rated>, Rated> rule) {
    Choice own = new Choice(backbone, Optional.empty());
    if (!(ExampleViews.plain(backbone.preprocessing()) instanceof ImageViews plain)
        || tables.train().size() == 0) {
      return own;
    }
    int pixels = ImageTraits.of(tables.train(), plain).usualSide();
    List<Backbone> candidates = new ArrayList<>(List.of(backbone));
    for (int side : smaller(plain.preprocessing(), pixels)) {
      backbone.withSide(side).ifPresent(candidates::add);
    }
    if (candidates.size() == 1) {
      return own;
    }
    List<Rated> rated = new Rating(tables, task, cache, listener).of(candidates);
    Rated chosen = rule.apply(rated);
    return new Choice(chosen.backbone, Optional.of(sentence(rated, chosen, pixels)));
  }

  /**
   * The first, unless the one with the lowest loss is proved to be better.
   *
   * @param rated the own side first
   */
  static Rated ownUnlessWorse(List<Rated> rated) {
    return isProvedWorse(rated.get(0), rated) ? best(rated) : rated.get(0);
  }

  /**
   * The last that is not proved to be worse than the one with the lowest loss.
   *
   * @param rated the smallest side last
   */
  static Rated smallestNotWorse(List<Rated> rated) {
    Rated chosen = rated.get(0);
    for (Rated one : rated) {
      chosen = isProvedWorse(one, rated) ? chosen : one;
    }
    return chosen;
  }

  private static boolean isProvedWorse(Rated one, List<Rated> all) {
    Rated best = best(all);
    return PairedComparison.of(
            one.heldOut.labels(),
            one.groups,
            best.heldOut.probabilities(),
            one.heldOut.probabilities())
        .provesHigherLoss(LEVEL / (all.size() - 1));
  }

  private static Rated best(List<Rated> rated) {
    return Collections.min(rated, Comparator.comparingDouble(Rated::loss));
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

  /** Heads on the features of some training examples, with the same splits at each side. */
  private static final class Rating {
    private final ExampleTables tables;
    private final BaselineTask task;
    private final Optional<Path> cache;
    private final TrainingListener listener;
    private ExampleTable some;

    Rating(
        ExampleTables tables, BaselineTask task, Optional<Path> cache, TrainingListener listener) {
      this.tables = tables;
      this.task = task;
      this.cache = cache;
      this.listener = listener;
      this.some = sample(tables.train(), task);
    }

    private static ExampleTable sample(ExampleTable train, BaselineTask task) {
      int each = Math.max(LEAST_OF_A_CLASS, MOST_EXAMPLES / task.classes());
      int[] single = Splitter.ungrouped(train.size());
      return train.size() <= MOST_EXAMPLES
          ? train
          : train.rows(Splitter.sample(train.labels(), single, each, task.seed()));
    }

    List<Rated> of(List<Backbone> candidates) {
      int[] groups = groupsAt(candidates.get(0));
      return candidates.stream().map(candidate -> rated(candidate, groups)).toList();
    }

    /** Near-duplicates by the features at the backbone's own side; what is damaged is left out. */
    private int[] groupsAt(Backbone backbone) {
      try (FrozenFeatures features = features(backbone)) {
        if (features.damaged().isEmpty()) {
          return features.groups(tables.dataset());
        }
        Set<String> damaged =
            features.damaged().stream().map(LeftOut::path).collect(Collectors.toSet());
        some =
            some.rows(
                IntStream.range(0, some.size())
                    .filter(row -> !damaged.contains(some.examples().get(row).id()))
                    .toArray());
      }
      try (FrozenFeatures features = features(backbone)) {
        return features.groups(tables.dataset());
      }
    }

    private FrozenFeatures features(Backbone backbone) {
      String phase = "Features at " + backbone.imagePreprocessing().cropHeight() + " pixels";
      return FrozenFeatures.compute(backbone, some, cache, phase, listener);
    }

    private Rated rated(Backbone backbone, int[] groups) {
      try (FrozenFeatures features = features(backbone)) {
        Validated heldOut =
            LinearHeadFitting.fit(
                    task.head(features.activations(), some.labels(), groups, Optional.empty()),
                    TrainingListener.SILENT)
                .validated();
        int[] theirs = Arrays.stream(heldOut.rows()).map(row -> groups[row]).toArray();
        return new Rated(backbone, heldOut, theirs);
      }
    }
  }

  private static String sentence(List<Rated> rated, Rated chosen, int pixels) {
    Rated own = rated.get(0);
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
                + " --input-size %d keeps its own.",
            chosen.side(),
            own.side(),
            (double) own.backbone.profile().multiplyAdds()
                / chosen.backbone.profile().multiplyAdds(),
            reason,
            own.side());
  }
}
