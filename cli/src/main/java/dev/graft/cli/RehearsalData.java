package dev.graft.cli;

import dev.graft.data.Part;
import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Small generated images of two colours and a small network of random weights. */
final class RehearsalData {
  private static final int SIDE = 32;
  private static final int CHANNELS = 8;
  private static final int CLASSES = 4;
  private static final int IMAGES = 4;
  private static final int BITMAP_HEADER = 54;

  private RehearsalData() {}

  /** Writes a data set of the classes blue and red, with all three parts. */
  static Path writeImages(Path folder) {
    SplittableRandom random = new SplittableRandom(1);
    for (Part part : Part.values()) {
      for (String label : List.of("blue", "red")) {
        for (int i = 0; i < IMAGES; i++) {
          Path file = folder.resolve(part.label()).resolve(label).resolve(i + ".bmp");
          write(file, bitmap(label.equals("blue") ? 0 : 2, random));
        }
      }
    }
    return folder;
  }

  /** Writes a network of one convolution, batch normalisation and a linear layer. */
  static Path writeBackbone(Path file) {
    SplittableRandom random = new SplittableRandom(2);
    GraphBuilder.named("rehearsal")
        .input(
            "image",
            ElementType.FLOAT,
            Dimension.named("N"),
            Dimension.of(3),
            Dimension.of(SIDE),
            Dimension.of(SIDE))
        .initializer(normal("conv.weight", random, 0.3, CHANNELS, 3, 3, 3))
        .initializer(constant("norm.scale", 1))
        .initializer(constant("norm.bias", 0))
        .initializer(constant("norm.mean", 0))
        .initializer(constant("norm.variance", 1))
        .initializer(normal("classifier.weight", random, 0.3, CLASSES, CHANNELS))
        .initializer(normal("classifier.bias", random, 0.1, CLASSES))
        .node(
            Node.of("Conv", List.of("image", "conv.weight"), List.of("conv"))
                .withIntegers("strides", 2, 2)
                .withIntegers("pads", 1, 1, 1, 1))
        .node(
            "BatchNormalization",
            List.of("conv", "norm.scale", "norm.bias", "norm.mean", "norm.variance"),
            "norm")
        .node("Relu", List.of("norm"), "relu")
        .node("GlobalAveragePool", List.of("relu"), "pool")
        .node("Flatten", List.of("pool"), "flat")
        .node(
            Node.of(
                    "Gemm",
                    List.of("flat", "classifier.weight", "classifier.bias"),
                    List.of("logits"))
                .withInteger("transB", 1))
        .output("logits", ElementType.FLOAT, Dimension.named("N"), Dimension.of(CLASSES))
        .build(17)
        .write(file);
    return file;
  }

  private static OnnxTensor normal(
      String name, SplittableRandom random, double deviation, long... shape) {
    int count = 1;
    for (long size : shape) {
      count *= (int) size;
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return OnnxTensor.ofFloats(name, values, shape);
  }

  private static OnnxTensor constant(String name, float value) {
    float[] values = new float[CHANNELS];
    Arrays.fill(values, value);
    return OnnxTensor.ofFloats(name, values, CHANNELS);
  }

  /** An uncompressed 24-bit Windows bitmap with noise, one colour channel of it bright. */
  private static byte[] bitmap(int brightChannel, SplittableRandom random) {
    int pixels = SIDE * SIDE * 3;
    ByteBuffer file = ByteBuffer.allocate(BITMAP_HEADER + pixels).order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 'B').put((byte) 'M').putInt(file.capacity()).putInt(0).putInt(BITMAP_HEADER);
    file.putInt(40).putInt(SIDE).putInt(SIDE).putShort((short) 1).putShort((short) 24);
    file.putInt(0).putInt(pixels).putInt(2835).putInt(2835).putInt(0).putInt(0);
    for (int i = 0; i < pixels; i++) {
      int bright = i % 3 == brightChannel ? 128 : 0;
      file.put((byte) (bright + random.nextInt(100)));
    }
    return file.array();
  }

  private static void write(Path file, byte[] content) {
    try {
      Path parent = file.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.write(file, content);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
