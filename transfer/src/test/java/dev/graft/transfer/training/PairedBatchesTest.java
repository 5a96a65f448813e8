package dev.graft.transfer.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class PairedBatchesTest {
  /** The order alone is asked for; nothing is read. */
  private static BatchSource labelled(int... labels) {
    return new BatchSource() {
      @Override
      public int trainingExamples() {
        return labels.length;
      }

      @Override
      public int[] trainingLabels() {
        return labels;
      }

      @Override
      public Batches epoch(int[] order, int epoch, int batchSize, int firstStep) {
        throw new AssertionError("not to be read");
      }

      @Override
      public Batches plain(EvaluationSet set, int batchSize) {
        throw new AssertionError("not to be read");
      }
    };
  }

  @Test
  void arranged_examplesOfSeveralClasses_standBesideOneOfTheirs() {
    PairedBatches batches = new PairedBatches(labelled(0, 1, 0, 2, 1, 2, 0));
    assertThat(batches.arranged(new int[] {0, 1, 3, 2, 4, 5, 6}, 4))
        .containsExactly(0, 2, 1, 4, 3, 5, 6);
  }

  @Test
  void arranged_epochsOfManyRows_haveEachRowOnceAndOtherPairs() {
    int[] labels = new int[60];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i % 5;
    }
    PairedBatches batches = new PairedBatches(labelled(labels));
    int[] first = batches.arranged(Order.of(60, 1, 0), 16);
    int[] second = batches.arranged(Order.of(60, 1, 1), 16);
    assertThat(first).doesNotHaveDuplicates().hasSize(60);
    assertThat(second).doesNotHaveDuplicates().isNotEqualTo(first);
    for (int[] order : List.of(first, second)) {
      for (int i = 0; i < 60; i += 2) {
        assertThat(labels[order[i]]).as("pair at %d", i).isEqualTo(labels[order[i + 1]]);
      }
    }
  }

  @Test
  void arranged_classesOfOneExample_areLeftAsTheyCame() {
    PairedBatches batches = new PairedBatches(labelled(3, 1, 2));
    assertThat(batches.arranged(new int[] {2, 0, 1}, 2)).containsExactly(2, 0, 1);
  }
}
