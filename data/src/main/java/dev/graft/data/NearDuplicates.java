package dev.graft.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Groups of examples that are the same, or nearly so, and must stay on one side of every split.
 *
 * <p>Equal content is always one group. Beyond that, two examples are near-duplicates where the
 * cosine of their features reaches the threshold, and groups are the connected components. Frozen
 * features of simple images (digits, X-rays) are all alike, and chains of likeness would then join
 * whole classes. So a group of more than max(20, 5 % of the distinct examples) shows that the
 * measure does not tell duplicates from relatives, and the next of these is used instead:
 *
 * <ol>
 *   <li>cosine of the features;
 *   <li>cosine of the features less their mean, which takes away what all examples share;
 *   <li>cosine of the features and thumbnails that look the same, where thumbnails are given;
 *   <li>equal content only.
 * </ol>
 *
 * <p>{@link #note()} says so where it is not the first. Measured with the features of a MobileNetV2
 * 0.35: of 600 digits, 20 pairs reach 0.97 by the first measure and none by the second; a
 * photograph saved again as JPEG of quality 60 has a median of 0.97.
 *
 * <p>Immutable and thread-safe. The result does not depend on the number of threads.
 */
public final class NearDuplicates {
  /** The cosine from which two examples count as near-duplicates unless another is given. */
  public static final double DEFAULT_THRESHOLD = 0.97;

  private static final int SMALLEST_CAP = 20;
  private static final double CAP_FRACTION = 0.05;

  private final int[] groups;
  private final long pairs;
  private final Optional<String> note;

  private NearDuplicates(int[] groups, long pairs, Optional<String> note) {
    this.groups = groups;
    this.pairs = pairs;
    this.note = note;
  }

  /** Groups of equal content alone. */
  public static NearDuplicates exact(List<String> contentHashes) {
    Distinct distinct = new Distinct(contentHashes);
    return new NearDuplicates(distinct.groupOf, 0, Optional.empty());
  }

  /**
   * Groups that were found by other means than features.
   *
   * @param groups the group of each example, numbers without order or meaning
   * @param pairs the number of pairs of different content that are near-duplicates
   * @param note a sentence where it was another measure than the usual one
   */
  public static NearDuplicates of(int[] groups, long pairs, Optional<String> note) {
    return new NearDuplicates(groups.clone(), pairs, note);
  }

  /**
   * Groups of equal content and of like features.
   *
   * @param contentHashes the content hash of each example
   * @param features [examples, width], row-major
   * @param threshold cosine from which two examples are near-duplicates, 0.5 to 1
   */
  public static NearDuplicates find(
      List<String> contentHashes, float[] features, int width, double threshold) {
    return find(contentHashes, features, width, threshold, List.of());
  }

  /**
   * Groups of equal content and of like features, with thumbnails to fall back to.
   *
   * @param contentHashes the content hash of each example
   * @param features [examples, width], row-major
   * @param threshold cosine from which two examples are near-duplicates, 0.5 to 1
   * @param thumbnails one for each example, or none at all
   */
  public static NearDuplicates find(
      List<String> contentHashes,
      float[] features,
      int width,
      double threshold,
      List<Thumbnail> thumbnails) {
    requireArguments(contentHashes.size(), features, width, threshold, thumbnails);
    Distinct distinct = new Distinct(contentHashes);
    int[] rows = distinct.representatives;
    int cap = Math.max(SMALLEST_CAP, (int) (CAP_FRACTION * rows.length));
    String refusal =
        "cosine >= "
            + threshold
            + " joins more than "
            + cap
            + " examples in one group, so that features of this data are alike; ";
    RandomProjection projection = new RandomProjection(features, width, rows);
    CosineNeighbours plain = new CosineNeighbours(projection.plain(), threshold);
    Optional<LinkedGroups> linked = plain.link(cap, (i, j) -> true);
    if (linked.isPresent()) {
      return result(distinct, linked.get(), Optional.empty());
    }
    linked = new CosineNeighbours(projection.centred(), threshold).link(cap, (i, j) -> true);
    if (linked.isPresent()) {
      return result(
          distinct,
          linked.get(),
          Optional.of(refusal + "near-duplicates were found by the features less their mean"));
    }
    if (!thumbnails.isEmpty()) {
      linked =
          plain.link(cap, (i, j) -> thumbnails.get(rows[i]).looksLike(thumbnails.get(rows[j])));
      if (linked.isPresent()) {
        return result(
            distinct,
            linked.get(),
            Optional.of(refusal + "near-duplicates must also look the same at 8x8 pixels"));
      }
    }
    return new NearDuplicates(
        distinct.groupOf, 0, Optional.of(refusal + "only files of equal content were grouped"));
  }

  private static void requireArguments(
      int examples, float[] features, int width, double threshold, List<Thumbnail> thumbnails) {
    if (width < 1 || features.length != (long) examples * width) {
      throw new IllegalArgumentException(
          "expected features of " + examples + " x " + width + " values, found " + features.length);
    }
    if (!(threshold >= 0.5 && threshold <= 1)) {
      throw new IllegalArgumentException("threshold: expected 0.5 to 1, found " + threshold);
    }
    if (!thumbnails.isEmpty() && thumbnails.size() != examples) {
      throw new IllegalArgumentException(
          "expected one thumbnail for each of "
              + examples
              + " examples or none, found "
              + thumbnails.size());
    }
  }

  private static NearDuplicates result(
      Distinct distinct, LinkedGroups linked, Optional<String> note) {
    int[] groups = new int[distinct.groupOf.length];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = linked.groupOf(distinct.groupOf[i]);
    }
    return new NearDuplicates(groups, linked.pairs(), note);
  }

  /**
   * The same with examples of one origin joined, such as segments of one recording.
   *
   * @param origins the origin of each example
   */
  public NearDuplicates joining(List<?> origins) {
    if (origins.size() != groups.length) {
      throw new IllegalArgumentException(
          "expected an origin for each of " + groups.length + " examples, found " + origins.size());
    }
    LinkedGroups linked = new LinkedGroups(groups.length);
    Map<Object, Integer> firsts = new HashMap<>();
    Map<Integer, Integer> firstOfGroup = new HashMap<>();
    for (int i = 0; i < groups.length; i++) {
      Integer sameOrigin = firsts.putIfAbsent(origins.get(i), i);
      Integer sameGroup = firstOfGroup.putIfAbsent(groups[i], i);
      if (sameOrigin != null) {
        linked.link(sameOrigin, i);
      }
      if (sameGroup != null) {
        linked.link(sameGroup, i);
      }
    }
    int[] joined = new int[groups.length];
    Arrays.setAll(joined, linked::groupOf);
    return new NearDuplicates(joined, pairs, note);
  }

  /** The group of each example, numbered from 0 without order or meaning; a copy. */
  public int[] groups() {
    return groups.clone();
  }

  /** The number of pairs of different content that are near-duplicates. */
  public long pairs() {
    return pairs;
  }

  /**
   * The number of examples beyond the first in each group: how many a data set without
   * near-duplicates would lack.
   */
  public int redundantExamples() {
    return groups.length - (int) java.util.Arrays.stream(groups).distinct().count();
  }

  /**
   * A sentence on why another measure than the cosine of the features was used; empty where it was
   * not.
   */
  public Optional<String> note() {
    return note;
  }

  /** Examples of equal content, each content numbered in the order of its first example. */
  private static final class Distinct {
    private final int[] groupOf;
    private final int[] representatives;

    private Distinct(List<String> contentHashes) {
      Map<String, Integer> numbers = new HashMap<>();
      List<Integer> firsts = new ArrayList<>();
      groupOf = new int[contentHashes.size()];
      for (int i = 0; i < groupOf.length; i++) {
        Integer known = numbers.putIfAbsent(contentHashes.get(i), firsts.size());
        if (known == null) {
          groupOf[i] = firsts.size();
          firsts.add(i);
        } else {
          groupOf[i] = known;
        }
      }
      representatives = firsts.stream().mapToInt(Integer::intValue).toArray();
    }
  }
}
