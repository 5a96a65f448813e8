package dev.graft.transfer.doctor;

import dev.graft.transfer.training.Activations;
import dev.graft.transfer.training.ExampleTable;
import java.util.Optional;

/**
 * A part of the data with the features of its examples.
 *
 * @param name "train", "validation" or "test"
 * @param table the examples, perhaps none
 * @param features their features from the frozen trunk
 * @param probabilities [examples, classes] of the trained model, where it may be judged by them
 */
public record ExaminedPart(
    String name, ExampleTable table, Activations features, Optional<float[]> probabilities) {

  int size() {
    return table.size();
  }

  /** Some of the examples only. */
  ExaminedPart rows(int[] numbers) {
    Activations all = features;
    Activations some =
        new Activations() {
          @Override
          public int width() {
            return all.width();
          }

          @Override
          public void read(int row, int view, float[] out) {
            all.read(numbers[row], view, out);
          }
        };
    Optional<float[]> theirs =
        probabilities.map(
            values -> {
              int classes = table.size() == 0 ? 0 : values.length / table.size();
              float[] chosen = new float[numbers.length * classes];
              for (int i = 0; i < numbers.length; i++) {
                System.arraycopy(values, numbers[i] * classes, chosen, i * classes, classes);
              }
              return chosen;
            });
    return new ExaminedPart(name, table.rows(numbers), some, theirs);
  }
}
