package dev.graft.transfer;

import dev.graft.data.DataException;
import dev.graft.data.Splitter;
import dev.graft.transfer.baseline.BaselineTask;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.LinearHeadFitting;
import dev.graft.transfer.training.Validated;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Rates a backbone at several sides of its images: heads on features of the same training examples,
 * cross-validated with the same splits.
 *
 * @param task the classes, and how examples are held out
 * @param cache where the features are kept; empty to keep none
 */
record SideRating(
    ExampleTables tables,
    BaselineTask task,
    PrecisionChoice precision,
    Optional<Path> cache,
    TrainingListener listener) {
  /** More of them take longer than a smaller side saves, and prove little more. */
  static final int MOST_EXAMPLES = 500;

  private static final int LEAST_OF_A_CLASS = 5;

  /** With more classes, {@value #LEAST_OF_A_CLASS} of each would be more than are rated. */
  static final int MOST_CLASSES = MOST_EXAMPLES / LEAST_OF_A_CLASS;

  /**
   * Each of the candidates; damaged images are left out.
   *
   * @param candidates the first one's features tell which examples are nearly alike
   * @return empty where of these examples none can be held out
   */
  List<RatedSide> of(List<Backbone> candidates) {
    List<RatedSide> rated = new ArrayList<>();
    ExampleTable usable;
    int[] groups;
    try (FrozenFeatures features = features(candidates.get(0), sample())) {
      usable = features.examples();
      if (usable.size() == 0) {
        return List.of();
      }
      groups = features.groups(tables.dataset());
      rated.add(rated(candidates.get(0), features, groups));
    } catch (DataException indivisible) {
      return List.of(); // whether the run needs to hold examples out, it finds out itself
    }
    for (Backbone candidate : candidates.subList(1, candidates.size())) {
      try (FrozenFeatures features = features(candidate, usable)) {
        rated.add(rated(candidate, features, groups));
      }
    }
    return rated;
  }

  /** All training examples, or as many of each class. */
  ExampleTable sample() {
    ExampleTable train = tables.train();
    int each = MOST_EXAMPLES / task.classes();
    int[] single = Splitter.ungrouped(train.size());
    return train.size() <= MOST_EXAMPLES
        ? train
        : train.rows(Splitter.sample(train.labels(), single, each, task.seed()));
  }

  private FrozenFeatures features(Backbone backbone, ExampleTable examples) {
    String phase = "Features at " + backbone.imagePreprocessing().cropHeight() + " pixels";
    return FrozenFeatures.compute(backbone, examples, precision, cache, phase, listener);
  }

  private RatedSide rated(Backbone backbone, FrozenFeatures features, int[] groups) {
    int[] labels = features.examples().labels();
    Validated heldOut =
        LinearHeadFitting.fit(
                task.head(features.activations(), labels, groups, Optional.empty()),
                TrainingListener.SILENT)
            .validated();
    int[] theirs = Arrays.stream(heldOut.rows()).map(row -> groups[row]).toArray();
    return new RatedSide(backbone, heldOut, theirs);
  }
}
