package dev.graft.transfer.explanation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Whether the places that a map marks matter to the model: the highest fifth of them is covered,
 * and as a comparison the same shape laid elsewhere in the image, wrapped around its edges.
 *
 * <p>After the deletion of Petsiuk et al. 2018, "RISE: Randomized Input Sampling for Explanation",
 * section 4.3, at one share instead of all. Immutable and thread-safe.
 *
 * @param share how much of what the model sees was covered
 * @param before the probability of the class without covering
 * @param after with the marked places covered
 * @param elsewhere with the same shape elsewhere
 */
public record DeletionCheck(double share, double before, double after, List<Double> elsewhere) {
  private static final double SHARE = 0.2;
  private static final int SHIFTS = 16;
  private static final int SHIFTS_DOWN = 4;

  public DeletionCheck {
    elsewhere = List.copyOf(elsewhere);
  }

  /** Covers by a map, on the grid of an occlusion. */
  static DeletionCheck of(HeatGrid map, Occlusion occlusion, Occluding asked) {
    HeatGrid.Axis vertical = occlusion.drops().vertical();
    HeatGrid.Axis horizontal = occlusion.drops().horizontal();
    int cells = vertical.count() * horizontal.count();
    int count = Math.max(1, (int) Math.round(SHARE * cells));
    int[] marked = highest(map, vertical, horizontal, count);
    int down = Math.min(SHIFTS_DOWN, vertical.count());
    int across = Math.min(SHIFTS / down, horizontal.count());
    double[] probabilities =
        asked.probabilities(
            down * across,
            shift -> {
              int byRows = shift / across * vertical.count() / down;
              int byColumns = shift % across * horizontal.count() / across;
              return Arrays.stream(marked)
                  .mapToObj(
                      cell ->
                          new Part(
                              (cell % horizontal.count() + byColumns)
                                  % horizontal.count()
                                  * horizontal.step(),
                              (cell / horizontal.count() + byRows)
                                  % vertical.count()
                                  * vertical.step(),
                              horizontal.step(),
                              vertical.step()))
                  .toList();
            });
    List<Double> elsewhere = new ArrayList<>();
    for (int shift = 1; shift < probabilities.length; shift++) {
      elsewhere.add(probabilities[shift]);
    }
    return new DeletionCheck(
        (double) count / cells, occlusion.before(), probabilities[0], elsewhere);
  }

  private static int[] highest(
      HeatGrid map, HeatGrid.Axis vertical, HeatGrid.Axis horizontal, int count) {
    int columns = horizontal.count();
    double[] means = new double[vertical.count() * columns];
    for (int cell = 0; cell < means.length; cell++) {
      int row = cell / columns;
      int column = cell % columns;
      means[cell] =
          map.mean(
              column * horizontal.step(),
              row * vertical.step(),
              horizontal.step(),
              vertical.step());
    }
    return IntStream.range(0, means.length)
        .boxed()
        .sorted(Comparator.comparingDouble(cell -> -means[cell]))
        .limit(count)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** The mean of the probabilities with the shape elsewhere. */
  public double meanElsewhere() {
    return elsewhere.stream().mapToDouble(Double::doubleValue).average().orElse(before);
  }

  /** At how many of the other places covering takes away at least as much. */
  public int placesAsImportant() {
    return (int) elsewhere.stream().filter(probability -> probability <= after).count();
  }

  /** Whether covering what is marked takes away more than at nine of ten other places. */
  public boolean passes() {
    return after < before && 10 * placesAsImportant() <= elsewhere.size();
  }
}
