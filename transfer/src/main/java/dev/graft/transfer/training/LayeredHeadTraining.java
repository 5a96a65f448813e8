package dev.graft.transfer.training;

import dev.graft.data.Split;
import dev.graft.data.Splitter;
import dev.graft.engine.CoreWorkers;
import dev.graft.engine.FloatTensor;
import dev.graft.engine.NormStatistics;
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

/**
 * Trains a head by steps on standardised features: several layers, or one where an optimizer was
 * chosen. The weights of the best validation loss are kept.
 */
public final class LayeredHeadTraining {
  private static final String PHASE = "Training the head";
  private static final double WEIGHT_DECAY = 1e-3;
  private static final int OPSET = 18;

  /** A step with fewer weights is too small to be shared among cores. */
  private static final int MOST_WEIGHTS_ON_ONE_CORE = 300_000;

  private final HeadProblem problem;
  private final StepSettings settings;
  private final FeatureScaling scaling;
  private final TrainingListener listener;
  private final StandardisedRows trainingRows;

  private LayeredHeadTraining(
      HeadProblem problem,
      StepSettings settings,
      FeatureScaling scaling,
      TrainingListener listener) {
    this.problem = problem;
    this.settings = settings;
    this.scaling = scaling;
    this.listener = listener;
    this.trainingRows =
        new StandardisedRows(problem.train(), problem.examples(), problem.views(), scaling);
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
    int[] rows = new int[problem.examples()];
    Arrays.setAll(rows, i -> i);
    HeadProblem.HeldOut heldOut;
    int[] trainRows = rows;
    int[] validationRows;
    if (problem.heldOut().isPresent()) {
      heldOut = problem.heldOut().get();
      validationRows = new int[heldOut.labels().length];
      Arrays.setAll(validationRows, i -> i);
    } else {
      Split split =
          Splitter.holdOut(
              problem.labels(), problem.groups(), problem.validationFraction(), problem.seed());
      heldOut = problem.plainRows(split.validation());
      trainRows = split.train();
      validationRows = split.validation();
    }
    FeatureScaling scaling =
        FeatureScaling.measure(plainRows(problem.train(), trainRows), problem.train().width());
    ClassifierHead fresh =
        ClassifierHead.create(
            problem.train().width(), hiddenWidths, problem.classes(), problem.seed());
    LayeredHeadTraining training = new LayeredHeadTraining(problem, settings, scaling, listener);
    int[] rowsToTrain = trainRows;
    int[] rowsHeldOut = validationRows;
    return fresh.weightCount() <= MOST_WEIGHTS_ON_ONE_CORE
        ? CoreWorkers.onOneCore(() -> training.train(fresh, rowsToTrain, heldOut, rowsHeldOut))
        : training.train(fresh, rowsToTrain, heldOut, rowsHeldOut);
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

  private HeadProblem.Fit train(
      ClassifierHead fresh, int[] trainRows, HeadProblem.HeldOut heldOut, int[] validationRows) {
    List<Epoch> history = new ArrayList<>();
    int batchSize =
        settings.optimizer() instanceof OptimizerSettings.Lbfgs
            ? trainRows.length
            : settings.batchSize();
    int perEpoch = (trainRows.length + batchSize - 1) / batchSize;
    Schedule schedule = Schedule.ofFineTuning((long) perEpoch * settings.epochs());
    try (TrainingSession session =
        TrainingSession.open(HeadModel.of(fresh.layers(), OPSET), options(fresh))) {
      FloatTensor validation = plain(heldOut);
      Map<String, float[]> best = session.weights();
      float[] bestProbabilities = new float[0];
      double bestLoss = Double.POSITIVE_INFINITY;
      int sinceBest = 0;
      for (int epoch = 0; epoch < settings.epochs() && sinceBest <= settings.patience(); epoch++) {
        double trainingLoss = epoch(session, trainRows, batchSize, epoch, schedule);
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
      List<DenseLayer> layers = new ArrayList<>(HeadModel.withWeights(fresh.layers(), best));
      layers.set(0, layers.get(0).onRaw(scaling));
      return new HeadProblem.Fit(
          new ClassifierHead(layers),
          new Validated(validationRows, heldOut.labels(), bestProbabilities, heldOut.method()),
          List.of(),
          history);
    }
  }

  private TrainingOptions options(ClassifierHead head) {
    return new TrainingOptions(
        settings.precision(),
        settings.optimizer(),
        List.of(
            new ParameterGroup(
                "head", HeadModel.tensorNames(head.layers().size()), 1, WEIGHT_DECAY, 0)),
        problem.classWeights(),
        0,
        0,
        NormStatistics.FROZEN,
        settings.passes());
  }

  private double epoch(
      TrainingSession session, int[] trainRows, int batchSize, int epoch, Schedule schedule) {
    int[] order = Order.of(trainRows.length, settings.seed(), epoch);
    double sum = 0;
    int steps = (trainRows.length + batchSize - 1) / batchSize;
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
