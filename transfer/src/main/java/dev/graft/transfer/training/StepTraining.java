package dev.graft.transfer.training;

import dev.graft.engine.FloatTensor;
import dev.graft.engine.TrainingSession;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.evidence.TrainingRecord.Epoch;
import dev.graft.transfer.training.BatchSource.Batches;
import dev.graft.transfer.training.BatchSource.EvaluationSet;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The training loop: epochs of steps with a validation after each, the best weights kept, an early
 * end where the settings' patience is shorter than the schedule, checkpoints.
 *
 * <p>Everything random is a function of seed, epoch and example, so that a run resumed from a
 * checkpoint takes the very steps that the uninterrupted one would have taken.
 */
final class StepTraining {
  private static final String PHASE = "Training";
  private static final String PHASE_AGAIN = "Training again on all examples";

  /**
   * Between epochs a checkpoint is cheapest to continue from; inside it is for long epochs only.
   */
  private static final int INTERVALS_INSIDE_EPOCH = 12;

  private final TrainingSession session;
  private final BatchSource source;
  private final EvaluationSet validation;
  private final int classes;
  private final StepSettings settings;
  private final Optional<Checkpoints> checkpoints;
  private final TrainingListener listener;
  private final long begun = System.nanoTime();
  private long lastCheckpoint = System.nanoTime();

  StepTraining(
      TrainingSession session,
      BatchSource source,
      EvaluationSet validation,
      int classes,
      StepSettings settings,
      Optional<Checkpoints> checkpoints,
      TrainingListener listener) {
    this.session = session;
    this.source = source;
    this.validation = validation;
    this.classes = classes;
    this.settings = settings;
    this.checkpoints = checkpoints;
    this.listener = listener;
  }

  /**
   * Trains from a state on; afterwards the session holds the weights after the last epoch whose
   * validation loss is within one standard error of the lowest (Breiman et al. 1984, section 3.4.3,
   * on pruning): with few examples held out the lowest of many epochs is a lucky one, often in the
   * midst of training, where the rate is still high.
   */
  List<Epoch> run(TrainingState start, Map<String, float[]> startBest) {
    listener.phase(PHASE);
    int perEpoch = stepsPerEpoch();
    Schedule schedule = Schedule.ofFineTuning((long) perEpoch * settings.epochs());
    TrainingState state = start.hasBegun() ? start : judged(start);
    Map<String, float[]> best = startBest;
    while (state.epoch() < settings.epochs() && !isExhausted(state) && !isOverBudget(state)) {
      state = trainEpoch(PHASE, state, best, schedule, settings.epochs());
      float[] probabilities = probabilities();
      double loss = Validated.logLoss(validation.labels(), probabilities, classes);
      double accuracy = Validated.accuracy(validation.labels(), probabilities, classes);
      boolean good = loss <= state.goodLoss();
      if (good) {
        best = session.weights();
      }
      Epoch epoch = new Epoch(state.epoch() + 1, state.lossSum() / perEpoch, loss, accuracy, good);
      state = state.afterEpoch(epoch, error(probabilities));
      listener.epoch(epoch, settings.epochs());
      checkpoint(state, best, 1);
    }
    session.setWeights(best);
    return state.history();
  }

  /** A fitted head may be better than anything that follows, and is then what remains. */
  private TrainingState judged(TrainingState start) {
    float[] probabilities = probabilities();
    return start.startingAt(
        Validated.logLoss(validation.labels(), probabilities, classes), error(probabilities));
  }

  private double error(float[] probabilities) {
    return Validated.logLossError(validation.labels(), probabilities, classes);
  }

  /** Probabilities [validation examples, classes] with the session's present weights. */
  private float[] probabilities() {
    return SessionPredictions.probabilities(
        session, source, validation, settings.evaluatedTogether(), seen -> {});
  }

  /**
   * Trains from a state on up to a given epoch of the same schedule, with nothing held out;
   * afterwards the session holds the last weights.
   */
  void runUpTo(int epochs, TrainingState start) {
    listener.phase(PHASE_AGAIN);
    int perEpoch = stepsPerEpoch();
    Schedule schedule = Schedule.ofFineTuning((long) perEpoch * settings.epochs());
    TrainingState state = start;
    while (state.epoch() < epochs) {
      state = trainEpoch(PHASE_AGAIN, state, Map.of(), schedule, epochs);
      state = state.afterEpoch();
      checkpoint(state, Map.of(), 1);
    }
  }

  private boolean isExhausted(TrainingState state) {
    return state.epoch() - state.bestEpoch() > settings.patience();
  }

  private boolean isOverBudget(TrainingState state) {
    boolean over =
        settings.budget().isPresent()
            && System.nanoTime() - begun > settings.budget().get().toNanos();
    return over && state.epoch() > 0;
  }

  private int stepsPerEpoch() {
    return (source.trainingExamples() + settings.batchSize() - 1) / settings.batchSize();
  }

  private TrainingState trainEpoch(
      String phase, TrainingState start, Map<String, float[]> best, Schedule schedule, int epochs) {
    int perEpoch = stepsPerEpoch();
    int[] order =
        source.arranged(
            Order.of(source.trainingExamples(), settings.seed(), start.epoch()),
            settings.batchSize());
    TrainingState state = start;
    session.continueFrom((long) start.epoch() * perEpoch + start.step());
    try (Batches batches = source.epoch(order, start.epoch(), settings.batchSize(), start.step())) {
      while (state.step() < perEpoch) {
        FloatTensor batch = batches.next();
        int first = state.step() * settings.batchSize();
        int[] labels = new int[batch.rows()];
        Arrays.setAll(labels, new LabelOf(order, first));
        long step = (long) state.epoch() * perEpoch + state.step();
        state = state.afterStep(session.step(batch, labels, schedule.factor(step)));
        listener.progress(phase, step + 1, (long) perEpoch * epochs, "steps");
        checkpoint(state, best, INTERVALS_INSIDE_EPOCH);
      }
    }
    return state;
  }

  /** The label at a position of the order. */
  private final class LabelOf implements java.util.function.IntUnaryOperator {
    private final int[] order;
    private final int first;

    LabelOf(int[] order, int first) {
      this.order = order;
      this.first = first;
    }

    @Override
    public int applyAsInt(int position) {
      return source.trainingLabels()[order[first + position]];
    }
  }

  private void checkpoint(TrainingState state, Map<String, float[]> best, int intervals) {
    if (checkpoints.isPresent()
        && System.nanoTime() - lastCheckpoint
            >= checkpoints.get().interval().multipliedBy(intervals).toNanos()) {
      checkpoints.get().save(state, session, best);
      lastCheckpoint = System.nanoTime();
    }
  }
}
