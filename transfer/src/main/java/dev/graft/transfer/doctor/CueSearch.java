package dev.graft.transfer.doctor;

import dev.graft.transfer.evidence.DataFindings.Cue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Looks for properties that tell the class without the content of the picture, among at most
 * {@value #MOST_PICTURES} training examples. The probabilities are multiplied by the number of
 * properties (Bonferroni).
 */
final class CueSearch {
  private static final int MOST_PICTURES = 300;
  private static final int FEWEST_PICTURES = 20;
  private static final double MOST_BY_CHANCE = 0.01;

  /** Share of the way from chance to certainty from which a cue is worth a sentence. */
  private static final double LEAST_GAIN = 0.25;

  /** A property with what it is in words. */
  private record Measure(String name, String meaning, ToDoubleFunction<Picture> value) {}

  private static final List<Measure> MEASURES =
      List.of(
          new Measure("brightness", "how bright the picture is", Picture::brightness),
          new Measure("contrast", "how strong its contrast is", Picture::contrast),
          new Measure("sharpness", "how sharp or blurred it is", Picture::sharpness),
          new Measure("colour", "how colourful or grey it is", Picture::colour),
          new Measure("border", "how bright its border is", Picture::border),
          new Measure("size", "how many pixels it has", Picture::pixels),
          new Measure("shape", "its width in proportion to its height", Picture::shape),
          new Measure(
              "compression", "how many bytes its file has for each pixel", Picture::density),
          new Measure("format", "the format of its file", Picture::formatNumber));

  private CueSearch() {}

  /** The clear cues, the strongest first. */
  static List<Cue> of(ExaminedData data, Pictures pictures) {
    int[] rows = ExaminedData.sample(data.train().size(), MOST_PICTURES, data.seed());
    pictures.readToMeasure(rows);
    rows = Arrays.stream(rows).filter(row -> pictures.of(row).isPresent()).toArray();
    if (rows.length < FEWEST_PICTURES) {
      return List.of();
    }
    List<Picture> seen =
        Arrays.stream(rows).mapToObj(pictures::of).flatMap(Optional::stream).toList();
    int[] labels = Arrays.stream(rows).map(row -> data.train().table().labels()[row]).toArray();
    int classes = data.classes().size();
    CueTest test = new CueTest(labels, classes, data.seed());
    double chance = 1.0 / Arrays.stream(labels).distinct().count();
    List<Cue> cues = new ArrayList<>();
    for (Measure measure : MEASURES) {
      CueTest.Result result = test.of(seen.stream().mapToDouble(measure.value).toArray());
      double corrected = Math.min(1, result.pValue() * MEASURES.size());
      if (corrected <= MOST_BY_CHANCE && result.accuracy() >= chance + LEAST_GAIN * (1 - chance)) {
        cues.add(cue(measure, result.accuracy(), chance, corrected));
      }
    }
    cues.sort(Comparator.comparingDouble(Cue::accuracy).reversed());
    return cues;
  }

  private static Cue cue(Measure measure, double accuracy, double chance, double pValue) {
    String sentence =
        String.format(
            Locale.ROOT,
            "Knowing only %s tells the class with %.0f %% balanced accuracy (guessing: %.0f %%)."
                + " It may be real signal, or an artefact of how the pictures were collected that"
                + " new pictures will not have: compare pictures of the classes, and test on"
                + " pictures from another source.",
            measure.meaning,
            100 * accuracy,
            100 * chance);
    return new Cue(measure.name, accuracy, chance, pValue, sentence);
  }
}
