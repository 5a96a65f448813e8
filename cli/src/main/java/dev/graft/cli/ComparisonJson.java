package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.data.LeftOut;
import dev.graft.transfer.comparison.Comparison;
import dev.graft.transfer.comparison.Difference;
import dev.graft.transfer.comparison.DifferenceInterval;
import dev.graft.transfer.comparison.ModelFigures;
import dev.graft.transfer.comparison.PairedResult;
import dev.graft.transfer.comparison.StatedFigures;
import java.util.List;
import java.util.Locale;

/** A comparison for programs. */
final class ComparisonJson {
  private ComparisonJson() {}

  static ObjectNode of(Comparison comparison, List<LeftOut> leftOut) {
    ObjectNode json = Json.object();
    comparison.verdict().forEach(json.putArray("verdict")::add);
    comparison.notes().forEach(json.putArray("notes")::add);
    json.put("kind", comparison.kind().word());
    json.put("examples", comparison.examples());
    json.put("source", comparison.source());
    ArrayNode models = json.putArray("models");
    comparison.models().forEach(model -> model(models.addObject(), model));
    ArrayNode pairs = json.putArray("pairs");
    comparison.pairs().forEach(pair -> pair(pairs.addObject(), comparison, pair));
    ArrayNode differences = json.putArray("differences");
    for (Difference difference : comparison.differences()) {
      ObjectNode row = differences.addObject().put("what", difference.what());
      ArrayNode values = row.putArray("values");
      difference.values().forEach(value -> values.add(value.orElse(null)));
    }
    ArrayNode items = json.putArray("left_out");
    for (LeftOut item : leftOut) {
      items.addObject().put("file", item.path()).put("reason", item.reason());
    }
    return json;
  }

  private static void model(ObjectNode json, ModelFigures model) {
    json.put("name", model.name());
    model.onCommon().ifPresent(found -> json.set("common", found.toJson()));
    model.stated().ifPresent(found -> stated(json.putObject("test"), found));
    if (model.milliseconds().isPresent()) {
      json.put("milliseconds", model.milliseconds().getAsDouble());
    } else {
      json.putNull("milliseconds");
    }
    json.put("model_bytes", model.modelBytes());
  }

  private static void stated(ObjectNode json, StatedFigures found) {
    json.put("examples", found.examples());
    json.put("accuracy", found.accuracy());
    json.putArray("accuracy_interval").add(found.low()).add(found.high());
    json.put("balanced_accuracy", found.balancedAccuracy());
    json.put("macro_f1", found.macroF1());
    json.put("log_loss", found.logLoss());
  }

  private static void pair(ObjectNode json, Comparison comparison, PairedResult pair) {
    json.put("first", comparison.models().get(pair.first()).name());
    json.put("second", comparison.models().get(pair.second()).name());
    json.put("conclusion", pair.conclusion().name().toLowerCase(Locale.ROOT));
    json.put("both_right", pair.counts().both());
    json.put("only_first_right", pair.counts().onlyFirst());
    json.put("only_second_right", pair.counts().onlySecond());
    json.put("neither_right", pair.counts().neither());
    json.put("accuracy_difference", pair.counts().difference());
    json.set("accuracy_difference_interval", interval(json, pair.counts().interval()));
    json.put("mcnemar_p", pair.counts().exactP());
    json.put("adjusted_p", pair.p());
    json.put("log_loss_difference", pair.logLoss().difference());
    json.set("log_loss_difference_interval", interval(json, pair.logLoss().interval()));
  }

  private static ArrayNode interval(ObjectNode json, DifferenceInterval interval) {
    return json.arrayNode().add(interval.low()).add(interval.high());
  }
}
