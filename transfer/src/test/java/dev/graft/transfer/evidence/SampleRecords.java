package dev.graft.transfer.evidence;

import dev.graft.data.DatasetKind;
import dev.graft.data.LeftOut;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Records of trainings that never took place. */
final class SampleRecords {

  static final String HOSTILE = "</td><script>alert('1')</script>\n| `x` | \"\u202E[a](http://b.c)";

  private SampleRecords() {}

  /** Two classes, head only, 153 test images of which 144 are right. */
  static TrainingRecord headOnly() {
    return record(
        List.of("ants", "bees"),
        Optional.of(evaluation(List.of("ants", "bees"), 153, 9, 1)),
        List.of());
  }

  /** The same with everything that can be found out. */
  static TrainingRecord rich() {
    return with(headOnly(), SampleFindings.rich(List.of("ants", "bees")));
  }

  /** Two classes of recordings, with everything that can be found out. */
  static TrainingRecord ofRecordings() {
    List<String> classes = List.of("jarvis", "other words");
    TrainingRecord record = record(classes, Optional.of(evaluation(classes, 153, 9, 1)), List.of());
    TrainingRecord.Data images = record.data();
    TrainingRecord.Data data =
        new TrainingRecord.Data(
            "wake-words.zip",
            DatasetKind.AUDIO,
            images.hash(),
            classes,
            images.trainCounts(),
            Map.of(),
            images.testCounts(),
            List.of(new LeftOut("broken/short.flac", "the file ends in the middle")));
    TrainingRecord.Source backbone =
        new TrainingRecord.Source(
            "speech-embedding",
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            Optional.of("Apache-2.0"),
            "16000",
            "features",
            192,
            "nothing: the file has no output layer",
            330_000,
            58_600_000,
            List.of(),
            Optional.empty(),
            java.util.Map.of("model.onnx", "0".repeat(64)));
    return with(with(record, data, backbone), SampleFindings.ofRecordings(classes));
  }

  /** Two classes of texts, with what the answers to some rest on. */
  static TrainingRecord ofTexts() {
    List<String> classes = List.of("card lost", "exchange rate");
    TrainingRecord record = record(classes, Optional.of(evaluation(classes, 153, 9, 1)), List.of());
    TrainingRecord.Data images = record.data();
    TrainingRecord.Data data =
        new TrainingRecord.Data(
            "tickets",
            DatasetKind.TEXT,
            images.hash(),
            classes,
            images.trainCounts(),
            Map.of(),
            images.testCounts(),
            List.of());
    return with(with(record, data, record.backbone()), SampleFindings.ofTexts(classes));
  }

  /** Twelve classes, unfrozen layers, and everything that can be found out. */
  static TrainingRecord richWithManyClasses() {
    TrainingRecord record = manyClasses(12);
    return with(record, SampleFindings.rich(record.data().classes()));
  }

  /** The same without a test part and with few validation images. */
  static TrainingRecord withoutTest() {
    return record(List.of("ants", "bees"), Optional.empty(), List.of());
  }

  /** Many classes, unfrozen layers, a training that diverged at the end. */
  static TrainingRecord manyClasses(int count) {
    List<String> classes =
        IntStream.range(0, count).mapToObj(index -> "species number " + (index + 1)).toList();
    List<TrainingRecord.Epoch> history = new ArrayList<>();
    for (int epoch = 1; epoch <= 14; epoch++) {
      history.add(
          new TrainingRecord.Epoch(
              epoch,
              epoch == 14 ? Double.NaN : 2.3 * Math.exp(-0.25 * epoch),
              0.5 + 1.6 * Math.exp(-0.35 * epoch) + 0.004 * epoch * epoch / 10,
              0.9 - 0.5 * Math.exp(-0.4 * epoch),
              epoch == 9));
    }
    return record(classes, Optional.of(evaluation(classes, 30 * count, 4 * count, 2)), history);
  }

  /** Every name and word from outside is hostile. */
  static TrainingRecord hostile() {
    TrainingRecord plain = headOnly();
    List<String> classes = List.of(HOSTILE, "ordinary");
    TrainingRecord.Data data =
        new TrainingRecord.Data(
            HOSTILE,
            DatasetKind.IMAGE,
            HOSTILE,
            classes,
            Map.of(HOSTILE, 3, "ordinary", 2),
            Map.of(),
            Map.of(),
            List.of(new LeftOut(HOSTILE, HOSTILE)));
    TrainingRecord.Source backbone =
        new TrainingRecord.Source(
            HOSTILE,
            HOSTILE,
            Optional.of(HOSTILE),
            HOSTILE,
            HOSTILE,
            1,
            HOSTILE,
            1,
            1,
            List.of(HOSTILE),
            Optional.empty(),
            java.util.Map.of("model.onnx", "0".repeat(64)));
    return new TrainingRecord(
        data,
        backbone,
        HOSTILE,
        HOSTILE,
        Map.of(HOSTILE, HOSTILE),
        HOSTILE,
        plain.candidates(),
        List.of(),
        evaluation(classes, 12, 5, 3),
        HOSTILE,
        Optional.empty(),
        Optional.empty(),
        SampleFindings.hostile(HOSTILE),
        List.of(HOSTILE),
        Map.of(HOSTILE, 1.0),
        Map.of(HOSTILE, HOSTILE),
        1,
        plain.finished());
  }

  /** The same training, finished later and slower. */
  static TrainingRecord later(TrainingRecord record) {
    Map<String, Double> slower = new LinkedHashMap<>();
    record.seconds().forEach((phase, seconds) -> slower.put(phase, seconds * 1.7 + 1));
    return new TrainingRecord(
        record.data(),
        record.backbone(),
        record.strategy(),
        record.head(),
        record.settings(),
        record.precision(),
        record.candidates(),
        record.history(),
        record.validation(),
        record.validationMethod(),
        record.test(),
        record.testPredictions(),
        record.findings(),
        record.notes(),
        slower,
        record.environment(),
        record.seed(),
        record.finished().plusSeconds(86_399));
  }

  /** A training on data of this name. */
  static TrainingRecord named(String name) {
    TrainingRecord record = headOnly();
    TrainingRecord.Data data = record.data();
    return with(
        record,
        new TrainingRecord.Data(
            name,
            data.kind(),
            data.hash(),
            data.classes(),
            data.trainCounts(),
            data.validationCounts(),
            data.testCounts(),
            data.leftOut()),
        record.backbone());
  }

  private static TrainingRecord with(
      TrainingRecord record, TrainingRecord.Data data, TrainingRecord.Source backbone) {
    return new TrainingRecord(
        data,
        backbone,
        record.strategy(),
        record.head(),
        record.settings(),
        record.precision(),
        record.candidates(),
        record.history(),
        record.validation(),
        record.validationMethod(),
        record.test(),
        record.testPredictions(),
        record.findings(),
        record.notes(),
        record.seconds(),
        record.environment(),
        record.seed(),
        record.finished());
  }

  /** The same training with other findings. */
  static TrainingRecord with(TrainingRecord record, Findings findings) {
    return record.with(findings);
  }

  private static TrainingRecord record(
      List<String> classes, Optional<Evaluation> test, List<TrainingRecord.Epoch> history) {
    return new TrainingRecord(
        data(classes, test.isPresent()),
        new TrainingRecord.Source(
            "mobilenetv2-0.35-imagenet-headless",
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            Optional.of("Apache-2.0"),
            "3x224x224",
            "global_average_pooling2d",
            1280,
            "nothing: the file has no output layer",
            410_208,
            58_600_000,
            history.isEmpty() ? List.of() : List.of("block_15", "block_16", "Conv_1"),
            Optional.empty(),
            java.util.Map.of("model.onnx", "0".repeat(64))),
        history.isEmpty() ? "head" : "head-then-last:3",
        "linear",
        settings(),
        "bf16: feature cosine to fp32 is at least 0.9998 on 8 examples",
        candidates(),
        history,
        evaluation(classes, 40 * classes.size(), 5 * classes.size(), 4),
        "5 folds, near-duplicates kept together, predictions out of fold",
        test,
        Optional.empty(),
        Findings.NONE,
        List.of("3 groups of near-duplicates were kept on one side of every split"),
        seconds(),
        environment(),
        42,
        Instant.parse("2026-03-01T10:15:30.123Z"));
  }

  private static TrainingRecord.Data data(List<String> classes, boolean withTest) {
    Map<String, Integer> train = new LinkedHashMap<>();
    Map<String, Integer> test = new LinkedHashMap<>();
    for (int index = 0; index < classes.size(); index++) {
      train.put(classes.get(index), 121 + 7 * (index % 5));
      test.put(classes.get(index), 76 + index % 3);
    }
    return new TrainingRecord.Data(
        "ants-bees.zip",
        DatasetKind.IMAGE,
        "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
        classes,
        train,
        Map.of(),
        withTest ? test : Map.of(),
        List.of(
            new LeftOut("train/ants/broken.jpg", "the file ends in the middle of the image"),
            new LeftOut("train/bees/notes.txt", "it is no image")));
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("--views", "8");
    settings.put("--augment", "flip, crop 0.8 to 1, colour 0.2");
    settings.put("--class-weights", "balanced");
    return settings;
  }

  private static List<TrainingRecord.Candidate> candidates() {
    return List.of(
        new TrainingRecord.Candidate(1e-4, 0.351, 0.912, false),
        new TrainingRecord.Candidate(1e-3, 0.262, 0.921, false),
        new TrainingRecord.Candidate(1e-2, 0.214, 0.935, true),
        new TrainingRecord.Candidate(0.1, 0.247, 0.931, false),
        new TrainingRecord.Candidate(1, 0.389, 0.902, false));
  }

  private static Map<String, Double> seconds() {
    Map<String, Double> seconds = new LinkedHashMap<>();
    seconds.put("reading", 0.31);
    seconds.put("features", 2.25);
    seconds.put("head", 0.84);
    return seconds;
  }

  private static Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("graft", "0.1.0");
    environment.put("java", "17.0.15");
    environment.put("platform", "Linux amd64");
    environment.put("threads", "2");
    environment.put("command", "graft train ants-bees.zip --backbone m.onnx --out model");
    return environment;
  }

  /** An evaluation of so many examples, the given number of them wrong. */
  static Evaluation evaluation(List<String> classes, int examples, int wrong, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int width = classes.size();
    int[] labels = new int[examples];
    float[] probabilities = new float[examples * width];
    for (int example = 0; example < examples; example++) {
      labels[example] = example % width;
      boolean mistaken = example < wrong;
      int predicted =
          mistaken ? (labels[example] + 1 + random.nextInt(width - 1)) % width : labels[example];
      float certainty = 0.6f + 0.39f * (float) random.nextDouble();
      for (int label = 0; label < width; label++) {
        probabilities[example * width + label] =
            label == predicted ? certainty : (1 - certainty) / (width - 1);
      }
    }
    return Evaluation.of(classes, labels, probabilities);
  }
}
