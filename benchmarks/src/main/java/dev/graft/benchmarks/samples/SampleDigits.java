package dev.graft.benchmarks.samples;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import javax.imageio.ImageIO;

/**
 * The images of {@code samples/digits}: digits as a pen writes them, each drawn in a way of its
 * own. The same pixels in every run and on every machine; the bytes of the files depend on the
 * compressor of the JDK.
 */
final class SampleDigits {
  static final int SIDE_PIXELS = 64;
  private static final long SEED = 20;

  private SampleDigits() {}

  /** A part of the data set and how many images of each digit it has. */
  private enum SamplePart {
    TRAIN(5),
    TEST(20);

    private final int examplesPerDigit;

    SamplePart(int examplesPerDigit) {
      this.examplesPerDigit = examplesPerDigit;
    }
  }

  /** All images by their paths, such as {@code train/7/01.png}. */
  static SortedMap<String, BufferedImage> draw() {
    SortedMap<String, BufferedImage> images = new TreeMap<>();
    SplittableRandom seeds = new SplittableRandom(SEED);
    for (SamplePart part : SamplePart.values()) {
      for (int digit = 0; digit < DigitSkeleton.DIGITS; digit++) {
        for (int number = 1; number <= part.examplesPerDigit; number++) {
          String path =
              String.format(
                  Locale.ROOT,
                  "%s/%d/%02d.png",
                  part.name().toLowerCase(Locale.ROOT),
                  digit,
                  number);
          images.put(path, draw(digit, seeds.split()));
        }
      }
    }
    return images;
  }

  private static BufferedImage draw(int digit, SplittableRandom random) {
    List<DigitSkeleton> ways = DigitSkeleton.of(digit);
    DigitSkeleton way = ways.get(random.nextInt(ways.size()));
    List<PenStroke> strokes = Handwriting.random(random).write(way, SIDE_PIXELS, random);
    return InkOnPaper.random(random).draw(strokes, SIDE_PIXELS, random);
  }

  /**
   * Writes the images below a folder, {@code samples/digits} unless named. Files of the same names
   * are replaced, others stay.
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments.length == 0 ? "samples/digits" : arguments[0]);
    for (var image : draw().entrySet()) {
      Path file = folder.resolve(image.getKey());
      Files.createDirectories(file.toAbsolutePath().getParent());
      try (OutputStream out = Files.newOutputStream(file)) {
        ImageIO.write(image.getValue(), "png", out);
      }
    }
  }
}
