package dev.graft.transfer.doctor;

import dev.graft.engine.FeatureMatrix;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Groups of examples that are the same recording: equal files, and waveforms that are equal up to
 * level, sign, place, rate, compression and a little noise.
 *
 * <p>Candidates are the nearest neighbours of each example by features and by the levels of its
 * bands ({@link SoundPrint#unit()}), if the levels also agree over time; waveforms decide. Two are
 * the same where their cross-correlation reaches {@value #LEAST} and neither is nearly as like to
 * its {@value #REFERENCE}th likest recording, nor to itself a little later: what is missing to 1 is
 * at most {@value #MOST_RATIO} of what is missing there (the ratio test of Lowe 2004, section 7.1).
 * So steady tones of one pitch are not taken for one recording. Not found are copies that were
 * played back in a room, or changed in pitch or speed, steady sounds, and what is shared after the
 * first {@value SoundPrint#MOST_SECONDS} s.
 */
final class LikeRecordings {
  private static final double LEAST = 0.9;
  private static final double MOST_RATIO = 0.3;
  private static final double LEAST_LIKE_LEVELS = 0.88;

  /** Up to so many copies of a recording do not hide each other. */
  private static final int REFERENCE = 10;

  private static final int NEAREST = 11;
  private static final int CANDIDATES = 2;
  private static final int CANDIDATES_BY_LEVELS = 5;
  private static final double LEAST_COSINE = 0.5;
  private static final int MOST_COMPARED = 4_000;

  /** Samples that are kept to be compared: 120 MB. */
  private static final double MOST_SAMPLES = 6e7;

  private final List<String> hashes;
  private final Neighbours byFeatures;

  /** Numbers of the examples that are compared, ascending. */
  private final int[] compared;

  private final SoundPrint[] prints;
  private final Neighbours byLevels;

  /**
   * Reads the recordings that will be compared: all of them, or where there are too many those
   * whose features are most alike.
   */
  LikeRecordings(List<String> hashes, Neighbours byFeatures, Recordings recordings) {
    this.hashes = hashes;
    this.byFeatures = byFeatures;
    int[] wanted = wanted(recordings.meanSeconds());
    recordings.read(wanted);
    this.compared = Arrays.stream(wanted).filter(row -> recordings.of(row).isPresent()).toArray();
    this.prints =
        Arrays.stream(compared)
            .mapToObj(recordings::of)
            .flatMap(Optional::stream)
            .map(Recording::sound)
            .toArray(SoundPrint[]::new);
    this.byLevels = prints.length < 2 ? new Neighbours(new int[0][], new float[0][]) : neighbours();
  }

  private int[] wanted(double meanSeconds) {
    double kept = SoundPrint.RATE * Math.min(SoundPrint.MOST_SECONDS, Math.max(0.1, meanSeconds));
    int most = (int) Math.min(MOST_COMPARED, MOST_SAMPLES / kept);
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
    try (FeatureMatrix units = new FeatureMatrix(prints.length, SoundPrint.WIDTH)) {
      for (int i = 0; i < prints.length; i++) {
        units.setRow(i, prints[i].unit());
      }
      return Neighbours.find(units, NEAREST);
    }
  }

  /** Two recordings by their places among those compared. */
  private record Pair(int first, int second) {}

  /** The groups with at least two members, members ascending, in the order of their first ones. */
  List<int[]> groups() {
    LikeGroups groups = new LikeGroups(hashes);
    List<Pair> pairs = List.copyOf(candidates());
    double[] likeness = pairs.parallelStream().mapToDouble(this::likeness).toArray();
    int[] alike = IntStream.range(0, likeness.length).filter(i -> likeness[i] >= LEAST).toArray();
    Map<Integer, Double> references =
        Arrays.stream(alike)
            .flatMap(i -> IntStream.of(pairs.get(i).first, pairs.get(i).second))
            .distinct()
            .parallel()
            .boxed()
            .collect(Collectors.toMap(Function.identity(), this::reference));
    for (int i : alike) {
      Pair pair = pairs.get(i);
      double usual =
          Math.max(
              Objects.requireNonNull(references.get(pair.first)),
              Objects.requireNonNull(references.get(pair.second)));
      if (usual < LEAST && 1 - likeness[i] <= MOST_RATIO * (1 - usual)) {
        groups.join(compared[pair.first], compared[pair.second]);
      }
    }
    return groups.groups();
  }

  private Set<Pair> candidates() {
    Map<Integer, Integer> places = new HashMap<>();
    for (int place = 0; place < compared.length; place++) {
      places.put(compared[place], place);
    }
    Set<Pair> pairs = new LinkedHashSet<>();
    for (int place = 0; place < byLevels.rows().length; place++) {
      int[] near = byLevels.rows()[place];
      for (int k = 0; k < Math.min(CANDIDATES_BY_LEVELS, near.length); k++) {
        add(pairs, place, near[k]);
      }
      int[] alike = byFeatures.rows()[compared[place]];
      for (int k = 0; k < Math.min(CANDIDATES, alike.length); k++) {
        Integer other = places.get(alike[k]);
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

  private double likeness(Pair pair) {
    SoundPrint one = prints[pair.first];
    SoundPrint other = prints[pair.second];
    return one.likeLevels(other) < LEAST_LIKE_LEVELS ? 0 : one.likeness(other);
  }

  /** How alike a recording is to its tenth likest other, if there are so many, or to itself. */
  private double reference(int place) {
    SoundPrint own = prints[place];
    double repetition = own.repetition();
    int[] near = byLevels.rows()[place];
    if (repetition >= LEAST || near.length < REFERENCE) {
      return repetition;
    }
    double[] likeness =
        Arrays.stream(near).mapToDouble(other -> own.likeness(prints[other])).sorted().toArray();
    return Math.max(likeness[likeness.length - REFERENCE], repetition);
  }
}
