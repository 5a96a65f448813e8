package dev.graft.benchmarks;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxTensor;
import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;

/**
 * Any number of tiny labelled images, and a backbone that is quick enough for many of them: 32 x 32
 * pixels in, 1,280 features out, random weights. Thread-safe.
 */
final class GeneratedExamples {
  static final int SIDE_PIXELS = 32;
  static final int FEATURES = 1280;
  private static final int CLASSES = 10;
  private static final int CHANNELS = 16;
  private static final int NOISE = 160;
  private static final int PALEST = 255 - NOISE;

  private GeneratedExamples() {}

  /**
   * Writes an archive of PNG images, "train/CLASS/NUMBER.png": the pixels of a class are noise upon
   * its colour. No two images are alike; the same count gives the same images.
   *
   * @param examples at least 1
   */
  static Path writeArchive(Path file, int examples) {
    SplittableRandom random = new SplittableRandom(examples);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setMethod(ZipOutputStream.DEFLATED);
      // They are compressed already.
      zip.setLevel(0);
      for (int number = 0; number < examples; number++) {
        int label = number % CLASSES;
        ZipEntry entry = new ZipEntry("train/class-" + label + "/" + number + ".png");
        entry.setLastModifiedTime(FileTime.fromMillis(0));
        zip.putNextEntry(entry);
        zip.write(image(label, random));
        zip.closeEntry();
      }
      return file;
    } catch (IOException failure) {
      throw new UncheckedIOException("Writing " + file, failure);
    }
  }

  private static byte[] image(int label, SplittableRandom random) throws IOException {
    BufferedImage image =
        new BufferedImage(SIDE_PIXELS, SIDE_PIXELS, BufferedImage.TYPE_INT_RGB);
    SplittableRandom colours = new SplittableRandom(label);
    int[] base = {colours.nextInt(PALEST), colours.nextInt(PALEST), colours.nextInt(PALEST)};
    for (int y = 0; y < SIDE_PIXELS; y++) {
      for (int x = 0; x < SIDE_PIXELS; x++) {
        int red = base[0] + random.nextInt(NOISE);
        int green = base[1] + random.nextInt(NOISE);
        int blue = base[2] + random.nextInt(NOISE);
        image.setRGB(x, y, red << 16 | green << 8 | blue);
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }

  /** Writes the backbone: a convolution of 3 x 3, one of 1 x 1 to the features, pooling. */
  static Path writeBackbone(Path file) {
    SplittableRandom random = new SplittableRandom(1);
    GraphBuilder.named("tiny")
        .input(
            "image",
            ElementType.FLOAT,
            Dimension.named("N"),
            Dimension.of(3),
            Dimension.of(SIDE_PIXELS),
            Dimension.of(SIDE_PIXELS))
        .initializer(normal("first.weight", random, CHANNELS, 3, 3, 3))
        .initializer(normal("second.weight", random, FEATURES, CHANNELS, 1, 1))
        .node(
            Node.of("Conv", List.of("image", "first.weight"), List.of("first"))
                .withIntegers("strides", 4, 4)
                .withIntegers("pads", 1, 1, 1, 1))
        .node("Relu", List.of("first"), "first.relu")
        .node("Conv", List.of("first.relu", "second.weight"), "second")
        .node("Relu", List.of("second"), "second.relu")
        .node("GlobalAveragePool", List.of("second.relu"), "pooled")
        .node("Flatten", List.of("pooled"), "features")
        .output("features", ElementType.FLOAT, Dimension.named("N"), Dimension.of(FEATURES))
        .build(17)
        .write(file);
    return file;
  }

  private static OnnxTensor normal(String name, SplittableRandom random, int... shape) {
    int count = 1;
    long[] lengths = new long[shape.length];
    for (int axis = 0; axis < shape.length; axis++) {
      count *= shape[axis];
      lengths[axis] = shape[axis];
    }
    // Variance 2 / inputs, as fits rectifiers.
    double deviation = Math.sqrt(2.0 * shape[0] / count);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return OnnxTensor.ofFloats(name, values, lengths);
  }
}
