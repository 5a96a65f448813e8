package dev.graft.transfer.evidence;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.transfer.evidence.CalibrationFindings.Bin;
import dev.graft.transfer.evidence.CalibrationFindings.PredictionSets;
import dev.graft.transfer.evidence.CalibrationFindings.Reliability;
import dev.graft.transfer.evidence.LadderFindings.Rung;
import java.util.Locale;

/**
 * What was found out beyond the accuracy, for programs: {@code baseline}, {@code
 * backbone_of_sound}, {@code calibration}, {@code learning_curve}, {@code ladder}, {@code mistakes}
 * and, of texts, {@code explained}; what was not looked for is absent.
 */
final class MetricsFindings {

  private MetricsFindings() {}

  static void put(ObjectNode json, Findings findings) {
    findings
        .baselines()
        .forEach(found -> put(json.putObject(found.contender().kind().key()), found));
    findings.calibration().ifPresent(found -> put(json.putObject("calibration"), found));
    findings.learningCurve().ifPresent(found -> put(json.putObject("learning_curve"), found));
    findings.ladder().ifPresent(found -> put(json.putObject("ladder"), found));
    ArrayNode mistakes = json.putArray("mistakes");
    for (Findings.Mistake mistake : findings.mistakes()) {
      ObjectNode row = mistakes.addObject();
      row.put("id", mistake.id());
      row.put("label", mistake.label());
      row.put("predicted", mistake.predicted());
      EvidenceJson.put(row, "probability", mistake.probability());
      row.put("part", mistake.part());
    }
    if (!findings.explained().isEmpty()) {
      ArrayNode explained = json.putArray("explained");
      findings.explained().forEach(text -> put(explained.addObject(), text));
    }
  }

  private static void put(ObjectNode json, ExplainedText text) {
    json.put("id", text.id());
    json.put("label", text.label());
    json.put("part", text.part());
    json.put("explained", text.explained());
    EvidenceJson.put(json, "probability", text.probability());
    json.put("answer", text.answer());
    json.put("text_is_cut", text.words().cut());
    ArrayNode words = json.putArray("words");
    for (WordEffect word : text.words().words()) {
      ObjectNode row = words.addObject();
      row.put("word", text.words().word(word));
      row.put("begin", word.begin());
      row.put("end", word.end());
      EvidenceJson.put(row, "drop_in_log_odds", word.drop());
    }
    EvidenceJson.put(json, "without_marked", text.withoutMarked());
    EvidenceJson.put(json, "without_others", text.withoutOthers());
    json.put("confirmed", text.isConfirmed());
  }

  private static void put(ObjectNode json, Baseline found) {
    json.put("name", found.contender().name());
    json.put("part", found.part());
    json.setAll(found.evaluation().toJson());
    EvidenceJson.put(json, "model_accuracy", found.modelAccuracy());
    json.put("only_model_right", found.onlyModel());
    json.put("only_baseline_right", found.onlyBaseline());
    EvidenceJson.put(json, "p_value", found.pValue());
    json.put("verdict", found.verdict().name().toLowerCase(Locale.ROOT));
  }

  private static void put(ObjectNode json, CalibrationFindings found) {
    EvidenceJson.put(json, "temperature", found.temperature());
    put(json.putObject("before"), found.before());
    put(json.putObject("after"), found.after());
    found.test().ifPresent(test -> put(json.putObject("test"), test));
    found.sets().ifPresent(sets -> put(json.putObject("prediction_sets"), sets));
  }

  private static void put(ObjectNode json, Reliability reliability) {
    EvidenceJson.put(json, "expected_calibration_error", reliability.expectedCalibrationError());
    ArrayNode bins = json.putArray("bins");
    for (Bin bin : reliability.bins()) {
      ObjectNode row = bins.addObject();
      row.put("low", bin.low());
      row.put("high", bin.high());
      row.put("examples", bin.examples());
      EvidenceJson.put(row, "confidence", bin.confidence());
      EvidenceJson.put(row, "accuracy", bin.accuracy());
    }
  }

  private static void put(ObjectNode json, PredictionSets sets) {
    json.put("coverage", sets.coverage());
    EvidenceJson.put(json, "least_probability", sets.leastProbability());
    EvidenceJson.put(json, "mean_size", sets.meanSize());
    sets.test()
        .ifPresent(
            test -> {
              ObjectNode observed = json.putObject("test");
              observed.put("coverage", test.coverage());
              put(observed, "coverage_interval", test.interval());
              EvidenceJson.put(observed, "mean_size", test.meanSize());
            });
  }

  private static void put(ObjectNode json, LearningCurve curve) {
    ArrayNode points = json.putArray("points");
    for (LearningCurve.Point point : curve.points()) {
      ObjectNode row = points.addObject();
      row.put("examples", point.examples());
      EvidenceJson.put(row, "accuracy", point.accuracy());
      put(row, "range", point.range());
    }
    ArrayNode forecasts = json.putArray("forecasts");
    for (LearningCurve.Forecast forecast : curve.forecasts()) {
      ObjectNode row = forecasts.addObject();
      row.put("examples", forecast.examples());
      EvidenceJson.put(row, "accuracy", forecast.accuracy());
      put(row, "band", forecast.band());
    }
    json.put("sentence", curve.sentence());
  }

  private static void put(ObjectNode json, LadderFindings ladder) {
    json.put("chosen", ladder.chosen());
    ArrayNode rungs = json.putArray("rungs");
    for (Rung rung : ladder.rungs()) {
      ObjectNode row = rungs.addObject();
      row.put("name", rung.name());
      EvidenceJson.put(row, "accuracy", rung.accuracy());
      EvidenceJson.put(row, "log_loss", rung.logLoss());
      rung.against()
          .ifPresent(
              against -> {
                ObjectNode comparison = row.putObject("against");
                comparison.put("wins", against.wins());
                comparison.put("losses", against.losses());
                EvidenceJson.put(comparison, "loss_difference", against.lossDifference());
                EvidenceJson.put(comparison, "p_value", against.pValue());
              });
      row.put("taken", rung.taken());
      row.put("sentence", rung.sentence());
    }
    EvidenceJson.put(json, "skipped", ladder.skipped());
  }

  private static void put(ObjectNode json, String key, Interval interval) {
    json.putArray(key).add(interval.low()).add(interval.high());
  }
}
