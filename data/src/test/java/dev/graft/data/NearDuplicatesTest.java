package dev.graft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NearDuplicatesTest {

  /** Rows like those of a network after a rectifier: common part plus own part, none negative. */
  private static float[] features(int rows, int width, double common, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] shared = new float[width];
    for (int d = 0; d < width; d++) {
      shared[d] = (float) (common * Math.abs(random.nextGaussian()));
    }
    float[] features = new float[rows * width];
    for (int i = 0; i < features.length; i++) {
      features[i] = shared[i % width] + (float) Math.max(0, random.nextGaussian());
    }
    return features;
  }

  /** Makes row b a slightly changed row a. */
  private static void resemble(
      float[] features, int width, int a, int b, double change, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int d = 0; d < width; d++) {
      features[b * width + d] = features[a * width + d] + (float) (change * random.nextGaussian());
    }
  }

  private static List<String> hashes(int rows) {
    return IntStream.range(0, rows).mapToObj(i -> "hash" + i).toList();
  }

  private static List<Thumbnail> thumbnails(int rows, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return IntStream.range(0, rows)
        .mapToObj(
            i -> {
              byte[] luma = new byte[64];
              random.nextBytes(luma);
              return new Thumbnail(luma);
            })
        .toList();
  }

  @Test
  void exact_equalContent_isOneGroup() {
    int[] groups = NearDuplicates.exact(List.of("a", "b", "a", "c", "b", "a")).groups();
    assertThat(groups).containsExactly(0, 1, 0, 2, 1, 0);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void find_everyPairAboveTheThreshold_isFound(long seed) {
    int rows = 700;
    int width = 200;
    float[] features = features(rows, width, 0.2, seed);
    for (int i = 0; i < 40; i++) {
      resemble(features, width, i, 690 - 16 * i, 0.02 + 0.004 * i, seed + i);
    }
    NearDuplicates found = NearDuplicates.find(hashes(rows), features, width, 0.97);
    int[] groups = found.groups();
    long pairs = 0;
    for (int i = 0; i < rows; i++) {
      for (int j = i + 1; j < rows; j++) {
        if (cosine(features, width, i, j) >= 0.97) {
          pairs++;
          assertThat(groups[i]).as("seed %d, rows %d and %d", seed, i, j).isEqualTo(groups[j]);
        }
      }
    }
    assertThat(found.pairs()).isEqualTo(pairs);
    assertThat(pairs).isGreaterThan(20);
    assertThat(found.redundantExamples()).isEqualTo((int) pairs);
    assertThat(found.note()).isEmpty();
  }

  private static double cosine(float[] features, int width, int i, int j) {
    double dot = 0;
    double a = 0;
    double b = 0;
    for (int d = 0; d < width; d++) {
      double x = features[i * width + d];
      double y = features[j * width + d];
      dot += x * y;
      a += x * x;
      b += y * y;
    }
    return dot / Math.sqrt(a * b);
  }

  @Test
  void find_chain_isOneGroup() {
    float[] features = features(100, 300, 0, 4);
    resemble(features, 300, 0, 50, 0.1, 1);
    resemble(features, 300, 50, 99, 0.1, 2);
    int[] groups = NearDuplicates.find(hashes(100), features, 300, 0.97).groups();
    assertThat(groups[0]).isEqualTo(groups[50]).isEqualTo(groups[99]);
    assertThat(groups[1]).isNotEqualTo(groups[0]);
  }

  @Test
  void find_featuresThatAreAllAlike_areComparedLessTheirMean() {
    float[] features = features(400, 200, 20, 5);
    resemble(features, 200, 3, 300, 0.02, 1);
    NearDuplicates found = NearDuplicates.find(hashes(400), features, 200, 0.97);
    assertThat(found.note().orElseThrow())
        .contains("cosine >= 0.97 joins more than 20 examples in one group")
        .contains("by the features less their mean");
    assertThat(found.pairs()).isEqualTo(1);
    assertThat(found.groups()[3]).isEqualTo(found.groups()[300]);
  }

  /** Two tight clusters: taking the mean away does not part their members. */
  private static float[] clusters(int rows, int width) {
    float[] features = features(rows, width, 0, 6);
    for (int i = 2; i < rows; i++) {
      resemble(features, width, i % 2, i, 0.02, i);
    }
    return features;
  }

  @Test
  void find_clustersWithThumbnails_mustAlsoLookTheSame() {
    List<Thumbnail> thumbnails = new java.util.ArrayList<>(thumbnails(200, 1));
    thumbnails.set(100, thumbnails.get(10));
    thumbnails.set(101, thumbnails.get(10));
    NearDuplicates found =
        NearDuplicates.find(hashes(200), clusters(200, 100), 100, 0.97, thumbnails);
    assertThat(found.note().orElseThrow()).contains("must also look the same at 8x8 pixels");
    assertThat(found.pairs()).as("101 looks the same but is of the other cluster").isEqualTo(1);
    assertThat(found.groups()[10]).isEqualTo(found.groups()[100]).isNotEqualTo(found.groups()[101]);
  }

  @Test
  void find_clustersWithoutThumbnails_areGroupedByContentOnly() {
    List<String> hashes = new java.util.ArrayList<>(hashes(200));
    hashes.set(150, hashes.get(7));
    NearDuplicates found = NearDuplicates.find(hashes, clusters(200, 100), 100, 0.97);
    assertThat(found.note().orElseThrow()).contains("only files of equal content were grouped");
    assertThat(found.redundantExamples()).isEqualTo(1);
    assertThat(found.groups()[150]).isEqualTo(found.groups()[7]);
  }

  @Test
  void find_manyCopiesOfOneFile_areNoReasonToFallBack() {
    List<String> hashes = new java.util.ArrayList<>(hashes(100));
    float[] features = features(100, 50, 0, 8);
    for (int i = 0; i < 40; i++) {
      hashes.set(i, "same");
      System.arraycopy(features, 0, features, i * 50, 50);
    }
    NearDuplicates found = NearDuplicates.find(hashes, features, 50, 0.97);
    assertThat(found.note()).isEmpty();
    assertThat(found.redundantExamples()).isEqualTo(39);
  }

  @Test
  void find_noExamples_findsNothing() {
    assertThat(NearDuplicates.find(List.of(), new float[0], 20, 0.97).redundantExamples()).isZero();
  }

  @Test
  void find_zeroAndNotANumber_areLikeNothing() {
    float[] features = features(10, 20, 0, 9);
    Arrays.fill(features, 0, 60, 0);
    features[70] = Float.NaN;
    assertThat(NearDuplicates.find(hashes(10), features, 20, 0.97).redundantExamples()).isZero();
  }

  @Test
  void find_fiveThousandRowsOf1280_takesSeconds() {
    float[] features = features(5000, 1280, 0.3, 10);
    List<String> hashes = hashes(5000);
    resemble(features, 1280, 1, 4999, 0.05, 1);
    assertThat(NearDuplicates.find(hashes, features, 1280, 0.97).pairs()).isEqualTo(1);
    long start = System.nanoTime();
    NearDuplicates.find(hashes, features, 1280, 0.97);
    // Measured: under half a second on one core. The bound leaves room for a busy machine.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void find_wrongSizes_areNamed() {
    assertThatThrownBy(() -> NearDuplicates.find(hashes(3), new float[10], 4, 0.97))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected features of 3 x 4 values, found 10");
    assertThatThrownBy(() -> NearDuplicates.find(hashes(3), new float[12], 4, 97))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("threshold: expected 0.5 to 1, found 97.0");
    assertThatThrownBy(
            () -> NearDuplicates.find(hashes(3), new float[12], 4, 0.9, thumbnails(2, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected one thumbnail for each of 3 examples or none, found 2");
  }

  @Test
  void joining_examplesOfOneOrigin_areOneGroupWithTheirCopies() {
    NearDuplicates equal = NearDuplicates.exact(List.of("a", "b", "c", "b", "d"));
    int[] groups = equal.joining(List.of("x", "y", "x", "z", "w")).groups();
    assertThat(groups[0]).isEqualTo(groups[2]);
    assertThat(groups[1]).isEqualTo(groups[3]);
    assertThat(groups[0]).isNotEqualTo(groups[1]);
    assertThat(Arrays.stream(groups).distinct()).hasSize(3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> equal.joining(List.of("x")))
        .withMessageContaining("each of 5 examples");
  }
}
