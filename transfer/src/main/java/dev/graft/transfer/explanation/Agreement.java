package dev.graft.transfer.explanation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Whether two maps put the same places first. Immutable and thread-safe.
 *
 * @param rankCorrelation Spearman's rank correlation over the places, -1 to 1, equal values sharing
 *     their mean rank; empty where one of the maps is the same everywhere
 */
public record Agreement(OptionalDouble rankCorrelation) {
  private static final double MOSTLY = 0.5;
  private static final double PARTLY = 0.2;
  private static final int STEPS = 50;

  /**
   * Compares Grad-CAM, averaged over each patch, with what covering that patch does. What is below
   * 0 or apart by less than a fiftieth of the highest value counts as equal: the order of places
   * that do not matter is noise.
   */
  static Agreement of(HeatGrid map, Occlusion occlusion) {
    HeatGrid drops = occlusion.drops();
    double width = occlusion.patchWidth();
    double height = occlusion.patchHeight();
    double[] means = new double[drops.values().length];
    double[] falls = new double[means.length];
    for (int place = 0; place < means.length; place++) {
      double x = drops.horizontal().centre(place % drops.columns());
      double y = drops.vertical().centre(place / drops.columns());
      means[place] = map.mean(x - width / 2, y - height / 2, width, height);
      falls[place] = drops.values()[place];
    }
    return new Agreement(spearman(inSteps(means), inSteps(falls)));
  }

  private static double[] inSteps(double[] values) {
    double highest = Arrays.stream(values).max().orElse(0);
    return Arrays.stream(values)
        .map(value -> highest > 0 ? Math.round(STEPS * Math.max(0, value) / highest) : 0)
        .toArray();
  }

  /**
   * Spearman's rank correlation: Pearson's of the ranks. Source: Spearman 1904, "The Proof and
   * Measurement of Association between Two Things".
   */
  static OptionalDouble spearman(double[] a, double[] b) {
    double[] ranksA = ranks(a);
    double[] ranksB = ranks(b);
    double mean = (a.length - 1) / 2.0;
    double product = 0;
    double squareA = 0;
    double squareB = 0;
    for (int i = 0; i < a.length; i++) {
      product += (ranksA[i] - mean) * (ranksB[i] - mean);
      squareA += (ranksA[i] - mean) * (ranksA[i] - mean);
      squareB += (ranksB[i] - mean) * (ranksB[i] - mean);
    }
    return squareA == 0 || squareB == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(product / Math.sqrt(squareA * squareB));
  }

  private static double[] ranks(double[] values) {
    int[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> values[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] ranks = new double[values.length];
    int first = 0;
    while (first < order.length) {
      int end = first + 1;
      while (end < order.length && values[order[end]] == values[order[first]]) {
        end++;
      }
      for (int i = first; i < end; i++) {
        ranks[order[i]] = (first + end - 1) / 2.0;
      }
      first = end;
    }
    return ranks;
  }

  /** In words: they agree, agree in part, do not agree, or cannot be compared. */
  public String words() {
    if (rankCorrelation.isEmpty()) {
      return "cannot be compared, since one of them is the same everywhere";
    }
    double correlation = rankCorrelation.getAsDouble();
    if (correlation >= MOSTLY) {
      return "agree";
    }
    return correlation >= PARTLY ? "agree in part" : "do not agree: rely on neither alone";
  }
}
