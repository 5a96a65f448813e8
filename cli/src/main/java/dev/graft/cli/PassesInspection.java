package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.onnx.GraphPreparation;
import dev.graft.onnx.GraphPreparation.Outcome;
import dev.graft.onnx.GraphPreparation.Step;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What preparing an ONNX file changes, pass by pass.
 *
 * @param forTraining the passes whose result is trained and saved
 * @param forRunning the passes whose result is only run; empty where those before failed
 * @param problem why the next pass failed
 */
record PassesInspection(
    List<Step> forTraining, List<Step> forRunning, Optional<OnnxModelException> problem) {
  static PassesInspection of(OnnxModel model) {
    Outcome prepared = GraphPreparation.forTraining().attempt(model);
    if (prepared.problem().isPresent()) {
      return new PassesInspection(prepared.steps(), List.of(), prepared.problem());
    }
    Outcome fused = GraphPreparation.forRunning().attempt(prepared.model());
    return new PassesInspection(prepared.steps(), fused.steps(), fused.problem());
  }

  /** For people. */
  String text() {
    List<String> lines = new ArrayList<>();
    table(lines, "Before training; what training saves has these changes", forTraining);
    if (!forRunning.isEmpty()) {
      lines.add("");
      table(lines, "Before each run; what training saves has none of these", forRunning);
    }
    return lines.stream()
        .map(Wording::printable)
        .collect(Collectors.joining(System.lineSeparator(), "", System.lineSeparator()));
  }

  private static void table(List<String> lines, String title, List<Step> steps) {
    lines.add(title);
    lines.add(row("pass", "places", "nodes", "nodes", "what it does"));
    for (Step step : steps) {
      lines.add(
          row(
              step.pass(),
              Wording.count(step.places()),
              Wording.count(step.nodesBefore()),
              Wording.count(step.nodesAfter()),
              step.purpose()));
    }
  }

  private static String row(String pass, String places, String before, String after, String what) {
    return String.format(
        Locale.ROOT, "  %-15s  %6s  %6s -> %-6s  %s", pass, places, before, after, what);
  }

  /** For programs. */
  ObjectNode json() {
    ObjectNode json = Json.object();
    put(json.putArray("before_training"), forTraining);
    put(json.putArray("before_running"), forRunning);
    ArrayNode problems = json.putArray("problems");
    problem.ifPresent(found -> problems.add(String.valueOf(found.getMessage())));
    return json;
  }

  private static void put(ArrayNode rows, List<Step> steps) {
    for (Step step : steps) {
      ObjectNode row = rows.addObject();
      row.put("pass", step.pass());
      row.put("purpose", step.purpose());
      row.put("places", step.places());
      row.put("nodes_before", step.nodesBefore());
      row.put("nodes_after", step.nodesAfter());
    }
  }
}
