package dev.graft.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Listens for the phrase of a wake word's bundle in running sound: samples in as they come, hits
 * out. What an application embeds.
 *
 * <p>Holds native memory until it is closed. For one thread.
 */
public final class WakeWordDetector implements AutoCloseable {
  private final SoundStreamScorer scorer;
  private final DetectionRule rule;
  private final ScorePatience patience;
  private final HitGrouping grouping;

  private WakeWordDetector(SoundStreamScorer scorer, DetectionRule rule) {
    this.scorer = scorer;
    this.rule = rule;
    this.patience = new ScorePatience(rule);
    this.grouping = new HitGrouping(rule.threshold(), rule.refractorySeconds());
  }

  /**
   * Opens the bundle of a wake word with the threshold it was trained for, to listen on one core.
   *
   * @throws BundleException if the folder is no bundle, or not that of a wake word
   * @throws RuntimeModelException if its model is damaged or cannot run here
   */
  public static WakeWordDetector open(Path folder) {
    Bundle bundle = Bundle.read(folder);
    return open(bundle, bundle.detectionRule());
  }

  /**
   * Listens by another rule, such as one with another threshold, on one core.
   *
   * @param rule for the phrase, the windows and the hop of the bundle's own
   * @throws BundleException if the bundle is not that of a wake word
   * @throws IllegalArgumentException if the rule is for another phrase, window or hop
   * @throws RuntimeModelException if its model is damaged or cannot run here
   */
  public static WakeWordDetector open(Bundle bundle, DetectionRule rule) {
    DetectionRule own = bundle.detectionRule();
    if (!rule.phrase().equals(own.phrase())
        || rule.windowSamples() != own.windowSamples()
        || rule.hopSamples() != own.hopSamples()) {
      throw new IllegalArgumentException(
          "Cannot listen with the bundle "
              + bundle.folder()
              + " by "
              + rule
              + ": phrase, window and hop must be those of its own "
              + own
              + "; change the others alone");
    }
    return new WakeWordDetector(
        SoundStreamScorer.open(bundle, InferenceOptions.defaults().withThreads(1)), rule);
  }

  /** The rule. */
  public DetectionRule rule() {
    return rule;
  }

  /** Samples a second that {@link #hear} expects. */
  public int sampleRate() {
    return scorer.sampleRate();
  }

  /**
   * Takes the next samples in, in [-1, 1], mono; any number of them.
   *
   * @return the hits that they complete
   */
  public List<Detection> hear(float[] samples, int offset, int count) {
    List<Detection> hits = new ArrayList<>();
    long first = scorer.scored();
    double[] scores = scorer.add(samples, offset, count);
    for (int i = 0; i < scores.length; i++) {
      double seconds = scorer.endSeconds(first + i);
      grouping.next(seconds, patience.next(scores[i])).ifPresent(hits::add);
    }
    return hits;
  }

  @Override
  public void close() {
    scorer.close();
  }
}
