package dev.graft.transfer.advice;

import dev.graft.data.Dataset;
import dev.graft.data.Split;
import dev.graft.data.Splitter;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.training.Activations;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.HeadProblem;
import dev.graft.transfer.training.LinearHeadFitting;
import dev.graft.transfer.training.Validated;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The examples that all candidates and baselines are judged by, with the same splits for all.
 *
 * @param groups near-duplicates, which no split parts
 */
record SharedTask(Dataset dataset, ExampleTable examples, int[] groups, long seed) {
  /** Share held out where one split is made. */
  private static final double HELD_OUT = 0.2;

  /** Heads are judged by each example up to so many, and else by what one split holds out. */
  private static final int FOLDS_UP_TO_EXAMPLES = 1_000;

  private static final int FOLDS = 5;

  int classes() {
    return dataset.classes().size();
  }

  /** Held-out predictions of a linear head on some features of the examples. */
  Validated probe(Activations features, TrainingListener listener) {
    float[] weights = new float[classes()];
    Arrays.fill(weights, 1);
    HeadProblem problem =
        new HeadProblem(
            features,
            examples.labels(),
            1,
            groups,
            Optional.empty(),
            classes(),
            weights,
            HELD_OUT,
            seed);
    return LinearHeadFitting.fit(problem, listener).validated();
  }

  /** Splits whose held-out examples the heads are judged by as well. */
  List<Split> folds() {
    int[] labels = examples.labels();
    if (labels.length > FOLDS_UP_TO_EXAMPLES) {
      return List.of(Splitter.holdOut(labels, groups, HELD_OUT, seed));
    }
    int distinct = (int) Arrays.stream(groups).distinct().count();
    return Splitter.folds(labels, groups, Math.min(FOLDS, distinct), seed);
  }

  /** The most frequent class. */
  int majority() {
    int[] counts = new int[classes()];
    for (int label : examples.labels()) {
      counts[label]++;
    }
    int best = 0;
    for (int label = 1; label < counts.length; label++) {
      best = counts[label] > counts[best] ? label : best;
    }
    return best;
  }
}
