package dev.graft.transfer.bagofwords;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Model;
import de.bwaldvogel.liblinear.Parameter;
import de.bwaldvogel.liblinear.Problem;
import de.bwaldvogel.liblinear.SolverType;
import dev.graft.data.Split;
import dev.graft.data.Splitter;
import dev.graft.transfer.training.Validated;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A classifier that knows which words a text has and nothing else: logistic regression, one class
 * against the others, on weighted counts of words ({@code tf-idf}), its probabilities made to sum
 * to 1. The strength of its penalty is chosen by cross-validation on the training texts, of many by
 * one held-out share.
 *
 * <p>Immutable. Prediction is thread-safe.
 */
public final class BagOfWords {
  /** What results call it. */
  public static final String NAME = "bag of words";

  /** Inverse strengths of the L2 penalty that are tried. */
  private static final double[] COSTS = {1, 10, 100};

  private static final int FOLDS = 3;
  private static final int FOLDS_UP_TO_TEXTS = 2_000;

  /** Of more texts, one share is enough to choose by. */
  private static final double HELD_OUT = 0.2;

  private static final double PRECISION = 0.01;

  static {
    Linear.disableDebugOutput();
  }

  private final WordWeights words;
  private final Model model;
  private final int classes;

  private BagOfWords(WordWeights words, Model model, int classes) {
    this.words = words;
    this.model = model;
    this.classes = classes;
  }

  /**
   * Trains.
   *
   * @param texts the training texts
   * @param labels class index of each
   * @param groups which of them stay on one side of every split
   * @param seed of the folds that choose the penalty
   */
  public static BagOfWords train(
      List<String> texts, int[] labels, int[] groups, int classes, long seed) {
    List<List<String>> words = texts.stream().map(Words::of).toList();
    double best = COSTS[0];
    double least = Double.POSITIVE_INFINITY;
    List<Split> folds = folds(labels, groups, seed);
    for (double cost : COSTS) {
      double loss = heldOutLoss(words, labels, folds, classes, cost);
      if (loss < least) {
        least = loss;
        best = cost;
      }
    }
    return fit(words, labels, rows(labels.length), classes, best);
  }

  /** None where the texts are all one group: then the strongest penalty is as good as any. */
  private static List<Split> folds(int[] labels, int[] groups, long seed) {
    if (labels.length > FOLDS_UP_TO_TEXTS) {
      return List.of(Splitter.holdOut(labels, groups, HELD_OUT, seed));
    }
    int distinct = (int) Arrays.stream(groups).distinct().count();
    return distinct < 2
        ? List.of()
        : Splitter.folds(labels, groups, Math.min(FOLDS, distinct), seed);
  }

  private static double heldOutLoss(
      List<List<String>> words, int[] labels, List<Split> folds, int classes, double cost) {
    double sum = 0;
    int count = 0;
    for (Split fold : folds) {
      BagOfWords fitted = fit(words, labels, fold.train(), classes, cost);
      int[] held = fold.validation();
      float[] probabilities = new float[held.length * classes];
      for (int i = 0; i < held.length; i++) {
        fitted.predict(words.get(held[i]), probabilities, i * classes);
      }
      int[] theirs = Arrays.stream(held).map(row -> labels[row]).toArray();
      sum += held.length * Validated.logLoss(theirs, probabilities, classes);
      count += held.length;
    }
    return sum / Math.max(1, count);
  }

  private static BagOfWords fit(
      List<List<String>> words, int[] labels, int[] rows, int classes, double cost) {
    List<List<String>> own = new ArrayList<>();
    Arrays.stream(rows).forEach(row -> own.add(words.get(row)));
    WordWeights weights = WordWeights.of(own);
    Problem problem = new Problem();
    problem.l = rows.length;
    // One more for the constant that stands beside all words.
    problem.n = weights.size() + 1;
    problem.bias = 1;
    problem.x = new Feature[rows.length][];
    problem.y = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      problem.x[i] = withConstant(weights.vector(own.get(i)), problem.n);
      problem.y[i] = labels[rows[i]];
    }
    Parameter parameter = new Parameter(SolverType.L2R_LR, cost, PRECISION);
    return new BagOfWords(weights, Linear.train(problem, parameter), classes);
  }

  private static Feature[] withConstant(Feature[] vector, int place) {
    Feature[] all = Arrays.copyOf(vector, vector.length + 1);
    all[vector.length] = new de.bwaldvogel.liblinear.FeatureNode(place, 1);
    return all;
  }

  /** Probabilities of texts, [texts, classes], row-major; a class without training texts gets 0. */
  public float[] predict(List<String> texts) {
    float[] probabilities = new float[texts.size() * classes];
    for (int i = 0; i < texts.size(); i++) {
      predict(Words.of(texts.get(i)), probabilities, i * classes);
    }
    return probabilities;
  }

  private void predict(List<String> text, float[] out, int offset) {
    Feature[] vector = withConstant(words.vector(text), words.size() + 1);
    double[] ofLabels = new double[model.getNrClass()];
    Linear.predictProbability(model, vector, ofLabels);
    int[] known = model.getLabels();
    for (int i = 0; i < known.length; i++) {
      out[offset + known[i]] = (float) ofLabels[i];
    }
  }

  /** The number of words that count. */
  public int words() {
    return words.size();
  }

  private static int[] rows(int count) {
    int[] rows = new int[count];
    Arrays.setAll(rows, row -> row);
    return rows;
  }
}
