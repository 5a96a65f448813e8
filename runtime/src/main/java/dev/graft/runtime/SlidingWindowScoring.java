package dev.graft.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Runs the model for streams, which gets the vectors of the hops before and one new per hop. */
final class SlidingWindowScoring implements WindowScoring {
  private static final int MOST_FIRST_SAMPLES = 1 << 24;

  private final InferenceSession session;
  private final int firstSamples;
  private final int classes;
  private final int phrase;
  private final int width;
  private float[] past;

  private SlidingWindowScoring(
      InferenceSession session, int firstSamples, int lead, int width, Bundle bundle, int phrase) {
    this.session = session;
    this.firstSamples = firstSamples;
    this.width = width;
    this.past = new float[lead * width];
    this.classes = bundle.config().labels().size();
    this.phrase = phrase;
  }

  static SlidingWindowScoring open(
      Path model, Bundle bundle, DetectionRule rule, InferenceOptions options) {
    InferenceSession session = InferenceSession.open(model, options);
    try {
      int first = metadata(session, model, BundleLayout.METADATA_FIRST_SAMPLES);
      int hop = metadata(session, model, BundleLayout.METADATA_HOP_SAMPLES);
      long[] past =
          session.inputs().stream()
              .filter(input -> input.name().equals(BundleLayout.PAST_VECTORS))
              .filter(input -> input.shape().size() == 3)
              .findFirst()
              .orElseThrow(() -> unusable(model, "it has no input " + BundleLayout.PAST_VECTORS))
              .shape()
              .stream()
              .mapToLong(Long::longValue)
              .toArray();
      boolean fits =
          hop == rule.hopSamples()
              && past[1] >= 1
              && past[2] >= 1
              && past[1] * past[2] <= MOST_FIRST_SAMPLES
              && first + past[1] * hop <= rule.windowSamples();
      if (!fits) {
        throw unusable(
            model,
            "its vectors of "
                + first
                + " samples every "
                + hop
                + ", "
                + (past[1] + 1)
                + " of them, do not fit windows of "
                + rule.windowSamples()
                + " every "
                + rule.hopSamples());
      }
      int phrase = bundle.config().labels().indexOf(rule.phrase());
      return new SlidingWindowScoring(session, first, (int) past[1], (int) past[2], bundle, phrase);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private static int metadata(InferenceSession session, Path model, String key) {
    String text = session.metadata().getOrDefault(key, "");
    if (!text.matches("[1-9][0-9]{0,7}")) {
      throw unusable(model, "its metadata names no " + key);
    }
    return Integer.parseInt(text);
  }

  private static BundleException unusable(Path model, String reason) {
    return new BundleException(
        "The model for streams "
            + model
            + " is not usable: "
            + reason
            + "; restore the folder that graft wakeword train wrote");
  }

  @Override
  public int firstSamples() {
    return firstSamples;
  }

  @Override
  public int lead() {
    return past.length / width;
  }

  @Override
  public double[] score(float[] samples, int hops) {
    Map<String, TensorValue> found =
        session.runSelected(
            Map.of(
                BundleLayout.WAVEFORM_INPUT,
                TensorValue.ofFloats(samples, 1, samples.length),
                BundleLayout.PAST_VECTORS,
                TensorValue.ofFloats(past, 1, past.length / width, width)),
            List.of(BundleLayout.STREAM_VECTORS, BundleLayout.LOGITS));
    remember(
        ((TensorValue.FloatValues) Objects.requireNonNull(found.get(BundleLayout.STREAM_VECTORS)))
            .values());
    TensorValue logits = Objects.requireNonNull(found.get(BundleLayout.LOGITS));
    if (logits.elementCount() != (long) hops * classes) {
      throw new RuntimeModelException(
          "The model for streams gave "
              + logits
              + " for "
              + hops
              + " hops and "
              + classes
              + " labels; restore the folder that graft wakeword train wrote");
    }
    return WindowScoring.probabilities(logits, classes, phrase);
  }

  /** The last vectors of those before and the new ones. */
  private void remember(float[] vectors) {
    float[] kept = new float[past.length];
    int fresh = Math.min(vectors.length, kept.length);
    System.arraycopy(past, fresh, kept, 0, kept.length - fresh);
    System.arraycopy(vectors, vectors.length - fresh, kept, kept.length - fresh, fresh);
    past = kept;
  }

  @Override
  public void close() {
    session.close();
  }
}
