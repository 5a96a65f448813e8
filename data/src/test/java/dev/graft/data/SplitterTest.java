package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SplitterTest {

  private static int[] labels(int... countPerClass) {
    List<Integer> labels = new ArrayList<>();
    for (int c = 0; c < countPerClass.length; c++) {
      for (int i = 0; i < countPerClass[c]; i++) {
        labels.add(c);
      }
    }
    return labels.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int[] randomGroups(int examples, int groups, long seed) {
    return new SplittableRandom(seed).ints(examples, 0, groups).toArray();
  }

  private static long ofClass(int[] indices, int[] labels, int label) {
    return Arrays.stream(indices).filter(i -> labels[i] == label).count();
  }

  private static Set<Integer> groupsOf(int[] indices, int[] groups) {
    Set<Integer> result = new HashSet<>();
    Arrays.stream(indices).forEach(i -> result.add(groups[i]));
    return result;
  }

  // holdOut

  @Test
  void holdOut_ungrouped_isStratified() {
    int[] labels = labels(1000, 50, 3, 2);
    Split split = Splitter.holdOut(labels, Splitter.ungrouped(labels.length), 0.2, 7);
    assertThat(ofClass(split.validation(), labels, 0)).isEqualTo(200);
    assertThat(ofClass(split.validation(), labels, 1)).isEqualTo(10);
    assertThat(ofClass(split.validation(), labels, 2)).isEqualTo(1);
    assertThat(ofClass(split.validation(), labels, 3)).isEqualTo(1);
    assertThat(split.train().length + split.validation().length).isEqualTo(labels.length);
    assertThat(split.train()).doesNotContain(split.validation());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void holdOut_groups_stayOnOneSide(long seed) {
    int[] labels = labels(120, 80);
    int[] groups = randomGroups(200, 60, seed);
    Split split = Splitter.holdOut(labels, groups, 0.25, seed);
    assertThat(groupsOf(split.train(), groups))
        .doesNotContainAnyElementsOf(groupsOf(split.validation(), groups));
    assertThat(split.validation().length).as("seed %d", seed).isBetween(40, 60);
  }

  @Test
  void holdOut_classOfOneGroup_staysInTraining() {
    int[] labels = labels(10, 2);
    int[] groups = Splitter.ungrouped(12);
    groups[11] = groups[10];
    Split split = Splitter.holdOut(labels, groups, 0.5, 1);
    assertThat(ofClass(split.train(), labels, 1)).isEqualTo(2);
  }

  @Test
  void holdOut_hugeGroup_isNotPreferredToSmallOnes() {
    int[] labels = labels(20);
    int[] groups = new int[20];
    for (int i = 15; i < 20; i++) {
      groups[i] = i;
    }
    for (long seed = 0; seed < 20; seed++) {
      assertThat(Splitter.holdOut(labels, groups, 0.2, seed).validation().length)
          .as("seed %d", seed)
          .isBetween(1, 5);
    }
  }

  @Test
  void holdOut_sameSeed_isTheSameAndOtherSeedIsNot() {
    int[] labels = labels(50, 50);
    int[] groups = Splitter.ungrouped(100);
    assertThat(Splitter.holdOut(labels, groups, 0.2, 7))
        .isEqualTo(Splitter.holdOut(labels, groups, 0.2, 7));
    assertThat(Splitter.holdOut(labels, groups, 0.2, 7))
        .isNotEqualTo(Splitter.holdOut(labels, groups, 0.2, 8));
  }

  @Test
  void holdOut_fractionOutOfRange_isRefused() {
    assertThatThrownBy(() -> Splitter.holdOut(labels(2, 2), Splitter.ungrouped(4), 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("fraction: expected more than 0, less than 1, found 1.0");
  }

  @Test
  void holdOut_groupsOfOtherLength_areRefused() {
    assertThatThrownBy(() -> Splitter.holdOut(labels(2, 2), new int[3], 0.5, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected one group for each of 4 labels, found 3");
  }

  // folds

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 10})
  void folds_each_isStratifiedAndEveryExampleIsJudgedOnce(int k) {
    int[] labels = labels(103, 37, 11);
    List<Split> folds = Splitter.folds(labels, Splitter.ungrouped(151), k, 3);
    assertThat(folds).hasSize(k);
    int[] judged = new int[151];
    for (Split fold : folds) {
      Arrays.stream(fold.validation()).forEach(i -> judged[i]++);
      for (int c = 0; c < 3; c++) {
        int all = (int) ofClass(Splitter.ungrouped(151), labels, c);
        assertThat(ofClass(fold.validation(), labels, c))
            .isBetween((long) all / k, (long) all / k + 1);
      }
      assertThat(fold.validation().length).isBetween(151 / k - 1, 151 / k + 2);
      assertThat(fold.train().length).isEqualTo(151 - fold.validation().length);
    }
    assertThat(judged).containsOnly(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void folds_groups_stayOnOneSide(long seed) {
    int[] labels = labels(120, 80);
    int[] groups = randomGroups(200, 70, seed);
    for (Split fold : Splitter.folds(labels, groups, 5, seed)) {
      assertThat(groupsOf(fold.train(), groups))
          .doesNotContainAnyElementsOf(groupsOf(fold.validation(), groups));
      assertThat(fold.validation().length).as("seed %d", seed).isBetween(30, 50);
    }
  }

  @Test
  void folds_twoExamplesPerClass_areSpread() {
    int[] labels = labels(2, 2, 2, 2, 2);
    List<Split> folds = Splitter.folds(labels, Splitter.ungrouped(10), 5, 1);
    assertThat(folds).allMatch(fold -> fold.validation().length == 2);
  }

  @Test
  void folds_moreThanGroups_areRefused() {
    assertThatThrownBy(() -> Splitter.folds(labels(2, 2), new int[] {0, 0, 1, 1}, 3, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("k: expected 2 folds up to the number of groups, 2, found 3");
  }

  // sample

  @Test
  void sample_perClass_takesThatManyOrAll() {
    int[] labels = labels(100, 5, 30);
    int[] drawn = Splitter.sample(labels, Splitter.ungrouped(135), 20, 9);
    assertThat(ofClass(drawn, labels, 0)).isEqualTo(20);
    assertThat(ofClass(drawn, labels, 1)).isEqualTo(5);
    assertThat(ofClass(drawn, labels, 2)).isEqualTo(20);
    assertThat(drawn).isSorted().doesNotHaveDuplicates();
    assertThat(Splitter.sample(labels, Splitter.ungrouped(135), 20, 9)).isEqualTo(drawn);
    assertThat(Splitter.sample(labels, Splitter.ungrouped(135), 20, 10)).isNotEqualTo(drawn);
  }

  @Test
  void sample_groups_areTakenOnceBeforeAnySecondMember() {
    int[] labels = labels(12);
    int[] groups = {0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4};
    assertThat(groupsOf(Splitter.sample(labels, groups, 5, 4), groups)).hasSize(5);
  }

  // ClassWeights

  @Test
  void balanced_imbalance_followsTheFormula() {
    assertThat(ClassWeights.balanced(labels(90, 10), 2)).containsExactly(100 / 180.0, 5.0);
  }

  @Test
  void balanced_cap_boundsTheRatioAndKeepsTheMean() {
    int[] labels = labels(10_000, 3);
    double[] weights = ClassWeights.balanced(labels, 2, 20);
    assertThat(weights[1] / weights[0]).isCloseTo(20, org.assertj.core.api.Assertions.within(1e-9));
    assertThat(10_000 * weights[0] + 3 * weights[1])
        .isCloseTo(10_003, org.assertj.core.api.Assertions.within(1e-6));
  }

  @Test
  void balanced_missingClass_isNamed() {
    assertThatThrownBy(() -> ClassWeights.balanced(labels(3, 0, 3), 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no example of class index [1]");
  }

  @Test
  void groupsPerClass_sharedGroups_belongToTheMajorityAlone() {
    int[] labels = {0, 0, 1, 1, 1, 0, 2};
    int[] groups = {7, 7, 7, 8, 8, 8, 8};

    assertThat(Splitter.groupsPerClass(labels, groups)).containsExactly(1, 1, 0);
  }
}
