package dev.graft.transfer.visualisation;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxTensor;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.BackboneOptions;
import java.nio.file.Path;
import java.util.List;

/**
 * A network of 32 x 32 pixels whose first layer answers to upright edges, dark to bright from the
 * left, and to red; its second layer sums over both around each place.
 */
final class EdgeNetwork {
  static final int SIDE = 32;
  static final int EDGE = 0;
  static final int RED = 1;

  private EdgeNetwork() {}

  /** How the first weights stand in the file. */
  enum Channels {
    COLOUR,
    CAST
  }

  static Backbone load(Path folder, Channels channels, String preprocessing) {
    Path file = folder.resolve("edges.onnx");
    graph(channels).build(18).write(file);
    return load(file, preprocessing);
  }

  static Backbone load(Path file, String preprocessing) {
    return Backbone.load(file, BackboneOptions.defaults().withPreprocessing(preprocessing));
  }

  static GraphBuilder graph(Channels channels) {
    GraphBuilder graph = named(3);
    float[] weights = new float[54];
    for (int tap = 0; tap < 9; tap++) {
      for (int colour = 0; colour < 3; colour++) {
        weights[9 * colour + tap] = tap % 3 - 1;
        weights[27 + 9 * colour + tap] = colour == 0 ? 0.5f : -0.25f;
      }
    }
    String stored = channels == Channels.CAST ? "stored.weight" : "first.weight";
    graph.initializer(OnnxTensor.ofFloats(stored, weights, 2, 3, 3, 3));
    if (channels == Channels.CAST) {
      graph.node(
          Node.of("Cast", List.of(stored), List.of("narrow"))
              .withInteger("to", ElementType.FLOAT16.onnxCode()));
      graph.node(
          Node.of("Cast", List.of("narrow"), List.of("first.weight"))
              .withInteger("to", ElementType.FLOAT.onnxCode()));
    }
    graph.initializer(OnnxTensor.ofFloats("second.weight", sums(), 2, 2, 3, 3));
    return classified(
        graph
            .node(
                Node.of("Conv", List.of("image", "first.weight"), List.of("first"))
                    .withIntegers("pads", 1, 1, 1, 1))
            .node("Relu", List.of("first"), "first.relu")
            .node(
                Node.of("Conv", List.of("first.relu", "second.weight"), List.of("second"))
                    .withIntegers("strides", 2, 2)
                    .withIntegers("pads", 1, 1, 1, 1))
            .node("Relu", List.of("second"), "second.relu"),
        "second.relu",
        2);
  }

  /** Channel by channel, nine ones. */
  private static float[] sums() {
    float[] sums = new float[36];
    for (int tap = 0; tap < 9; tap++) {
      sums[tap] = 1;
      sums[27 + tap] = 1;
    }
    return sums;
  }

  static Backbone loadGrey(Path folder) {
    Path file = folder.resolve("grey.onnx");
    float[] weights = {-1, 0, 1, -1, 0, 1, -1, 0, 1};
    classified(
            named(1)
                .initializer(OnnxTensor.ofFloats("first.weight", weights, 1, 1, 3, 3))
                .node(
                    Node.of("Conv", List.of("image", "first.weight"), List.of("first"))
                        .withIntegers("pads", 1, 1, 1, 1))
                .node("Relu", List.of("first"), "relu"),
            "relu",
            1)
        .build(18)
        .write(file);
    Path description = folder.resolve("grey.json");
    try {
      java.nio.file.Files.writeString(
          description,
          """
          {"channel_order": "grey", "do_resize": true, "size": {"height": 32, "width": 32}, "do_rescale": true,
           "rescale_factor": 0.00392156862745098, "do_normalize": true,
           "image_mean": [0.5], "image_std": [0.5]}
          """);
    } catch (java.io.IOException failure) {
      throw new AssertionError(failure);
    }
    return load(file, description.toString());
  }

  /** Pixels straight into a linear layer. */
  static Path withoutConvolution(Path folder) {
    Path file = folder.resolve("linear.onnx");
    int pixels = 3 * SIDE * SIDE;
    named(3)
        .initializer(OnnxTensor.ofFloats("hidden.weight", ramp(8 * pixels), 8, pixels))
        .initializer(OnnxTensor.ofFloats("classifier.weight", ramp(24), 3, 8))
        .node("Flatten", List.of("image"), "flat")
        .node(
            Node.of("Gemm", List.of("flat", "hidden.weight"), List.of("hidden"))
                .withInteger("transB", 1))
        .node("Relu", List.of("hidden"), "hidden.relu")
        .node(
            Node.of("Gemm", List.of("hidden.relu", "classifier.weight"), List.of("logits"))
                .withInteger("transB", 1))
        .output("logits", ElementType.FLOAT, Dimension.named("N"), Dimension.of(3))
        .build(18)
        .write(file);
    return file;
  }

  static Backbone loadWithoutConvolution(Path folder) {
    return load(withoutConvolution(folder), "unit");
  }

  private static GraphBuilder named(int channels) {
    return GraphBuilder.named("edges")
        .input(
            "image",
            ElementType.FLOAT,
            Dimension.named("N"),
            Dimension.of(channels),
            Dimension.of(SIDE),
            Dimension.of(SIDE));
  }

  private static GraphBuilder classified(GraphBuilder graph, String map, int channels) {
    return graph
        .initializer(OnnxTensor.ofFloats("classifier.weight", ramp(3 * channels), 3, channels))
        .node("GlobalAveragePool", List.of(map), "pool")
        .node("Flatten", List.of("pool"), "flat")
        .node(
            Node.of("Gemm", List.of("flat", "classifier.weight"), List.of("logits"))
                .withInteger("transB", 1))
        .output("logits", ElementType.FLOAT, Dimension.named("N"), Dimension.of(3));
  }

  private static float[] ramp(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (i % 7 - 3) / 10f;
    }
    return values;
  }
}
