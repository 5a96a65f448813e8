package dev.graft.transfer.comparison;

import dev.graft.transfer.evidence.ExamplePredictions;
import dev.graft.transfer.evidence.ExamplePredictions.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The examples that all models have predicted, known again by their content.
 *
 * @param predictions of each model, for the same examples in the same order
 * @param relabelled how many examples were left away because their class is not the same everywhere
 */
record CommonExamples(List<ExamplePredictions> predictions, int relabelled) {
  static CommonExamples of(List<ExamplePredictions> all) {
    List<Map<String, Row>> keyed = all.stream().map(CommonExamples::byContent).toList();
    List<List<Row>> common = new ArrayList<>();
    all.forEach(one -> common.add(new ArrayList<>()));
    int relabelled = 0;
    for (Map.Entry<String, Row> entry : keyed.get(0).entrySet()) {
      List<Row> rows = new ArrayList<>();
      for (Map<String, Row> one : keyed) {
        Row row = one.get(entry.getKey());
        if (row != null) {
          rows.add(row);
        }
      }
      if (rows.size() == keyed.size()) {
        String label = entry.getValue().label();
        if (rows.stream().allMatch(row -> row.label().equals(label))) {
          for (int model = 0; model < rows.size(); model++) {
            common.get(model).add(rows.get(model));
          }
        } else {
          relabelled++;
        }
      }
    }
    return new CommonExamples(common.stream().map(ExamplePredictions::new).toList(), relabelled);
  }

  /** Of examples with the same content, the first stands for the first, and so on. */
  private static Map<String, Row> byContent(ExamplePredictions predictions) {
    Map<String, Row> keyed = new LinkedHashMap<>();
    Map<String, Integer> seen = new HashMap<>();
    for (Row row : predictions.rows()) {
      int copy = seen.merge(row.sha256(), 1, Integer::sum);
      keyed.put(row.sha256() + "/" + copy, row);
    }
    return keyed;
  }

  int count() {
    return predictions.get(0).rows().size();
  }
}
