package dev.graft.transfer.doctor;

import dev.graft.engine.FeatureMatrix;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Groups of examples that show the same picture: equal files, and pictures that are nearly equal
 * after a small crop, also mirrored.
 *
 * <p>Candidates are the nearest neighbours of each example by features and by grey values; grey
 * values decide, by {@link PictureLikeness}. How alike different pictures are depends on the data,
 * and within them on the picture: photos differ, while handwritten ones are all alike. So two
 * pictures are the same where their correlation reaches {@value #LEAST} and what is missing to 1 is
 * at most {@value #MOST_RATIO} of what is missing between either and its {@value #REFERENCE}th
 * likest picture (the ratio test of Lowe 2004, section 7.1), or where it reaches {@value #CERTAIN}.
 */
final class LikePictures {
  private static final double LEAST = 0.98;
  private static final double CERTAIN = 0.998;
  private static final double MOST_RATIO = 0.3;

  /** Up to so many copies of a picture do not hide each other. */
  private static final int REFERENCE = 5;

  private static final int NEAREST = 6;
  private static final int CANDIDATES = 2;
  private static final double LEAST_COSINE = 0.5;
  private static final double LEAST_CORRELATION = 0.5;
  private static final int FEWEST_DECODED = 4_000;
  private static final double MOST_PIXELS = 4e8;

  private final List<String> hashes;
  private final Neighbours byFeatures;
  private final Pictures pictures;

  /** Numbers of the examples whose pictures are compared, ascending. */
  private final int[] compared;

  private final GreyGrid[] grids;
  private final Neighbours byGrid;
  private final Map<Integer, Double> references = new HashMap<>();

  /**
   * Reads the pictures that will be compared: all of them, or where there are too many those whose
   * features are most alike.
   *
   * @param hashes content hash of each example
   * @param byFeatures neighbours of each example
   */
  LikePictures(List<String> hashes, Neighbours byFeatures, Pictures pictures) {
    this.hashes = hashes;
    this.byFeatures = byFeatures;
    this.pictures = pictures;
    int[] wanted = wanted();
    pictures.readToCompare(wanted);
    this.compared = Arrays.stream(wanted).filter(row -> pictures.of(row).isPresent()).toArray();
    this.grids =
        Arrays.stream(compared)
            .mapToObj(pictures::of)
            .flatMap(Optional::stream)
            .map(Picture::grid)
            .toArray(GreyGrid[]::new);
    this.byGrid = grids.length < 2 ? new Neighbours(new int[0][], new float[0][]) : neighbours();
  }

  private int[] wanted() {
    int most = (int) Math.max(FEWEST_DECODED, Math.min(1e6, MOST_PIXELS / pictures.meanPixels()));
    int[] all = IntStream.range(0, hashes.size()).toArray();
    if (all.length <= most) {
      return all;
    }
    return Arrays.stream(all)
        .boxed()
        .sorted((a, b) -> Float.compare(byFeatures.cosines()[b][0], byFeatures.cosines()[a][0]))
        .limit(most)
        .mapToInt(Integer::intValue)
        .sorted()
        .toArray();
  }

  private Neighbours neighbours() {
    try (FeatureMatrix units = new FeatureMatrix(grids.length, GreyGrid.SIDE * GreyGrid.SIDE)) {
      for (int i = 0; i < grids.length; i++) {
        units.setRow(i, grids[i].unit());
      }
      return Neighbours.find(units, NEAREST);
    }
  }

  /** Two pictures by their places among those compared. */
  private record Pair(int first, int second) {}

  /** The groups with at least two members, members ascending, in the order of their first ones. */
  List<int[]> groups() {
    Set<Pair> byFeatures = candidatesByFeatures();
    Set<Pair> upright = candidatesByGrid();
    upright.addAll(byFeatures);
    LikeGroups groups = new LikeGroups(hashes);
    joinSame(List.copyOf(upright), groups, grids);
    // Mirrored pictures have like features, but not like grey values.
    joinSame(
        List.copyOf(byFeatures),
        groups,
        Arrays.stream(grids).map(GreyGrid::mirrored).toArray(GreyGrid[]::new));
    return groups.groups();
  }

  private void joinSame(List<Pair> pairs, LikeGroups groups, GreyGrid[] others) {
    double[] likeness =
        pairs.parallelStream()
            .mapToDouble(pair -> new PictureLikeness().of(grids[pair.first], others[pair.second]))
            .toArray();
    for (int i = 0; i < likeness.length; i++) {
      Pair pair = pairs.get(i);
      if (likeness[i] >= LEAST && isSame(pair, likeness[i])) {
        groups.join(compared[pair.first], compared[pair.second]);
      }
    }
  }

  private Set<Pair> candidatesByGrid() {
    Set<Pair> pairs = new LinkedHashSet<>();
    for (int place = 0; place < byGrid.rows().length; place++) {
      for (int k = 0; k < byGrid.rows()[place].length; k++) {
        if (byGrid.cosines()[place][k] >= LEAST_CORRELATION) {
          add(pairs, place, byGrid.rows()[place][k]);
        }
      }
    }
    return pairs;
  }

  private Set<Pair> candidatesByFeatures() {
    Map<Integer, Integer> places = new HashMap<>();
    for (int place = 0; place < compared.length; place++) {
      places.put(compared[place], place);
    }
    Set<Pair> pairs = new LinkedHashSet<>();
    for (int place = 0; place < compared.length; place++) {
      int[] near = byFeatures.rows()[compared[place]];
      for (int k = 0; k < Math.min(CANDIDATES, near.length); k++) {
        Integer other = places.get(near[k]);
        if (other != null && byFeatures.cosines()[compared[place]][k] >= LEAST_COSINE) {
          add(pairs, place, other);
        }
      }
    }
    return pairs;
  }

  private void add(Set<Pair> pairs, int one, int other) {
    // Equal files are one group anyway.
    if (!hashes.get(compared[one]).equals(hashes.get(compared[other]))) {
      pairs.add(new Pair(Math.min(one, other), Math.max(one, other)));
    }
  }

  private boolean isSame(Pair pair, double likeness) {
    double usual = Math.max(reference(pair.first), reference(pair.second));
    return likeness >= CERTAIN || 1 - likeness <= MOST_RATIO * (1 - usual);
  }

  /** How alike a picture and its fifth likest other are; -1 where there are not so many. */
  private double reference(int place) {
    return references.computeIfAbsent(
        place,
        own -> {
          PictureLikeness measure = new PictureLikeness();
          double[] likeness =
              Arrays.stream(byGrid.rows()[own])
                  .mapToDouble(other -> measure.of(grids[own], grids[other]))
                  .sorted()
                  .toArray();
          return likeness.length < REFERENCE ? -1 : likeness[likeness.length - REFERENCE];
        });
  }
}
