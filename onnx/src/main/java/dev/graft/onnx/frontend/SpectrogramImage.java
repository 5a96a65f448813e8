package dev.graft.onnx.frontend;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.FrontEndNodes;
import dev.graft.onnx.ModelJoin;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Lets a backbone of images see sound: "waveform" [N, samples] becomes a picture of its log-mel
 * spectrogram, time to the right and low tones at the bottom, [N, channels, height, width].
 *
 * <p>Each spectrogram is standardised by its own mean and deviation; grey values are {@code
 * clip(1/2 + z / 6, 0, 1)}, the same in all channels, and then normalised as the backbone's images
 * are. That networks of photographs know something of such pictures is an experience (Palanisamy et
 * al. 2020, "Rethinking CNN Models for Audio Classification"), not a promise.
 *
 * @param samples of an example at {@value #RATE} Hz
 * @param height of the picture in pixels
 * @param width of the picture in pixels
 * @param factors of white on each channel: (white - black) of the normalised image
 * @param offsets black on each channel
 */
public record SpectrogramImage(
    int samples, int height, int width, List<Float> factors, List<Float> offsets) {
  /** Samples in a second. */
  public static final int RATE = 16_000;

  private static final String PICTURE = FrontEndNodes.PREFIX + "picture";
  private static final int TALL = 128;
  private static final LogMel FINE = new LogMel(RATE, 400, 160, 2_048, TALL, 60, 7_600);
  private static final double DEVIATIONS_SHOWN = 6;
  private static final double LEAST_VARIANCE = 1e-8;

  /** Checks the sizes. */
  public SpectrogramImage {
    factors = List.copyOf(factors);
    offsets = List.copyOf(offsets);
    if (height < 1 || width < 1 || factors.isEmpty() || factors.size() != offsets.size()) {
      throw new IllegalArgumentException(
          "a picture needs rows, columns and channels but has %d x %d pixels, %d factors, %d offsets"
              .formatted(height, width, factors.size(), offsets.size()));
    }
    if (samples < FrontEnd.logMel(FINE).leastSamples()) {
      throw new IllegalArgumentException(
          samples + " samples are too few for one frame of a spectrogram");
    }
  }

  /** What makes the spectrogram: with 128 bands for tall pictures, else 64. */
  public FrontEnd frontEnd() {
    return height >= TALL ? FrontEnd.logMel(FINE) : FrontEnd.LOG_MEL_OF_SPEECH;
  }

  /** The backbone behind the picture, with {@link SoundInput} in its metadata. */
  public OnnxModel join(OnnxModel backbone) {
    OnnxModel joined =
        ModelJoin.chain(
            drawn().upgradeTo(backbone.opset()),
            backbone,
            Map.of(PICTURE, backbone.graph().inputs().get(0).name()),
            ModelJoin.Keeps.SECOND,
            FrontEndNodes.PREFIX);
    return new SoundInput(frontEnd().name(), RATE, OptionalInt.of(samples)).noteIn(joined);
  }

  private OnnxModel drawn() {
    SpectrogramGraph begun = frontEnd().begun(samples, 0);
    MarkedGraph graph = begun.graph();
    String grey = grey(graph, standardised(graph, FrontEnd.LOG_MEL));
    // [N, 1, bands, T] -> [N, 1, height, width]
    String sized =
        graph.node(
            Node.of(
                    "Resize",
                    List.of(grey, "", "", graph.longs("picture_sides", height, width)),
                    List.of(graph.fresh("Resize")))
                .withText("mode", "linear")
                .withIntegers("axes", 2, 3));
    String[] channels = new String[factors.size()];
    Arrays.fill(channels, sized);
    String coloured =
        graph.node(
            Node.of("Concat", List.of(channels), List.of(graph.fresh("Concat")))
                .withInteger("axis", 1));
    String scaled = graph.node("Mul", coloured, channels(graph, "factors", factors));
    graph.last("Add", PICTURE, scaled, channels(graph, "offsets", offsets));
    return begun.endingIn(
        PICTURE,
        Dimension.named("N"),
        Dimension.of(factors.size()),
        Dimension.of(height),
        Dimension.of(width));
  }

  /** [N, T, bands] less its mean, by its deviation. */
  private static String standardised(MarkedGraph graph, String spectrogram) {
    String axes = graph.longs("time_and_bands", 1, 2);
    String mean = graph.node("ReduceMean", spectrogram, axes);
    String centred = graph.node("Sub", spectrogram, mean);
    String variance = graph.node("ReduceMean", graph.node("Mul", centred, centred), axes);
    String positive = graph.node("Add", variance, graph.scalar("least_variance", LEAST_VARIANCE));
    return graph.node("Div", centred, graph.node("Sqrt", positive));
  }

  /** [N, T, bands] to grey values [N, 1, bands, T], low tones last. */
  private String grey(MarkedGraph graph, String z) {
    String shown = graph.node("Mul", z, graph.scalar("contrast", 1 / DEVIATIONS_SHOWN));
    String lifted = graph.node("Add", shown, graph.scalar("middle_grey", 0.5));
    String clipped = graph.node("Clip", lifted, limit(graph, "black", 0), limit(graph, "white", 1));
    String turned =
        graph.node(
            Node.of("Transpose", List.of(clipped), List.of(graph.fresh("Transpose")))
                .withIntegers("perm", 0, 2, 1)); // [N, bands, T]
    List<Integer> order =
        IntStream.range(0, frontEnd().bands()).boxed().sorted(Collections.reverseOrder()).toList();
    String bands =
        graph.longs("bands_upward", order.stream().mapToLong(Integer::longValue).toArray());
    String upward =
        graph.node(
            Node.of("Gather", List.of(turned, bands), List.of(graph.fresh("Gather")))
                .withInteger("axis", 1));
    return graph.node("Unsqueeze", upward, graph.longs("grey_axis", 1));
  }

  /** A number without axes, as the limits of Clip must be. */
  private static String limit(MarkedGraph graph, String name, float value) {
    return graph.floats(name, new float[] {value}, new long[0]);
  }

  private static String channels(MarkedGraph graph, String name, List<Float> values) {
    float[] all = new float[values.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = values.get(i);
    }
    return graph.floats(name, all, 1, all.length, 1, 1);
  }
}
