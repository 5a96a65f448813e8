package dev.graft.onnx.frontend;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.FrontEndNodes;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import java.util.List;

/** Cuts a spectrogram [N, T, bands] into what an encoder takes. */
final class EncoderInput {
  /** The output: the windows of all examples, those of one beside each other. */
  static final String WINDOWS = FrontEndNodes.PREFIX + "windows";

  private static final int UNKNOWN = -1;

  private final SoundBackbone backbone;
  private final SpectrogramLayout layout;
  private final int frames;
  private final int window;

  EncoderInput(SoundBackbone backbone, SpectrogramLayout layout) {
    this.backbone = backbone;
    this.layout = layout;
    this.frames = backbone.frontEnd().frames(backbone.samples());
    this.window = layout.frames() == 0 ? frames : layout.frames();
  }

  /** Windows of an example. */
  int count() {
    return frames <= window ? 1 : (frames - window) / backbone.hopFrames() + 1;
  }

  /** Frames from the start of the first window to the end of the last. */
  int span() {
    return window + (count() - 1) * backbone.hopFrames();
  }

  /** From "waveform" [N, samples] to the windows [N * windows, ..]. */
  OnnxModel model() {
    SpectrogramGraph begun = begun();
    String x = filled(begun.graph());
    return frames > window
        ? laidOut(begun, windowed(begun.graph(), x), window, 1)
        : laidOut(begun, x, window, 0);
  }

  /** From "waveform" [N, samples] to the frames of all windows [N, ..]. */
  OnnxModel whole() {
    SpectrogramGraph begun = begun();
    MarkedGraph graph = begun.graph();
    // [N, T, bands] -> [N, span, bands]
    String x =
        graph.node(
            "Slice",
            FrontEnd.LOG_MEL,
            graph.longs("first_frame", 0),
            graph.longs("frame_end", span()),
            graph.longs("frame_axis", 1));
    return laidOut(begun, x, span(), 0);
  }

  /** From "waveform" [N, any number of samples] to all its frames [N, ..]. */
  OnnxModel open() {
    return laidOut(backbone.frontEnd().begunOpen(), FrontEnd.LOG_MEL, UNKNOWN, 0);
  }

  private boolean isFilledWithFrames() {
    return frames < window && backbone.frontEnd().missingFrame().isPresent();
  }

  private SpectrogramGraph begun() {
    boolean silent = frames < window && !isFilledWithFrames();
    int silence = silent ? backbone.frontEnd().samplesFor(window) - backbone.samples() : 0;
    return backbone.frontEnd().begun(backbone.samples(), silence);
  }

  /** [N, T, bands] to [N, window, bands] where frames are to be put in for those that miss. */
  private String filled(MarkedGraph graph) {
    if (!isFilledWithFrames()) {
      return FrontEnd.LOG_MEL;
    }
    double value = backbone.frontEnd().missingFrame().orElseThrow();
    return graph.node(
        "Pad",
        FrontEnd.LOG_MEL,
        graph.longs("missing_frames", 0, 0, 0, 0, window - frames, 0),
        graph.scalar("missing_frame", value));
  }

  /** [N, T, bands] to [N, windows, window, bands]. */
  private String windowed(MarkedGraph graph, String x) {
    long[] places = new long[count() * window];
    for (int i = 0; i < places.length; i++) {
      places[i] = (long) (i / window) * backbone.hopFrames() + i % window;
    }
    String indices =
        graph.node(
            "Reshape", graph.longs("frames", places), graph.longs("by_window", count(), window));
    return graph.node(
        Node.of("Gather", List.of(x, indices), List.of(graph.fresh("Gather")))
            .withInteger("axis", 1));
  }

  /** [N, .., length, bands] to the encoder's layout. */
  private OnnxModel laidOut(SpectrogramGraph begun, String x, int length, int windowAxes) {
    MarkedGraph graph = begun.graph();
    String turned = x;
    if (layout.isBandsFirst()) {
      // [N, .., length, bands] -> [N, .., bands, length]
      long[] permutation = windowAxes == 1 ? new long[] {0, 1, 3, 2} : new long[] {0, 2, 1};
      turned =
          graph.node(
              Node.of("Transpose", List.of(x), List.of(graph.fresh("Transpose")))
                  .withIntegers("perm", permutation));
    }
    // A target may leave one length open: an open number of frames comes with as many examples.
    long[] shape = layout.target(length == UNKNOWN ? 0 : -1, length);
    graph.last("Reshape", WINDOWS, turned, graph.longs("window_shape", shape));
    Dimension[] declared = new Dimension[shape.length];
    declared[0] = Dimension.named("windows");
    for (int axis = 1; axis < shape.length; axis++) {
      declared[axis] = shape[axis] < 0 ? Dimension.named("frames") : Dimension.of(shape[axis]);
    }
    return begun.endingIn(WINDOWS, declared);
  }
}
