package dev.graft.transfer;

import dev.graft.data.DataFixes;
import dev.graft.data.Dataset;
import dev.graft.data.DatasetKind;
import dev.graft.data.ExampleAugmentation;
import dev.graft.data.audio.BackgroundSounds;
import dev.graft.engine.ActivationMemory;
import dev.graft.transfer.training.Checkpoints;
import dev.graft.transfer.training.FineTuning;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * Transfer learning in one expression: from a backbone, with a head, by a strategy, fitted on a
 * dataset.
 *
 * <pre>{@code
 * Backbone backbone = Backbone.load(Path.of("mobilenetv2.onnx"), BackboneOptions.defaults());
 * TrainedModel model = TransferLearning.from(backbone)
 *     .head(HeadArchitecture.linear())
 *     .strategy(new Strategy.HeadOnly())
 *     .fit(DatasetReader.read(Path.of("photos.zip")));
 * model.save(Path.of("photos-model"));
 * }</pre>
 *
 * <p>On Linux with glibc, start the JVM with these variables in its environment, as the {@code
 * graft} command does: {@code MALLOC_MMAP_MAX_=0}, {@code MALLOC_TRIM_THRESHOLD_=4000000000} and
 * {@code MALLOC_TOP_PAD_=67108864} keep the large blocks of one training step for the next, where
 * mapping them anew has made steps up to twice as long; {@code OMP_WAIT_POLICY=PASSIVE} and {@code
 * OPENBLAS_THREAD_TIMEOUT=4} let waiting threads sleep, where spinning ones have made runs beside
 * other busy processes ten times slower. A library cannot set them: they are read when the process
 * starts.
 *
 * <p>Immutable: each method gives a new object with one setting changed. {@code fit} runs on the
 * calling thread and uses all cores; one fit at a time in a process.
 */
public final class TransferLearning {
  private static final Duration STANDARD_INTERVAL = Duration.ofSeconds(5);

  private final Backbone backbone;
  private final Optional<Backbone> rival;
  private final TransferSettings settings;
  private final TrainingListener listener;
  private final Checkpointing checkpointing;

  /** Where an unfinished run is kept, and whether to continue it. */
  record Checkpointing(Optional<Path> folder, boolean resume, Duration interval) {
    /** Forgets what another run left, unless this one goes on with it. */
    void begin() {
      if (!resume) {
        folder.ifPresent(Checkpoints::discard);
      }
    }

    /** Of a training in the folder itself, where there is one. */
    Optional<FineTuning.Continuation> continuation(String fingerprint) {
      return continuation(fingerprint, UnaryOperator.identity());
    }

    /**
     * Of a training, where there is a folder.
     *
     * @param fingerprint of data, settings and course of the training
     * @param place where in the folder its checkpoints lie
     */
    Optional<FineTuning.Continuation> continuation(String fingerprint, UnaryOperator<Path> place) {
      return folder.map(
          inside ->
              new FineTuning.Continuation(place.apply(inside), fingerprint, resume, interval));
    }
  }

  private TransferLearning(
      Backbone backbone,
      Optional<Backbone> rival,
      TransferSettings settings,
      TrainingListener listener,
      Checkpointing checkpointing) {
    this.backbone = backbone;
    this.rival = rival;
    this.settings = settings;
    this.listener = listener;
    this.checkpointing = checkpointing;
  }

  /** Begins with a pretrained network. */
  public static TransferLearning from(Backbone backbone) {
    return new TransferLearning(
        backbone,
        Optional.empty(),
        TransferSettings.defaults(),
        TrainingListener.SILENT,
        new Checkpointing(Optional.empty(), false, STANDARD_INTERVAL));
  }

  /** The new head; one linear layer unless said. */
  public TransferLearning head(HeadArchitecture head) {
    return with(copy().head(head));
  }

  /** Which layers train; chosen from the data unless said. */
  public TransferLearning strategy(Strategy strategy) {
    return with(copy().strategy(strategy));
  }

  /**
   * Views of each training example, the plain one included, 1 to 64; chosen for the data unless
   * said.
   */
  public TransferLearning views(int views) {
    return with(copy().views(OptionalInt.of(views)));
  }

  /** How augmented views are made; chosen for the data unless said. */
  public TransferLearning augmentation(ExampleAugmentation augmentation) {
    return with(copy().augmentation(Optional.of(augmentation)));
  }

  /** Sounds that augmented views of recordings are mixed with; none unless said. */
  public TransferLearning background(BackgroundSounds sounds) {
    return with(copy().background(sounds));
  }

  /** The optimizer for what is trained by steps. */
  public TransferLearning optimizer(OptimizerChoice optimizer) {
    return with(copy().optimizer(optimizer));
  }

  /** The base learning rate, above 0. */
  public TransferLearning learningRate(double rate) {
    return with(copy().learningRate(OptionalDouble.of(rate)));
  }

  /** Most passes over the training examples. */
  public TransferLearning epochs(int epochs) {
    return with(copy().epochs(OptionalInt.of(epochs)));
  }

  /** Examples per step. */
  public TransferLearning batchSize(int examples) {
    return with(copy().batchSize(OptionalInt.of(examples)));
  }

  /**
   * Most examples of a step that pass through the network at once, which bounds the memory of their
   * activations; the gradients of a step are those of its whole batch. Chosen for speed unless
   * said. From fresh weights a batch stays whole, since batch norms use its statistics.
   */
  public TransferLearning microBatch(int examples) {
    return with(copy().microBatch(OptionalInt.of(examples)));
  }

  /** What becomes of the activations of a step until its backward pass; kept unless said. */
  public TransferLearning activations(ActivationMemory activations) {
    return with(copy().activations(activations));
  }

  /** How the loss weighs the classes; all examples alike unless said. */
  public TransferLearning classWeights(ClassWeighting weighting) {
    return with(copy().classWeighting(weighting));
  }

  /** The number format; chosen and proved unless said. */
  public TransferLearning precision(PrecisionChoice precision) {
    return with(copy().precision(precision));
  }

  /** The seed of everything random; 42 unless said. */
  public TransferLearning seed(long seed) {
    return with(copy().seed(seed));
  }

  /** Trains on a seeded sample of so many examples of each class. */
  public TransferLearning examplesPerClass(int examples) {
    return with(copy().examplesPerClass(OptionalInt.of(examples)));
  }

  /**
   * Share of the training examples to hold out where one split is made, in (0, 0.5]; 0.2 unless
   * said.
   */
  public TransferLearning validationFraction(double fraction) {
    return with(copy().validationFraction(fraction));
  }

  /**
   * Probability with which a prediction set shall hold the true class, in (0, 1); 0.9 unless said.
   */
  public TransferLearning coverage(double probability) {
    return with(copy().coverage(probability));
  }

  /**
   * Time after which no further epoch begins; where the strategy is chosen automatically, the time
   * for the whole run, 30 s and 0.1 s an example unless said.
   */
  public TransferLearning budget(Duration budget) {
    return with(copy().budget(Optional.of(budget)));
  }

  /** Folder of the feature store; the platform's cache folder unless said. */
  public TransferLearning cache(Path folder) {
    return with(copy().cache(Optional.of(folder)));
  }

  /** Keeps no features beyond this run. */
  public TransferLearning withoutCache() {
    return with(copy().cache(Optional.empty()));
  }

  /** What is relabelled and dropped before training; nothing unless said. */
  public TransferLearning fixes(DataFixes fixes) {
    return with(copy().fixes(Optional.of(fixes)));
  }

  /**
   * A backbone of sound that a model of recordings is compared with, beside mel bands: with a
   * linear head, on the same examples. Meant for where the model's own backbone is one of images.
   *
   * @throws TransferException if it does not take sound
   */
  public TransferLearning comparedWith(Backbone other) {
    if (other.preprocessing().kind() != DatasetKind.AUDIO) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Checking the settings: a backbone of sound is expected to compare with, but "
              + other.id()
              + " takes "
              + other.preprocessing().kind().word()
              + ". Choose one that takes sound.");
    }
    return new TransferLearning(backbone, Optional.of(other), settings, listener, checkpointing);
  }

  /** The command line, for the provenance. */
  public TransferLearning command(String command) {
    return with(copy().command(command));
  }

  /** Who hears of the progress. */
  public TransferLearning listener(TrainingListener newListener) {
    return new TransferLearning(backbone, rival, settings, newListener, checkpointing);
  }

  /**
   * Keeps checkpoints of the training of unfrozen layers in a folder, until the model is saved.
   * Checkpoints of an earlier run there are discarded when training begins.
   */
  public TransferLearning checkpoints(Path folder) {
    return with(new Checkpointing(Optional.of(folder), false, checkpointing.interval()));
  }

  /**
   * Least time between the checkpoints after an epoch, 5 s unless said; inside of an epoch it is
   * twelve times as long.
   *
   * @throws TransferException if it is negative
   */
  public TransferLearning checkpointInterval(Duration interval) {
    if (interval.isNegative()) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Checking the settings: the checkpoint interval must be at least zero, found "
              + interval
              + ".");
    }
    return with(new Checkpointing(checkpointing.folder(), checkpointing.resume(), interval));
  }

  /** Continues the run whose checkpoints lie in a folder; begins anew where there are none. */
  public TransferLearning resume(Path folder) {
    return with(new Checkpointing(Optional.of(folder), true, checkpointing.interval()));
  }

  /**
   * Trains.
   *
   * @throws dev.graft.data.DataException if the data do not allow it
   * @throws TransferException if settings, data and backbone do not fit together
   * @throws dev.graft.engine.EngineException if the engine fails
   */
  public TrainedModel fit(Dataset dataset) {
    TrainedModel model =
        new TransferRun(backbone, rival, settings, listener, checkpointing).fit(dataset);
    return checkpointing.folder().map(model::endingRunIn).orElse(model);
  }

  private TransferSettings.Builder copy() {
    return settings.toBuilder();
  }

  private TransferLearning with(Checkpointing changed) {
    return new TransferLearning(backbone, rival, settings, listener, changed);
  }

  private TransferLearning with(TransferSettings.Builder changed) {
    return new TransferLearning(backbone, rival, changed.build(), listener, checkpointing);
  }
}
