package dev.graft.onnx.frontend;

/**
 * Triangular filters over the bins of a spectrum, whose corners lie at equal distances on a scale
 * of pitch: filter i rises from corner i to corner i + 1 and falls to corner i + 2.
 *
 * @param bands number of filters
 * @param lowest the first corner in hertz
 * @param highest the last corner in hertz
 * @param scale on which the corners have equal distances
 * @param sides along which axis the sides are straight
 * @param height of the triangles
 */
record MelBank(
    int bands, double lowest, double highest, MelScale scale, Sides sides, Height height) {
  /** Along which axis the sides of a triangle are straight lines. */
  enum Sides {
    /** Along the scale of pitch: Kaldi, TensorFlow. */
    STRAIGHT_IN_MEL,
    /** Along the frequency: librosa, torchaudio. */
    STRAIGHT_IN_HERTZ
  }

  /** How high the triangles are. */
  enum Height {
    /** 1. */
    ONE,
    /** 2 over the width in hertz, so that all areas are 1 (librosa's norm "slaney"). */
    EQUAL_AREA
  }

  /**
   * The bins that some filter hears, and the filters over them.
   *
   * @param firstBin the number of the first of these bins
   * @param weights by band and bin
   */
  record Weights(int firstBin, float[][] weights) {
    int bins() {
      return weights[0].length;
    }

    /** Row by row: [bands, bins]. */
    float[] flat() {
      float[] values = new float[weights.length * bins()];
      for (int band = 0; band < weights.length; band++) {
        System.arraycopy(weights[band], 0, values, band * bins(), bins());
      }
      return values;
    }
  }

  /** The filters over the bins k rate / fft of a Fourier transform. */
  Weights weights(int rate, int fft) {
    double[] corners = corners();
    int bins = fft / 2 + 1;
    double[][] all = new double[bands][bins];
    int first = bins;
    int last = 0;
    for (int band = 0; band < bands; band++) {
      for (int bin = 0; bin < bins; bin++) {
        all[band][bin] = weight(corners, band, (double) bin * rate / fft);
        if (all[band][bin] > 0) {
          first = Math.min(first, bin);
          last = Math.max(last, bin);
        }
      }
    }
    float[][] heard = new float[bands][Math.max(0, last - first + 1)];
    for (int band = 0; band < bands; band++) {
      for (int bin = 0; bin < heard[band].length; bin++) {
        heard[band][bin] = (float) all[band][first + bin];
      }
    }
    return new Weights(first, heard);
  }

  /** The corners in hertz. */
  private double[] corners() {
    double from = scale.ofHertz(lowest);
    double step = (scale.ofHertz(highest) - from) / (bands + 1);
    double[] corners = new double[bands + 2];
    for (int i = 0; i < corners.length; i++) {
      corners[i] = scale.toHertz(from + i * step);
    }
    return corners;
  }

  private double weight(double[] corners, int band, double hertz) {
    double left = corners[band];
    double right = corners[band + 2];
    double rise = along(left, hertz) / along(left, corners[band + 1]);
    double fall = along(hertz, right) / along(corners[band + 1], right);
    double triangle = Math.max(0, Math.min(rise, fall));
    return switch (height) {
      case ONE -> triangle;
      case EQUAL_AREA -> 2 / (right - left) * triangle;
    };
  }

  /** The way from one frequency to another on the axis on which sides are straight. */
  private double along(double from, double to) {
    return switch (sides) {
      case STRAIGHT_IN_MEL -> scale.ofHertz(to) - scale.ofHertz(from);
      case STRAIGHT_IN_HERTZ -> to - from;
    };
  }
}
