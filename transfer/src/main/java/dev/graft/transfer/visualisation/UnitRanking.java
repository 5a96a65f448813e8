package dev.graft.transfer.visualisation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * For each unit of a block the images that excite it most, one place in each, and how much its
 * peaks vary from image to image. Its memory does not grow with the number of images. Not
 * thread-safe.
 */
final class UnitRanking {
  /** How many images are kept for a unit. */
  static final int KEPT = 9;

  private static final int MOST_SHARED = 3;

  private static final Comparator<Hit> STRONGEST_FIRST =
      Comparator.comparingDouble((Hit hit) -> -hit.value())
          .thenComparingDouble(hit -> -hit.support())
          .thenComparingInt(Hit::image);

  private final List<List<Hit>> best = new ArrayList<>();
  private final long[] counts;
  private final double[] means;
  private final double[] squares;

  /**
   * A peak that was kept.
   *
   * @param image number of the image
   * @param place where in the map, counted row by row
   */
  record Hit(int image, int place, float value, float support) {}

  UnitRanking(int units) {
    for (int unit = 0; unit < units; unit++) {
      best.add(new ArrayList<>(KEPT + 1));
    }
    counts = new long[units];
    means = new double[units];
    squares = new double[units];
  }

  /** Takes the peaks of an image in. */
  void add(int image, Peaks peaks) {
    for (int unit = 0; unit < best.size(); unit++) {
      float value = peaks.values()[unit];
      if (Float.isFinite(value)) {
        // Welford 1962, "Note on a method for calculating corrected sums of squares and products".
        double before = value - means[unit];
        counts[unit]++;
        means[unit] += before / counts[unit];
        squares[unit] += before * (value - means[unit]);
        // A silent unit was excited by nothing in this image.
        if (value != 0) {
          keep(best.get(unit), new Hit(image, peaks.places()[unit], value, peaks.supports()[unit]));
        }
      }
    }
  }

  private static void keep(List<Hit> kept, Hit hit) {
    if (kept.size() == KEPT && STRONGEST_FIRST.compare(hit, kept.get(KEPT - 1)) > 0) {
      return;
    }
    kept.add(hit);
    kept.sort(STRONGEST_FIRST);
    if (kept.size() > KEPT) {
      kept.remove(KEPT);
    }
  }

  /**
   * Some units to show: those whose peaks vary most between images, for these tell images apart,
   * the most varied first. One that remembers nearly the same images as one before it waits until
   * no other is left. Units that nothing excited are not among them.
   */
  List<Integer> chosen(int most) {
    List<Integer> units = new ArrayList<>();
    for (int unit = 0; unit < best.size(); unit++) {
      if (!best.get(unit).isEmpty()) {
        units.add(unit);
      }
    }
    units.sort(Comparator.comparingDouble((Integer unit) -> -variance(unit)));
    List<Integer> chosen = new ArrayList<>();
    List<Integer> similar = new ArrayList<>();
    for (int unit : units) {
      boolean other = chosen.stream().allMatch(before -> shared(before, unit) <= MOST_SHARED);
      (other && chosen.size() < most ? chosen : similar).add(unit);
    }
    for (int i = 0; i < similar.size() && chosen.size() < most; i++) {
      chosen.add(similar.get(i));
    }
    return chosen;
  }

  /** How many images two units both remember. */
  private long shared(int one, int other) {
    return best.get(one).stream()
        .filter(hit -> best.get(other).stream().anyMatch(same -> same.image() == hit.image()))
        .count();
  }

  private double variance(int unit) {
    return counts[unit] == 0 ? 0 : squares[unit] / counts[unit];
  }

  /** The peaks of a unit, the strongest first. */
  List<Hit> hits(int unit) {
    return List.copyOf(best.get(unit));
  }
}
