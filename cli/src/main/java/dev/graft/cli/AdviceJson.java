package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.transfer.advice.Advice;
import dev.graft.transfer.advice.Baseline;
import dev.graft.transfer.advice.PairedAccuracy;
import dev.graft.transfer.advice.RatedBackbone;
import dev.graft.transfer.advice.Score;
import java.util.List;
import java.util.Locale;

/** Advice for programs. */
final class AdviceJson {
  private AdviceJson() {}

  static ObjectNode of(Advice advice, String command, List<String> leftOutBackbones) {
    ObjectNode json = Json.object();
    json.put("advice", advice.headline());
    json.put("command", command);
    json.put("verdict", word(advice.verdict()));
    advice.reasons().forEach(json.putArray("reasons")::add);
    data(json.putObject("data"), advice.data());
    ArrayNode backbones = json.putArray("backbones");
    advice.backbones().forEach(one -> backbone(backbones.addObject(), one));
    ArrayNode baselines = json.putArray("baselines");
    advice.baselines().forEach(one -> baseline(baselines.addObject(), one));
    leftOutBackbones.forEach(json.putArray("left_out_backbones")::add);
    json.put("seed", advice.seed());
    ObjectNode seconds = json.putObject("seconds");
    advice.seconds().forEach(seconds::put);
    return json;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static void data(ObjectNode json, Advice.Data data) {
    json.put("name", data.name());
    json.put("kind", data.kind().word());
    json.put("examples", data.examples());
    json.put("examined", data.examined());
    json.put("judged", data.judged());
    json.put("method", data.method());
    ObjectNode counts = json.putObject("classes");
    data.trainCounts().forEach(counts::put);
    ArrayNode leftOut = json.putArray("left_out");
    data.leftOut()
        .forEach(item -> leftOut.addObject().put("file", item.path()).put("reason", item.reason()));
  }

  private static void backbone(ObjectNode json, RatedBackbone one) {
    json.put("backbone", one.name());
    json.put("id", one.id());
    one.side().ifPresent(side -> json.put("input_side", side));
    score(json, one.score());
    comparison(json.putObject("best_against_this"), one.toBest());
    json.put("milliseconds_an_example", one.millisecondsPerExample());
    json.put("file_bytes", one.fileBytes());
    json.put("parameters", one.parameters());
    one.licence().ifPresent(licence -> json.put("licence", licence));
    one.source()
        .ifPresent(
            source ->
                json.putObject("source_task")
                    .put("examples", source.examples())
                    .put("classes", source.classes()));
  }

  private static void baseline(ObjectNode json, Baseline one) {
    json.put("kind", word(one.kind()));
    json.put("description", one.description());
    json.put("remark", one.remark());
    score(json, one.score());
    comparison(json.putObject("best_backbone_against_this"), one.toBest());
  }

  private static void score(ObjectNode json, Score score) {
    json.put("accuracy", score.accuracy());
    json.putArray("accuracy_interval").add(score.interval().low()).add(score.interval().high());
    json.put("right", score.right());
    json.put("examples", score.examples());
  }

  private static void comparison(ObjectNode json, PairedAccuracy comparison) {
    json.put("difference", comparison.difference());
    json.put("only_best_right", comparison.onlyFirst());
    json.put("only_this_right", comparison.onlySecond());
    json.put("p_value", comparison.pValue());
    json.put("tie", comparison.isTie());
  }
}
