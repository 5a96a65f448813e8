package dev.graft.data.audio;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The discrete Fourier transform of a power of two of complex values, in place (Cooley and Tukey,
 * "An Algorithm for the Machine Calculation of Complex Fourier Series", 1965). Immutable, shared by
 * size, thread-safe.
 */
final class Fft {
  private static final Map<Integer, Fft> BY_SIZE = new ConcurrentHashMap<>();

  private final int size;
  private final double[] cosines;
  private final double[] sines;

  private Fft(int size) {
    this.size = size;
    // One table for each length of block, behind each other, so that they are read in order.
    this.cosines = new double[size];
    this.sines = new double[size];
    for (int half = 1; half < size; half <<= 1) {
      for (int k = 0; k < half; k++) {
        cosines[half + k] = Math.cos(Math.PI * k / half);
        sines[half + k] = Math.sin(Math.PI * k / half);
      }
    }
  }

  /** The transform of a size, a power of two from 2 on. */
  static Fft of(int size) {
    if (size < 2 || Integer.bitCount(size) != 1) {
      throw new IllegalArgumentException("size: expected a power of two from 2 on, found " + size);
    }
    return BY_SIZE.computeIfAbsent(size, Fft::new);
  }

  /** The transform of the least size that holds so many values. */
  static Fft atLeast(int count) {
    return of(Math.max(2, Integer.highestOneBit(Math.max(1, count - 1)) << 1));
  }

  int size() {
    return size;
  }

  /** X[k] = sum of x[n] exp(-2 pi i k n / size). */
  void forward(double[] real, double[] imaginary) {
    reorder(real, imaginary);
    if (size < 4) {
      pair(real, imaginary);
      return;
    }
    fours(real, imaginary);
    for (int length = 8; length <= size; length <<= 1) {
      int half = length / 2;
      for (int block = 0; block < size; block += length) {
        for (int k = 0; k < half; k++) {
          double c = cosines[half + k];
          double s = sines[half + k];
          int low = block + k;
          int high = low + half;
          double re = real[high] * c + imaginary[high] * s;
          double im = imaginary[high] * c - real[high] * s;
          real[high] = real[low] - re;
          imaginary[high] = imaginary[low] - im;
          real[low] += re;
          imaginary[low] += im;
        }
      }
    }
  }

  private static void pair(double[] real, double[] imaginary) {
    double re = real[1];
    double im = imaginary[1];
    real[1] = real[0] - re;
    imaginary[1] = imaginary[0] - im;
    real[0] += re;
    imaginary[0] += im;
  }

  /** The first two rounds at once: their factors are 1 and -i. */
  private void fours(double[] real, double[] imaginary) {
    for (int i = 0; i < size; i += 4) {
      double sumRe = real[i] + real[i + 1];
      double sumIm = imaginary[i] + imaginary[i + 1];
      double difRe = real[i] - real[i + 1];
      double difIm = imaginary[i] - imaginary[i + 1];
      double nextSumRe = real[i + 2] + real[i + 3];
      double nextSumIm = imaginary[i + 2] + imaginary[i + 3];
      double nextDifRe = real[i + 2] - real[i + 3];
      double nextDifIm = imaginary[i + 2] - imaginary[i + 3];
      real[i] = sumRe + nextSumRe;
      imaginary[i] = sumIm + nextSumIm;
      real[i + 1] = difRe + nextDifIm;
      imaginary[i + 1] = difIm - nextDifRe;
      real[i + 2] = sumRe - nextSumRe;
      imaginary[i + 2] = sumIm - nextSumIm;
      real[i + 3] = difRe - nextDifIm;
      imaginary[i + 3] = difIm + nextDifRe;
    }
  }

  /** The inverse of {@link #forward}, with the factor 1 / size. */
  void inverse(double[] real, double[] imaginary) {
    // Exchanging the parts before and after conjugates twice.
    forward(imaginary, real);
    for (int i = 0; i < size; i++) {
      real[i] /= size;
      imaginary[i] /= size;
    }
  }

  private void reorder(double[] real, double[] imaginary) {
    int shift = Integer.numberOfLeadingZeros(size) + 1;
    for (int i = 0; i < size; i++) {
      int j = Integer.reverse(i) >>> shift;
      if (j > i) {
        double kept = real[i];
        real[i] = real[j];
        real[j] = kept;
        kept = imaginary[i];
        imaginary[i] = imaginary[j];
        imaginary[j] = kept;
      }
    }
  }
}
