package dev.graft.transfer.evidence;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.transfer.evidence.PretrainingRecord.Epoch;
import java.util.Locale;

/** The JSON files of a backbone: what it is, how good it is, what it was made from. */
public final class BackboneFiles {
  private BackboneFiles() {}

  /** config.json, with the keys that model hubs read. */
  public static String config(PretrainingRecord record) {
    ObjectNode json = EvidenceJson.object();
    json.put("id", record.id());
    json.put("model_type", "graft-backbone");
    json.put("architecture", record.architecture());
    json.put("modality", record.modality());
    json.put("input_" + sizeKey(record), record.inputSize());
    record.vocabulary().ifPresent(tokens -> putText(json, record.inputSize(), tokens));
    json.put("features", record.features());
    record.pooling().ifPresent(chosen -> json.put("pooling", chosen));
    json.put("parameters", record.parameters());
    record.licence().ifPresent(licence -> json.put("license", licence));
    json.put("problem_type", "single_label_classification");
    ObjectNode labels = json.putObject("id2label");
    ObjectNode ids = json.putObject("label2id");
    for (int i = 0; i < record.data().classes().size(); i++) {
      labels.put(String.valueOf(i), record.data().classes().get(i));
      ids.put(record.data().classes().get(i), i);
    }
    json.put("graft_version", record.environment().getOrDefault("graft", ""));
    return EvidenceJson.text(json);
  }

  /** With the keys that networks of text have on model hubs. */
  private static void putText(ObjectNode json, int longest, int vocabulary) {
    json.put("max_position_embeddings", longest);
    json.put("vocab_size", vocabulary);
  }

  /** metrics.json: {@code validation} as {@link Evaluation#toJson()} gives it, and every epoch. */
  public static String metrics(PretrainingRecord record) {
    ObjectNode json = EvidenceJson.object();
    json.set("validation", record.validation().toJson());
    json.put("validation_method", record.validationMethod());
    json.put("evaluated_" + sizeKey(record), record.evaluatedSize());
    ArrayNode history = json.putArray("history");
    for (Epoch epoch : record.history()) {
      ObjectNode row = history.addObject();
      row.put("epoch", epoch.number());
      row.put(sizeKey(record), epoch.side());
      EvidenceJson.put(row, "training_loss", epoch.trainingLoss());
      EvidenceJson.put(row, "validation_loss", epoch.validationLoss());
      EvidenceJson.put(row, "validation_accuracy", epoch.validationAccuracy());
    }
    json.put("seconds", record.seconds());
    return EvidenceJson.text(json);
  }

  private static String sizeKey(PretrainingRecord record) {
    return switch (record.data().kind()) {
      case IMAGE -> "side";
      case AUDIO -> "samples";
      case TEXT -> "tokens";
    };
  }

  /** provenance.json; {@code finished} and {@code seconds} are all that depends on the time. */
  public static String provenance(PretrainingRecord record) {
    ObjectNode json = EvidenceJson.object();
    json.put("id", record.id());
    json.set("data", ProvenanceFile.data(record.data()));
    json.put("data_terms", record.dataTerms().orElse(null));
    json.put("validation", record.validationMethod());
    json.put("seed", record.seed());
    json.put("architecture", record.architecture());
    json.put("weights", "fresh at the start, from the seed");
    json.put("storage", record.storage());
    json.put("precision", record.precision());
    EvidenceJson.put(json, "settings", record.settings());
    EvidenceJson.put(json, "environment", record.environment());
    json.put("finished", record.finished().toString());
    json.put("seconds", Double.parseDouble(String.format(Locale.ROOT, "%.1f", record.seconds())));
    return EvidenceJson.text(json);
  }
}
