package dev.graft.transfer.wakeword;

import dev.graft.data.Preprocessing;
import dev.graft.onnx.OnnxModel;
import dev.graft.runtime.BundleConfig;
import dev.graft.runtime.BundleLayout;
import dev.graft.runtime.DetectionRule;
import dev.graft.runtime.GoldenExamples;
import dev.graft.runtime.ParityReport;
import dev.graft.transfer.evidence.OperatingCurve;
import dev.graft.transfer.evidence.TrainingRecord;
import dev.graft.transfer.evidence.WakeWordPage;
import dev.graft.transfer.export.BundleWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A trained wake word with the evidence of how good it is. Immutable and thread-safe. */
public final class TrainedWakeWord {
  /** The page about its curve, in the bundle. */
  public static final String PAGE = "wakeword.html";

  private final TrainingRecord record;
  private final OnnxModel model;
  private final Optional<OnnxModel> stream;
  private final BundleConfig config;
  private final Preprocessing preprocessing;
  private final GoldenExamples golden;
  private final OperatingCurve curve;

  TrainedWakeWord(
      TrainingRecord record,
      OnnxModel model,
      Optional<OnnxModel> stream,
      BundleConfig config,
      Preprocessing preprocessing,
      GoldenExamples golden,
      OperatingCurve curve) {
    this.record = record;
    this.model = model;
    this.stream = stream;
    this.config = config;
    this.preprocessing = preprocessing;
    this.golden = golden;
    this.curve = curve;
  }

  /** Everything the run found out. */
  public TrainingRecord record() {
    return record;
  }

  /** When the phrase counts as heard. */
  public DetectionRule rule() {
    return config.detection().orElseThrow();
  }

  /** False accepts against false rejects on generated streams of held-out recordings. */
  public OperatingCurve curve() {
    return curve;
  }

  /** Whether it runs along sound without computing overlapping windows twice. */
  public boolean slides() {
    return stream.isPresent();
  }

  /**
   * Writes the bundle, whole or not at all, after the saved files have repeated the golden examples
   * in ONNX Runtime, as single windows and as a stream.
   *
   * @throws dev.graft.transfer.TransferException if the folder may not be written to
   * @throws dev.graft.runtime.ParityException if a saved file computes something else
   */
  public ParityReport save(Path folder, BundleWriter.Existing existing) {
    return new BundleWriter(
            record, model, config, preprocessing, golden, Optional.empty(), this::writeFurther)
        .write(folder, existing);
  }

  private void writeFurther(Path folder) throws IOException {
    if (stream.isPresent()) {
      stream.get().write(folder.resolve(BundleLayout.STREAM_MODEL));
    }
    WakeWordPage.write(
        rule().phrase(),
        "Measured on generated streams of recordings that were held out of training.",
        curve,
        rule().threshold(),
        record.settings(),
        folder.resolve(PAGE));
  }
}
