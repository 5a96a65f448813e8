package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.data.DatasetKind;
import dev.graft.runtime.BundleLayout;
import dev.graft.transfer.evidence.Evaluation;
import dev.graft.transfer.evidence.PretrainingRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a pre-training tells at its end. */
final class PretrainingSummary {
  private static final int LEFT_OUT_SHOWN = 5;

  private final PretrainingRecord record;
  private final Path folder;

  PretrainingSummary(PretrainingRecord record, Path folder) {
    this.record = record;
    this.folder = folder;
  }

  /** For people. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    DatasetKind kind = record.data().kind();
    int examples = record.data().trainCounts().values().stream().mapToInt(Integer::intValue).sum();
    lines.add(
        "Read        %s: %s in %s"
            .formatted(
                Wording.name(record.data().name()),
                Wording.count(examples, "training " + kind.one()),
                Wording.count(record.data().classes().size()) + " classes"));
    lines.addAll(LeftOutReport.of(record.data().leftOut(), LEFT_OUT_SHOWN).lines());
    lines.add("Trained     " + record.architecture());
    Evaluation validation = record.validation();
    lines.add(
        String.format(
            Locale.ROOT,
            "Validation  %s right (%s of %s; 95 %% interval %s to %s), log loss %.3f; %s %s"
                + " %s, %s",
            Wording.percent(validation.accuracy()),
            Wording.count(validation.correct()),
            Wording.count(validation.examples()),
            Wording.percent(validation.accuracyInterval().low()),
            Wording.percent(validation.accuracyInterval().high()),
            validation.logLoss(),
            shown(kind),
            Wording.count(record.evaluatedSize()),
            kind.sizeUnit(),
            record.validationMethod()));
    lines.add("Checked     the saved file gives the same logits in ONNX Runtime");
    lines.add("Took        " + Wording.seconds(record.seconds()));
    lines.add("Written     " + folder + " (" + BundleLayout.MODEL + ", " + record.storage() + ")");
    lines.add(
        "Use it      graft train "
            + Wording.placeholder(kind)
            + "S --backbone "
            + CommandText.quoted(folder.toString())
            + " --out MODEL");
    return lines;
  }

  private static String shown(DatasetKind kind) {
    return switch (kind) {
      case IMAGE -> "whole images of";
      case AUDIO -> "windows of";
      case TEXT -> "texts of up to";
    };
  }

  /** For programs. */
  ObjectNode json() {
    ObjectNode json = Json.object();
    json.put("out", folder.toString());
    json.put("id", record.id());
    json.put("architecture", record.architecture());
    json.put("parameters", record.parameters());
    json.put("features", record.features());
    json.put("seed", record.seed());
    json.put("seconds", record.seconds());
    json.set("validation", record.validation().toJson());
    json.put("validation_method", record.validationMethod());
    record.data().classes().forEach(json.putArray("classes")::add);
    var leftOut = json.putArray("left_out");
    record
        .data()
        .leftOut()
        .forEach(item -> leftOut.addObject().put("file", item.path()).put("reason", item.reason()));
    return json;
  }
}
