package dev.graft.onnx.frontend;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import java.util.List;
import java.util.OptionalInt;

/**
 * Lays a front end on a graph: "waveform" [N, samples] to "log_mel" [N, T, bands]. For one thread.
 */
final class SpectrogramGraph {
  static final int OPSET = 18;

  private final Spectrogram spectrogram;
  private final MelBank.Weights filters;
  private final GraphBuilder builder = GraphBuilder.named("front_end");
  private final MarkedGraph graph = new MarkedGraph(builder);

  /**
   * @param samples of an example; empty where they are open
   * @param silence samples of silence to be laid behind them
   */
  SpectrogramGraph(Spectrogram spectrogram, OptionalInt samples, int silence) {
    this.spectrogram = spectrogram;
    this.filters = spectrogram.bank().weights(spectrogram.rate(), spectrogram.frames().fft());
    builder.input(
        FrontEnd.WAVEFORM,
        ElementType.FLOAT,
        Dimension.named("N"),
        samples.isPresent() ? Dimension.of(samples.getAsInt()) : Dimension.named("samples"));
    compressed(bands(spectrum(placed(silence))));
  }

  /** Where more nodes of the front end may be laid. */
  MarkedGraph graph() {
    return graph;
  }

  /** The graph with one output. */
  OnnxModel endingIn(String output, Dimension... shape) {
    return builder.output(output, ElementType.FLOAT, shape).build(OPSET);
  }

  /** [N, S] to [N, 1, 1, S], with what the frames need at the ends. */
  private String placed(int silence) {
    Frames frames = spectrogram.frames();
    String x = graph.node("Unsqueeze", FrontEnd.WAVEFORM, graph.longs("channel_axes", 1, 2));
    if (silence > 0) {
      x = graph.node("Pad", x, graph.longs("silence", 0, 0, 0, 0, 0, 0, 0, silence));
    }
    if (frames.reflected() > 0) {
      int after = frames.reflected() - frames.hop();
      String pads = graph.longs("pads", 0, 0, 0, frames.reflected(), 0, 0, 0, after);
      x =
          graph.node(
              Node.of("Pad", List.of(x, pads), List.of(graph.fresh("Pad")))
                  .withText("mode", "reflect"));
    }
    if (frames.lead() > 0) {
      x =
          graph.node(
              "Slice",
              x,
              graph.longs("starts", frames.lead()),
              graph.longs("ends", -frames.lead()),
              graph.longs("sample_axis", 3));
    }
    return x;
  }

  /**
   * [N, 1, 1, S] to the energies of the bins [N, bins, T]. The convolution is one over a map of
   * height 1, for which engines have faster kernels than for a sequence.
   */
  private String spectrum(String x) {
    int bins = filters.bins();
    String kernels = new FourierKernels(spectrogram, filters.firstBin(), bins).in(graph);
    String waves =
        graph.node(
            Node.of("Conv", List.of(x, kernels), List.of(graph.fresh("Conv")))
                .withIntegers("kernel_shape", 1, spectrogram.frames().length())
                .withIntegers("strides", 1, spectrogram.frames().hop()));
    // [N, 2 bins, 1, T] -> [N, 2, bins, T]
    String parts = graph.node("Reshape", waves, graph.longs("parts", 0, 2, bins, -1));
    String powers =
        graph.node(
            Node.of(
                    "ReduceSumSquare",
                    List.of(parts, graph.longs("part_axis", 1)),
                    List.of(graph.fresh("powers")))
                .withInteger("keepdims", 0));
    return switch (spectrogram.energy()) {
      case MAGNITUDE -> graph.node("Sqrt", powers);
      case POWER -> powers;
    };
  }

  /** [N, bins, T] to [N, T, bands]. */
  private String bands(String energies) {
    String weights =
        graph.floats("filters", filters.flat(), spectrogram.bank().bands(), filters.bins());
    String bands = graph.node("MatMul", weights, energies); // [N, bands, T]
    return graph.node(
        Node.of("Transpose", List.of(bands), List.of(graph.fresh("Transpose")))
            .withIntegers("perm", 0, 2, 1));
  }

  private void compressed(String bands) {
    Compression compression = spectrogram.compression();
    String floor = graph.scalar("floor", compression.floor());
    String positive =
        switch (compression.form()) {
          case ADDED -> graph.node("Add", bands, floor);
          case LEAST -> graph.node("Clip", bands, floor);
        };
    boolean scaled = compression.gain() != 1 || compression.offset() != 0;
    if (compression.range().isEmpty() && !scaled) {
      graph.last("Log", FrontEnd.LOG_MEL, positive);
      return;
    }
    String x = graph.node("Log", positive);
    if (compression.range().isPresent()) {
      String largest = graph.node("ReduceMax", x, graph.longs("frame_and_band", 1, 2));
      String range = graph.scalar("range", compression.range().getAsDouble());
      x = graph.node("Max", x, graph.node("Sub", largest, range));
    }
    x = graph.node("Mul", x, graph.scalar("gain", compression.gain()));
    graph.last("Add", FrontEnd.LOG_MEL, x, graph.scalar("offset", compression.offset()));
  }
}
