package dev.graft.transfer;

import dev.graft.data.Dataset;
import dev.graft.data.DatasetReader;
import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/**
 * A task that a small network learns in a second: coloured shapes of 32x32 pixels in three classes,
 * and a backbone of three blocks of convolution, batch norm and rectifier with a layer for ten
 * classes. All from fixed seeds.
 */
public final class ToyTask {
  public static final List<String> CLASSES = List.of("bar", "disc", "square");
  private static final int SIDE = 32;
  private static final int WIDTH = 12;

  private ToyTask() {}

  /** Writes the backbone and loads it. */
  public static Backbone backbone(Path folder) {
    return Backbone.load(backboneFile(folder), options());
  }

  static BackboneOptions options() {
    return BackboneOptions.defaults().withPreprocessing("unit");
  }

  static Path backboneFile(Path folder) {
    Path file = folder.resolve("toy.onnx");
    network(1).write(file);
    return file;
  }

  /** The network with weights of a seed. */
  static OnnxModel network(long seed) {
    return network(seed, 10, Dimension.of(SIDE), Dimension.of(SIDE));
  }

  /** The same for other classes and images of any size. */
  public static OnnxModel openNetwork(long seed, int classes) {
    return network(seed, classes, Dimension.named("height"), Dimension.named("width"));
  }

  /** The same with an input of which sizes are fixed or not. */
  static OnnxModel network(long seed, int classes, Dimension height, Dimension width) {
    SplittableRandom random = new SplittableRandom(seed);
    GraphBuilder graph =
        GraphBuilder.named("toy")
            .input(
                "image", ElementType.FLOAT, Dimension.named("N"), Dimension.of(3), height, width);
    String x = "image";
    int channels = 3;
    for (int block = 1; block <= 3; block++) {
      x = block(graph, random, "features." + block, x, channels);
      channels = WIDTH;
    }
    return graph
        .node("GlobalAveragePool", List.of(x), "pooled")
        .node("Flatten", List.of("pooled"), "flat")
        .initializer(
            OnnxTensor.ofFloats(
                "classifier.weight", normal(random, classes * WIDTH, 0.3), classes, WIDTH))
        .initializer(OnnxTensor.ofFloats("classifier.bias", normal(random, classes, 0.1), classes))
        .node(
            Node.of(
                    "Gemm",
                    List.of("flat", "classifier.weight", "classifier.bias"),
                    List.of("logits"))
                .withInteger("transB", 1))
        .output("logits", ElementType.FLOAT, Dimension.named("N"), Dimension.of(classes))
        .build(17);
  }

  private static String block(
      GraphBuilder graph, SplittableRandom random, String name, String x, int from) {
    float[] ones = new float[WIDTH];
    Arrays.fill(ones, 1);
    double deviation = Math.sqrt(2.0 / (from * 9));
    graph
        .initializer(
            OnnxTensor.ofFloats(
                name + ".conv.weight",
                normal(random, WIDTH * from * 9, deviation),
                WIDTH,
                from,
                3,
                3))
        .initializer(OnnxTensor.ofFloats(name + ".norm.weight", ones, WIDTH))
        .initializer(OnnxTensor.ofFloats(name + ".norm.bias", normal(random, WIDTH, 0.1), WIDTH))
        .initializer(OnnxTensor.ofFloats(name + ".norm.mean", normal(random, WIDTH, 0.2), WIDTH))
        .initializer(OnnxTensor.ofFloats(name + ".norm.variance", ones, WIDTH))
        .node(
            Node.of("Conv", List.of(x, name + ".conv.weight"), List.of(name + ".conv"))
                .withIntegers("strides", 2, 2)
                .withIntegers("pads", 1, 1, 1, 1))
        .node(
            "BatchNormalization",
            List.of(
                name + ".conv",
                name + ".norm.weight",
                name + ".norm.bias",
                name + ".norm.mean",
                name + ".norm.variance"),
            name + ".norm")
        .node("Relu", List.of(name + ".norm"), name + ".relu");
    return name + ".relu";
  }

  private static float[] normal(SplittableRandom random, int count, double deviation) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      double angle = 2 * Math.PI * random.nextDouble();
      double radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
      values[i] = (float) (deviation * radius * Math.cos(angle));
    }
    return values;
  }

  /** Writes images below {@code data/train} and {@code data/test} and reads them. */
  public static Dataset dataset(Path folder, int trainPerClass, int testPerClass) {
    return DatasetReader.read(data(folder, trainPerClass, testPerClass));
  }

  /** Writes images below {@code data/train} and {@code data/test}. */
  public static Path data(Path folder, int trainPerClass, int testPerClass) {
    Path data = folder.resolve("shapes");
    for (int label = 0; label < CLASSES.size(); label++) {
      for (int i = 0; i < trainPerClass; i++) {
        image(data.resolve("train").resolve(CLASSES.get(label)), i, label, 100 * label + i);
      }
      for (int i = 0; i < testPerClass; i++) {
        image(data.resolve("test").resolve(CLASSES.get(label)), i, label, 9000 + 100 * label + i);
      }
    }
    return data;
  }

  /** One image of a class by its index; its number names the file. */
  public static void image(Path folder, int number, int label, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < SIDE * SIDE; i++) {
      int grey = random.nextInt(110);
      image.setRGB(i % SIDE, i / SIDE, new Color(grey, random.nextInt(110), grey).getRGB());
    }
    int[] mixed = {random.nextInt(80), random.nextInt(80), random.nextInt(80)};
    mixed[label] = 180 + random.nextInt(76);
    Graphics2D pen = image.createGraphics();
    pen.setColor(new Color(mixed[0], mixed[1], mixed[2]));
    int left = random.nextInt(14);
    int top = random.nextInt(14);
    int size = 10 + random.nextInt(8);
    switch (label) {
      case 0 -> pen.fillRect(left, top, size, 4);
      case 1 -> pen.fillOval(left, top, size, size);
      default -> pen.fillRect(left, top, size, size);
    }
    pen.dispose();
    try {
      Files.createDirectories(folder);
      ImageIO.write(image, "png", folder.resolve("image-" + number + ".png").toFile());
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  /** A fast start: head only, fp32, no store, few epochs at a high rate. */
  static TransferLearning learning(Backbone backbone) {
    return TransferLearning.from(backbone)
        .strategy(new Strategy.HeadOnly())
        .precision(PrecisionChoice.FP32)
        .withoutCache()
        .views(2)
        .learningRate(0.01)
        .epochs(3)
        .batchSize(16);
  }
}
