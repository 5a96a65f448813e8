package dev.graft.transfer.pretraining;

import dev.graft.data.Dataset;
import dev.graft.data.ExampleSource;
import dev.graft.engine.NormStatistics;
import dev.graft.engine.Objective;
import dev.graft.engine.ParameterGroup;
import dev.graft.engine.Precision;
import dev.graft.engine.Processor;
import dev.graft.engine.TrainingOptions;
import dev.graft.engine.TrainingSession;
import dev.graft.engine.WeightAverage;
import dev.graft.onnx.GraphPreparation;
import dev.graft.onnx.Head;
import dev.graft.onnx.HeadFinder;
import dev.graft.onnx.Layers;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.PooledMaps;
import dev.graft.onnx.WeightLayer;
import dev.graft.onnx.WeightTensor;
import dev.graft.transfer.TransferException;
import dev.graft.transfer.training.Checkpoints;
import dev.graft.transfer.training.TrainedWeights;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Supervised pre-training: a network learns a source task from fresh weights and is kept as a
 * backbone.
 *
 * <p>Batch norms use the statistics of each batch and keep running ones. One run at a time in a
 * process; it uses all cores and runs on the calling thread.
 */
public final class Pretraining {
  private static final Set<String> NORMS =
      Set.of(
          "BatchNormalization",
          "LayerNormalization",
          "InstanceNormalization",
          "GroupNormalization",
          "RMSNormalization");

  private final SourceNetwork network;
  private final PretrainingSettings settings;
  private final Continuation continuation;
  private final PretrainingListener listener;
  private final BackboneDescription description;

  /**
   * Where an unfinished run and its log are kept.
   *
   * @param folder of checkpoints and log
   * @param resume whether to continue from the newest checkpoint; else there must be none
   * @param interval least time between two checkpoints
   */
  public record Continuation(Path folder, boolean resume, Duration interval) {}

  /** A run to be. */
  public Pretraining(
      SourceNetwork network,
      PretrainingSettings settings,
      BackboneDescription description,
      Continuation continuation,
      PretrainingListener listener) {
    this.network = network;
    this.description = description;
    this.settings = settings;
    this.continuation = continuation;
    this.listener = listener;
  }

  /**
   * Trains.
   *
   * @throws dev.graft.data.DataException if no classifier can be trained on the data
   * @throws TransferException if the data are of another kind, an unfinished run is not resumed or
   *     is another one, or the weights run away
   */
  public PretrainedBackbone run(Dataset dataset) {
    requireNothingUnfinished();
    SourceData data = SourceData.read(dataset, settings, listener);
    OnnxModel stored =
        GraphPreparation.forTraining().apply(network.withClasses().apply(data.classes().size()));
    OnnxModel fresh = settings.views().trained(stored);
    requirePoolable(fresh);
    noteMissingNorms(fresh);
    String fingerprint = fingerprint(data, fresh);
    Checkpoints checkpoints =
        new Checkpoints(continuation.folder(), fingerprint, continuation.interval());
    listener.phase("Pre-training");
    try (TrainingSession session = TrainingSession.open(fresh, options(fresh))) {
      Optional<WeightAverage> average =
          settings.averaging() > 0
              ? Optional.of(session.average(settings.averaging()))
              : Optional.empty();
      try {
        PretrainingState start = start(checkpoints, session, average, fingerprint);
        PretrainingState end = train(session, average, data, checkpoints, start);
        return new BackboneMaking(network, settings, description, data, precision())
            .make(TrainedWeights.into(stored, session.weights()), end, continuation.folder());
      } finally {
        average.ifPresent(WeightAverage::close);
      }
    }
  }

  /** Hours of work shall not be lost by a forgotten word. */
  private void requireNothingUnfinished() {
    if (!continuation.resume() && Checkpoints.liesIn(continuation.folder())) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Pre-training: an unfinished run lies in "
              + continuation.folder()
              + ". Repeat its command line with --resume to go on with it, or remove that folder to"
              + " begin anew.");
    }
  }

  /** Before hours of work, not behind them. */
  private void requirePoolable(OnnxModel fresh) {
    Head head = HeadFinder.find(fresh, Optional.empty(), OptionalInt.empty());
    if (description.pooling().isPresent() && PooledMaps.before(fresh, head).isEmpty()) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Pre-training a backbone that is pooled by "
              + description.pooling().get().name().toLowerCase(Locale.ROOT)
              + ": a network is expected whose output layer reads a mean over places, but that of "
              + network.name()
              + " reads "
              + head.featureTensor()
              + ". Leave the pooling out, or choose another architecture.");
    }
  }

  private void noteMissingNorms(OnnxModel fresh) {
    if (fresh.graph().nodes().stream().noneMatch(node -> NORMS.contains(node.operator()))) {
      listener.note(
          "The network has no normalisation left; exporters fold it into the weights. From fresh"
              + " weights a deep network hardly learns without: take a file that has its norms, or"
              + " a named architecture.");
    }
  }

  private PretrainingState train(
      TrainingSession session,
      Optional<WeightAverage> average,
      SourceData data,
      Checkpoints checkpoints,
      PretrainingState start) {
    long taken = start.stepsTaken(PretrainingLoop.stepsPerEpoch(data.train().size(), settings));
    try (RunLog log =
        taken == 0
            ? RunLog.begun(continuation.folder())
            : RunLog.continued(continuation.folder(), taken, start.epoch())) {
      return new PretrainingLoop(
              session, average, data, settings, Optional.of(checkpoints), listener, log)
          .run(start);
    }
  }

  private PretrainingState start(
      Checkpoints checkpoints,
      TrainingSession session,
      Optional<WeightAverage> average,
      String fingerprint) {
    Optional<Checkpoints.Restored<PretrainingState>> restored =
        continuation.resume()
            ? checkpoints.restore(session, PretrainingState.class)
            : Optional.empty();
    if (restored.isEmpty()) {
      if (continuation.resume()) {
        listener.note("There is no checkpoint to go on from; training begins.");
      }
      return PretrainingState.beginning(fingerprint);
    }
    average.ifPresent(averaged -> averaged.setWeights(restored.get().best()));
    PretrainingState state = restored.get().state();
    listener.note(
        state.epoch() == settings.epochs()
            ? "All epochs have been trained; what is left is to save the backbone."
            : "Continuing after step " + state.step() + " of epoch " + (state.epoch() + 1) + ".");
    return state;
  }

  private TrainingOptions options(OnnxModel model) {
    return new TrainingOptions(
        precision(),
        settings.optimizer(),
        groups(model, settings.weightDecay()),
        new Objective.Classification(new float[0], settings.labelSmoothing()),
        0,
        NormStatistics.BATCH);
  }

  private Precision precision() {
    return switch (settings.precision()) {
      case FP32 -> Precision.FP32;
      case BF16 -> Precision.BF16;
      case AUTO -> Processor.hasBrainFloatUnits() ? Precision.BF16 : Precision.FP32;
    };
  }

  /** Kernels decay; norms, biases and tables do not (He et al. 2019, section 3.1). */
  private static List<ParameterGroup> groups(OnnxModel model, double weightDecay) {
    Set<String> kernels = new LinkedHashSet<>();
    Set<String> others = new LinkedHashSet<>();
    for (WeightLayer layer : Layers.of(model)) {
      for (WeightTensor tensor : layer.tensors()) {
        (tensor.isKernel() ? kernels : others).add(tensor.name());
      }
    }
    others.removeAll(kernels);
    List<ParameterGroup> groups = new ArrayList<>();
    groups.add(new ParameterGroup("kernels", List.copyOf(kernels), 1, weightDecay, 0));
    if (!others.isEmpty()) {
      groups.add(new ParameterGroup("norms and biases", List.copyOf(others), 1, 0, 0));
    }
    return groups;
  }

  /** Changes with everything that decides the course of training. */
  private String fingerprint(SourceData data, OnnxModel fresh) {
    String text = String.join("|", data.tables().hash(), fresh.sha256(), settings.toString());
    return ExampleSource.hash(text.getBytes(StandardCharsets.UTF_8));
  }
}
