package dev.graft.engine.operator;

import dev.graft.onnx.ElementType;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Windows and filter banks of audio front ends: constants that a graph states by their sizes. */
final class SignalWindows {
  /** Above any window of sound; a file that states more is damaged. */
  private static final int LONGEST = 1 << 20;

  private static final long LARGEST_BANK = 1 << 26;

  private SignalWindows() {}

  static void register(Operators operators) {
    operators
        .add("HannWindow", call -> cosines(call, 0.5, 0.5, 0))
        .add("HammingWindow", call -> cosines(call, 25.0 / 46, 21.0 / 46, 0))
        .add("BlackmanWindow", call -> cosines(call, 0.42, 0.5, 0.08))
        .add("MelWeightMatrix", SignalWindows::melWeights);
  }

  /** a - b cos(2 pi i / n) + c cos(4 pi i / n), with n one less where the window is symmetric. */
  private static List<Value> cosines(Call call, double a, double b, double c) {
    int size = size(call, 0);
    double period = call.integer("periodic", 1) == 1 ? size : Math.max(1, size - 1);
    double[] window = new double[size];
    for (int i = 0; i < size; i++) {
      double angle = 2 * Math.PI * i / period;
      window[i] = a - b * Math.cos(angle) + c * Math.cos(2 * angle);
    }
    return made(call, window, size);
  }

  private static int size(Call call, int input) {
    long size = call.longs(input)[0];
    if (size < 0 || size > LONGEST) {
      throw call.failure(
          "a length of 0 to " + LONGEST + " is expected but input " + input + " is " + size + ".");
    }
    return (int) size;
  }

  private static List<Value> made(Call call, double[] values, long... shape) {
    Tensor doubles = Tensor.create(values, shape);
    return List.of(
        new TensorValue(doubles.to(call.scalarType("output_datatype", ElementType.FLOAT))));
  }

  /**
   * Triangles over the bins of a spectrum [bins, mel bands], with feet and tops at equal distances
   * on the mel scale, 2595 log10(1 + f / 700) (ONNX operators, MelWeightMatrix).
   */
  private static List<Value> melWeights(Call call) {
    int bands = size(call, 0);
    long length = size(call, 1);
    long rate = call.longs(2)[0];
    double low = mel(call.real(3, 0));
    double high = mel(call.real(4, 0));
    int bins = (int) (length / 2 + 1);
    int[] edges = new int[bands + 2];
    for (int i = 0; i < edges.length; i++) {
      double hertz =
          700 * Math.expm1((low + i * (high - low) / edges.length) * Math.log(10) / 2595);
      edges[i] = (int) Math.floor((length + 1) * hertz / rate);
    }
    if (edges[0] < 0 || edges[bands] >= bins || edges[bands + 1] > bins) {
      throw call.failure(
          "the upper edge of "
              + call.real(4, 0)
              + " Hz lies above half the sample rate of "
              + rate
              + " Hz.");
    }
    if ((long) bins * bands > LARGEST_BANK) {
      throw call.failure(bands + " bands over " + bins + " bins are more than can be laid out.");
    }
    double[] weights = new double[bins * bands];
    for (int band = 0; band < bands; band++) {
      triangle(weights, band, bands, edges[band], edges[band + 1], edges[band + 2]);
    }
    return made(call, weights, bins, bands);
  }

  private static double mel(double hertz) {
    return 2595 * Math.log10(1 + hertz / 700);
  }

  private static void triangle(double[] weights, int band, int bands, int from, int top, int to) {
    if (top == from) {
      weights[top * bands + band] = 1;
    }
    for (int bin = from; bin <= top && top > from; bin++) {
      weights[bin * bands + band] = (bin - from) / (double) (top - from);
    }
    for (int bin = top; bin < to; bin++) {
      weights[bin * bands + band] = (to - bin) / (double) (to - top);
    }
  }
}
