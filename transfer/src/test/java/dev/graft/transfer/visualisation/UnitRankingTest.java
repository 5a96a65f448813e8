package dev.graft.transfer.visualisation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UnitRankingTest {
  private static Peaks peaks(float... values) {
    return new Peaks(values, values, new int[values.length]);
  }

  @Test
  void hits_manyImages_areTheNineStrongestInOrder() {
    SplittableRandom random = new SplittableRandom(7);
    float[] values = new float[200];
    UnitRanking ranking = new UnitRanking(1);
    for (int image = 0; image < values.length; image++) {
      values[image] = (float) random.nextDouble(-1, 1);
      ranking.add(image, peaks(values[image]));
    }
    List<Integer> expected =
        IntStream.range(0, values.length)
            .boxed()
            .sorted((a, b) -> Float.compare(values[b], values[a]))
            .limit(9)
            .toList();
    assertThat(ranking.hits(0).stream().map(UnitRanking.Hit::image).toList()).isEqualTo(expected);
  }

  @Test
  void hits_equalValues_goToTheBetterSupportedThenTheEarlier() {
    UnitRanking ranking = new UnitRanking(1);
    float[] six = {6};
    ranking.add(0, new Peaks(six, new float[] {10}, new int[1]));
    ranking.add(1, new Peaks(six, new float[] {50}, new int[1]));
    ranking.add(2, new Peaks(six, new float[] {10}, new int[1]));
    assertThat(ranking.hits(0).stream().map(UnitRanking.Hit::image)).containsExactly(1, 0, 2);
  }

  @Test
  void chosen_units_comeByTheVarianceOfTheirPeaks() {
    UnitRanking ranking = new UnitRanking(4);
    // Constant, silent, varied, more varied.
    ranking.add(0, peaks(5, 0, 1, 0));
    ranking.add(1, peaks(5, 0, 2, 9));
    ranking.add(2, peaks(5, 0, 1, 0));
    assertThat(ranking.chosen(10)).containsExactly(3, 2, 0);
    assertThat(ranking.chosen(1)).containsExactly(3);
    assertThat(ranking.hits(3)).hasSize(1);
  }

  @Test
  void chosen_unitsThatRememberTheSameImages_comeLast() {
    UnitRanking ranking = new UnitRanking(3);
    // The first two rise with the number of the image, the third, which varies least, falls.
    for (int image = 0; image < 30; image++) {
      ranking.add(image, peaks(3 * image + 1, 2 * image + 1, 31 - image));
    }
    assertThat(ranking.chosen(2)).containsExactly(0, 2);
    assertThat(ranking.chosen(3)).containsExactly(0, 2, 1);
  }

  @Test
  void add_valuesThatAreNoNumbers_areLeftAway() {
    UnitRanking ranking = new UnitRanking(1);
    ranking.add(0, peaks(Float.NaN));
    ranking.add(1, peaks(Float.POSITIVE_INFINITY));
    ranking.add(2, peaks(3));
    assertThat(ranking.hits(0)).hasSize(1);
  }

  @Test
  void peaks_severalEqualPlaces_takeTheOneWithTheStrongestSurroundings() {
    MapLayout layout = new MapLayout(1, 3, 5, 0, 15, 1);
    float[] map = {
      6, 0, 0, 0, 0, //
      0, 0, 0, 2, 0, //
      0, 0, 3, 6, 3
    };
    Peaks peaks = Peaks.of(map, layout);
    assertThat(peaks.values()).containsExactly(6);
    assertThat(peaks.places()).containsExactly(13);
    assertThat(peaks.supports()).containsExactly(14);
  }

  @Test
  void peaks_largerMap_leavesTheBorderOut() {
    MapLayout layout = new MapLayout(1, 5, 5, 0, 25, 1);
    float[] map = new float[25];
    map[4] = 9;
    map[11] = 2;
    Peaks peaks = Peaks.of(map, layout);
    assertThat(peaks.values()).containsExactly(2);
    assertThat(peaks.places()).containsExactly(11);
  }
}
