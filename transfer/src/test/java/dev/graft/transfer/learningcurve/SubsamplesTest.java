package dev.graft.transfer.learningcurve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.data.Split;
import dev.graft.data.Splitter;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SubsamplesTest {
  /** Three of four examples are of class 0. */
  private static int[] labels(int count) {
    int[] labels = new int[count];
    Arrays.setAll(labels, i -> i % 4 == 3 ? 1 : 0);
    return labels;
  }

  private static Subsamples draw(int[] labels, long seed) {
    List<Split> folds = Splitter.folds(labels, Splitter.ungrouped(labels.length), 5, seed);
    return Subsamples.draw(labels, 2, folds, seed);
  }

  @Test
  void draw_anyData_growsFromAnEighthToTheWholeTrainingSide() {
    Subsamples drawn = draw(labels(200), 1);

    assertThat(drawn.sizes()).isEqualTo(5);
    assertThat(drawn.examples(0)).isEqualTo(20);
    assertThat(drawn.examples(4)).isEqualTo(160);
    for (int split = 0; split < 5; split++) {
      assertThat(drawn.of(4).get(split)).isEqualTo(drawn.splits().get(split).train());
    }
  }

  @Test
  void draw_anyData_nestsAndKeepsTheShareOfEachClass() {
    int[] labels = labels(200);
    Subsamples drawn = draw(labels, 1);

    for (int size = 0; size < drawn.sizes(); size++) {
      for (int split = 0; split < 5; split++) {
        int[] rows = drawn.of(size).get(split);
        assertThat(Arrays.stream(rows).filter(row -> labels[row] == 1).count())
            .isEqualTo(Math.round(rows.length / 4.0));
        if (size > 0) {
          assertThat(Arrays.stream(rows).boxed())
              .containsAll(Arrays.stream(drawn.of(size - 1).get(split)).boxed().toList());
        }
      }
    }
  }

  @Test
  void draw_fewExamples_takesSizesThatDiffer() {
    Subsamples drawn = draw(labels(12), 1);

    assertThat(drawn.sizes()).isLessThan(5);
    for (int size = 1; size < drawn.sizes(); size++) {
      assertThat(drawn.examples(size)).isGreaterThan(drawn.examples(size - 1));
    }
  }

  @Test
  void draw_sameSeed_givesTheSame() {
    int[] labels = labels(60);
    for (int size = 0; size < 5; size++) {
      assertThat(draw(labels, 7).of(size)).containsExactlyElementsOf(draw(labels, 7).of(size));
    }
    assertThat(draw(labels, 7).of(0)).isNotEqualTo(draw(labels, 8).of(0));
  }
}
