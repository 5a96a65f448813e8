package dev.graft.transfer.pretraining;

import dev.graft.data.Preprocessing;
import dev.graft.onnx.OnnxModel;
import dev.graft.transfer.evidence.PretrainingRecord;
import dev.graft.transfer.export.BundleWriter;
import dev.graft.transfer.training.Checkpoints;
import java.nio.file.Path;

/** A network that has learned a source task, with what is known of it. Immutable, thread-safe. */
public final class PretrainedBackbone {
  private final PretrainingRecord record;
  private final OnnxModel model;
  private final Preprocessing preprocessing;
  private final BackboneProof proof;
  private final Path runFolder;

  PretrainedBackbone(
      PretrainingRecord record,
      OnnxModel model,
      Preprocessing preprocessing,
      BackboneProof proof,
      Path runFolder) {
    this.record = record;
    this.model = model;
    this.preprocessing = preprocessing;
    this.proof = proof;
    this.runFolder = runFolder;
  }

  /** Everything the run found out. */
  public PretrainingRecord record() {
    return record;
  }

  /**
   * The network as it is stored: images, waveforms or numbers of tokens in, logits of the source
   * task out.
   */
  public OnnxModel model() {
    return model;
  }

  /**
   * Writes the backbone's folder, whole or not at all, after the saved file has given the same
   * logits in ONNX Runtime; the log of the run moves into it and the checkpoints are removed.
   *
   * @param folder where it shall lie; must not exist yet, or be empty
   * @throws dev.graft.transfer.TransferException if something lies there or the folder cannot be
   *     written
   */
  public void save(Path folder) {
    write(folder, BundleWriter.Existing.REFUSE);
  }

  /** As {@link #save}, but a backbone that lies there already is replaced, at the very end. */
  public void saveReplacing(Path folder) {
    write(folder, BundleWriter.Existing.REPLACE_BUNDLE);
  }

  private void write(Path folder, BundleWriter.Existing existing) {
    new BackboneWriter(record, model, preprocessing, proof).write(folder, runFolder, existing);
    RunLog.discard(runFolder);
    Checkpoints.discard(runFolder);
  }
}
