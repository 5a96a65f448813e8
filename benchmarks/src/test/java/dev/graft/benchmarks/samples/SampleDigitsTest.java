package dev.graft.benchmarks.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.benchmarks.samples.DigitSkeleton.Point;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleDigitsTest {
  private static final Path SAMPLES =
      Path.of(System.getProperty("graft.project", ".."), "samples").normalize();

  @TempDir Path folder = Path.of(".");

  private static int[] pixels(BufferedImage image) {
    return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.filter(Files::isRegularFile).toList();
    }
  }

  // --- what is committed ---------------------------------------------------------------------

  @Test
  void draw_committedSeed_givesCommittedPixels() throws IOException {
    SortedMap<String, BufferedImage> drawn = SampleDigits.draw();
    Path digits = SAMPLES.resolve("digits");
    assertThat(files(digits).stream().map(file -> slashes(digits.relativize(file))))
        .containsExactlyInAnyOrderElementsOf(drawn.keySet());
    for (Map.Entry<String, BufferedImage> image : drawn.entrySet()) {
      BufferedImage committed = ImageIO.read(digits.resolve(image.getKey()).toFile());
      assertThat(pixels(image.getValue())).as(image.getKey()).isEqualTo(pixels(committed));
    }
  }

  private static String slashes(Path path) {
    return path.toString().replace('\\', '/');
  }

  @Test
  void samples_asCommitted_staySmall() throws IOException {
    long bytes = 0;
    for (Path file : files(SAMPLES)) {
      bytes += Files.size(file);
    }
    assertThat(bytes).isBetween(100_000L, 500_000L);
  }

  // --- drawing -------------------------------------------------------------------------------

  @Test
  void draw_always_givesFiveToTrainAndTwentyToTestOfEachDigit() {
    SortedMap<String, BufferedImage> drawn = SampleDigits.draw();
    for (int digit = 0; digit < DigitSkeleton.DIGITS; digit++) {
      String ofDigit = "/" + digit + "/";
      assertThat(drawn.keySet().stream().filter(path -> path.startsWith("train" + ofDigit)))
          .hasSize(5);
      assertThat(drawn.keySet().stream().filter(path -> path.startsWith("test" + ofDigit)))
          .hasSize(20);
    }
    assertThat(drawn.values())
        .allSatisfy(
            image -> {
              assertThat(image.getWidth()).isEqualTo(64);
              assertThat(image.getHeight()).isEqualTo(64);
            });
  }

  /** No image of the test part may have been seen in training. */
  @Test
  void draw_always_givesNoImageTwice() {
    SortedMap<String, BufferedImage> drawn = SampleDigits.draw();
    Set<List<Integer>> different = new HashSet<>();
    drawn
        .values()
        .forEach(image -> different.add(java.util.Arrays.stream(pixels(image)).boxed().toList()));
    assertThat(different).hasSameSizeAs(drawn.keySet());
  }

  @Test
  void main_otherFilesThere_leavesThem() throws IOException {
    Path other = Files.createDirectories(folder.resolve("train/7")).resolve("mine.png");
    Files.writeString(other, "mine");
    SampleDigits.main(new String[] {folder.toString()});
    assertThat(other).hasContent("mine");
    assertThat(files(folder)).hasSize(251);
  }

  // --- strokes -------------------------------------------------------------------------------

  /** A straight pen stroke from (2, 5) to (8, 5), 1 wide at its start and 3 at its end. */
  @Test
  void distance_straightStroke_isThatToItsEdge() {
    PenStroke stroke = PenStroke.through(List.of(new Point(2, 5), new Point(8, 5)), 0.5, 1.5);
    assertThat(stroke.distance(2, 5)).isCloseTo(-0.5, within(1e-12));
    assertThat(stroke.distance(5, 8)).isCloseTo(3 - 1, within(0.02));
    assertThat(stroke.distance(12, 8)).isCloseTo(5 - 1.5, within(1e-12));
  }

  @Test
  void through_pointTwice_isCorner() {
    Point corner = new Point(10, 0);
    List<Point> smooth = List.of(new Point(0, 0), corner, new Point(10, 10));
    List<Point> cornered = List.of(new Point(0, 0), corner, corner, new Point(10, 10));
    // A smooth curve swings past the corner, a cornered one does not.
    assertThat(PenStroke.through(smooth, 0.5, 0.5).points()).anyMatch(point -> point.x() > 10.2);
    assertThat(PenStroke.through(cornered, 0.5, 0.5).points())
        .allMatch(point -> point.x() <= 10 && point.y() >= 0);
  }
}
