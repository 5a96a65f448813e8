package dev.graft.transfer.evidence;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What is odd about the data, for programs. */
final class DataFindingsJson {
  private DataFindingsJson() {}

  static ObjectNode of(DataFindings findings) {
    ObjectNode json = EvidenceJson.object();
    ArrayNode suspects = json.putArray("suspect_labels");
    for (DataFindings.SuspectLabel suspect : findings.suspectLabels()) {
      ObjectNode row = suspects.addObject();
      row.put("path", suspect.id());
      row.put("label", suspect.label());
      row.put("suggested", suspect.suggested());
      EvidenceJson.put(row, "probability", suspect.probability());
      EvidenceJson.put(row, "suggested_probability", suspect.suggestedProbability());
    }
    ArrayNode duplicates = json.putArray("near_duplicates");
    for (DataFindings.DuplicateGroup group : findings.duplicates()) {
      ObjectNode row = duplicates.addObject();
      row.put("across_classes", group.acrossClasses());
      row.put("across_parts", group.acrossParts());
      row.put("across_splits", group.acrossSplits());
      ArrayNode members = row.putArray("members");
      for (DataFindings.Member member : group.members()) {
        members
            .addObject()
            .put("path", member.id())
            .put("label", member.label())
            .put("part", member.part());
      }
    }
    ArrayNode outliers = json.putArray("outliers");
    for (DataFindings.Outlier outlier : findings.outliers()) {
      ObjectNode row = outliers.addObject();
      row.put("path", outlier.id());
      row.put("label", outlier.label());
      EvidenceJson.put(row, "distance", outlier.distance());
      EvidenceJson.put(row, "usual", outlier.usual());
    }
    ArrayNode cues = json.putArray("cues");
    for (DataFindings.Cue cue : findings.cues()) {
      ObjectNode row = cues.addObject();
      row.put("name", cue.name());
      EvidenceJson.put(row, "balanced_accuracy", cue.accuracy());
      EvidenceJson.put(row, "chance", cue.chance());
      EvidenceJson.put(row, "p_value", cue.pValue());
      row.put("sentence", cue.sentence());
    }
    EvidenceJson.put(json, "remarks", findings.remarks());
    return json;
  }
}
