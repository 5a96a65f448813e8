package dev.graft.transfer.training;

import dev.graft.data.Split;
import dev.graft.data.Splitter;
import dev.graft.engine.CoreWorkers;
import dev.graft.engine.FloatTensor;
import dev.graft.engine.NormStatistics;
import dev.graft.engine.Objective;
import dev.graft.engine.OptimizerSettings;
import dev.graft.engine.ParameterGroup;
import dev.graft.engine.TrainingOptions;
import dev.graft.engine.TrainingSession;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.evidence.TrainingRecord.Epoch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Trains a head by steps on standardised features: several layers, or one where an optimizer was
 * chosen. The weights of the best validation loss are kept; where the held-out examples are
 * training examples, it is then trained again on all of them, for as many epochs as were best.
 */
public final class LayeredHeadTraining {
  private static final String PHASE = "Training the head";
  private static final String AGAIN = "Training the head again on all examples";
  private static final double WEIGHT_DECAY = 1e-3;
  private static final int OPSET = 18;

  /** A step with fewer weights is too small to be shared among cores. */
  private static final int MOST_WEIGHTS_ON_ONE_CORE = 300_000;

  private final HeadProblem problem;
  private final StepSettings settings;
  private final int[] trainRows;
  private final FeatureScaling scaling;
  private final StandardisedRows trainingRows;
  private final ClassifierHead fresh;
  private final int batchSize;
  private final Schedule schedule;
  private final TrainingListener listener;

  private LayeredHeadTraining(
      HeadProblem problem,
      List<Integer> hiddenWidths,
      int[] trainRows,
      StepSettings settings,
      TrainingListener listener) {
    this.problem = problem;
    this.settings = settings;
    this.trainRows = trainRows;
    this.scaling =
        FeatureScaling.measure(plainRows(problem.train(), trainRows), problem.train().width());
    this.trainingRows =
        new StandardisedRows(problem.train(), problem.examples(), problem.views(), scaling);
    this.fresh =
        ClassifierHead.create(
            problem.train().width(), hiddenWidths, problem.classes(), problem.seed());
    this.batchSize =
        settings.optimizer() instanceof OptimizerSettings.Lbfgs
            ? trainRows.length
            : settings.batchSize();
    this.schedule = Schedule.ofFineTuning((long) stepsPerEpoch() * settings.epochs());
    this.listener = listener;
  }

  /**
   * Trains a head.
   *
   * @param hiddenWidths widths of the layers before the last
   */
  public static HeadProblem.Fit fit(
      HeadProblem problem,
      List<Integer> hiddenWidths,
      StepSettings settings,
      TrainingListener listener) {
    listener.phase(PHASE);
    int[] all = firstRows(problem.examples());
    if (problem.heldOut().isPresent()) {
      HeadProblem.HeldOut own = problem.heldOut().get();
      int[] rows = firstRows(own.labels().length);
      return new LayeredHeadTraining(problem, hiddenWidths, all, settings, listener)
          .judged(own, rows);
    }
    Split split =
        Splitter.holdOut(
            problem.labels(), problem.groups(), problem.validationFraction(), problem.seed());
    HeadProblem.Fit judged =
        new LayeredHeadTraining(problem, hiddenWidths, split.train(), settings, listener)
            .judged(problem.plainRows(split.validation()), split.validation());
    int epochs =
        judged.history().stream().filter(Epoch::best).mapToInt(Epoch::number).max().orElse(0);
    listener.phase(AGAIN);
    ClassifierHead again =
        new LayeredHeadTraining(problem, hiddenWidths, all, settings, listener).again(epochs);
    return new HeadProblem.Fit(again, judged.validated(), List.of(), judged.history());
  }

  private static int[] firstRows(int count) {
    int[] rows = new int[count];
    Arrays.setAll(rows, i -> i);
    return rows;
  }

  private static Iterable<float[]> plainRows(Activations activations, int[] rows) {
    float[] row = new float[activations.width()];
    return () ->
        Arrays.stream(rows)
            .mapToObj(
                number -> {
                  activations.read(number, 0, row);
                  return row;
                })
            .iterator();
  }

  /** Trains until the held-out examples are predicted no better. */
  private HeadProblem.Fit judged(HeadProblem.HeldOut heldOut, int[] rows) {
    return onFewCores(() -> judgedEpochs(heldOut, rows));
  }

  private HeadProblem.Fit judgedEpochs(HeadProblem.HeldOut heldOut, int[] rows) {
    List<Epoch> history = new ArrayList<>();
    try (TrainingSession session = open()) {
      FloatTensor validation = plain(heldOut);
      Map<String, float[]> best = session.weights();
      float[] bestProbabilities = new float[0];
      double bestLoss = Double.POSITIVE_INFINITY;
      int sinceBest = 0;
      for (int epoch = 0; epoch < settings.epochs() && sinceBest <= settings.patience(); epoch++) {
        double trainingLoss = epoch(session, epoch);
        float[] probabilities = probabilities(session.predict(validation));
        double loss = Validated.logLoss(heldOut.labels(), probabilities, problem.classes());
        boolean better = loss < bestLoss;
        sinceBest = better ? 0 : sinceBest + 1;
        if (better) {
          bestLoss = loss;
          best = session.weights();
          bestProbabilities = probabilities;
        }
        double accuracy = Validated.accuracy(heldOut.labels(), probabilities, problem.classes());
        history.add(new Epoch(epoch + 1, trainingLoss, loss, accuracy, better));
        listener.progress(PHASE, epoch + 1L, settings.epochs(), "epochs");
      }
      return new HeadProblem.Fit(
          head(best),
          new Validated(rows, heldOut.labels(), bestProbabilities, heldOut.method()),
          List.of(),
          history);
    }
  }

  /** Trains along the same schedule for a known number of epochs. */
  private ClassifierHead again(int epochs) {
    return onFewCores(
        () -> {
          try (TrainingSession session = open()) {
            for (int epoch = 0; epoch < epochs; epoch++) {
              epoch(session, epoch);
              listener.progress(AGAIN, epoch + 1L, epochs, "epochs");
            }
            return head(session.weights());
          }
        });
  }

  private <T> T onFewCores(Supplier<T> work) {
    return fresh.weightCount() <= MOST_WEIGHTS_ON_ONE_CORE
        ? CoreWorkers.onOneCore(work)
        : work.get();
  }

  private ClassifierHead head(Map<String, float[]> weights) {
    List<DenseLayer> layers = new ArrayList<>(HeadModel.withWeights(fresh.layers(), weights));
    layers.set(0, layers.get(0).onRaw(scaling));
    return new ClassifierHead(layers);
  }

  private TrainingSession open() {
    return TrainingSession.open(HeadModel.of(fresh.layers(), OPSET), options());
  }

  private TrainingOptions options() {
    return new TrainingOptions(
        settings.precision(),
        settings.optimizer(),
        List.of(
            new ParameterGroup(
                "head", HeadModel.tensorNames(fresh.layers().size()), 1, WEIGHT_DECAY, 0)),
        new Objective.Classification(problem.classWeights(), 0),
        0,
        NormStatistics.FROZEN,
        settings.passes());
  }

  private int stepsPerEpoch() {
    return (trainRows.length + batchSize - 1) / batchSize;
  }

  private double epoch(TrainingSession session, int epoch) {
    int[] order = Order.of(trainRows.length, settings.seed(), epoch);
    double sum = 0;
    int steps = stepsPerEpoch();
    for (int step = 0; step < steps; step++) {
      int first = step * batchSize;
      int[] rows = new int[Math.min(batchSize, trainRows.length - first)];
      int[] labels = new int[rows.length];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = trainRows[order[first + i]];
        labels[i] = problem.labels()[rows[i]];
      }
      double factor = schedule.factor((long) epoch * steps + step);
      sum += session.step(trainingRows.batch(rows, epoch), labels, factor);
    }
    return sum / steps;
  }

  private FloatTensor plain(HeadProblem.HeldOut heldOut) {
    int[] all = new int[heldOut.labels().length];
    Arrays.setAll(all, i -> i);
    return new StandardisedRows(heldOut.features(), all.length, 1, scaling).batch(all, 0);
  }

  private float[] probabilities(FloatTensor logits) {
    int classes = problem.classes();
    float[] all = new float[logits.values().length];
    for (int row = 0; row < logits.rows(); row++) {
      float[] own = Arrays.copyOfRange(logits.values(), row * classes, (row + 1) * classes);
      System.arraycopy(Softmax.of(own), 0, all, row * classes, classes);
    }
    return all;
  }
}
