package dev.graft.runtime;

import java.util.Locale;

/** Holds the scores of a stream against the golden examples: each is its first window. */
final class StreamParity {
  private StreamParity() {}

  static void check(Bundle bundle, GoldenExamples golden, InferenceOptions options) {
    int phrase = bundle.config().labels().indexOf(bundle.detectionRule().phrase());
    for (GoldenExample example : golden.examples()) {
      if (!(example.input() instanceof ModelInput.Sound sound)) {
        continue;
      }
      try (SoundStreamScorer scorer = SoundStreamScorer.open(bundle, options)) {
        double[] scores = scorer.add(sound.samples(), 0, sound.samples().length);
        double found = scores.length == 0 ? Double.NaN : scores[0];
        double expected = example.probabilities().get(phrase);
        // Written so that a value that is not a number fails.
        if (!(Math.abs(found - expected) <= golden.tolerance())) {
          throw new ParityException(
              String.format(
                  Locale.ROOT,
                  "The bundle %s does not score a stream as single windows: for the golden example"
                      + " %s it gives %.6f, expected %.6f within %s; do not use this bundle: a file"
                      + " was changed, or it was written by a faulty export",
                  bundle.folder(),
                  example.name(),
                  found,
                  expected,
                  golden.tolerance()));
        }
      }
    }
  }
}
