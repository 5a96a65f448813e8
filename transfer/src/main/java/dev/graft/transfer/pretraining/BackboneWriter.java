package dev.graft.transfer.pretraining;

import dev.graft.data.Preprocessing;
import dev.graft.data.text.TextEncoder;
import dev.graft.onnx.OnnxModel;
import dev.graft.runtime.BundleLayout;
import dev.graft.runtime.BundlePlace;
import dev.graft.runtime.trust.FileList;
import dev.graft.transfer.TransferException;
import dev.graft.transfer.evidence.BackboneCard;
import dev.graft.transfer.evidence.BackboneFiles;
import dev.graft.transfer.evidence.PretrainingRecord;
import dev.graft.transfer.export.BundleWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Writes a backbone's folder beside its place, proves the file there, and moves it in. */
final class BackboneWriter {
  private final PretrainingRecord record;
  private final OnnxModel model;
  private final Preprocessing preprocessing;
  private final BackboneProof proof;

  BackboneWriter(
      PretrainingRecord record, OnnxModel model, Preprocessing preprocessing, BackboneProof proof) {
    this.record = record;
    this.model = model;
    this.preprocessing = preprocessing;
    this.proof = proof;
  }

  void write(Path folder, Path runFolder, BundleWriter.Existing existing) {
    BundleWriter.requireWritable(folder, existing);
    Path target = folder.toAbsolutePath().normalize();
    try {
      Files.createDirectories(Objects.requireNonNull(target.getParent()));
      try (BundlePlace place = BundlePlace.take(target)) {
        Path file = place.staging().resolve(BundleLayout.MODEL);
        model.write(file);
        proof.require(file);
        text(place, BundleLayout.CONFIG, BackboneFiles.config(record));
        text(place, BundleLayout.PREPROCESSOR_CONFIG, preprocessing.toJson());
        if (preprocessing instanceof TextEncoder texts) {
          text(place, BundleLayout.TOKENIZER, texts.tokenizer().json());
        }
        text(place, BundleLayout.METRICS, BackboneFiles.metrics(record));
        text(place, BundleLayout.PROVENANCE, BackboneFiles.provenance(record));
        text(place, BundleLayout.MODEL_CARD, BackboneCard.text(record));
        RunLog.copy(runFolder, place.staging());
        FileList.write(place.staging());
        BundleWriter.requireWritable(folder, existing);
        place.moveIn();
      }
    } catch (IOException failure) {
      throw new TransferException(
          TransferException.Cause.ENVIRONMENT,
          "Writing the backbone to "
              + folder
              + " failed: "
              + failure
              + ". Free some space or choose another folder, and repeat the command with --resume:"
              + " nothing is trained again.",
          failure);
    }
  }

  private static void text(BundlePlace place, String name, String content) throws IOException {
    Files.writeString(place.staging().resolve(name), content, StandardCharsets.UTF_8);
  }
}
