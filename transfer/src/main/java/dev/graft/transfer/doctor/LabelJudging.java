package dev.graft.transfer.doctor;

import dev.graft.data.Split;
import dev.graft.data.Splitter;
import dev.graft.engine.CoreWorkers;
import dev.graft.engine.FeatureMatrix;
import dev.graft.engine.LogisticRegression;
import dev.graft.engine.LogisticRegression.Effort;
import dev.graft.engine.LogisticRegression.Solution;
import dev.graft.transfer.training.Softmax;
import dev.graft.transfer.training.Validated;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Class probabilities from heads that have not seen the example: logistic regression on
 * standardised features, in folds.
 *
 * <p>Wrong labels mislead the heads that shall find them. So a second round weighs each training
 * example by how far the first believes its label, min(1, p(label) / max p), and the mean of both
 * rounds counts. Rather strong penalties are tried, since a head that can learn wrong labels by
 * heart finds fewer of them.
 */
final class LabelJudging {
  private static final double[] STRENGTHS = {1, 0.3, 0.1, 0.03};
  private static final int FOLDS = 5;
  private static final int REPEATS = 2;
  private static final int REPEATED_UP_TO_EXAMPLES = 600;
  private static final long SECOND_ROUND = 101;
  private static final Effort EFFORT = new Effort(40, 3e-4);

  /** With fewer values the cores wait for each other more than they compute. */
  private static final long MOST_VALUES_ON_ONE_CORE = 4_000_000;

  private final ExampleRows rows;
  private final int[] labels;
  private final int[] groups;
  private final int others;
  private final int classes;
  private final long seed;

  /**
   * Prepares a judgement.
   *
   * @param rows the training examples first, then others that are judged only
   * @param labels classes of the training examples
   * @param groups groups of the training examples
   * @param others the number of the others
   */
  LabelJudging(ExampleRows rows, int[] labels, int[] groups, int others, int classes, long seed) {
    this.rows = rows;
    this.labels = labels;
    this.groups = groups;
    this.others = others;
    this.classes = classes;
    this.seed = seed;
  }

  /** [training examples and others, classes]; empty where nothing can be held out. */
  Optional<float[]> probabilities() {
    if (Arrays.stream(groups).distinct().count() < 2 || classes < 2) {
      return Optional.empty();
    }
    boolean small = (long) labels.length * rows.width() <= MOST_VALUES_ON_ONE_CORE;
    return Optional.of(small ? CoreWorkers.onOneCore(this::judged) : judged());
  }

  private float[] judged() {
    int count = labels.length;
    try (FeatureMatrix train = rows.standardised(count, 0, count)) {
      Round first = chosen(train);
      float[] weights = new float[count];
      for (int i = 0; i < count; i++) {
        float best = 0;
        for (int c = 0; c < classes; c++) {
          best = Math.max(best, first.probabilities[i * classes + c]);
        }
        weights[i] = first.probabilities[i * classes + labels[i]] / best;
      }
      Round second = round(train, first.strength, weights, splits(seed + SECOND_ROUND), List.of());
      float[] all = Arrays.copyOf(first.probabilities, (count + others) * classes);
      for (int i = 0; i < count * classes; i++) {
        all[i] = (first.probabilities[i] + second.probabilities[i]) / 2;
      }
      if (others > 0) {
        float[] theirs = ofOthers(train, first.strength, weights);
        System.arraycopy(theirs, 0, all, count * classes, theirs.length);
      }
      return all;
    }
  }

  /** One fit of all folds at one strength. */
  private record Round(double strength, float[] probabilities, List<Solution> solutions) {}

  private Round chosen(FeatureMatrix train) {
    float[] ones = new float[labels.length];
    Arrays.fill(ones, 1);
    List<Split> splits = splits(seed);
    Round best = round(train, STRENGTHS[0], ones, splits, List.of());
    double bestLoss = Validated.logLoss(labels, best.probabilities, classes);
    for (int i = 1; i < STRENGTHS.length; i++) {
      Round next = round(train, STRENGTHS[i], ones, splits, best.solutions);
      double loss = Validated.logLoss(labels, next.probabilities, classes);
      if (loss >= bestLoss) {
        break;
      }
      best = next;
      bestLoss = loss;
    }
    return best;
  }

  private List<Split> splits(long own) {
    int[] counts = new int[classes];
    for (int label : labels) {
      counts[label]++;
    }
    int smallest = Arrays.stream(counts).filter(count -> count > 0).min().orElse(2);
    int distinct = (int) Arrays.stream(groups).distinct().count();
    int folds = Math.max(2, Math.min(FOLDS, Math.min(smallest, distinct)));
    List<Split> splits = new ArrayList<>();
    int repeats = labels.length <= REPEATED_UP_TO_EXAMPLES ? REPEATS : 1;
    for (int repeat = 0; repeat < repeats; repeat++) {
      splits.addAll(Splitter.folds(labels, groups, folds, own + repeat));
    }
    return splits;
  }

  private Round round(
      FeatureMatrix train,
      double strength,
      float[] exampleWeights,
      List<Split> splits,
      List<Solution> starts) {
    List<float[]> weights = new ArrayList<>();
    for (Split split : splits) {
      float[] own = new float[labels.length];
      for (int row : split.train()) {
        own[row] = exampleWeights[row];
      }
      weights.add(own);
    }
    List<Solution> solutions =
        LogisticRegression.fitFolds(train, labels, weights, classes, strength, starts, EFFORT);
    float[] sum = new float[labels.length * classes];
    int[] judges = new int[labels.length];
    for (int s = 0; s < splits.size(); s++) {
      float[] logits = LogisticRegression.logits(train, solutions.get(s)).values();
      for (int row : splits.get(s).validation()) {
        add(Softmax.of(Arrays.copyOfRange(logits, row * classes, (row + 1) * classes)), sum, row);
        judges[row]++;
      }
    }
    for (int i = 0; i < sum.length; i++) {
      sum[i] /= Math.max(1, judges[i / classes]);
    }
    return new Round(strength, sum, solutions);
  }

  private void add(float[] probabilities, float[] sum, int row) {
    for (int c = 0; c < classes; c++) {
      sum[row * classes + c] += probabilities[c];
    }
  }

  private float[] ofOthers(FeatureMatrix train, double strength, float[] weights) {
    Solution all =
        LogisticRegression.fit(train, labels, weights, classes, strength, Optional.empty(), EFFORT);
    float[] result = new float[others * classes];
    int first = labels.length;
    try (FeatureMatrix matrix = rows.standardised(first, first, first + others)) {
      float[] logits = LogisticRegression.logits(matrix, all).values();
      for (int row = 0; row < others; row++) {
        add(
            Softmax.of(Arrays.copyOfRange(logits, row * classes, (row + 1) * classes)),
            result,
            row);
      }
    }
    return result;
  }
}
