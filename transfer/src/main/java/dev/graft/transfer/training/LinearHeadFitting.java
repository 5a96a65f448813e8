package dev.graft.transfer.training;

import dev.graft.data.Split;
import dev.graft.engine.CoreWorkers;
import dev.graft.engine.FeatureMatrix;
import dev.graft.engine.LogisticRegression;
import dev.graft.engine.LogisticRegression.Effort;
import dev.graft.engine.LogisticRegression.Solution;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.evidence.TrainingRecord.Candidate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Fits a linear head: multinomial logistic regression on standardised features by L-BFGS, with the
 * strength of its L2 penalty chosen on examples held out.
 *
 * <p>Strengths are tried by decades from strong to weak, until one is worse than the one before,
 * and then on both sides of the best; each fit begins at the one before (a warm-started path).
 * Examples are split as {@link HeadSplits} does; of many, a sample chooses the strength. The last
 * fit uses all training examples.
 */
public final class LinearHeadFitting {
  private static final String PHASE = "Fitting the head";

  /** On few examples the choice depends on how the folds fell; several partitions even that out. */
  private static final int REPEATS = 4;

  private static final int REPEATED_UP_TO_EXAMPLES = 500;

  /**
   * The time of a fit grows with the classes and the partitions: 385 texts in 77 classes take 23 s
   * with four, 8 s with one, and the chosen head tells as many of 3,080 others right.
   */
  private static final int REPEATED_UP_TO_CLASSES = 20;

  private static final double[] COARSE_STRENGTHS = {1, 0.1, 0.01, 1e-3, 1e-4};

  /** Strengths on both sides of the best coarse one that are tried as well. */
  private static final double FINE_FACTOR = 3.1622776;

  /**
   * Held-out losses differ by less than 1 % from those of fits to the end, in 40 % of the
   * evaluations.
   */
  private static final Effort PATH_EFFORT = new Effort(50, 1e-4);

  /** Of a sample only the order of the strengths is asked for, in 60 % of the evaluations. */
  private static final Effort SAMPLE_EFFORT = new Effort(50, 1e-3);

  /** From where a sample of the examples has ended, it is not far to all of them. */
  private static final Effort SHORT_EFFORT = new Effort(15, 1e-3);

  private static final Effort LAST_EFFORT = new Effort(200, 1e-5);

  /**
   * With fewer values the cores wait for each other more than they compute: 0.9 s on one core, 1.1
   * to 1.3 s on two for 244 photos in several views.
   */
  private static final long MOST_VALUES_ON_ONE_CORE = 4_000_000;

  /** Values times classes: those texts take 37 s on one core, 23 s on two. */
  private static final long MOST_PRODUCTS_ON_ONE_CORE = 10_000_000;

  private final HeadProblem problem;
  private final HeadRows rows;
  private final FeatureScaling.Kind scalingKind;
  private final TrainingListener listener;
  private final List<Tried> tried = new ArrayList<>();

  private LinearHeadFitting(
      HeadProblem problem, FeatureScaling.Kind scalingKind, TrainingListener listener) {
    this.problem = problem;
    this.rows = new HeadRows(problem);
    this.scalingKind = scalingKind;
    this.listener = listener;
  }

  /**
   * Fits the head of a problem. On few examples heads on features scaled each for itself and all by
   * one factor compete on the held-out examples, and where there are augmented views, heads with
   * and without them.
   */
  public static HeadProblem.Fit fit(HeadProblem problem, TrainingListener listener) {
    long values = (long) problem.examples() * problem.views() * problem.train().width();
    boolean few =
        values <= MOST_VALUES_ON_ONE_CORE
            && values * problem.classes() <= MOST_PRODUCTS_ON_ONE_CORE;
    return few ? CoreWorkers.onOneCore(() -> bestOf(problem, listener)) : bestOf(problem, listener);
  }

  private static HeadProblem.Fit bestOf(HeadProblem problem, TrainingListener listener) {
    HeadProblem plain = problem.withViews(1);
    FeatureScaling.Kind kind = FeatureScaling.Kind.STANDARDISED;
    HeadProblem.Fit best = new LinearHeadFitting(plain, kind, listener).fit();
    if (problem.examples() <= REPEATED_UP_TO_EXAMPLES) {
      HeadProblem.Fit common =
          new LinearHeadFitting(plain, FeatureScaling.Kind.COMMON, listener).fit();
      if (chosenLoss(common) < chosenLoss(best)) {
        best = common;
        kind = FeatureScaling.Kind.COMMON;
      }
    }
    if (problem.views() == 1) {
      return best;
    }
    HeadProblem.Fit withAll = new LinearHeadFitting(problem, kind, listener).fit();
    double lossWithAll = chosenLoss(withAll);
    double lossPlain = chosenLoss(best);
    listener.note(
        String.format(
            Locale.ROOT,
            "The head is fitted %s augmented views: held-out log loss %.3f against %.3f.",
            lossPlain <= lossWithAll ? "without" : "with",
            Math.min(lossPlain, lossWithAll),
            Math.max(lossPlain, lossWithAll)));
    return lossPlain <= lossWithAll ? best : withAll;
  }

  private static double chosenLoss(HeadProblem.Fit fit) {
    return fit.candidates().stream()
        .filter(Candidate::chosen)
        .mapToDouble(Candidate::logLoss)
        .min()
        .orElseThrow();
  }

  private HeadProblem.Fit fit() {
    listener.phase(PHASE);
    FeatureScaling scaling =
        FeatureScaling.measure(rows::iterator, problem.train().width(), scalingKind);
    List<Split> splits = splits();
    Optional<Tried> sampled = bestOfSample(splits);
    HeadProblem.HeldOut heldOut = problem.heldOut().orElseGet(() -> problem.plainRows(rows.all()));
    try (FeatureMatrix train = rows.scaled(scaling);
        HeadRows.Plain plainRows = rows.plain(train, heldOut, scaling)) {
      FeatureMatrix plain = plainRows.matrix();
      Path path = new Path(train, plain, splits, heldOut.labels());
      Tried chosen = sampled.isPresent() ? path.from(sampled.get()) : path.search(PATH_EFFORT);
      // Each partition holds every example out once; the evidence is that of the first partition.
      int once = Math.min(chosen.labels.length, heldOut.labels().length);
      Solution last = last(train, chosen, sampled.isPresent());
      DenseLayer layer =
          new DenseLayer(problem.train().width(), problem.classes(), last.weight(), last.bias());
      return new HeadProblem.Fit(
          new ClassifierHead(List.of(layer.onRaw(scaling))),
          new Validated(
              Arrays.copyOf(chosen.rows, once),
              Arrays.copyOf(chosen.labels, once),
              Arrays.copyOf(chosen.probabilities, once * problem.classes()),
              method(splits),
              folds(splits)),
          tried.stream().map(one -> marked(one.candidate, chosen.candidate)).toList(),
          List.of());
    }
  }

  /**
   * The fit to all training examples, from that of the chosen strength. Of many examples the latter
   * has ended close enough; where none were held out of it, it is that of all.
   */
  private Solution last(FeatureMatrix train, Tried chosen, boolean many) {
    if (many && problem.heldOut().isPresent()) {
      return chosen.solution;
    }
    return LogisticRegression.fit(
        train,
        rows.labels(),
        rows.weights(rows.all()),
        problem.classes(),
        chosen.candidate.strength(),
        Optional.of(chosen.solution),
        many ? SHORT_EFFORT : LAST_EFFORT);
  }

  /** What a sample of many examples chooses; its candidates are told for all of them. */
  private Optional<Tried> bestOfSample(List<Split> splits) {
    Optional<StrengthSample> sample = StrengthSample.of(problem, splits);
    if (sample.isEmpty()) {
      return Optional.empty();
    }
    LinearHeadFitting trial = new LinearHeadFitting(sample.get().problem(), scalingKind, listener);
    HeadProblem.HeldOut judged = sample.get().problem().heldOut().orElseThrow();
    FeatureScaling scaling =
        FeatureScaling.measure(trial.rows::iterator, problem.train().width(), scalingKind);
    try (FeatureMatrix train = trial.rows.scaled(scaling);
        FeatureMatrix plain = HeadRows.plain(judged, scaling)) {
      Path path = trial.new Path(train, plain, List.of(), judged.labels());
      Tried best = path.search(SAMPLE_EFFORT);
      double share = sample.get().share();
      for (Tried one : trial.tried) {
        if (one.candidate.strength() != best.candidate.strength()) {
          tried.add(one.withStrength(share * one.candidate.strength()));
        }
      }
      return Optional.of(best.withStrength(share * best.candidate.strength()));
    }
  }

  private static Candidate marked(Candidate candidate, Candidate chosen) {
    boolean isChosen = candidate.strength() == chosen.strength();
    return new Candidate(candidate.strength(), candidate.logLoss(), candidate.accuracy(), isChosen);
  }

  /** A strength with its held-out predictions and the solution of the first split. */
  private record Tried(
      Candidate candidate, int[] rows, int[] labels, float[] probabilities, Solution solution) {
    Tried withStrength(double strength) {
      Candidate same =
          new Candidate(strength, candidate.logLoss(), candidate.accuracy(), candidate.chosen());
      return new Tried(same, rows, labels, probabilities, solution);
    }
  }

  /** How many models predict the held-out examples of one partition. */
  private int folds(List<Split> splits) {
    return splits.size() <= 1 ? 1 : splits.size() / repeats();
  }

  private int repeats() {
    boolean few =
        problem.examples() <= REPEATED_UP_TO_EXAMPLES
            && problem.classes() <= REPEATED_UP_TO_CLASSES;
    return few ? REPEATS : 1;
  }

  private String method(List<Split> splits) {
    if (problem.heldOut().isPresent()) {
      return problem.heldOut().get().method();
    }
    return splits.size() == 1
        ? problem.plainRows(splits.get(0).validation()).method()
        : "cross-validation on the training examples (out-of-fold)";
  }

  /** One split with everything in training where the data bring their own validation part. */
  private List<Split> splits() {
    if (problem.heldOut().isPresent()) {
      return List.of();
    }
    List<Split> splits = new ArrayList<>();
    for (int repeat = 0; repeat < repeats(); repeat++) {
      splits.addAll(
          HeadSplits.of(
              problem.labels(),
              problem.groups(),
              problem.validationFraction(),
              problem.seed() + repeat));
    }
    return splits;
  }

  /** The warm-started search over strengths, on the same splits for each. */
  private final class Path {
    private final FeatureMatrix train;
    private final FeatureMatrix plain;
    private final List<int[]> trainRows = new ArrayList<>();
    private final List<int[]> validationRows = new ArrayList<>();
    private List<Solution> solutions = List.of();
    private final int[] rows;
    private final int[] labels;

    Path(FeatureMatrix train, FeatureMatrix plain, List<Split> splits, int[] plainLabels) {
      this.train = train;
      this.plain = plain;
      for (Split split : splits) {
        trainRows.add(split.train());
        validationRows.add(split.validation());
      }
      if (splits.isEmpty()) {
        trainRows.add(LinearHeadFitting.this.rows.all());
        int[] all = new int[plainLabels.length];
        Arrays.setAll(all, i -> i);
        validationRows.add(all);
      }
      rows = validationRows.stream().flatMapToInt(Arrays::stream).toArray();
      labels = Arrays.stream(rows).map(row -> plainLabels[row]).toArray();
    }

    /** Gives the strength with the least log loss: first by decades, then between them. */
    Tried search(Effort effort) {
      int most = COARSE_STRENGTHS.length + 2;
      Tried best = tryStrength(COARSE_STRENGTHS[0], effort);
      for (int i = 1; i < COARSE_STRENGTHS.length; i++) {
        Tried next = tryStrength(COARSE_STRENGTHS[i], effort);
        listener.progress(PHASE, i + 1, most, "regularisation strengths");
        if (next.candidate.logLoss() >= best.candidate.logLoss()) {
          break;
        }
        best = next;
      }
      double coarse = best.candidate.strength();
      for (double strength : new double[] {coarse * FINE_FACTOR, coarse / FINE_FACTOR}) {
        Tried next = tryStrength(strength, effort);
        best = next.candidate.logLoss() < best.candidate.logLoss() ? next : best;
      }
      listener.progress(PHASE, most, most, "regularisation strengths");
      return best;
    }

    /** The strength that a sample has chosen, beginning with its solution. */
    Tried from(Tried sampled) {
      solutions = List.of(sampled.solution);
      return tryStrength(sampled.candidate.strength(), SHORT_EFFORT);
    }

    private Tried tryStrength(double strength, Effort effort) {
      float[] probabilities = probabilities(strength, effort);
      int classes = problem.classes();
      Tried one =
          new Tried(
              new Candidate(
                  strength,
                  Validated.logLoss(labels, probabilities, classes),
                  Validated.accuracy(labels, probabilities, classes),
                  false),
              rows,
              labels,
              probabilities,
              solutions.get(0));
      tried.add(one);
      return one;
    }

    private float[] probabilities(double strength, Effort effort) {
      float[] result = new float[labels.length * problem.classes()];
      List<float[]> foldWeights = new ArrayList<>();
      trainRows.forEach(fold -> foldWeights.add(LinearHeadFitting.this.rows.weights(fold)));
      solutions =
          LogisticRegression.fitFolds(
              train,
              LinearHeadFitting.this.rows.labels(),
              foldWeights,
              problem.classes(),
              strength,
              solutions,
              effort);
      int position = 0;
      for (int fold = 0; fold < trainRows.size(); fold++) {
        Solution solution = solutions.get(fold);
        float[] logits = LogisticRegression.logits(plain, solution).values();
        for (int row : validationRows.get(fold)) {
          float[] own =
              Arrays.copyOfRange(logits, row * problem.classes(), (row + 1) * problem.classes());
          System.arraycopy(Softmax.of(own), 0, result, position, problem.classes());
          position += problem.classes();
        }
      }
      return result;
    }
  }
}
