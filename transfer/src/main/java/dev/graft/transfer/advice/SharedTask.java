package dev.graft.transfer.advice;

import dev.graft.data.Dataset;
import dev.graft.data.Split;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.baseline.BaselineTask;
import dev.graft.transfer.training.Activations;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.HeadSplits;
import dev.graft.transfer.training.LinearHeadFitting;
import dev.graft.transfer.training.Validated;
import java.util.List;
import java.util.Optional;

/**
 * The examples that all candidates and baselines are judged by, with the same splits for all.
 *
 * @param groups near-duplicates, which no split parts
 */
record SharedTask(Dataset dataset, ExampleTable examples, int[] groups, BaselineTask task) {
  int classes() {
    return task.classes();
  }

  long seed() {
    return task.seed();
  }

  /** Held-out predictions of a linear head on some features of the examples. */
  Validated probe(Activations features, TrainingListener listener) {
    return LinearHeadFitting.fit(
            task.head(features, examples.labels(), groups, Optional.empty()), listener)
        .validated();
  }

  /** Splits whose held-out examples the heads are judged by as well. */
  List<Split> folds() {
    return HeadSplits.of(examples.labels(), groups, task.validationFraction(), task.seed());
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
