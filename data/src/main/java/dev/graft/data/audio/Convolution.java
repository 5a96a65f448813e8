package dev.graft.data.audio;

import java.util.Arrays;

/** Convolution by overlap-add of transformed blocks (Stockham, 1966). */
final class Convolution {
  private Convolution() {}

  /** All samples + kernel - 1 values of the convolution; none where one of both is empty. */
  static float[] full(float[] samples, float[] kernel) {
    if (samples.length == 0 || kernel.length == 0) {
      return new float[0];
    }
    Fft fft = Fft.atLeast(2 * kernel.length);
    int size = fft.size();
    int block = size - kernel.length + 1;
    double[] kernelReal = new double[size];
    double[] kernelImaginary = new double[size];
    for (int i = 0; i < kernel.length; i++) {
      kernelReal[i] = kernel[i];
    }
    fft.forward(kernelReal, kernelImaginary);
    double[] sums = new double[samples.length + kernel.length - 1];
    double[] real = new double[size];
    double[] imaginary = new double[size];
    // Two blocks at once: as the kernel is real, real and imaginary parts stay apart.
    for (int start = 0; start < samples.length; start += 2 * block) {
      fill(real, samples, start, block);
      fill(imaginary, samples, start + block, block);
      fft.forward(real, imaginary);
      for (int i = 0; i < size; i++) {
        double re = real[i] * kernelReal[i] - imaginary[i] * kernelImaginary[i];
        imaginary[i] = real[i] * kernelImaginary[i] + imaginary[i] * kernelReal[i];
        real[i] = re;
      }
      fft.inverse(real, imaginary);
      add(real, sums, start);
      add(imaginary, sums, start + block);
    }
    float[] result = new float[sums.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = (float) sums[i];
    }
    return result;
  }

  private static void fill(double[] target, float[] samples, int start, int count) {
    Arrays.fill(target, 0);
    for (int i = 0; i < count && start + i < samples.length; i++) {
      target[i] = samples[start + i];
    }
  }

  private static void add(double[] block, double[] sums, int start) {
    for (int i = 0; i < block.length && start + i < sums.length; i++) {
      sums[start + i] += block[i];
    }
  }
}
