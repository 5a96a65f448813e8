package dev.graft.transfer.training;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Outputs of a head on the features of examples.
 *
 * @param features those of a table, such as a frozen trunk gives them
 */
public record HeadOutputs(ClassifierHead head, Function<ExampleTable, Activations> features) {
  /** Logits of each example. */
  public List<float[]> logits(ExampleTable table) {
    Activations activations = features.apply(table);
    List<float[]> rows = new ArrayList<>();
    float[] row = new float[activations.width()];
    for (int i = 0; i < table.size(); i++) {
      activations.read(i, 0, row);
      rows.add(head.logits(row));
    }
    return rows;
  }

  /** Probabilities [examples, classes]. */
  public float[] probabilities(ExampleTable table) {
    int classes = head.classes();
    float[] all = new float[table.size() * classes];
    List<float[]> logits = logits(table);
    for (int row = 0; row < logits.size(); row++) {
      System.arraycopy(Softmax.of(logits.get(row)), 0, all, row * classes, classes);
    }
    return all;
  }
}
