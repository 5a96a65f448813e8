package dev.graft.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingFeaturesTest {
  @TempDir Path folder = Path.of(".");

  // --- distances ---------------------------------------------------------------------------------

  /** Unit vectors at angles of the plane: the cosine of two is that of the angle between them. */
  private static TrainingFeatures atAngles(int[] groups, double... degrees) {
    float[] rows = new float[2 * degrees.length];
    List<String> ids = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < degrees.length; i++) {
      // Lengths differ, which must not matter.
      rows[2 * i] = (float) ((i + 1) * Math.cos(Math.toRadians(degrees[i])));
      rows[2 * i + 1] = (float) ((i + 1) * Math.sin(Math.toRadians(degrees[i])));
      ids.add("train/" + degrees[i]);
      labels.add(degrees[i] < 45 ? "low" : "high");
    }
    return TrainingFeatures.of(ids, labels, rows, groups);
  }

  private static float[] direction(double degrees) {
    return new float[] {
      (float) (3 * Math.cos(Math.toRadians(degrees))),
      (float) (3 * Math.sin(Math.toRadians(degrees)))
    };
  }

  private static double apart(double degrees) {
    return 1 - Math.cos(Math.toRadians(degrees));
  }

  /** Two classes of ten: 0 to 36 and 50 to 86 degrees, in steps of four. */
  private static TrainingFeatures twoClasses() {
    double[] degrees = new double[20];
    Arrays.setAll(degrees, i -> i < 10 ? 4 * i : 10 + 4 * i);
    int[] groups = new int[20];
    Arrays.setAll(groups, i -> i);
    return atAngles(groups, degrees);
  }

  @Test
  void distanceOf_input_isThatToTheFifthNearestExample() {
    // The fifth nearest to 90 degrees is at 70, that to 20 degrees at 12 or 28.
    assertThat(twoClasses().distanceOf(direction(90)).distance())
        .isCloseTo(apart(20), within(1e-3));
    assertThat(twoClasses().distanceOf(direction(20)).distance()).isCloseTo(apart(8), within(1e-3));
  }

  @Test
  void distanceOf_classesOfFew_isThatToANearerExample() {
    // Half of four examples are two: the second nearest to 8 degrees is at 4 or 12.
    TrainingFeatures features =
        atAngles(new int[] {0, 1, 2, 3, 4, 5, 6, 7}, 0, 4, 8, 12, 60, 64, 68, 72);
    assertThat(features.distanceOf(direction(8)).distance()).isCloseTo(apart(4), within(1e-3));
    // Of two examples it is the nearest.
    assertThat(atAngles(new int[] {0, 1}, 0, 30).distanceOf(direction(20)).distance())
        .isCloseTo(apart(10), within(1e-3));
  }

  @Test
  void distanceOf_fartherThanAllOfFewExamples_isNotYetUnlike() {
    TrainingDistance far = twoClasses().distanceOf(direction(180));
    assertThat(far.fartherThan()).isCloseTo(20 / 21.0, within(1e-12));
    assertThat(far.isUnlike()).isFalse();
    assertThat(twoClasses().distanceOf(direction(20)).fartherThan()).isZero();
  }

  /** Of inputs like the examples at most 2 % are called unlike, on average over the examples. */
  @Test
  void distanceOf_inputsLikeTheExamples_areSeldomUnlike() {
    for (int examples : new int[] {10, 49, 200}) {
      double unlike = 0;
      for (int seed = 0; seed < 60; seed++) {
        SplittableRandom random = new SplittableRandom(seed);
        TrainingFeatures features = cloud(examples, random);
        for (int i = 0; i < 50; i++) {
          unlike += features.distanceOf(point(random)).isUnlike() ? 1 / 3_000.0 : 0;
        }
      }
      // Of 3,000 inputs and 60 samples of examples, the share is off by about 0.004.
      assertThat(unlike).as("%d examples", examples).isLessThan(0.032);
    }
  }

  @Test
  void distanceOf_oppositeOfManyExamples_isUnlike() {
    TrainingFeatures features = cloud(49, new SplittableRandom(1));
    TrainingDistance far = features.distanceOf(new float[] {-3, 0, 0, 0, 0, 0});
    assertThat(far.fartherThan()).isCloseTo(0.98, within(1e-12));
    assertThat(far.isUnlike()).isTrue();
  }

  private static TrainingFeatures cloud(int examples, SplittableRandom random) {
    float[] rows = new float[examples * 6];
    int[] groups = new int[examples];
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < examples; i++) {
      System.arraycopy(point(random), 0, rows, i * 6, 6);
      groups[i] = i;
      ids.add("train/" + i);
    }
    return TrainingFeatures.of(ids, Collections.nCopies(examples, "all"), rows, groups);
  }

  private static float[] point(SplittableRandom random) {
    float[] point = new float[6];
    for (int i = 0; i < 6; i++) {
      point[i] = (float) random.nextGaussian() + (i == 0 ? 3 : 0);
    }
    return point;
  }

  /** A feature that is large for all examples says nothing; one that varies little counts fully. */
  @Test
  void distanceOf_manyExamples_isMeasuredInUnitsOfEachFeature() {
    SplittableRandom random = new SplittableRandom(4);
    int count = 60;
    float[] rows = new float[count * 3];
    float[] same = new float[count * 3];
    int[] groups = new int[count];
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double first = random.nextGaussian();
      double second = random.nextGaussian();
      double third = random.nextGaussian();
      rows[3 * i] = (float) (1_000 + 20 * first);
      rows[3 * i + 1] = (float) (5 * second - 3);
      rows[3 * i + 2] = (float) (10 * third);
      same[3 * i] = (float) first;
      same[3 * i + 1] = (float) second;
      same[3 * i + 2] = (float) third;
      groups[i] = i;
      ids.add("train/" + i);
    }
    List<String> labels = Collections.nCopies(count, "all");
    TrainingFeatures shifted = TrainingFeatures.of(ids, labels, rows, groups);
    TrainingFeatures plain = TrainingFeatures.of(ids, labels, same, groups);
    float[] input = {1_030, -10, 4};
    float[] inUnits = {1.5f, -1.4f, 0.4f};
    assertThat(shifted.distanceOf(input).distance())
        .isCloseTo(plain.distanceOf(inUnits).distance(), within(2e-3));
    // The raw directions of all examples are nearly one.
    assertThat(shifted.distanceOf(new float[] {1_000, -3, -40}).isUnlike()).isFalse();
    assertThat(shifted.distances()[count - 1]).isGreaterThan(0.1f);
    Path file = folder.resolve("units.bin");
    shifted.write(file);
    TrainingFeatures read = TrainingFeatures.read(file);
    assertThat(read.distanceOf(input)).isEqualTo(shifted.distanceOf(input));
  }

  @Test
  void of_nearDuplicates_areNoNeighboursOfEachOther() {
    // Of six examples the third nearest counts: without their copies, those in the middle have
    // four others 20 degrees away, and the outer ones two of them, the next being at 40.
    float[] distances =
        atAngles(new int[] {0, 0, 1, 1, 2, 2}, 0, 0.01, 20, 20.01, 40, 40.01).distances();
    float near = (float) apart(20);
    float far = (float) apart(40);
    assertThat(distances)
        .containsExactly(new float[] {near, near, far, far, far, far}, within(1e-3f));
  }

  @Test
  void nearest_examples_comeWithTheirClassesTheMostSimilarFirst() {
    TrainingFeatures features = atAngles(new int[] {0, 1, 2}, 0, 30, 60);
    assertThat(features.nearest(direction(40), 2))
        .extracting(TrainingNeighbour::id, TrainingNeighbour::label)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("train/30.0", "low"),
            org.assertj.core.groups.Tuple.tuple("train/60.0", "high"));
    assertThat(features.nearest(direction(40), 9)).hasSize(3);
    assertThat(features.nearest(direction(30), 1).get(0).similarity()).isCloseTo(1, within(1e-3));
  }

  @Test
  void distanceOf_featuresOfAnotherModel_areRefused() {
    TrainingFeatures features = atAngles(new int[] {0, 1}, 0, 30);
    assertThatThrownBy(() -> features.distanceOf(new float[3]))
        .isInstanceOf(RuntimeModelException.class)
        .hasMessageContaining("they have 2 features, but the model gives 3");
    assertThatThrownBy(() -> features.distanceOf(new float[] {Float.NaN, 1}))
        .isInstanceOf(RuntimeModelException.class)
        .hasMessageContaining("no finite number");
  }

  @Test
  void distanceOf_zeroFeatures_isOrthogonalToAll() {
    assertThat(atAngles(new int[] {0, 1}, 0, 30).distanceOf(new float[2]).distance()).isEqualTo(1);
  }

  @Test
  void of_argumentsThatDoNotFit_areNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                TrainingFeatures.of(
                    List.of("a", "b"), List.of("x"), new float[] {1, 2}, new int[2]))
        .withMessageContaining("2 examples, 1 labels");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> atAngles(new int[] {7, 7}, 0, 30))
        .withMessageContaining("near-duplicates of each other");
  }

  // --- the file ----------------------------------------------------------------------------------

  private static TrainingFeatures random(int examples, int width) {
    SplittableRandom random = new SplittableRandom(3);
    float[] rows = new float[examples * width];
    List<String> ids = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    int[] groups = new int[examples];
    for (int i = 0; i < examples; i++) {
      ids.add("train/größe \"" + i + "\"\n.png");
      labels.add(i % 2 == 0 ? "蜜蜂" : "ants");
      groups[i] = i;
    }
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) random.nextDouble(-1, 1);
    }
    return TrainingFeatures.of(ids, labels, rows, groups);
  }

  @Test
  void read_whatWasWritten_isTheSame() throws IOException {
    TrainingFeatures features = random(23, 7);
    Path file = folder.resolve("features.bin");
    features.write(file);
    TrainingFeatures read = TrainingFeatures.read(file);
    assertThat(read.ids()).isEqualTo(features.ids());
    assertThat(read.labels()).isEqualTo(features.labels());
    assertThat(read.rows()).isEqualTo(features.rows());
    assertThat(read.distances()).isEqualTo(features.distances());
    byte[] first = Files.readAllBytes(file);
    random(23, 7).write(file);
    assertThat(Files.readAllBytes(file)).isEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 8, 27, 28, 100, 500})
  void read_fileCutAnywhere_isRefused(int length) throws IOException {
    byte[] whole = written();
    assertThat(whole.length).isGreaterThan(500);
    assertRefused(Arrays.copyOf(whole, length), "bytes");
  }

  @Test
  void read_everyChangedByte_isRefused() throws IOException {
    byte[] whole = written();
    for (int place = 0; place < whole.length; place++) {
      byte[] changed = whole.clone();
      changed[place] ^= 0x40;
      Path file = Files.write(folder.resolve("damaged.bin"), changed);
      assertThatThrownBy(() -> TrainingFeatures.read(file))
          .as("byte %d", place)
          .isInstanceOf(BundleException.class);
    }
  }

  /** Counts are checked before anything is allocated by them, also where the checksum is right. */
  @Test
  void read_headerThatTellsHugeCounts_isRefusedUnallocated() throws IOException {
    assertRefused(changed(bytes -> bytes.putInt(8, Integer.MAX_VALUE)), "2147483647 examples");
    assertRefused(changed(bytes -> bytes.putInt(8, -1)), "-1 examples, expected 1 to 2000");
    assertRefused(changed(bytes -> bytes.putInt(12, 65_537)), "65537 features");
    assertRefused(changed(bytes -> bytes.putInt(12, 65_536)), "its header tells");
    assertRefused(changed(bytes -> bytes.putInt(16, 0)), "0 neighbours, expected 1 to 5");
    assertRefused(changed(bytes -> bytes.putInt(20, 24)), "24 distances, expected 1 to 23");
    assertRefused(changed(bytes -> bytes.putInt(24, 1 << 30)), "1073741824 bytes of text");
  }

  @Test
  void read_contentThatCannotBe_isRefused() throws IOException {
    int text = ByteBuffer.wrap(written()).order(ByteOrder.LITTLE_ENDIAN).getInt(24);
    int distances = 28 + text;
    int units = distances + 4 * 23;
    int rows = units + 2 * 4 * 7;
    assertRefused(changed(bytes -> bytes.putFloat(distances, Float.NaN)), "ascending");
    assertRefused(changed(bytes -> bytes.putFloat(distances, 9)), "ascending");
    assertRefused(changed(bytes -> bytes.putFloat(units, Float.NaN)), "feature 0 has no finite");
    assertRefused(changed(bytes -> bytes.putFloat(units + 4 * 9, 0)), "feature 2 has no finite");
    assertRefused(changed(bytes -> bytes.putShort(rows, (short) 0x7c00)), "a row holds Infinity");
    assertRefused(changed(bytes -> bytes.putShort(rows, (short) 0x4000)), "a row holds 2.0");
    assertRefused(changed(bytes -> bytes.put(28, (byte) '[')), "no valid JSON");
    assertRefused(changed(bytes -> bytes.put(30, (byte) 'x')), "is no list of 23 texts");
  }

  @Test
  void read_largeFile_isRefusedUnread() throws IOException {
    Path file = folder.resolve("large.bin");
    try (var out = new java.io.RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(600L << 20);
    }
    assertThatThrownBy(() -> TrainingFeatures.read(file))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("it has 629145600 bytes");
  }

  private byte[] written() throws IOException {
    Path file = folder.resolve("whole.bin");
    random(23, 7).write(file);
    return Files.readAllBytes(file);
  }

  /** A change with a checksum that fits it. */
  private byte[] changed(Consumer<ByteBuffer> change) throws IOException {
    byte[] bytes = written();
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    change.accept(buffer);
    CRC32 checksum = new CRC32();
    checksum.update(bytes, 0, bytes.length - 4);
    buffer.putInt(bytes.length - 4, (int) checksum.getValue());
    return bytes;
  }

  private void assertRefused(byte[] content, String reason) throws IOException {
    Path file = Files.write(folder.resolve("hostile.bin"), content);
    assertThatThrownBy(() -> TrainingFeatures.read(file))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(reason)
        .hasMessageContaining("restore the file graft wrote");
  }
}
