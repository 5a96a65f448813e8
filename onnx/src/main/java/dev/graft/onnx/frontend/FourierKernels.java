package dev.graft.onnx.frontend;

import dev.graft.onnx.ElementType;
import dev.graft.onnx.Node;
import java.util.List;

/**
 * The kernels of a windowed Fourier transform as a tensor [2 bins, 1, 1, frame]: the real parts of
 * all bins, then the imaginary ones, {@code w[n] cos(2 pi k n / fft)} and {@code w[n] sin(2 pi k n
 * / fft)}. The phase counts from the start of the frame, which magnitudes do not tell.
 */
record FourierKernels(Spectrogram spectrogram, int firstBin, int bins) {
  /** Above this, whole numbers are not exact in fp32. */
  static final int LARGEST_EXACT = 1 << 24;

  /** The tensor in a graph. */
  String in(MarkedGraph graph) {
    boolean plain = spectrogram.conditioning() == Conditioning.NONE;
    return plain && largestPosition() < LARGEST_EXACT ? computed(graph) : stored(graph);
  }

  /** The first bins' sines lie a quarter of the circle behind their cosines. */
  private int largestPosition() {
    Frames frames = spectrogram.frames();
    return (firstBin + bins - 1) * (frames.length() - 1) + frames.fft() / 4 * 3;
  }

  /**
   * The kernels computed by the graph itself, once when it is loaded, from a circle of cosines: a
   * file then holds a few kilobytes instead of nearly one megabyte. Positions on the circle are
   * whole numbers below 2^24, so that each kernel is exact but for one rounding by the window.
   */
  private String computed(MarkedGraph graph) {
    Frames frames = spectrogram.frames();
    int fft = frames.fft();
    float[] steps = new float[4 * bins]; // [2 bins, 2]: k and the start
    for (int bin = 0; bin < bins; bin++) {
      steps[2 * bin] = firstBin + bin;
      steps[2 * (bins + bin)] = firstBin + bin;
      steps[2 * (bins + bin) + 1] = fft / 4 * 3;
    }
    float[] places = new float[2 * frames.length()]; // [2, frame]: n and 1
    for (int n = 0; n < frames.length(); n++) {
      places[n] = n;
      places[frames.length() + n] = 1;
    }
    float[] circle = new float[fft];
    for (int i = 0; i < fft; i++) {
      circle[i] = (float) Math.cos(2 * Math.PI * i / fft);
    }
    String turned =
        graph.node(
            "MatMul",
            graph.floats("bins", steps, 2L * bins, 2),
            graph.floats("places", places, 2, frames.length()));
    String within =
        graph.node(
            Node.of("Mod", List.of(turned, graph.scalar("fft", fft)), List.of(graph.fresh("Mod")))
                .withInteger("fmod", 1));
    String indices =
        graph.node(
            Node.of("Cast", List.of(within), List.of(graph.fresh("Cast")))
                .withInteger("to", ElementType.INT64.onnxCode()));
    String waves = graph.node("Gather", graph.floats("circle", circle, fft), indices);
    float[] window = new float[frames.length()];
    double[] values = window();
    for (int n = 0; n < window.length; n++) {
      window[n] = (float) values[n];
    }
    String windowed = graph.node("Mul", waves, graph.floats("window", window, window.length));
    // [2 bins, frame] -> [2 bins, 1, 1, frame]
    return graph.node("Unsqueeze", windowed, graph.longs("filter_axes", 1, 2));
  }

  /** The kernels as they are, with what is done to the frames folded in. */
  private String stored(MarkedGraph graph) {
    Frames frames = spectrogram.frames();
    float[] kernels = new float[2 * bins * frames.length()];
    double[] window = window();
    for (int row = 0; row < 2 * bins; row++) {
      double[] kernel = spectrogram.conditioning().folded(kernel(row, window));
      for (int n = 0; n < kernel.length; n++) {
        kernels[row * kernel.length + n] = (float) kernel[n];
      }
    }
    return graph.floats("kernels", kernels, 2L * bins, 1, 1, frames.length());
  }

  private double[] kernel(int row, double[] window) {
    int fft = spectrogram.frames().fft();
    int bin = firstBin + row % bins;
    double[] kernel = new double[window.length];
    for (int n = 0; n < kernel.length; n++) {
      double angle = 2 * Math.PI * ((long) bin * n % fft) / fft;
      kernel[n] = window[n] * (row < bins ? Math.cos(angle) : Math.sin(angle));
    }
    return kernel;
  }

  private double[] window() {
    double[] window = spectrogram.window().values(spectrogram.frames().length());
    for (int n = 0; n < window.length; n++) {
      window[n] *= spectrogram.scale();
    }
    return window;
  }
}
