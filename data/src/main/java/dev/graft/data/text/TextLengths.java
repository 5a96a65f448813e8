package dev.graft.data.text;

import java.util.Arrays;
import java.util.Locale;

/**
 * How long the texts of a data set are, in one unit, for reports.
 *
 * @param shortest the least of all
 * @param median half of them are at most so long
 * @param ninetyFifth 95 % of them are at most so long
 * @param longest the most of all
 */
public record TextLengths(int shortest, int median, int ninetyFifth, int longest) {

  /**
   * Sums up lengths.
   *
   * @param lengths of at least one text, in any order
   */
  public static TextLengths of(int[] lengths) {
    if (lengths.length == 0) {
      throw new IllegalArgumentException("lengths: expected at least one, found none");
    }
    int[] sorted = lengths.clone();
    Arrays.sort(sorted);
    return new TextLengths(
        sorted[0], quantile(sorted, 0.5), quantile(sorted, 0.95), sorted[sorted.length - 1]);
  }

  /** The smallest length that so large a share of all does not exceed. */
  private static int quantile(int[] sorted, double share) {
    return sorted[Math.max(0, (int) Math.ceil(share * sorted.length - 1e-9) - 1)];
  }

  /**
   * All of it as a sentence.
   *
   * @param unit what is counted, in the plural, such as "tokens"
   */
  public String sentence(String unit) {
    return String.format(
        Locale.ROOT,
        "Half of the texts have at most %,d %s, 95 %% at most %,d; the shortest has %,d, the longest %,d.",
        median,
        unit,
        ninetyFifth,
        shortest,
        longest);
  }
}
