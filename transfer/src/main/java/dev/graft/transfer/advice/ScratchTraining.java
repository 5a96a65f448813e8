package dev.graft.transfer.advice;

import dev.graft.data.Example;
import dev.graft.data.Part;
import dev.graft.data.Split;
import dev.graft.data.Splitter;
import dev.graft.runtime.PredictionInput;
import dev.graft.runtime.PredictionOutcome;
import dev.graft.runtime.Predictor;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.Strategy;
import dev.graft.transfer.TrainedModel;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.TransferException;
import dev.graft.transfer.TransferLearning;
import dev.graft.transfer.evidence.TrainingRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Trains all layers of a network from fresh weights, as {@code graft train --weights fresh
 * --strategy all} does, and judges it by the examples that the fold holds out.
 */
final class ScratchTraining {
  private static final String PHASE = "Training a small network from scratch";

  private final SharedTask task;
  private final TrainingListener listener;

  ScratchTraining(SharedTask task, TrainingListener listener) {
    this.task = task;
    this.listener = listener;
  }

  /**
   * What came of it.
   *
   * @param epochs that were trained to choose by, in the first fold
   * @param planned how many epochs there would have been with more time
   */
  record Trained(Outcomes outcomes, int epochs, int planned) {}

  /** Whether each fold leaves every class something to train on and to hold out of that. */
  boolean isPossible() {
    int[] labels = task.examples().labels();
    return task.folds().stream()
        .allMatch(
            split -> {
              int[] own = Arrays.stream(split.train()).map(row -> labels[row]).toArray();
              int[] groups = Arrays.stream(split.train()).map(row -> task.groups()[row]).toArray();
              int[] perClass = Splitter.groupsPerClass(own, groups);
              return perClass.length == task.classes()
                  && Arrays.stream(perClass).allMatch(count -> count >= 2);
            });
  }

  /** Trains for the first fold, and for further ones as long as the budget lasts. */
  Trained train(Backbone fresh, Duration budget) {
    long start = System.nanoTime();
    EpochsHeard heard = new EpochsHeard(listener);
    List<Split> folds = task.folds();
    List<Integer> rows = new ArrayList<>();
    List<Boolean> right = new ArrayList<>();
    for (int fold = 0; fold < folds.size(); fold++) {
      long spent = System.nanoTime() - start;
      if (fold > 0 && spent + spent / fold > budget.toNanos()) {
        break;
      }
      Duration left = fold == 0 ? budget : budget.minusNanos(spent);
      listener.phase(PHASE);
      Split split = folds.get(fold);
      for (int row : split.validation()) {
        rows.add(row);
      }
      right.addAll(judge(model(fresh, left, split, heard), split.validation()));
    }
    boolean[] outcomes = new boolean[right.size()];
    for (int i = 0; i < outcomes.length; i++) {
      outcomes[i] = right.get(i);
    }
    return new Trained(
        new Outcomes(rows.stream().mapToInt(Integer::intValue).toArray(), outcomes),
        heard.epochs,
        heard.planned);
  }

  private TrainedModel model(Backbone fresh, Duration budget, Split split, TrainingListener heard) {
    return TransferLearning.from(fresh)
        .strategy(new Strategy.AllLayers())
        .seed(task.seed())
        .budget(budget)
        .withoutCache()
        .listener(heard)
        .fit(task.dataset().withParts(Map.of(Part.TRAIN, examples(split.train()))));
  }

  private List<Boolean> judge(TrainedModel model, int[] rows) {
    Path folder = temporaryFolder();
    try {
      model.save(folder.resolve("model"));
      List<Example> judged = examples(rows);
      List<PredictionInput> inputs =
          judged.stream().map(one -> PredictionInput.of(one.id(), one.source())).toList();
      List<Boolean> right = new ArrayList<>();
      try (Predictor predictor = Predictor.load(folder.resolve("model"));
          Stream<PredictionOutcome> outcomes = predictor.predictAll(inputs)) {
        for (Iterator<PredictionOutcome> all = outcomes.iterator(); all.hasNext(); ) {
          right.add(isRight(all.next(), judged.get(right.size())));
        }
      }
      return right;
    } finally {
      delete(folder);
    }
  }

  private List<Example> examples(int[] rows) {
    return IntStream.of(rows).mapToObj(task.examples().examples()::get).toList();
  }

  /** What can no longer be read is not told right. */
  private static boolean isRight(PredictionOutcome outcome, Example example) {
    return outcome instanceof PredictionOutcome.Predicted told
        && told.prediction().label().equals(example.label());
  }

  /** Tells of epochs as progress, and nothing else. */
  private static final class EpochsHeard implements TrainingListener {
    private final TrainingListener listener;
    private int epochs;
    private int planned;

    EpochsHeard(TrainingListener listener) {
      this.listener = listener;
    }

    @Override
    public void epoch(TrainingRecord.Epoch epoch, int of) {
      epochs = Math.max(epochs, epoch.number());
      planned = Math.max(planned, of);
      listener.progress(PHASE, epoch.number(), of, "epochs");
    }
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("graft-advice-");
    } catch (IOException failure) {
      throw new TransferException(
          TransferException.Cause.ENVIRONMENT,
          "Making a temporary folder for a small network failed: "
              + failure.getMessage()
              + ". Free some space, or leave the training from scratch out (--budget none).",
          failure);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path file : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException leftBehind) {
      // What the system cleans from its temporary folder is no reason to fail a finished run.
      folder.toFile().deleteOnExit();
    }
  }
}
