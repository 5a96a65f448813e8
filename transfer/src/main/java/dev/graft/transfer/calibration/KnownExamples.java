package dev.graft.transfer.calibration;

import dev.graft.data.Splitter;
import dev.graft.runtime.TrainingFeatures;
import dev.graft.transfer.training.Activations;
import dev.graft.transfer.training.ExampleTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Training examples whose features go into the bundle, so that an input can be held against them.
 */
public final class KnownExamples {
  private KnownExamples() {}

  /**
   * Rows of at most {@value TrainingFeatures#MOST_EXAMPLES} training examples: all, or a seeded
   * sample with as many of each class as there are, near-duplicates last.
   *
   * @param labels class index of each training example
   * @param groups near-duplicates among them
   * @return ascending
   */
  public static int[] choose(int[] labels, int[] groups, long seed) {
    int most = TrainingFeatures.MOST_EXAMPLES;
    if (labels.length <= most) {
      return Splitter.ungrouped(labels.length);
    }
    int[] counts = new int[Arrays.stream(labels).max().orElseThrow() + 1];
    for (int label : labels) {
      counts[label]++;
    }
    int perClass = 1;
    while (total(counts, perClass + 1) <= most) {
      perClass++;
    }
    int[] chosen = Splitter.sample(labels, groups, perClass, seed);
    // With more classes than places, every so-manieth class is left without an example.
    return chosen.length <= most ? chosen : evenly(chosen, most);
  }

  private static long total(int[] counts, int perClass) {
    return Arrays.stream(counts).mapToLong(count -> Math.min(count, perClass)).sum();
  }

  private static int[] evenly(int[] rows, int count) {
    int[] chosen = new int[count];
    Arrays.setAll(chosen, i -> rows[(int) ((long) i * rows.length / count)]);
    return chosen;
  }

  /**
   * Their features as the bundle keeps them; rows that are not finite are left out.
   *
   * @param examples the chosen examples
   * @param features of the same rows
   * @param groups near-duplicates among the same rows
   * @return empty where no two examples are left that are no near-duplicates
   */
  public static Optional<TrainingFeatures> features(
      ExampleTable examples, Activations features, int[] groups) {
    int width = features.width();
    float[] all = new float[Math.multiplyExact(examples.size(), width)];
    float[] row = new float[width];
    List<String> ids = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    int[] kept = new int[examples.size()];
    for (int i = 0; i < examples.size(); i++) {
      features.read(i, 0, row);
      if (isFinite(row)) {
        System.arraycopy(row, 0, all, ids.size() * width, width);
        kept[ids.size()] = groups[i];
        ids.add(examples.examples().get(i).id());
        labels.add(examples.examples().get(i).label());
      }
    }
    int[] ownGroups = Arrays.copyOf(kept, ids.size());
    return Arrays.stream(ownGroups).distinct().count() < 2
        ? Optional.empty()
        : Optional.of(
            TrainingFeatures.of(ids, labels, Arrays.copyOf(all, ids.size() * width), ownGroups));
  }

  private static boolean isFinite(float[] row) {
    for (float value : row) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
