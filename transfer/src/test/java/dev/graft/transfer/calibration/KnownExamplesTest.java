package dev.graft.transfer.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.Splitter;
import dev.graft.runtime.TrainingFeatures;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class KnownExamplesTest {
  @Test
  void choose_fewExamples_takesAll() {
    assertThat(KnownExamples.choose(new int[50], Splitter.ungrouped(50), 1))
        .containsExactly(Splitter.ungrouped(50));
  }

  @Test
  void choose_manyExamples_balancesTheClassesAndFollowsTheSeed() {
    int[] labels = new int[12_000];
    Arrays.fill(labels, 0, 300, 1);
    Arrays.fill(labels, 300, 3_000, 2);
    int[] chosen = KnownExamples.choose(labels, Splitter.ungrouped(labels.length), 1);
    assertThat(chosen.length).isBetween(TrainingFeatures.MOST_EXAMPLES - 3, 2_000);
    assertThat(chosen).isSorted().doesNotHaveDuplicates();
    assertThat(count(labels, chosen, 1)).isEqualTo(300);
    assertThat(count(labels, chosen, 0)).isEqualTo(count(labels, chosen, 2)).isEqualTo(850);
    assertThat(KnownExamples.choose(labels, Splitter.ungrouped(labels.length), 1))
        .containsExactly(chosen);
    assertThat(KnownExamples.choose(labels, Splitter.ungrouped(labels.length), 2))
        .isNotEqualTo(chosen);
  }

  @Test
  void choose_moreClassesThanPlaces_staysWithinThem() {
    int[] labels = new int[6_000];
    Arrays.setAll(labels, i -> i / 2);
    int[] chosen = KnownExamples.choose(labels, Splitter.ungrouped(labels.length), 1);
    assertThat(chosen).hasSize(TrainingFeatures.MOST_EXAMPLES).doesNotHaveDuplicates();
  }

  private static long count(int[] labels, int[] rows, int label) {
    return Arrays.stream(rows).filter(row -> labels[row] == label).count();
  }
}
