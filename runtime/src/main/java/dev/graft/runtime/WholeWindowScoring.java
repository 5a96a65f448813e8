package dev.graft.runtime;

import java.util.List;
import java.util.Map;

/** Runs model.onnx on each window. */
final class WholeWindowScoring implements WindowScoring {
  /** Bounds memory where windows are long. */
  private static final int MOST_SAMPLES_AT_ONCE = 1 << 20;

  private final InferenceSession session;
  private final String input;
  private final DetectionRule rule;
  private final int classes;
  private final int phrase;

  WholeWindowScoring(InferenceSession session, Bundle bundle, DetectionRule rule) {
    this.session = session;
    this.input = session.inputs().get(0).name();
    this.rule = rule;
    this.classes = bundle.config().labels().size();
    this.phrase = bundle.config().labels().indexOf(rule.phrase());
  }

  @Override
  public int firstSamples() {
    return rule.windowSamples();
  }

  @Override
  public int lead() {
    return 0;
  }

  @Override
  public double[] score(float[] samples, int hops) {
    int window = rule.windowSamples();
    int batch = Math.max(1, Math.min(hops, MOST_SAMPLES_AT_ONCE / window));
    double[] all = new double[hops];
    for (int first = 0; first < hops; first += batch) {
      int count = Math.min(batch, hops - first);
      float[] windows = new float[count * window];
      for (int i = 0; i < count; i++) {
        int start = (first + i) * rule.hopSamples();
        System.arraycopy(samples, start, windows, i * window, window);
      }
      float[] logits = logits(windows, count);
      System.arraycopy(WindowScoring.probabilities(logits, classes, phrase), 0, all, first, count);
    }
    return all;
  }

  private float[] logits(float[] windows, int count) {
    Map<String, TensorValue> found =
        session.runSelected(
            Map.of(input, TensorValue.ofFloats(windows, count, windows.length / count)),
            List.of(BundleLayout.LOGITS));
    if (found.get(BundleLayout.LOGITS) instanceof TensorValue.FloatValues floats
        && floats.elementCount() == (long) count * classes) {
      return floats.values();
    }
    throw new RuntimeModelException(
        "The model gave "
            + found
            + " for "
            + count
            + " windows; expected logits ["
            + count
            + ", "
            + classes
            + "]; restore the folder that graft wakeword train wrote");
  }

  @Override
  public void close() {
    session.close();
  }
}
