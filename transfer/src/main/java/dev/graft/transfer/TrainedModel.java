package dev.graft.transfer;

import dev.graft.data.Preprocessing;
import dev.graft.onnx.OnnxModel;
import dev.graft.runtime.BundleConfig;
import dev.graft.runtime.GoldenExamples;
import dev.graft.runtime.ParityReport;
import dev.graft.runtime.TrainingFeatures;
import dev.graft.transfer.evidence.TrainingRecord;
import dev.graft.transfer.explanation.ChosenText;
import dev.graft.transfer.export.BundleWriter;
import dev.graft.transfer.training.Checkpoints;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A trained classifier with the evidence of how good it is. Immutable and thread-safe. */
public final class TrainedModel {
  private final TrainingRecord record;
  private final OnnxModel model;
  private final BundleConfig config;
  private final Preprocessing preprocessing;
  private final GoldenExamples golden;
  private final Optional<TrainingFeatures> features;
  private final List<ChosenText> texts;
  private final Optional<Path> checkpoints;

  TrainedModel(
      TrainingRecord record,
      OnnxModel model,
      BundleConfig config,
      Preprocessing preprocessing,
      GoldenExamples golden,
      Optional<TrainingFeatures> features,
      List<ChosenText> texts) {
    this(record, model, config, preprocessing, golden, features, texts, Optional.empty());
  }

  private TrainedModel(
      TrainingRecord record,
      OnnxModel model,
      BundleConfig config,
      Preprocessing preprocessing,
      GoldenExamples golden,
      Optional<TrainingFeatures> features,
      List<ChosenText> texts,
      Optional<Path> checkpoints) {
    this.record = record;
    this.model = model;
    this.config = config;
    this.preprocessing = preprocessing;
    this.golden = golden;
    this.features = features;
    this.texts = List.copyOf(texts);
    this.checkpoints = checkpoints;
  }

  /** The same model, which needs the checkpoints of its run no longer once it is saved. */
  TrainedModel endingRunIn(Path folder) {
    return new TrainedModel(
        record, model, config, preprocessing, golden, features, texts, Optional.of(folder));
  }

  /** Everything the run found out; what its answers to texts rest on, saving finds out. */
  public TrainingRecord record() {
    return record;
  }

  /**
   * The deployable model: uint8 pixels [N,H,W,3] of any size, samples [N,samples] or numbers of
   * tokens [N,tokens] in; logits, probabilities and features out.
   */
  public OnnxModel model() {
    return model;
  }

  /**
   * Writes the bundle, whole or not at all, after the saved file has repeated the golden examples
   * in ONNX Runtime.
   *
   * @param folder where it shall lie; must not exist yet, or be empty
   * @return how closely the saved file repeats what training computed
   * @throws TransferException if the folder exists or cannot be written
   * @throws dev.graft.runtime.ParityException if the saved file computes something else
   */
  public ParityReport save(Path folder) {
    return write(folder, BundleWriter.Existing.REFUSE);
  }

  /**
   * As {@link #save}, but a bundle that lies there already is replaced, at the very end, by two
   * renames: for an instant there is none. A process killed in that instant leaves both bundles
   * beside the place, and the next one that opens the bundle or saves there puts the new one in.
   */
  public ParityReport saveReplacing(Path folder) {
    return write(folder, BundleWriter.Existing.REPLACE_BUNDLE);
  }

  private ParityReport write(Path folder, BundleWriter.Existing existing) {
    ParityReport parity =
        new BundleWriter(record, model, config, preprocessing, golden, features)
            .explaining(texts)
            .write(folder, existing);
    checkpoints.ifPresent(Checkpoints::discard);
    return parity;
  }
}
