package dev.graft.transfer.export;

import dev.graft.data.Preprocessing;
import dev.graft.data.audio.AudioPreprocessing;
import dev.graft.data.image.ChannelOrder;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.data.image.Interpolation;
import dev.graft.data.image.Resize;
import dev.graft.data.text.TextEncoder;
import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import dev.graft.runtime.BundleLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Preprocessing as ONNX operators: uint8 pixels [N,H,W,3] of any size in, what the backbone takes
 * out. It computes what the data module computes for training: Resize of opset 18 with antialias,
 * centre crop at floor((size - crop) / 2), (pixel scale - mean) / deviation.
 */
final class PreprocessingGraph {
  /** The output: [N, channels, crop height, crop width]. */
  static final String PREPARED = "prepared_image";

  private static final String PREFIX = "preprocessing.";

  private PreprocessingGraph() {}

  static OnnxModel of(Preprocessing preprocessing, int opset) {
    if (preprocessing instanceof ImagePreprocessing images) {
      return ofImages(images, opset);
    }
    if (preprocessing instanceof AudioPreprocessing sounds) {
      return ofSounds(sounds, opset);
    }
    if (preprocessing instanceof TextEncoder) {
      return ofTexts(opset);
    }
    throw new IllegalArgumentException("no graph prepares " + preprocessing.kind().word());
  }

  /** Recordings enter as the backbone takes them: its front end lies in its own graph. */
  private static OnnxModel ofSounds(AudioPreprocessing preprocessing, int opset) {
    Dimension batch = Dimension.named("batch");
    Dimension samples = Dimension.of(preprocessing.windowSamples());
    return GraphBuilder.named("preprocessing")
        .input(BundleLayout.WAVEFORM_INPUT, ElementType.FLOAT, batch, samples)
        .node("Identity", List.of(BundleLayout.WAVEFORM_INPUT), PREPARED)
        .output(PREPARED, ElementType.FLOAT, batch, samples)
        .build(opset);
  }

  /**
   * Texts enter as numbers of tokens; the network takes them as floats, in which they are exact.
   */
  private static OnnxModel ofTexts(int opset) {
    Dimension batch = Dimension.named("batch");
    Dimension tokens = Dimension.named("tokens");
    return GraphBuilder.named("preprocessing")
        .input(BundleLayout.TOKENS_INPUT, ElementType.INT64, batch, tokens)
        .node(
            Node.of("Cast", List.of(BundleLayout.TOKENS_INPUT), List.of(PREPARED))
                .withInteger("to", ElementType.FLOAT.onnxCode()))
        .output(PREPARED, ElementType.FLOAT, batch, tokens)
        .build(opset);
  }

  private static OnnxModel ofImages(ImagePreprocessing preprocessing, int opset) {
    GraphBuilder graph =
        GraphBuilder.named("preprocessing")
            .input(
                BundleLayout.IMAGE_INPUT,
                ElementType.UINT8,
                Dimension.named("batch"),
                Dimension.named("height"),
                Dimension.named("width"),
                Dimension.of(3));
    graph.node(
        Node.of("Cast", List.of(BundleLayout.IMAGE_INPUT), List.of(PREFIX + "float"))
            .withInteger("to", ElementType.FLOAT.onnxCode()));
    String coloured = channels(graph, preprocessing.channelOrder(), PREFIX + "float");
    graph.node(
        Node.of("Transpose", List.of(coloured), List.of(PREFIX + "channels_first"))
            .withIntegers("perm", 0, 3, 1, 2)); // [N,H,W,C] -> [N,C,H,W]
    String resized = resize(graph, preprocessing, PREFIX + "channels_first");
    String cropped = crop(graph, preprocessing, resized);
    normalise(graph, preprocessing, cropped);
    return graph
        .output(
            PREPARED,
            ElementType.FLOAT,
            Dimension.named("batch"),
            Dimension.of(preprocessing.channelOrder().channels()),
            Dimension.of(preprocessing.cropHeight()),
            Dimension.of(preprocessing.cropWidth()))
        .build(opset);
  }

  /** Channels are mixed by a small matrix product over the last axis. */
  private static String channels(GraphBuilder graph, ChannelOrder order, String rgb) {
    if (order == ChannelOrder.RGB) {
      return rgb;
    }
    float[] matrix =
        order == ChannelOrder.BGR
            ? new float[] {0, 0, 1, 0, 1, 0, 1, 0, 0}
            : new float[] {0.299f, 0.587f, 0.114f};
    graph.initializer(OnnxTensor.ofFloats(PREFIX + "channel_mix", matrix, 3, order.channels()));
    graph.node("MatMul", List.of(rgb, PREFIX + "channel_mix"), PREFIX + "channels");
    return PREFIX + "channels";
  }

  private static String resize(GraphBuilder graph, ImagePreprocessing preprocessing, String image) {
    boolean keepsAspect = preprocessing.resize() instanceof Resize.ShorterSide;
    long[] size =
        preprocessing.resize() instanceof Resize.ShorterSide side
            ? new long[] {side.pixels(), side.pixels()}
            : new long[] {
              ((Resize.Exact) preprocessing.resize()).height(),
              ((Resize.Exact) preprocessing.resize()).width()
            };
    graph.initializer(OnnxTensor.ofLongs(PREFIX + "size", size, 2));
    boolean cubic = preprocessing.interpolation() == Interpolation.BICUBIC;
    Node resize =
        Node.of("Resize", List.of(image, "", "", PREFIX + "size"), List.of(PREFIX + "resized"))
            .withText("mode", cubic ? "cubic" : "linear")
            .withText("coordinate_transformation_mode", "half_pixel")
            .withText("keep_aspect_ratio_policy", keepsAspect ? "not_smaller" : "stretch")
            .withInteger("antialias", 1)
            .withIntegers("axes", 2, 3);
    graph.node(cubic ? resize.withReal("cubic_coeff_a", -0.5f) : resize);
    return PREFIX + "resized";
  }

  private static String crop(GraphBuilder graph, ImagePreprocessing preprocessing, String image) {
    long[] crop = {preprocessing.cropHeight(), preprocessing.cropWidth()};
    if (preprocessing.resize() instanceof Resize.Exact exact
        && exact.height() == crop[0]
        && exact.width() == crop[1]) {
      return image;
    }
    graph.initializer(OnnxTensor.ofLongs(PREFIX + "crop", crop, 2));
    graph.initializer(OnnxTensor.ofLongs(PREFIX + "two", new long[] {2}, 1));
    graph.initializer(OnnxTensor.ofLongs(PREFIX + "axes", new long[] {2, 3}, 2));
    graph.node(
        Node.of("Shape", List.of(image), List.of(PREFIX + "resized_size"))
            .withInteger("start", 2)
            .withInteger("end", 4));
    graph.node("Sub", List.of(PREFIX + "resized_size", PREFIX + "crop"), PREFIX + "margin");
    graph.node("Div", List.of(PREFIX + "margin", PREFIX + "two"), PREFIX + "first");
    graph.node("Add", List.of(PREFIX + "first", PREFIX + "crop"), PREFIX + "end");
    graph.node(
        "Slice",
        List.of(image, PREFIX + "first", PREFIX + "end", PREFIX + "axes"),
        PREFIX + "cropped");
    return PREFIX + "cropped";
  }

  /** (p scale - mean) / deviation = p (scale / deviation) - mean / deviation. */
  private static void normalise(
      GraphBuilder graph, ImagePreprocessing preprocessing, String image) {
    int channels = preprocessing.channelOrder().channels();
    List<Float> means = new ArrayList<>(preprocessing.mean());
    float[] factor = new float[channels];
    float[] offset = new float[channels];
    for (int c = 0; c < channels; c++) {
      factor[c] = preprocessing.scale() / preprocessing.deviation().get(c);
      offset[c] = -means.get(c) / preprocessing.deviation().get(c);
    }
    graph.initializer(OnnxTensor.ofFloats(PREFIX + "factor", factor, 1, channels, 1, 1));
    graph.initializer(OnnxTensor.ofFloats(PREFIX + "offset", offset, 1, channels, 1, 1));
    graph.node("Mul", List.of(image, PREFIX + "factor"), PREFIX + "scaled");
    graph.node("Add", List.of(PREFIX + "scaled", PREFIX + "offset"), PREPARED);
  }
}
