package dev.graft.transfer;

import dev.graft.data.Example;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.Validated;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What was predicted for each example by which a run is judged: those of the test part, or where
 * there is none, those that were held out.
 *
 * @param part "test" or "validation"
 * @param all the surest predictions first
 */
record JudgedExamples(String part, List<Judged> all) {
  /**
   * A prediction.
   *
   * @param example what it was made for
   * @param predicted the most probable class
   * @param probability of that class
   */
  record Judged(Example example, String predicted, double probability) {
    boolean isRight() {
      return predicted.equals(example.label());
    }
  }

  static JudgedExamples of(RunContext context, TrainingOutcome outcome) {
    List<String> classes = context.tables().dataset().classes();
    ExampleTable test = context.tables().test();
    return test.size() > 0
        ? new JudgedExamples(
            "test",
            judged(Validated.ofAll(test.labels(), outcome.testProbabilities(), ""), test, classes))
        : new JudgedExamples(
            "validation", judged(outcome.validated(), outcome.validatedTable(), classes));
  }

  private static List<Judged> judged(
      Validated predicted, ExampleTable table, List<String> classes) {
    float[] probabilities = predicted.probabilities();
    List<Judged> judged = new ArrayList<>();
    for (int i = 0; i < predicted.labels().length; i++) {
      int start = i * classes.size();
      int best = 0;
      for (int c = 1; c < classes.size(); c++) {
        best = probabilities[start + c] > probabilities[start + best] ? c : best;
      }
      judged.add(
          new Judged(
              table.examples().get(predicted.rows()[i]),
              classes.get(best),
              probabilities[start + best]));
    }
    judged.sort(Comparator.comparingDouble(Judged::probability).reversed());
    return judged;
  }
}
