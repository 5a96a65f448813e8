package dev.graft.runtime;

import dev.graft.data.audio.AudioPreprocessing;
import java.util.Arrays;

/**
 * Gives the probability of a wake word's phrase for each window of running sound, one hop after the
 * other.
 *
 * <p>Window k begins with sample k * hop. Where the bundle holds a model for streams, what
 * overlapping windows share is computed once, and the probabilities are those of model.onnx up to
 * rounding; else model.onnx runs on each window. Holds native memory until it is closed. For one
 * thread.
 */
public final class SoundStreamScorer implements AutoCloseable {
  /** Ten seconds and less at the usual hop of 80 ms: more would not fit the caches. */
  private static final int MOST_HOPS_AT_ONCE = 125;

  private final WindowScoring scoring;
  private final DetectionRule rule;
  private final int sampleRate;
  private float[] pending = new float[1 << 14];
  private int size;
  private int unusable;
  private long scored;

  private SoundStreamScorer(WindowScoring scoring, DetectionRule rule, int sampleRate) {
    this.scoring = scoring;
    this.rule = rule;
    this.sampleRate = sampleRate;
    this.unusable = scoring.lead();
  }

  /**
   * Opens the bundle of a wake word.
   *
   * @throws BundleException if it is not that of a wake word, or its parts do not belong together
   * @throws RuntimeModelException if a model is damaged or cannot run here
   */
  public static SoundStreamScorer open(Bundle bundle, InferenceOptions options) {
    DetectionRule rule = bundle.detectionRule();
    AudioPreprocessing preprocessing = bundle.audioPreprocessing();
    if (preprocessing.windowSamples() != rule.windowSamples()) {
      throw new BundleException(
          "The parts of the bundle "
              + bundle.folder()
              + " do not belong together: "
              + BundleLayout.CONFIG
              + " names windows of "
              + rule.windowSamples()
              + " samples, but "
              + BundleLayout.PREPROCESSOR_CONFIG
              + " of "
              + preprocessing.windowSamples()
              + "; restore the folder that graft wakeword train wrote");
    }
    return new SoundStreamScorer(
        WindowScoring.of(bundle, rule, options), rule, preprocessing.sampleRate());
  }

  /** Samples a second. */
  public int sampleRate() {
    return sampleRate;
  }

  /** The number of windows that were scored so far. */
  public long scored() {
    return scored;
  }

  /** When a window ends, in seconds from the start of the sound. */
  public double endSeconds(long window) {
    return ((double) window * rule.hopSamples() + rule.windowSamples()) / sampleRate;
  }

  /**
   * Takes the next samples in, in [-1, 1], mono; any number of them.
   *
   * @return probabilities of the phrase for the windows that they complete, in order
   */
  public double[] add(float[] samples, int offset, int count) {
    append(samples, offset, count);
    double[] scores = new double[0];
    for (int hops = ready(); hops > 0; hops = ready()) {
      int some = Math.min(hops, MOST_HOPS_AT_ONCE);
      int length = scoring.firstSamples() + (some - 1) * rule.hopSamples();
      double[] found = scoring.score(Arrays.copyOf(pending, length), some);
      drop(some * rule.hopSamples());
      int skipped = Math.min(unusable, some);
      unusable -= skipped;
      int before = scores.length;
      scores = Arrays.copyOf(scores, before + some - skipped);
      System.arraycopy(found, skipped, scores, before, some - skipped);
    }
    scored += scores.length;
    return scores;
  }

  private int ready() {
    int beyond = size - scoring.firstSamples();
    return beyond < 0 ? 0 : beyond / rule.hopSamples() + 1;
  }

  private void append(float[] samples, int offset, int count) {
    int needed = Math.addExact(size, count);
    if (needed > pending.length) {
      pending = Arrays.copyOf(pending, Math.max(needed, 2 * Math.min(pending.length, 1 << 28)));
    }
    System.arraycopy(samples, offset, pending, size, count);
    size = needed;
  }

  private void drop(int count) {
    size -= count;
    System.arraycopy(pending, count, pending, 0, size);
  }

  @Override
  public void close() {
    scoring.close();
  }
}
