package dev.graft.transfer.evidence;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.data.LeftOut;
import java.nio.file.Path;
import java.util.List;

/**
 * What a model was made from, a JSON file: data, backbone, settings, seed, versions, platform and
 * command.
 *
 * <p>{@code finished}, {@code seconds} and {@code phases} are all that differs between two runs of
 * the same command with the same seed, data, versions and thread count.
 */
public final class ProvenanceFile {

  private static final int MOST_LEFT_OUT = 1000;

  private ProvenanceFile() {}

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
    json.set("data", data(record.data()));
    ObjectNode split = json.putObject("split");
    split.put("validation", record.validationMethod());
    split.put("test_part", record.test().isPresent());
    json.put("seed", record.seed());
    json.set("backbone", backbone(record.backbone()));
    json.put("strategy", record.strategy());
    json.put("head", record.head());
    json.put("precision", record.precision());
    EvidenceJson.put(json, "settings", record.settings());
    EvidenceJson.put(json, "environment", record.environment());
    EvidenceJson.put(json, "notes", record.notes());
    json.put("finished", record.finished().toString());
    EvidenceJson.putDurations(json, record);
    return json;
  }

  static ObjectNode data(TrainingRecord.Data data) {
    ObjectNode json = EvidenceJson.object();
    json.put("name", data.name());
    json.put("hash", data.hash());
    EvidenceJson.put(json, "classes", data.classes());
    json.set("examples", EvidenceJson.counts(data));
    json.put("left_out_count", data.leftOut().size());
    ArrayNode leftOut = json.putArray("left_out");
    List<LeftOut> all = data.leftOut();
    for (LeftOut file : all.subList(0, Math.min(MOST_LEFT_OUT, all.size()))) {
      leftOut.addObject().put("path", file.path()).put("reason", file.reason());
    }
    return json;
  }

  private static ObjectNode backbone(TrainingRecord.Source backbone) {
    ObjectNode json = EvidenceJson.object();
    json.put("id", backbone.id());
    json.put("sha256", backbone.sha256());
    json.put("licence", backbone.licence().orElse(null));
    json.put("revision", backbone.revision().orElse(null));
    ObjectNode files = json.putObject("files");
    backbone.files().forEach(files::put);
    json.put("input_shape", backbone.inputShape());
    json.put("feature_tensor", backbone.featureTensor());
    json.put("features", backbone.features());
    json.put("removed_head", backbone.removedHead());
    json.put("parameters", backbone.parameters());
    json.put("multiply_adds", backbone.multiplyAdds());
    EvidenceJson.put(json, "trained_blocks", backbone.trainedBlocks());
    return json;
  }
}
