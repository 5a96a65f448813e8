package dev.graft.transfer.training;

import dev.graft.engine.CoreWorkers;
import dev.graft.engine.FloatTensor;
import dev.graft.engine.Network;
import dev.graft.engine.Objective;
import dev.graft.engine.Precision;
import dev.graft.engine.TrainingOptions;
import dev.graft.engine.TrainingSession;
import dev.graft.onnx.Block;
import dev.graft.onnx.OnnxModel;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.evidence.TrainingRecord.Epoch;
import dev.graft.transfer.training.BatchSource.EvaluationSet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;

/** Training of unfrozen layers of the trunk together with the head. */
public final class FineTuning implements AutoCloseable {
  private static final double GRADIENT_NORM = 5;
  private static final int EVALUATED_TOGETHER = 8;
  private static final int PASSES_AHEAD_PER_CORE = 2;

  /**
   * A fitted head leaves hardly any loss on few examples, and then no gradient that layers before
   * it could learn from but noise; against smoothed labels one remains (Szegedy et al. 2016,
   * section 7). The epochs are still judged against the labels themselves.
   */
  private static final double LABEL_SMOOTHING = 0.1;

  private final OnnxModel network;
  private final TrainingSession session;
  private final BatchSource source;
  private final List<Epoch> history;
  private final Interpolation interpolation;

  private FineTuning(
      OnnxModel network,
      TrainingSession session,
      BatchSource source,
      List<Epoch> history,
      Interpolation interpolation) {
    this.network = network;
    this.session = session;
    this.source = source;
    this.history = history;
    this.interpolation = interpolation;
  }

  /**
   * What is trained.
   *
   * @param network the part of the network that runs at each step
   * @param blocks the trunk's blocks that train, in order
   * @param headLayers number of layers of the head
   * @param parameters which of the blocks' weights train
   * @param origin where the trunk's weights come from
   * @param freshBlocks how many of the last blocks have fresh weights whatever the origin
   * @param classes number of classes
   * @param objective what training makes small
   */
  public record Subject(
      OnnxModel network,
      List<Block> blocks,
      int headLayers,
      TrainedParameters parameters,
      WeightOrigin origin,
      int freshBlocks,
      int classes,
      Objective objective) {}

  /**
   * Where checkpoints lie.
   *
   * @param folder of the checkpoints
   * @param fingerprint of data and settings
   * @param resume whether to continue from the newest one; else those of before are discarded
   * @param interval least time between two checkpoints at the ends of epochs
   */
  public record Continuation(Path folder, String fingerprint, boolean resume, Duration interval) {}

  /** Inputs of the network: stored activations at the freeze boundary. */
  public static FineTuningData stored(
      FrozenPrefix prefix, ExampleTable train, int views, long[] rowShape) {
    return new FineTuningData(new StoredBatches(prefix, train, views, rowShape));
  }

  /** Inputs of the network: images, augmented anew in each epoch. */
  public static FineTuningData live(ExampleViews views, ExampleTable train) {
    return new FineTuningData(new LiveBatches(views, train));
  }

  /** The same, with examples beside others of their class. */
  public static FineTuningData paired(ExampleViews views, ExampleTable train) {
    return new FineTuningData(new PairedBatches(new LiveBatches(views, train)));
  }

  /**
   * The objective of a network that ends in logits.
   *
   * @param classWeights factor on the loss of each class
   */
  public static Objective classification(float[] classWeights) {
    return new Objective.Classification(classWeights, LABEL_SMOOTHING);
  }

  /** Trains, and holds the best weights by the validation examples afterwards. */
  public static FineTuning train(
      Subject subject,
      FineTuningData data,
      ExampleTable validation,
      StepSettings settings,
      Optional<Continuation> continuation,
      TrainingListener listener) {
    return opened(
        subject,
        data,
        settings,
        continuation,
        listener,
        (training, start, best) -> training.run(start, best),
        EvaluationSet.of(validation));
  }

  /**
   * Trains on all examples, with nothing held out, as far as a training with held-out examples was
   * best, and holds the last weights afterwards.
   *
   * @param epochs how many epochs of the schedule, at least 0
   */
  public static FineTuning trainAgain(
      Subject subject,
      FineTuningData data,
      int epochs,
      StepSettings settings,
      Optional<Continuation> continuation,
      TrainingListener listener) {
    return opened(
        subject,
        data,
        settings,
        continuation,
        listener,
        (training, start, best) -> {
          training.runUpTo(epochs, start);
          return start.history();
        },
        EvaluationSet.NONE);
  }

  /**
   * A training that an earlier run brought to its end, with the weights that it gave.
   *
   * @param weights as {@link #weights()} gave them
   */
  public static FineTuning trainedBefore(
      Subject subject, FineTuningData data, StepSettings settings, Map<String, float[]> weights) {
    TrainingSession session = TrainingSession.open(subject.network(), options(subject, settings));
    try {
      Map<String, float[]> beginning = session.weights();
      session.setWeights(weights);
      return new FineTuning(
          subject.network(),
          session,
          data.source(),
          List.of(),
          new Interpolation(beginning, session.weights()));
    } catch (RuntimeException | Error failure) {
      session.close();
      throw failure;
    }
  }

  /** What is done with a training loop that is ready to begin or to go on. */
  private interface Course {
    List<Epoch> follow(StepTraining training, TrainingState start, Map<String, float[]> best);
  }

  private static FineTuning opened(
      Subject subject,
      FineTuningData data,
      StepSettings settings,
      Optional<Continuation> continuation,
      TrainingListener listener,
      Course course,
      EvaluationSet validation) {
    TrainingSession session = TrainingSession.open(subject.network(), options(subject, settings));
    try {
      Map<String, float[]> beginning = session.weights();
      Optional<Checkpoints> checkpoints =
          continuation.map(c -> new Checkpoints(c.folder(), c.fingerprint(), c.interval()));
      Optional<Checkpoints.Restored<TrainingState>> restored =
          restored(continuation, checkpoints, session);
      restored.ifPresent(
          r ->
              listener.note(
                  "Continuing from the checkpoint in epoch " + (r.state().epoch() + 1) + "."));
      TrainingState start =
          restored
              .map(Checkpoints.Restored::state)
              .orElseGet(
                  () ->
                      TrainingState.beginning(
                          continuation.map(Continuation::fingerprint).orElse("")));
      Map<String, float[]> best =
          restored.map(Checkpoints.Restored::best).orElseGet(session::weights);
      StepTraining training =
          new StepTraining(
              session,
              data.source(),
              validation,
              subject.classes(),
              settings,
              checkpoints,
              listener);
      List<Epoch> history = course.follow(training, start, best);
      warnAboutDeadGroups(session, listener);
      return new FineTuning(
          subject.network(),
          session,
          data.source(),
          history,
          new Interpolation(beginning, session.weights()));
    } catch (RuntimeException | Error failure) {
      session.close();
      throw failure;
    }
  }

  /**
   * Moves the weights part of the way back to where training began: start + share (end - start)
   * (WiSE-FT, Wortsman et al. 2022, section 3).
   *
   * @param share 0 for the start, 1 for what was trained
   */
  public void interpolate(double share) {
    session.setWeights(interpolation.at(share));
  }

  private static Optional<Checkpoints.Restored<TrainingState>> restored(
      Optional<Continuation> continuation,
      Optional<Checkpoints> checkpoints,
      TrainingSession session) {
    if (continuation.isEmpty()) {
      return Optional.empty();
    }
    if (!continuation.get().resume()) {
      Checkpoints.discard(continuation.get().folder());
      return Optional.empty();
    }
    return checkpoints.orElseThrow().restore(session, TrainingState.class);
  }

  private static void warnAboutDeadGroups(TrainingSession session, TrainingListener listener) {
    List<String> dead = session.groupsWithoutGradient();
    if (!dead.isEmpty()) {
      listener.note("No gradient reached " + String.join(", ", dead) + " at the last step.");
    }
  }

  static TrainingOptions options(Subject subject, StepSettings settings) {
    return new TrainingOptions(
        settings.precision(),
        settings.optimizer(),
        TrainedGroups.of(subject),
        subject.objective(),
        GRADIENT_NORM,
        TrainedGroups.statistics(subject.origin()),
        settings.passes());
  }

  /** Logits of each example with the trained weights, in fp32 as the saved model computes them. */
  public List<float[]> logits(ExampleTable table) {
    List<float[]> rows = new ArrayList<>();
    Deque<Future<FloatTensor>> ahead = new ArrayDeque<>();
    try (Network trained = Network.load(TrainedWeights.into(network, weights()), Precision.FP32);
        BatchSource.Batches batches = source.plain(EvaluationSet.of(table), EVALUATED_TOGETHER);
        CoreWorkers workers = CoreWorkers.open()) {
      FloatTensor batch = batches.next();
      while (batch.rows() > 0 || !ahead.isEmpty()) {
        if (batch.rows() > 0 && ahead.size() < PASSES_AHEAD_PER_CORE * workers.count()) {
          FloatTensor images = batch;
          ahead.add(workers.submit(() -> trained.run(images)));
          batch = batches.next();
        } else {
          addRows(CoreWorkers.result(ahead.remove()), rows);
        }
      }
    }
    return rows;
  }

  private static void addRows(FloatTensor logits, List<float[]> rows) {
    int classes = logits.width();
    for (int row = 0; row < logits.rows(); row++) {
      rows.add(Arrays.copyOfRange(logits.values(), row * classes, (row + 1) * classes));
    }
  }

  /** The same as {@link #probabilities} in the precision of training, which is quicker. */
  public float[] quickProbabilities(ExampleTable table) {
    return SessionPredictions.probabilities(
        session, source, EvaluationSet.of(table), EVALUATED_TOGETHER, seen -> {});
  }

  /** Probabilities [examples, classes] with the trained weights. */
  public float[] probabilities(ExampleTable table) {
    List<float[]> logits = logits(table);
    int classes = logits.isEmpty() ? 0 : logits.get(0).length;
    float[] all = new float[logits.size() * classes];
    for (int row = 0; row < logits.size(); row++) {
      System.arraycopy(Softmax.of(logits.get(row)), 0, all, row * classes, classes);
    }
    return all;
  }

  /** The trained values by initialiser name. */
  public Map<String, float[]> weights() {
    return session.weights();
  }

  /** The number of epochs after which the validation examples were predicted best. */
  public int bestEpochs() {
    for (int i = history.size() - 1; i >= 0; i--) {
      if (history.get(i).best()) {
        return i + 1;
      }
    }
    return 0;
  }

  /** What each epoch gave. */
  public List<Epoch> history() {
    return history;
  }

  @Override
  public void close() {
    session.close();
  }
}
