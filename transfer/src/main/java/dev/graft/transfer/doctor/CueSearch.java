package dev.graft.transfer.doctor;

import dev.graft.data.DatasetKind;
import dev.graft.transfer.evidence.DataFindings.Cue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;

/**
 * Looks for properties that tell the class without the content, among at most {@value
 * #MOST_EXAMPLES} training examples. The probabilities are multiplied by the number of properties
 * (Bonferroni).
 */
final class CueSearch {
  private static final int MOST_EXAMPLES = 300;
  private static final int FEWEST_EXAMPLES = 20;
  private static final double MOST_BY_CHANCE = 0.01;

  /** Share of the way from chance to certainty from which a cue is worth a sentence. */
  private static final double LEAST_GAIN = 0.25;

  /** A property with what it is in words. */
  record Measure<T>(String name, String meaning, ToDoubleFunction<T> value) {}

  private CueSearch() {}

  /** Numbers of the training examples to look at. */
  static int[] rows(ExaminedData data) {
    return ExaminedData.sample(data.train().size(), MOST_EXAMPLES, data.seed());
  }

  /**
   * The clear cues, the strongest first.
   *
   * @param all numbers of training examples
   * @param content of an example, where it could be read
   */
  static <T> List<Cue> of(
      ExaminedData data, int[] all, IntFunction<Optional<T>> content, List<Measure<T>> measures) {
    int[] rows = Arrays.stream(all).filter(row -> content.apply(row).isPresent()).toArray();
    if (rows.length < FEWEST_EXAMPLES) {
      return List.of();
    }
    List<T> seen = Arrays.stream(rows).mapToObj(content).flatMap(Optional::stream).toList();
    int[] labels = Arrays.stream(rows).map(row -> data.train().table().labels()[row]).toArray();
    CueTest test = new CueTest(labels, data.classes().size(), data.seed());
    double chance = 1.0 / Arrays.stream(labels).distinct().count();
    List<Cue> cues = new ArrayList<>();
    for (Measure<T> measure : measures) {
      CueTest.Result result = test.of(seen.stream().mapToDouble(measure.value).toArray());
      double corrected = Math.min(1, result.pValue() * measures.size());
      if (corrected <= MOST_BY_CHANCE && result.accuracy() >= chance + LEAST_GAIN * (1 - chance)) {
        String sentence = sentence(measure.meaning, result.accuracy(), chance, data.kind());
        cues.add(new Cue(measure.name, result.accuracy(), chance, corrected, sentence));
      }
    }
    cues.sort(Comparator.comparingDouble(Cue::accuracy).reversed());
    return cues;
  }

  private static String sentence(String meaning, double accuracy, double chance, DatasetKind kind) {
    return String.format(
        Locale.ROOT,
        "Knowing only %s tells the class with %.0f %% balanced accuracy (guessing: %.0f %%). It may"
            + " be real signal, or an artefact of how the %4$s were collected that new %4$s will"
            + " not have: compare %4$s of the classes, and test on %4$s from another source.",
        meaning,
        100 * accuracy,
        100 * chance,
        kind.many());
  }
}
