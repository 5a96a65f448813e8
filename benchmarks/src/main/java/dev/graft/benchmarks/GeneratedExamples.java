package dev.graft.benchmarks;

import dev.graft.data.audio.PcmWav;
import dev.graft.data.audio.Waveform;
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
 * Any number of tiny labelled images or recordings, and a backbone that is quick enough for many of
 * them: 32 x 32 pixels in, 1,280 features out, random weights. Thread-safe.
 */
final class GeneratedExamples {
  static final int SIDE_PIXELS = 32;
  static final int FEATURES = 1280;
  private static final int SAMPLE_RATE = 16_000;
  private static final int CLASSES = 10;
  private static final int BLOCK_PIXELS = 8;
  // A pixel is the sum of the colour of its class, 0 to 84, and of its block, 0 to 170.
  private static final int TINT = 85;
  private static final int OWN = 171;

  private GeneratedExamples() {}

  /**
   * Writes an archive of PNG images, "train/CLASS/NUMBER.png": blocks of random colours, tinted by
   * the class. No two images are alike; the same count gives the same images.
   *
   * @param examples at least 1
   */
  static Path writeArchive(Path file, int examples) {
    return write(file, examples, "png", GeneratedExamples::image);
  }

  /**
   * Writes an archive of WAV recordings of a second each, "train/CLASS/NUMBER.wav": a tone whose
   * pitch tells the class, in noise. The same count gives the same recordings.
   *
   * @param examples at least 1
   */
  static Path writeRecordings(Path file, int examples) {
    return write(file, examples, "wav", GeneratedExamples::recording);
  }

  private interface Maker {
    byte[] make(int label, SplittableRandom random) throws IOException;
  }

  private static Path write(Path file, int examples, String extension, Maker maker) {
    SplittableRandom random = new SplittableRandom(examples);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setMethod(ZipOutputStream.DEFLATED);
      // They are compressed already, or take long enough to read.
      zip.setLevel(0);
      for (int number = 0; number < examples; number++) {
        int label = number % CLASSES;
        ZipEntry entry = new ZipEntry("train/class-" + label + "/" + number + "." + extension);
        entry.setLastModifiedTime(FileTime.fromMillis(0));
        zip.putNextEntry(entry);
        zip.write(maker.make(label, random));
        zip.closeEntry();
      }
      return file;
    } catch (IOException failure) {
      throw new UncheckedIOException("Writing " + file, failure);
    }
  }

  private static byte[] recording(int label, SplittableRandom random) {
    float[] samples = new float[SAMPLE_RATE];
    double radians = 2 * Math.PI * (200 + 150 * label) * (1 + 0.1 * random.nextDouble());
    for (int i = 0; i < samples.length; i++) {
      samples[i] =
          (float) (0.3 * Math.sin(radians * i / SAMPLE_RATE) + 0.2 * (random.nextDouble() - 0.5));
    }
    return PcmWav.encode(new Waveform(samples, SAMPLE_RATE));
  }

  private static byte[] image(int label, SplittableRandom random) throws IOException {
    BufferedImage image = new BufferedImage(SIDE_PIXELS, SIDE_PIXELS, BufferedImage.TYPE_INT_RGB);
    SplittableRandom tints = new SplittableRandom(label);
    int tint = tints.nextInt(TINT) << 16 | tints.nextInt(TINT) << 8 | tints.nextInt(TINT);
    for (int y = 0; y < SIDE_PIXELS; y += BLOCK_PIXELS) {
      for (int x = 0; x < SIDE_PIXELS; x += BLOCK_PIXELS) {
        int own = random.nextInt(OWN) << 16 | random.nextInt(OWN) << 8 | random.nextInt(OWN);
        for (int pixel = 0; pixel < BLOCK_PIXELS * BLOCK_PIXELS; pixel++) {
          image.setRGB(x + pixel % BLOCK_PIXELS, y + pixel / BLOCK_PIXELS, tint + own);
        }
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }

  /** Writes the backbone: one convolution of 8 x 8 pixels, 4 x 4 places of 80 channels. */
  static Path writeBackbone(Path file) {
    SplittableRandom random = new SplittableRandom(1);
    int places = (SIDE_PIXELS / BLOCK_PIXELS) * (SIDE_PIXELS / BLOCK_PIXELS);
    GraphBuilder.named("tiny")
        .input(
            "image",
            ElementType.FLOAT,
            Dimension.named("N"),
            Dimension.of(3),
            Dimension.of(SIDE_PIXELS),
            Dimension.of(SIDE_PIXELS))
        .initializer(normal("weight", random, FEATURES / places, 3, BLOCK_PIXELS, BLOCK_PIXELS))
        .node(
            Node.of("Conv", List.of("image", "weight"), List.of("conv"))
                .withIntegers("strides", BLOCK_PIXELS, BLOCK_PIXELS))
        .node("Relu", List.of("conv"), "relu")
        // [N, 80, 4, 4] -> [N, 1280]
        .node("Flatten", List.of("relu"), "flat")
        .output("flat", ElementType.FLOAT, Dimension.named("N"), Dimension.of(FEATURES))
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
