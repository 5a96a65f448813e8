package dev.graft.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs a saved model on its golden examples and compares the probabilities with the recorded ones.
 *
 * <p>{@code |found - expected| <= tolerance} for every class of every example; a value that is not
 * a number never passes.
 */
public final class ParityCheck {

  private ParityCheck() {}

  /**
   * Checks the bundle in a folder, computing with one thread for each processor.
   *
   * @throws ParityException if a probability differs by more than the tolerance
   * @throws BundleException if the folder is no bundle or its golden examples are unusable
   * @throws RuntimeModelException if the model is damaged or fails
   */
  public static ParityReport run(Path bundleFolder) {
    return run(Bundle.read(bundleFolder), InferenceOptions.defaults());
  }

  /**
   * Checks a bundle.
   *
   * @throws ParityException as {@link #run(Path)}
   * @throws BundleException as {@link #run(Path)}
   * @throws RuntimeModelException as {@link #run(Path)}
   */
  public static ParityReport run(Bundle bundle, InferenceOptions options) {
    GoldenExamples golden = bundle.goldenExamples();
    double largest = 0;
    double largestLogit = 0;
    String largestName = golden.examples().get(0).name();
    try (InputCodec codec = Predictor.codec(bundle);
        InferenceSession session = bundle.openSession(options)) {
      for (GoldenExample example : golden.examples()) {
        Map<String, TensorValue> found = compute(session, codec.tensor(List.of(example.input())));
        double difference = largestDifference(bundle, example, found, golden.tolerance());
        if (difference > largest) {
          largest = difference;
          largestName = example.name();
        }
        float[] logits = row(bundle, example, found, BundleLayout.LOGITS);
        for (int i = 0; i < logits.length; i++) {
          largestLogit = Math.max(largestLogit, Math.abs(logits[i] - example.logits().get(i)));
        }
      }
    }
    if (bundle.config().detection().isPresent()) {
      StreamParity.check(bundle, golden, options);
    }
    return new ParityReport(
        golden.examples().size(), largest, largestName, largestLogit, golden.tolerance());
  }

  private static Map<String, TensorValue> compute(InferenceSession session, TensorValue value) {
    String input = session.inputs().get(0).name();
    return session.runSelected(
        Map.of(input, value), List.of(BundleLayout.LOGITS, BundleLayout.PROBABILITIES));
  }

  private static double largestDifference(
      Bundle bundle, GoldenExample example, Map<String, TensorValue> found, double tolerance) {
    float[] probabilities = row(bundle, example, found, BundleLayout.PROBABILITIES);
    double largest = 0;
    for (int i = 0; i < probabilities.length; i++) {
      double expected = example.probabilities().get(i);
      double difference = Math.abs(probabilities[i] - expected);
      // Written so that a value that is not a number fails.
      if (!(difference <= tolerance)) {
        throw new ParityException(
            String.format(
                Locale.ROOT,
                "The saved model %s does not repeat what was recorded: for the golden example %s it"
                    + " gives \"%s\" the probability %.6f, expected %.6f within %s; do not use this"
                    + " bundle: the file was changed, or it was written by a faulty export",
                bundle.modelFile(),
                example.name(),
                bundle.config().labels().get(i),
                probabilities[i],
                expected,
                tolerance));
      }
      largest = Math.max(largest, difference);
    }
    return largest;
  }

  private static float[] row(
      Bundle bundle, GoldenExample example, Map<String, TensorValue> found, String output) {
    int width = bundle.config().labels().size();
    if (found.get(output) instanceof TensorValue.FloatValues floats
        && floats.values().length == width) {
      return floats.values();
    }
    throw new RuntimeModelException(
        "The model "
            + bundle.modelFile()
            + " gave "
            + found
            + " for the golden example "
            + example.name()
            + "; expected "
            + output
            + " [1, "
            + width
            + "]");
  }
}
