package dev.graft.transfer.pretraining;

import dev.graft.engine.FloatTensor;
import dev.graft.engine.TrainingSession;
import dev.graft.engine.WeightAverage;
import dev.graft.transfer.TransferException;
import dev.graft.transfer.evidence.PretrainingRecord.Epoch;
import dev.graft.transfer.pretraining.PretrainingListener.Position;
import dev.graft.transfer.training.BatchSource;
import dev.graft.transfer.training.BatchSource.Batches;
import dev.graft.transfer.training.BatchSource.EvaluationSet;
import dev.graft.transfer.training.Checkpoints;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.ExampleViews;
import dev.graft.transfer.training.LiveBatches;
import dev.graft.transfer.training.Order;
import dev.graft.transfer.training.Schedule;
import dev.graft.transfer.training.SessionPredictions;
import dev.graft.transfer.training.Validated;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * The loop of pre-training: steps, an evaluation after each epoch, checkpoints.
 *
 * <p>Everything random is a function of seed, epoch and example, so that a run resumed from a
 * checkpoint takes the very steps that the uninterrupted one would have taken.
 */
final class PretrainingLoop {
  private final TrainingSession session;
  private final Optional<WeightAverage> average;
  private final SourceData data;
  private final PretrainingSettings settings;
  private final Optional<Checkpoints> checkpoints;
  private final PretrainingListener listener;
  private final RunLog log;
  private final int stepsPerEpoch;
  private final Schedule schedule;
  private final Pace pace;
  private long lastCheckpoint = System.nanoTime();
  private long counted = System.nanoTime();

  PretrainingLoop(
      TrainingSession session,
      Optional<WeightAverage> average,
      SourceData data,
      PretrainingSettings settings,
      Optional<Checkpoints> checkpoints,
      PretrainingListener listener,
      RunLog log) {
    this.session = session;
    this.average = average;
    this.data = data;
    this.settings = settings;
    this.checkpoints = checkpoints;
    this.listener = listener;
    this.log = log;
    this.stepsPerEpoch = stepsPerEpoch(data.train().size(), settings);
    this.schedule =
        new Schedule(
            (long) stepsPerEpoch * settings.epochs(),
            Math.round(stepsPerEpoch * settings.warmUpEpochs()),
            0);
    this.pace = new Pace(settings, stepsPerEpoch, System::nanoTime);
  }

  /** Trains from a state to the end; afterwards the session holds the weights to keep. */
  PretrainingState run(PretrainingState start) {
    PretrainingState state = start;
    while (state.epoch() < settings.epochs()) {
      state = trainEpoch(state);
      Epoch epoch = evaluated(state);
      state = timed(state.afterEpoch(epoch));
      log.epoch(epoch, stepsTaken(state));
      if (state.epoch() == settings.epochs()) {
        checkpoint(state); // should saving fail, nothing is trained again
      } else {
        checkpointIfDue(state);
      }
      listener.epoch(epoch, settings.epochs());
    }
    average.ifPresent(averaged -> session.setWeights(averaged.weights()));
    return state;
  }

  /** The state with the time since this was asked last. */
  private PretrainingState timed(PretrainingState state) {
    long now = System.nanoTime();
    double seconds = (now - counted) / 1e9;
    counted = now;
    return state.afterSeconds(seconds);
  }

  private long stepsTaken(PretrainingState state) {
    return state.stepsTaken(stepsPerEpoch);
  }

  /** A last batch of few images would give batch norms statistics of few images. */
  static int stepsPerEpoch(int examples, PretrainingSettings settings) {
    return Math.max(1, examples / settings.batchSize());
  }

  private PretrainingState trainEpoch(PretrainingState start) {
    ExampleTable train = data.train();
    ExampleViews views =
        settings.views().training(start.epoch(), settings.epochs(), settings.seed());
    LiveBatches source = new LiveBatches(views, train);
    int[] order =
        source.arranged(
            Order.of(train.size(), settings.seed(), start.epoch()), settings.batchSize());
    int used = Math.min(order.length, stepsPerEpoch * settings.batchSize());
    PretrainingState state = start;
    session.continueFrom(stepsTaken(state));
    try (Batches batches =
        source.epoch(
            Arrays.copyOf(order, used), start.epoch(), settings.batchSize(), start.step())) {
      while (state.step() < stepsPerEpoch) {
        FloatTensor examples = batches.next();
        int first = state.step() * settings.batchSize();
        int[] labels = new int[examples.rows()];
        Arrays.setAll(labels, i -> train.labels()[order[first + i]]);
        double rate = schedule.factor(stepsTaken(state));
        double loss = step(examples, labels, rate, stepsTaken(state));
        state = timed(state.afterStep(loss));
        requireFinite(loss, state);
        long taken = stepsTaken(state);
        average.ifPresent(averaged -> averaged.update(taken));
        pace.step(state.epoch());
        log.step(taken, state.smoothedLoss(), rate * settings.optimizer().learningRate());
        checkpointIfDue(state);
        tell(state);
      }
    }
    return state;
  }

  private double step(FloatTensor examples, int[] labels, double rate, long step) {
    return settings.mixUp() > 0
        ? session.step(
            examples, MixUp.mix(examples, labels, settings.mixUp(), settings.seed(), step), rate)
        : session.step(examples, labels, rate);
  }

  private void requireFinite(double loss, PretrainingState state) {
    if (!Double.isFinite(loss)) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Pre-training: the loss is "
              + loss
              + " after step "
              + state.step()
              + " of epoch "
              + (state.epoch() + 1)
              + ": the weights have run away. Begin anew with a lower --learning-rate (it was "
              + settings.optimizer().learningRate()
              + ") or a longer --warm-up.");
    }
  }

  private Epoch evaluated(PretrainingState state) {
    Map<String, float[]> trained = average.isPresent() ? session.weights() : Map.of();
    average.ifPresent(averaged -> session.setWeights(averaged.weights()));
    EvaluationSet set = EvaluationSet.of(data.validation());
    BatchSource plain = new LiveBatches(settings.views().plain(), data.validation());
    float[] probabilities;
    try {
      probabilities =
          SessionPredictions.probabilities(
              session,
              plain,
              set,
              settings.batchSize(),
              seen -> listener.progress("Evaluating", seen, set.labels().length, "examples"));
    } catch (RuntimeException ending) {
      average.ifPresent(averaged -> session.setWeights(trained));
      checkpoint(state);
      throw ending;
    }
    average.ifPresent(averaged -> session.setWeights(trained));
    int classes = data.classes().size();
    return new Epoch(
        state.epoch() + 1,
        settings.views().size(state.epoch(), settings.epochs()),
        state.lossSum() / stepsPerEpoch,
        Validated.logLoss(set.labels(), probabilities, classes),
        Validated.accuracy(set.labels(), probabilities, classes));
  }

  private void tell(PretrainingState state) {
    Optional<Double> accuracy =
        state.history().isEmpty()
            ? Optional.empty()
            : Optional.of(state.history().get(state.history().size() - 1).validationAccuracy());
    try {
      listener.step(
          new Position(
              stepsTaken(state) * settings.batchSize(),
              (long) stepsPerEpoch * settings.epochs() * settings.batchSize(),
              state.smoothedLoss(),
              accuracy,
              pace.examplesPerSecond(settings.batchSize()),
              pace.left(state.epoch(), state.step())));
    } catch (RuntimeException ending) {
      // The process is told to end: what was trained since the last checkpoint is kept.
      checkpoint(state);
      throw ending;
    }
  }

  private void checkpointIfDue(PretrainingState state) {
    if (checkpoints.isPresent()
        && System.nanoTime() - lastCheckpoint >= checkpoints.get().interval().toNanos()) {
      checkpoint(state);
    }
  }

  private void checkpoint(PretrainingState state) {
    checkpoints.ifPresent(
        kept -> kept.save(state, session, average.map(WeightAverage::weights).orElse(Map.of())));
    lastCheckpoint = System.nanoTime();
  }
}
