package dev.graft.runtime;

import dev.graft.data.audio.AudioPreprocessing;
import java.util.Arrays;
import java.util.Objects;

/**
 * Gives the probability of a wake word's phrase for each window of running sound, one hop after the
 * other.
 *
 * <p>Window k begins with sample k * hop. Where the bundle holds a model for streams, what
 * overlapping windows share is computed once, and the probabilities are those of model.onnx up to
 * rounding, and known as soon as its vectors are, which may be less than a hop before the window's
 * end; else model.onnx runs on each window. Holds native memory until it is closed. For one thread.
 */
public final class SoundStreamScorer implements AutoCloseable {
  /** Ten seconds and less at the usual hop of 80 ms: more would not fit the caches. */
  private static final int MOST_HOPS_AT_ONCE = 125;

  /** Samples that are taken in at once, so that long sounds are not moved about as a whole. */
  private static final int BLOCK = 1 << 18;

  private final WindowScoring scoring;
  private final DetectionRule rule;
  private final int sampleRate;
  private float[] pending = new float[1 << 14];
  private int size;

  /** Samples to come that lie between two windows. */
  private int gap;

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
    Objects.checkFromIndexSize(offset, count, samples.length);
    double[] scores = new double[0];
    for (int taken = 0; taken < count; taken += BLOCK) {
      append(samples, offset + taken, Math.min(BLOCK, count - taken));
      for (int hops = ready(); hops > 0; hops = ready()) {
        scores = joined(scores, next(Math.min(hops, MOST_HOPS_AT_ONCE)));
      }
    }
    return scores;
  }

  private int ready() {
    int beyond = size - scoring.firstSamples();
    return beyond < 0 ? 0 : beyond / rule.hopSamples() + 1;
  }

  private double[] next(int hops) {
    int length = scoring.firstSamples() + (hops - 1) * rule.hopSamples();
    double[] found = scoring.score(Arrays.copyOf(pending, length), hops);
    drop((long) hops * rule.hopSamples());
    int skipped = Math.min(unusable, hops);
    unusable -= skipped;
    scored += hops - skipped;
    return Arrays.copyOfRange(found, skipped, hops);
  }

  private static double[] joined(double[] first, double[] second) {
    double[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private void append(float[] samples, int offset, int count) {
    int between = Math.min(gap, count);
    gap -= between;
    int needed = size + count - between;
    if (needed > pending.length) {
      pending = Arrays.copyOf(pending, Math.max(needed, 2 * pending.length));
    }
    System.arraycopy(samples, offset + between, pending, size, count - between);
    size = needed;
  }

  private void drop(long count) {
    int dropped = (int) Math.min(size, count);
    gap = (int) (count - dropped);
    size -= dropped;
    System.arraycopy(pending, dropped, pending, 0, size);
  }

  @Override
  public void close() {
    scoring.close();
  }
}
