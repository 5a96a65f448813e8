package dev.graft.transfer.export;

import dev.graft.data.Preprocessing;
import dev.graft.data.text.TextEncoder;
import dev.graft.onnx.OnnxModel;
import dev.graft.runtime.BundleConfig;
import dev.graft.runtime.BundleLayout;
import dev.graft.runtime.BundlePlace;
import dev.graft.runtime.GoldenExamples;
import dev.graft.runtime.ParityCheck;
import dev.graft.runtime.ParityReport;
import dev.graft.runtime.TrainingFeatures;
import dev.graft.runtime.trust.FileList;
import dev.graft.transfer.TransferException;
import dev.graft.transfer.doctor.SuggestedFixes;
import dev.graft.transfer.evidence.EvidenceFile;
import dev.graft.transfer.evidence.ExplainedText;
import dev.graft.transfer.evidence.MetricsFile;
import dev.graft.transfer.evidence.ModelCard;
import dev.graft.transfer.evidence.PredictionsFile;
import dev.graft.transfer.evidence.ProvenanceFile;
import dev.graft.transfer.evidence.ReportPage;
import dev.graft.transfer.evidence.TrainingRecord;
import dev.graft.transfer.explanation.ChosenText;
import dev.graft.transfer.explanation.ReportExplanations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Writes a bundle beside its place, proves it there, and moves it in by one rename: it appears
 * whole or not at all.
 */
public final class BundleWriter {
  private final TrainingRecord record;
  private final OnnxModel model;
  private final BundleConfig config;
  private final Preprocessing preprocessing;
  private final GoldenExamples golden;
  private final Optional<TrainingFeatures> features;
  private final Further further;
  private final List<ChosenText> texts;

  /** Writes what only some bundles hold. */
  public interface Further {
    /** Nothing more. */
    Further NOTHING = folder -> {};

    /** Writes into the folder where the bundle is made. */
    void write(Path folder) throws IOException;
  }

  /** What to do where something lies at the bundle's place. */
  public enum Existing {
    /** Nothing may lie there. */
    REFUSE,
    /** A bundle of before is replaced; anything else is refused. */
    REPLACE_BUNDLE
  }

  /** Collects the contents. */
  public BundleWriter(
      TrainingRecord record,
      OnnxModel model,
      BundleConfig config,
      Preprocessing preprocessing,
      GoldenExamples golden,
      Optional<TrainingFeatures> features) {
    this(record, model, config, preprocessing, golden, features, Further.NOTHING);
  }

  /** Collects the contents of a bundle that holds further files. */
  public BundleWriter(
      TrainingRecord record,
      OnnxModel model,
      BundleConfig config,
      Preprocessing preprocessing,
      GoldenExamples golden,
      Optional<TrainingFeatures> features,
      Further further) {
    this(record, model, config, preprocessing, golden, features, further, List.of());
  }

  private BundleWriter(
      TrainingRecord record,
      OnnxModel model,
      BundleConfig config,
      Preprocessing preprocessing,
      GoldenExamples golden,
      Optional<TrainingFeatures> features,
      Further further,
      List<ChosenText> texts) {
    this.record = record;
    this.model = model;
    this.config = config;
    this.preprocessing = preprocessing;
    this.golden = golden;
    this.features = features;
    this.further = further;
    this.texts = List.copyOf(texts);
  }

  /**
   * The same, and the report tells on which words of these texts the saved model's answers rest.
   */
  public BundleWriter explaining(List<ChosenText> chosen) {
    return new BundleWriter(
        record, model, config, preprocessing, golden, features, further, chosen);
  }

  /**
   * Checks that a bundle may be written to a place, without writing: to be asked before the work.
   *
   * @throws TransferException if it may not
   */
  public static void requireWritable(Path folder, Existing existing) {
    Path target = folder.toAbsolutePath().normalize();
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS) && !isEmptyFolder(target)) {
      boolean bundle =
          Files.isRegularFile(target.resolve(BundleLayout.MODEL))
              && Files.isRegularFile(target.resolve(BundleLayout.CONFIG));
      if (existing == Existing.REFUSE) {
        throw environment(
            "Writing the bundle: "
                + folder
                + " exists already. Choose another folder, or replace it"
                + " with --overwrite.",
            null);
      }
      if (!bundle) {
        throw environment(
            "Writing the bundle: "
                + folder
                + " exists and is no bundle, so it is not replaced. Choose"
                + " another folder.",
            null);
      }
    }
    Path parent = target.getParent();
    Path place = parent;
    while (place != null && !Files.exists(place)) {
      place = place.getParent();
    }
    if (place == null || !Files.isDirectory(place) || !Files.isWritable(place)) {
      throw environment(
          "Writing the bundle: the folder "
              + place
              + " cannot be written to. Choose another output"
              + " folder or change its permissions.",
          null);
    }
  }

  private static boolean isEmptyFolder(Path folder) {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    } catch (IOException unreadable) {
      return false;
    }
  }

  /** Writes, proves, and moves in. */
  public ParityReport write(Path folder, Existing existing) {
    requireWritable(folder, existing);
    Path target = folder.toAbsolutePath().normalize();
    Path parent = java.util.Objects.requireNonNull(target.getParent());
    try {
      Files.createDirectories(parent);
      try (BundlePlace place = BundlePlace.take(target)) {
        writeModel(place.staging());
        ParityReport parity = ParityCheck.run(place.staging());
        writeEvidence(explained(place.staging()), place.staging());
        FileList.write(place.staging());
        // Another process may have been faster, or may have left a bundle that is settled by now.
        requireWritable(folder, existing);
        place.moveIn();
        return parity;
      }
    } catch (IOException failure) {
      throw environment(
          "Writing the bundle to "
              + folder
              + " failed: "
              + failure
              + ". Free some space or choose"
              + " another folder; nothing half-written is left.",
          failure);
    }
  }

  /** What the bundle needs to be opened and proved. */
  private void writeModel(Path folder) throws IOException {
    model.write(folder.resolve(BundleLayout.MODEL));
    config.write(folder.resolve(BundleLayout.CONFIG));
    Files.writeString(
        folder.resolve(BundleLayout.PREPROCESSOR_CONFIG),
        preprocessing.toJson(),
        StandardCharsets.UTF_8);
    if (preprocessing instanceof TextEncoder encoder) {
      Files.writeString(
          folder.resolve(BundleLayout.TOKENIZER),
          encoder.tokenizer().json(),
          StandardCharsets.UTF_8);
    }
    golden.write(folder.resolve(BundleLayout.EXAMPLES));
    features.ifPresent(known -> known.write(folder.resolve(BundleLayout.TRAINING_FEATURES)));
    further.write(folder);
  }

  /** What was found out, and what the model in the folder says of the chosen texts. */
  private TrainingRecord explained(Path folder) {
    List<ExplainedText> explained =
        ReportExplanations.of(folder, texts, record.backbone().multiplyAdds());
    return explained.isEmpty() ? record : record.with(record.findings().with(explained));
  }

  private static void writeEvidence(TrainingRecord found, Path folder) {
    MetricsFile.write(found, folder.resolve(BundleLayout.METRICS));
    ModelCard.write(found, folder.resolve(BundleLayout.MODEL_CARD));
    ReportPage.write(found, folder.resolve(BundleLayout.REPORT));
    found
        .testPredictions()
        .ifPresent(told -> PredictionsFile.write(told, folder.resolve(BundleLayout.PREDICTIONS)));
    ProvenanceFile.write(found, folder.resolve(BundleLayout.PROVENANCE));
    if (found.findings().data().isPresent()) {
      EvidenceFile.write(
          folder.resolve(BundleLayout.FIXES),
          SuggestedFixes.of(found.findings().data().get()).csv());
    }
  }

  private static TransferException environment(
      String message, @org.jspecify.annotations.Nullable Throwable beneath) {
    return beneath == null
        ? new TransferException(TransferException.Cause.ENVIRONMENT, message)
        : new TransferException(TransferException.Cause.ENVIRONMENT, message, beneath);
  }
}
