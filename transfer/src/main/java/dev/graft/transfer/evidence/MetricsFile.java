package dev.graft.transfer.evidence;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;

/**
 * The evidence for programs, a JSON file.
 *
 * <p>{@code test} and {@code validation} hold what {@link Evaluation#toJson()} gives; {@code test}
 * is absent where the data have no test part. {@code seconds} (the sum) and {@code phases} are all
 * that differs between two runs of the same training.
 */
public final class MetricsFile {

  private MetricsFile() {}

  /**
   * Writes the file, whole or not at all.
   *
   * @throws dev.graft.transfer.TransferException if it cannot be written
   */
  public static void write(TrainingRecord record, Path file) {
    EvidenceFile.write(file, EvidenceJson.text(json(record)));
  }

  private static ObjectNode json(TrainingRecord record) {
    ObjectNode json = EvidenceJson.object();
    record.test().ifPresent(test -> json.set("test", test.toJson()));
    json.set("validation", record.validation().toJson());
    json.put("validation_method", record.validationMethod());
    json.put("strategy", record.strategy());
    json.put("head", record.head());
    json.put("seed", record.seed());
    json.put("precision", record.precision());
    json.set("examples", EvidenceJson.counts(record.data()));
    json.put("left_out", record.data().leftOut().size());
    candidates(json.putArray("candidates"), record);
    history(json.putArray("history"), record);
    MetricsFindings.put(json, record.findings());
    record.findings().data().ifPresent(data -> json.set("data", data.toJson()));
    EvidenceJson.putDurations(json, record);
    return json;
  }

  private static void candidates(ArrayNode target, TrainingRecord record) {
    for (TrainingRecord.Candidate candidate : record.candidates()) {
      ObjectNode row = target.addObject();
      EvidenceJson.put(row, "strength", candidate.strength());
      EvidenceJson.put(row, "log_loss", candidate.logLoss());
      EvidenceJson.put(row, "accuracy", candidate.accuracy());
      row.put("chosen", candidate.chosen());
    }
  }

  private static void history(ArrayNode target, TrainingRecord record) {
    for (TrainingRecord.Epoch epoch : record.history()) {
      ObjectNode row = target.addObject();
      row.put("epoch", epoch.number());
      EvidenceJson.put(row, "training_loss", epoch.trainingLoss());
      EvidenceJson.put(row, "validation_loss", epoch.validationLoss());
      EvidenceJson.put(row, "validation_accuracy", epoch.validationAccuracy());
      row.put("best", epoch.best());
    }
  }
}
