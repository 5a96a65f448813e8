package dev.graft.runtime;

import java.nio.file.Files;
import java.nio.file.Path;

/** Computes the probabilities of a phrase hop by hop. */
sealed interface WindowScoring extends AutoCloseable
    permits SlidingWindowScoring, WholeWindowScoring {
  /** Samples for one hop; each further one needs the rule's hop more. */
  int firstSamples();

  /** The number of hops at the beginning whose windows began before the sound. */
  int lead();

  /**
   * Probabilities of the phrase.
   *
   * @param samples exactly those of so many hops
   */
  double[] score(float[] samples, int hops);

  @Override
  void close();

  /** By the model for streams, where the bundle holds one. */
  static WindowScoring of(Bundle bundle, DetectionRule rule, InferenceOptions options) {
    Path streaming = bundle.folder().resolve(BundleLayout.STREAM_MODEL);
    return Files.exists(streaming)
        ? SlidingWindowScoring.open(streaming, bundle, rule, options)
        : new WholeWindowScoring(bundle.openSession(options), bundle, rule);
  }

  /** Probabilities of one class from logits [.., classes], in double precision. */
  static double[] probabilities(float[] logits, int classes, int phrase) {
    double[] result = new double[logits.length / classes];
    for (int row = 0; row < result.length; row++) {
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += Math.exp((double) logits[row * classes + c] - logits[row * classes + phrase]);
      }
      result[row] = 1 / sum;
    }
    return result;
  }
}
