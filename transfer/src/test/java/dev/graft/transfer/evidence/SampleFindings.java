package dev.graft.transfer.evidence;

import dev.graft.data.audio.PcmWav;
import dev.graft.data.audio.Waveform;
import dev.graft.data.image.Miniature;
import dev.graft.data.image.PixelImage;
import dev.graft.transfer.evidence.Baseline.Contender;
import dev.graft.transfer.evidence.Baseline.Contender.Kind;
import dev.graft.transfer.evidence.CalibrationFindings.Bin;
import dev.graft.transfer.evidence.CalibrationFindings.Observed;
import dev.graft.transfer.evidence.CalibrationFindings.PredictionSets;
import dev.graft.transfer.evidence.CalibrationFindings.Reliability;
import dev.graft.transfer.evidence.DataFindings.Cue;
import dev.graft.transfer.evidence.DataFindings.DuplicateGroup;
import dev.graft.transfer.evidence.DataFindings.Member;
import dev.graft.transfer.evidence.DataFindings.Outlier;
import dev.graft.transfer.evidence.DataFindings.SuspectLabel;
import dev.graft.transfer.evidence.Findings.Mistake;
import dev.graft.transfer.evidence.LadderFindings.Comparison;
import dev.graft.transfer.evidence.LadderFindings.Rung;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Findings of trainings that never took place. */
final class SampleFindings {

  private static final List<String> TEXTS =
      List.of(
          "My card was lost, and then I found it again; is the exchange rate of yesterday still good?",
          "\u05e9\u05dc\u05d5\u05dd, \u05d4\u05db\u05e8\u05d8\u05d9\u05e1 \u05e9\u05dc\u05d9 \u05d0\u05d1\u05d3 \u05d0\u05ea\u05de\u05d5\u05dc \ud83d\ude00 \u05d1\u05d1\u05d9\u05ea",
          "Lost\n\tcard & \"rate\" <b>now</b>",
          "Donaudampfschifffahrtselektrizit\u00e4tenhauptbetriebswerkbauunterbeamtengesellschaft fragt nach der Karte \ud83d\udc69\u200d\ud83d\udcbb");

  private SampleFindings() {}

  /** Everything that can be found, about these classes. */
  static Findings rich(List<String> classes) {
    List<Mistake> mistakes = mistakes(classes);
    DataFindings data = data(classes);
    Map<String, byte[]> thumbnails = new LinkedHashMap<>();
    mistakes.stream().limit(9).forEach(each -> thumbnails.put(each.id(), picture(each.id())));
    data.suspectLabels().stream()
        .limit(8)
        .forEach(each -> thumbnails.put(each.id(), picture(each.id())));
    data.outliers().forEach(each -> thumbnails.put(each.id(), picture(each.id())));
    data.duplicates().stream()
        .flatMap(group -> group.members().stream())
        .limit(9)
        .forEach(each -> thumbnails.put(each.id(), picture(each.id())));
    return new Findings(
        Optional.of(calibration()),
        Optional.of(data),
        Optional.of(learningCurve()),
        Optional.of(ladder()),
        List.of(),
        mistakes,
        List.of(),
        ShownExamples.ofPictures(thumbnails));
  }

  /** Everything that can be found about recordings of these classes. */
  static Findings ofRecordings(List<String> classes) {
    String first = "train/" + classes.get(0) + "/clip-1.wav";
    String second = "train/" + classes.get(1) + "/clip-2.wav";
    String tested = "test/" + classes.get(0) + "/clip-3.wav";
    DataFindings data =
        new DataFindings(
            List.of(new SuspectLabel(first, classes.get(0), classes.get(1), 0.04, 0.93)),
            List.of(
                new DuplicateGroup(
                    List.of(
                        new Member(first, classes.get(0), "train"),
                        new Member(tested, classes.get(0), "test")),
                    false,
                    true,
                    false)),
            List.of(new Outlier(second, classes.get(1), 0.81, 0.42)),
            List.of(new Cue("loudness", 0.81, 0.5, 0.005, "Knowing only the loudness tells.")),
            List.of("1 of 244 recordings is silent: " + second + "."));
    LearningCurve curve = learningCurve();
    return new Findings(
        Optional.of(calibration()),
        Optional.of(data),
        Optional.of(
            new LearningCurve(curve.points(), curve.forecasts(), "More examples help little.")),
        Optional.of(ladder()),
        List.of(baseline(classes, 0, 40)),
        List.of(new Mistake(tested, classes.get(0), classes.get(1), 0.97, "test")),
        List.of(),
        new ShownExamples(
            Map.of(first, picture(first), second, picture(second), tested, picture(tested)),
            Map.of(first, sound(), tested, sound()),
            Map.of()));
  }

  /** Texts of these classes, told wrong and right, with what the answers rest on. */
  static Findings ofTexts(List<String> classes) {
    List<Mistake> mistakes = new ArrayList<>();
    List<ExplainedText> explained = new ArrayList<>();
    Map<String, String> quotations = new LinkedHashMap<>();
    for (int number = 0; number < 5; number++) {
      String id = "tickets.csv#" + (17 + number);
      mistakes.add(new Mistake(id, classes.get(0), classes.get(1), 0.97 - 0.1 * number, "test"));
      quotations.put(id, TEXTS.get(number % TEXTS.size()));
      if (number < 4) {
        explained.add(explained(id, TEXTS.get(number), classes.get(0), classes.get(1)));
      }
    }
    explained.add(explained("tickets.csv#40", TEXTS.get(2), classes.get(0), classes.get(0)));
    explained.add(explained("tickets.csv#41", TEXTS.get(3), classes.get(1), classes.get(1)));
    return new Findings(
        Optional.of(calibration()),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        mistakes,
        explained,
        ShownExamples.ofQuotations(quotations));
  }

  private static ExplainedText explained(String id, String label, String predicted) {
    return explained(id, id, label, predicted);
  }

  /** Each piece between blanks is a word, by turns for the class and, less, against it. */
  private static ExplainedText explained(String id, String text, String label, String predicted) {
    List<WordEffect> words = new ArrayList<>();
    Matcher pieces = Pattern.compile("\\S+").matcher(text);
    while (pieces.find()) {
      int number = words.size();
      words.add(
          new WordEffect(
              pieces.start(), pieces.end(), number % 3 == 2 ? -1.5 / number : 3.0 / (number + 1)));
    }
    return new ExplainedText(
        id,
        label,
        "test",
        predicted,
        0.97,
        predicted,
        new ColouredText(text, id.endsWith("18"), words),
        0.31,
        0.95);
  }

  /** Each part was looked for, and nothing was found. */
  static Findings nothingOdd() {
    return new Findings(
        Optional.of(
            new CalibrationFindings(1, bins(0), bins(0), Optional.empty(), Optional.empty())),
        Optional.of(new DataFindings(List.of(), List.of(), List.of(), List.of(), List.of())),
        Optional.of(new LearningCurve(List.of(), List.of(), "There are too few images to tell.")),
        Optional.of(new LadderFindings(List.of(), List.of("nothing was tried"), "head")),
        List.of(),
        List.of(),
        List.of(),
        ShownExamples.NONE);
  }

  /** Findings whose every word from outside is hostile. */
  static Findings hostile(String word) {
    Map<String, byte[]> thumbnails = Map.of(word, picture(word));
    return new Findings(
        Optional.empty(),
        Optional.of(
            new DataFindings(
                List.of(new SuspectLabel(word, word, word, 0.1, 0.8)),
                List.of(
                    new DuplicateGroup(List.of(new Member(word, word, word)), true, true, true)),
                List.of(new Outlier(word, word, 0.9, 0.4)),
                List.of(new Cue(word, 0.8, 0.5, 0.01, word)),
                List.of(word))),
        Optional.of(new LearningCurve(List.of(), List.of(), word)),
        Optional.of(
            new LadderFindings(
                List.of(new Rung(word, 0.9, 0.2, 1, Optional.empty(), true, word)),
                List.of(word),
                word)),
        List.of(
            baseline(new Contender(Kind.BACKBONE_OF_SOUND, word, word), List.of("a", "b"), 30, 5)),
        List.of(new Mistake(word, word, word, 0.9, word)),
        List.of(explained(word, word, "other"), explained(word + "2", word, word)),
        new ShownExamples(thumbnails, Map.of(word, sound()), Map.of(word, word)));
  }

  /** A baseline for 100 examples; so many are told right by one side alone, the others by both. */
  static Baseline baseline(List<String> classes, int onlyBaseline, int onlyModel) {
    return baseline(
        new Contender(Kind.WITHOUT_BACKBONE, "mel bands", "Mean of mel bands"),
        classes,
        onlyBaseline,
        onlyModel);
  }

  /** The same with a backbone of sound. */
  static Baseline backboneOfSound(List<String> classes, int onlyBaseline, int onlyModel) {
    return baseline(
        new Contender(Kind.BACKBONE_OF_SOUND, "graft/speech-small", "The backbone of sound"),
        classes,
        onlyBaseline,
        onlyModel);
  }

  private static Baseline baseline(
      Contender contender, List<String> classes, int onlyBaseline, int onlyModel) {
    int[] labels = new int[100];
    float[] baseline = new float[200];
    float[] model = new float[200];
    for (int i = 0; i < 100; i++) {
      labels[i] = i % 2;
      boolean byModel = i >= onlyBaseline;
      boolean byBaseline = i < onlyBaseline || i >= onlyBaseline + onlyModel;
      model[2 * i + (byModel ? labels[i] : 1 - labels[i])] = 1;
      baseline[2 * i + (byBaseline ? labels[i] : 1 - labels[i])] = 1;
    }
    Evaluation evaluation = Evaluation.of(classes, labels, baseline);
    return Baseline.of(contender, "test", evaluation, labels, baseline, model);
  }

  /** A tenth of a second of a tone. */
  static byte[] sound() {
    float[] samples = new float[800];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (0.3 * Math.sin(i / 3.0));
    }
    return PcmWav.encode(new Waveform(samples, 8_000));
  }

  static CalibrationFindings calibration() {
    return new CalibrationFindings(
        1.62,
        bins(-0.12),
        bins(0.02),
        Optional.of(bins(-0.03)),
        Optional.of(
            new PredictionSets(
                0.9,
                0.184,
                1.12,
                Optional.of(new Observed(0.9216, new Interval(0.868, 0.954), 1.14)))));
  }

  /** Ten bins, the accuracy of each so far from its confidence. */
  private static Reliability bins(double shift) {
    List<Bin> bins = new ArrayList<>();
    double error = 0;
    int[] counts = {0, 0, 0, 3, 9, 14, 21, 33, 61, 103};
    for (int bin = 0; bin < 10; bin++) {
      double confidence = counts[bin] == 0 ? 0 : bin / 10.0 + 0.053;
      double accuracy =
          counts[bin] == 0 ? 0 : Math.max(0, Math.min(1, confidence + shift * (bin % 3 + 1) / 2));
      bins.add(new Bin(bin / 10.0, (bin + 1) / 10.0, counts[bin], confidence, accuracy));
      error += Math.abs(accuracy - confidence) * counts[bin] / 244;
    }
    return new Reliability(error, bins);
  }

  private static LearningCurve learningCurve() {
    return new LearningCurve(
        List.of(
            new LearningCurve.Point(24, 0.781, new Interval(0.70, 0.85)),
            new LearningCurve.Point(49, 0.846, new Interval(0.79, 0.89)),
            new LearningCurve.Point(98, 0.892, new Interval(0.86, 0.92)),
            new LearningCurve.Point(171, 0.914, new Interval(0.90, 0.93)),
            new LearningCurve.Point(244, 0.921, new Interval(0.915, 0.93))),
        List.of(
            new LearningCurve.Forecast(244, 0.923, new Interval(0.915, 0.932)),
            new LearningCurve.Forecast(488, 0.939, new Interval(0.92, 0.953)),
            new LearningCurve.Forecast(976, 0.949, new Interval(0.922, 0.968))),
        "With twice as many images, 488, about 93.9 % are expected (80 % band 92.0 % to 95.3 %),"
            + " 1.8 points more than now.");
  }

  private static LadderFindings ladder() {
    return new LadderFindings(
        List.of(
            new Rung(
                "the head alone",
                0.921,
                0.243,
                1.4,
                Optional.empty(),
                true,
                "The head alone: 92.1 % of the held-out examples right."),
            new Rung(
                "a head of two layers",
                0.926,
                0.239,
                2.7,
                Optional.of(new Comparison(6, 5, -0.004, 0.412)),
                false,
                "A head of two layers: 92.6 % of the held-out examples right, against 92.1 % of the"
                    + " head alone: 6 only it tells right, 5 only the other; log loss lower by"
                    + " 0.004; p = 0.41: no proved gain, not taken."),
            new Rung(
                "the last 3 of 9 blocks",
                0.951,
                0.171,
                21.6,
                Optional.of(new Comparison(11, 4, -0.072, 0.009)),
                true,
                "The last 3 of 9 blocks: 95.1 % of the held-out examples right, against 92.1 % of"
                    + " the head alone: 11 only it tells right, 4 only the other; log loss lower by"
                    + " 0.072; p = 0.009: a proved gain, taken.")),
        List.of(
            "Not tried: all layers would take about 3 min; a longer --budget lets it be tried."),
        "head-then-last:3");
  }

  private static List<Mistake> mistakes(List<String> classes) {
    List<Mistake> mistakes = new ArrayList<>();
    for (int number = 0; number < 12; number++) {
      mistakes.add(
          new Mistake(
              "test/" + classes.get(number % 2) + "/IMG_2014" + number + "_cropped-and-rotated.jpg",
              classes.get(number % 2),
              classes.get(1 - number % 2),
              0.993 - 0.031 * number,
              "test"));
    }
    return mistakes;
  }

  private static DataFindings data(List<String> classes) {
    List<SuspectLabel> suspects = new ArrayList<>();
    for (int number = 0; number < 14; number++) {
      suspects.add(
          new SuspectLabel(
              "train/" + classes.get(0) + "/suspect-" + number + ".jpg",
              classes.get(0),
              classes.get(1),
              0.02 + 0.02 * number,
              0.97 - 0.02 * number));
    }
    return new DataFindings(
        suspects,
        List.of(
            group(
                true,
                false,
                member(classes.get(0), "train", "a"),
                member(classes.get(1), "train", "b")),
            group(
                false,
                true,
                member(classes.get(0), "train", "c"),
                member(classes.get(0), "test", "d")),
            group(
                false,
                false,
                member(classes.get(1), "train", "e"),
                member(classes.get(1), "train", "f"),
                member(classes.get(1), "train", "g"),
                member(classes.get(1), "train", "h"))),
        List.of(
            new Outlier("train/" + classes.get(0) + "/a drawing.png", classes.get(0), 0.81, 0.42),
            new Outlier(
                "train/" + classes.get(1) + "/ein sehr langer Name mit Ümlauten und 漢字.jpg",
                classes.get(1),
                0.77,
                0.42)),
        List.of(
            new Cue(
                "brightness",
                0.81,
                0.5,
                0.005,
                "Brightness alone tells the classes apart in 81.0 % (guessing 50.0 %): images of"
                    + " one class are darker.")),
        List.of("The largest class has 3.1 times as many images as the smallest."));
  }

  private static Member member(String label, String part, String name) {
    return new Member(part + "/" + label + "/twin-" + name + ".jpg", label, part);
  }

  private static DuplicateGroup group(
      boolean acrossClasses, boolean acrossParts, Member... members) {
    return new DuplicateGroup(List.of(members), acrossClasses, acrossParts, false);
  }

  /** A picture that the name decides: two colours and a blot. */
  private static byte[] picture(String name) {
    SplittableRandom random = new SplittableRandom(name.hashCode());
    int width = 60 + random.nextInt(100);
    int height = 60 + random.nextInt(60);
    byte[] rgb = new byte[3 * width * height];
    int[] colours = random.ints(9, 0, 256).toArray();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int kind = Math.hypot(x - width / 2.0, y - height / 2.0) < 25 ? 2 : x > y ? 1 : 0;
        for (int c = 0; c < 3; c++) {
          rgb[3 * (y * width + x) + c] = (byte) colours[3 * kind + c];
        }
      }
    }
    return Miniature.jpeg(new PixelImage(width, height, rgb), 96);
  }
}
