package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.data.LeftOut;
import dev.graft.runtime.LabelProbability;
import dev.graft.runtime.Prediction;

/**
 * One object a line: {@code {"file", "label", "probability", "top": [{"label", "probability"}],
 * "set": {"coverage", "labels"}, "training_distance": {"distance", "farther_than", "unlike"}}}, the
 * last two where the model tells them; or {@code {"file", "error"}} for what was left out.
 */
final class JsonPredictions implements PredictionPrinter {
  private final ResultWriter results;
  private final int top;

  JsonPredictions(ResultWriter results, int top) {
    this.results = results;
    this.top = top;
  }

  @Override
  public void predicted(String id, Prediction prediction) {
    ObjectNode line = Json.object();
    line.put("file", id);
    line.put("label", prediction.label());
    line.put("probability", prediction.probability());
    ArrayNode best = line.putArray("top");
    for (LabelProbability candidate : prediction.top(top)) {
      best.addObject().put("label", candidate.label()).put("probability", candidate.probability());
    }
    prediction
        .set()
        .ifPresent(
            set -> {
              ObjectNode json = line.putObject("set").put("coverage", set.coverage());
              set.labels().forEach(json.putArray("labels")::add);
            });
    prediction
        .trainingDistance()
        .ifPresent(
            found ->
                line.putObject("training_distance")
                    .put("distance", found.distance())
                    .put("farther_than", found.fartherThan())
                    .put("unlike", found.isUnlike()));
    results.line(Json.line(line));
  }

  @Override
  public void leftOut(LeftOut item) {
    results.line(Json.line(Json.object().put("file", item.path()).put("error", item.reason())));
  }
}
