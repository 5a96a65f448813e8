package dev.graft.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs the model for streams, which gets the vectors of the hops before and one new per hop. */
final class SlidingWindowScoring implements WindowScoring {
  private static final int MOST_PAST_FLOATS = 1 << 24;

  private final InferenceSession session;
  private final int firstSamples;
  private final int classes;
  private final int phrase;
  private final int width;
  private float[] past;

  private SlidingWindowScoring(
      InferenceSession session,
      int firstSamples,
      float[] past,
      int width,
      int classes,
      int phrase) {
    this.session = session;
    this.firstSamples = firstSamples;
    this.past = past;
    this.width = width;
    this.classes = classes;
    this.phrase = phrase;
  }

  static SlidingWindowScoring open(
      Path model, Bundle bundle, DetectionRule rule, InferenceOptions options) {
    InferenceSession session = InferenceSession.open(model, options);
    try {
      int first = metadata(session, model, BundleLayout.METADATA_FIRST_SAMPLES);
      int hop = metadata(session, model, BundleLayout.METADATA_HOP_SAMPLES);
      requireReal(model, session.inputs(), BundleLayout.WAVEFORM_INPUT, 2);
      List<Long> past = requireReal(model, session.inputs(), BundleLayout.PAST_VECTORS, 3);
      long lead = past.get(1);
      long width = past.get(2);
      // Each on its own first: a product of two lengths from a file may overflow.
      boolean fits =
          hop == rule.hopSamples()
              && lead >= 1
              && lead <= MOST_PAST_FLOATS
              && width >= 1
              && width <= MOST_PAST_FLOATS
              && lead * width <= MOST_PAST_FLOATS
              && first + lead * hop <= rule.windowSamples();
      if (!fits) {
        throw unusable(
            model,
            "its vectors of "
                + first
                + " samples every "
                + hop
                + ", "
                + (lead + 1)
                + " of them, do not fit windows of "
                + rule.windowSamples()
                + " every "
                + rule.hopSamples());
      }
      int classes = bundle.config().labels().size();
      requireWidth(model, session, BundleLayout.STREAM_VECTORS, width);
      requireWidth(model, session, BundleLayout.LOGITS, classes);
      int phrase = bundle.config().labels().indexOf(rule.phrase());
      return new SlidingWindowScoring(
          session, first, new float[(int) (lead * width)], (int) width, classes, phrase);
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

  /** The shape of a tensor of real numbers. */
  private static List<Long> requireReal(
      Path model, List<TensorDescription> tensors, String name, int rank) {
    return tensors.stream()
        .filter(tensor -> tensor.name().equals(name))
        .filter(tensor -> tensor.kind() == TensorKind.REAL && tensor.shape().size() == rank)
        .findFirst()
        .orElseThrow(
            () ->
                unusable(
                    model,
                    "it has no "
                        + name
                        + " of real numbers with "
                        + rank
                        + " axes, only "
                        + tensors))
        .shape();
  }

  private static void requireWidth(Path model, InferenceSession session, String name, long width) {
    long found = requireReal(model, session.outputs(), name, 3).get(2);
    if (found != width && found != -1) {
      throw unusable(model, name + " has rows of " + found + ", expected " + width);
    }
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
    float[] vectors = rows(found, BundleLayout.STREAM_VECTORS, hops, width);
    float[] logits = rows(found, BundleLayout.LOGITS, hops, classes);
    remember(vectors);
    return WindowScoring.probabilities(logits, classes, phrase);
  }

  private static float[] rows(
      Map<String, TensorValue> found, String name, int count, int rowWidth) {
    if (found.get(name) instanceof TensorValue.FloatValues floats
        && floats.elementCount() == (long) count * rowWidth) {
      return floats.values();
    }
    throw new RuntimeModelException(
        "The model for streams gave "
            + found
            + " for "
            + count
            + " hops; expected "
            + name
            + " [1, "
            + count
            + ", "
            + rowWidth
            + "]; restore the folder that graft wakeword train wrote");
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
