package dev.graft.runtime;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Features of training examples, against which the features of an input are held: which examples
 * are nearest, and how far the input is from them.
 *
 * <p>Of 50 examples and more, each feature is measured in units of its own deviation. Rows have
 * length 1 and numbers of 16 bits. Immutable and thread-safe.
 */
public final class TrainingFeatures {
  /** Most examples that are kept. */
  public static final int MOST_EXAMPLES = 2_000;

  /** The distance of an input is that to its fifth nearest example, or a nearer one. */
  static final int MOST_NEIGHBOURS = 5;

  static final int MOST_FEATURES = 65_536;

  private final List<String> ids;
  private final List<String> labels;
  private final FeatureUnits units;
  private final float[] rows;
  private final int width;
  private final int neighbours;
  private final float[] distances;

  /** Trusts its arguments: for what was computed or checked before. */
  TrainingFeatures(
      List<String> ids,
      List<String> labels,
      FeatureUnits units,
      float[] rows,
      int neighbours,
      float[] distances) {
    this.ids = List.copyOf(ids);
    this.labels = List.copyOf(labels);
    this.units = units;
    this.rows = rows;
    this.width = rows.length / ids.size();
    this.neighbours = neighbours;
    this.distances = distances;
  }

  /**
   * Prepares features, and measures how far each example is from the others.
   *
   * @param ids identifiers of the examples, 1 to {@value #MOST_EXAMPLES}
   * @param labels the class of each
   * @param features [examples, width], row-major
   * @param groups examples of the same group, near-duplicates, are no neighbours of each other when
   *     distances among the examples are measured
   * @throws IllegalArgumentException if the lengths do not fit, a value is not finite, or all
   *     examples are of one group
   */
  public static TrainingFeatures of(
      List<String> ids, List<String> labels, float[] features, int[] groups) {
    int count = ids.size();
    int width = count == 0 ? 0 : features.length / count;
    boolean fits =
        count >= 1
            && count <= MOST_EXAMPLES
            && labels.size() == count
            && groups.length == count
            && width >= 1
            && width <= MOST_FEATURES
            && features.length == (long) width * count;
    if (!fits) {
      throw new IllegalArgumentException(
          "expected 1 to "
              + MOST_EXAMPLES
              + " examples with as many labels and groups and rows of 1 to "
              + MOST_FEATURES
              + " features, found "
              + count
              + " examples, "
              + labels.size()
              + " labels, "
              + groups.length
              + " groups and "
              + features.length
              + " values");
    }
    requireFinite(features);
    FeatureUnits units = FeatureUnits.of(features, width);
    float[] rows = new float[features.length];
    for (int row = 0; row < count; row++) {
      float[] unit = unit(units.of(Arrays.copyOfRange(features, row * width, (row + 1) * width)));
      for (int i = 0; i < width; i++) {
        rows[row * width + i] = HalfFloat.toFloat(HalfFloat.of(unit[i]));
      }
    }
    int neighbours = neighbours(labels);
    float[] distances = distancesAmong(rows, width, groups, neighbours);
    if (distances.length == 0) {
      throw new IllegalArgumentException(
          "all " + count + " examples are near-duplicates of each other");
    }
    return new TrainingFeatures(ids, labels, units, rows, neighbours, distances);
  }

  /**
   * Half of the examples that a class has (the median over the classes), at most {@value
   * #MOST_NEIGHBOURS}: with more than the others of its class, the neighbours of an example would
   * be of other classes, and every distance among the examples would be large.
   */
  private static int neighbours(List<String> labels) {
    long[] counts =
        labels.stream()
            .collect(Collectors.groupingBy(label -> label, Collectors.counting()))
            .values()
            .stream()
            .mapToLong(Long::longValue)
            .sorted()
            .toArray();
    return (int) Math.max(1, Math.min(MOST_NEIGHBOURS, counts[counts.length / 2] / 2));
  }

  /** Ascending; without those of examples that have no neighbour outside of their group. */
  private static float[] distancesAmong(float[] rows, int width, int[] groups, int neighbours) {
    double[] found =
        IntStream.range(0, groups.length)
            .parallel()
            .mapToDouble(
                row -> {
                  float[] nearest = new float[neighbours];
                  int known = 0;
                  for (int other = 0; other < groups.length; other++) {
                    if (groups[other] != groups[row]) {
                      float similarity = product(rows, row * width, rows, other * width, width);
                      known = insert(nearest, known, similarity);
                    }
                  }
                  return known == 0 ? Double.NaN : distance(nearest[known - 1]);
                })
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    float[] distances = new float[found.length];
    for (int i = 0; i < found.length; i++) {
      distances[i] = (float) found[i];
    }
    return distances;
  }

  /**
   * How far an input is from the examples.
   *
   * @param features of the input
   * @throws RuntimeModelException if their number differs or one is not finite
   */
  TrainingDistance distanceOf(float[] features) {
    float[] similarities = similarities(features);
    float[] nearest = new float[neighbours];
    int known = 0;
    for (float similarity : similarities) {
      known = insert(nearest, known, similarity);
    }
    float distance = distance(nearest[known - 1]);
    int nearer = 0;
    while (nearer < distances.length && distances[nearer] < distance) {
      nearer++;
    }
    return new TrainingDistance(distance, nearer / (distances.length + 1.0));
  }

  /**
   * The examples most like an input, the most similar first; equal ones in their stored order.
   *
   * @throws RuntimeModelException as {@link #distanceOf}
   */
  List<TrainingNeighbour> nearest(float[] features, int count) {
    float[] similarities = similarities(features);
    return IntStream.range(0, ids.size())
        .boxed()
        .sorted((a, b) -> Float.compare(similarities[b], similarities[a]))
        .limit(count)
        .map(i -> new TrainingNeighbour(ids.get(i), labels.get(i), similarities[i]))
        .toList();
  }

  private float[] similarities(float[] features) {
    if (features.length != width) {
      throw new RuntimeModelException(
          "Comparing an input with the training examples: they have "
              + width
              + " features, but the model gives "
              + features.length
              + "; restore the folder that graft train wrote");
    }
    float[] unit;
    try {
      requireFinite(features);
      unit = unit(units.of(features));
    } catch (IllegalArgumentException damaged) {
      throw new RuntimeModelException(
          "Comparing an input with the training examples: the model gives a feature that is no"
              + " finite number; its weights are damaged: train again or restore the file",
          damaged);
    }
    float[] similarities = new float[ids.size()];
    for (int row = 0; row < similarities.length; row++) {
      float product = product(unit, 0, rows, row * width, width);
      similarities[row] = Math.max(-1, Math.min(1, product));
    }
    return similarities;
  }

  /** The number of features of a row. */
  public int width() {
    return width;
  }

  /** The number of examples. */
  public int size() {
    return ids.size();
  }

  List<String> ids() {
    return ids;
  }

  List<String> labels() {
    return labels;
  }

  FeatureUnits units() {
    return units;
  }

  float[] rows() {
    return rows;
  }

  /** Which of the nearest examples a distance is measured to, 1 for the first. */
  int neighbours() {
    return neighbours;
  }

  float[] distances() {
    return distances;
  }

  /**
   * Writes the file; the same features give the same bytes.
   *
   * @throws BundleException if it cannot be written
   */
  public void write(Path file) {
    TrainingFeaturesFile.write(this, file);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws BundleException if the file is missing or damaged
   */
  public static TrainingFeatures read(Path file) {
    return TrainingFeaturesFile.read(file);
  }

  /** A sum is finite where all of its summands are; squares of large floats still fit. */
  private static void requireFinite(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    if (!Double.isFinite(sum)) {
      throw new IllegalArgumentException("a feature is not a finite number");
    }
  }

  /** x / |x|; zeros stay zeros. */
  private static float[] unit(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    double length = Math.sqrt(sum);
    float[] unit = new float[values.length];
    for (int i = 0; i < unit.length && length > 0; i++) {
      unit[i] = (float) (values[i] / length);
    }
    return unit;
  }

  /** Keeps the largest ones, descending, and gives their number. */
  private static int insert(float[] largest, int known, float value) {
    if (known == largest.length && value <= largest[known - 1]) {
      return known;
    }
    int place = Math.min(known, largest.length - 1);
    while (place > 0 && largest[place - 1] < value) {
      largest[place] = largest[place - 1];
      place--;
    }
    largest[place] = value;
    return Math.min(known + 1, largest.length);
  }

  /** Rounding may leave a product a little above 1. */
  private static float distance(float similarity) {
    return Math.max(0, 1 - similarity);
  }

  /** Four sums at once, since one sum would wait for each addition. */
  private static float product(float[] a, int fromA, float[] b, int fromB, int width) {
    float first = 0;
    float second = 0;
    float third = 0;
    float fourth = 0;
    int i = 0;
    for (; i + 3 < width; i += 4) {
      first += a[fromA + i] * b[fromB + i];
      second += a[fromA + i + 1] * b[fromB + i + 1];
      third += a[fromA + i + 2] * b[fromB + i + 2];
      fourth += a[fromA + i + 3] * b[fromB + i + 3];
    }
    for (; i < width; i++) {
      first += a[fromA + i] * b[fromB + i];
    }
    return (first + second) + (third + fourth);
  }
}
