package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.runtime.BundleLayout;
import dev.graft.runtime.ParityReport;
import dev.graft.transfer.bagofwords.BagOfWords;
import dev.graft.transfer.bagofwords.WordsBackbone;
import dev.graft.transfer.evidence.Baseline;
import dev.graft.transfer.evidence.CalibrationFindings;
import dev.graft.transfer.evidence.CalibrationFindings.PredictionSets;
import dev.graft.transfer.evidence.Evaluation;
import dev.graft.transfer.evidence.LadderFindings;
import dev.graft.transfer.evidence.TrainingRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a training run tells at its end: what was read, trained and found, and where it lies. */
final class TrainingSummary {
  private static final int NAME_WIDTH = 12;
  private static final int CLASSES_SHOWN = 8;
  private static final int LEFT_OUT_SHOWN = 5;
  private static final int BLOCKS_SHOWN = 4;

  private final TrainingRecord record;
  private final ParityReport parity;
  private final Path folder;
  private final int columns;
  private final List<String> lines = new ArrayList<>();

  TrainingSummary(TrainingRecord record, ParityReport parity, Path folder, int columns) {
    this.record = record;
    this.parity = parity;
    this.folder = folder;
    this.columns = columns;
  }

  /** For people. */
  List<String> lines() {
    lines.clear();
    TrainingRecord.Data data = record.data();
    field("Read", data.name() + ": train " + counts(data.trainCounts()));
    part("validation", data.validationCounts());
    part("test", data.testCounts());
    lines.addAll(LeftOutReport.of(data.leftOut(), LEFT_OUT_SHOWN).lines());
    record.findings().ladder().ifPresent(this::ladder);
    field("Trained", trained());
    field("Precision", record.precision());
    field("Validation", figures(record.validation()) + "; " + record.validationMethod());
    record.test().ifPresent(test -> field("Test", figures(test)));
    record.findings().baselines().forEach(found -> field("Baseline", baseline(found)));
    record.findings().calibration().ifPresent(found -> field("Calibrated", calibrated(found)));
    record.findings().learningCurve().ifPresent(curve -> field("More data", curve.sentence()));
    field(
        "Checked",
        String.format(
            Locale.ROOT,
            "the saved file gives the same probabilities in ONNX Runtime, within %.1e on %s",
            parity.largestDifference(),
            Wording.count(parity.exampleCount(), record.data().kind().one())));
    record.notes().forEach(note -> field("Note", note));
    field("Took", seconds());
    field(
        "Written", folder + " (" + BundleLayout.MODEL + size() + ", " + BundleLayout.REPORT + ")");
    unbroken(
        "Use it",
        "graft predict "
            + CommandText.quoted(folder.toString())
            + " "
            + Wording.placeholder(record.data().kind())
            + "...");
    return List.copyOf(lines);
  }

  /** One sentence for each decision. */
  private void ladder(LadderFindings ladder) {
    String name = "Chose";
    for (LadderFindings.Rung rung : ladder.rungs()) {
      field(name, rung.sentence());
      name = "";
    }
    for (String sentence : ladder.skipped()) {
      field(name, sentence);
      name = "";
    }
  }

  private void part(String name, Map<String, Integer> counts) {
    if (counts.values().stream().anyMatch(count -> count > 0)) {
      field("", name + " " + counts(counts));
    }
  }

  /** For programs: where the model lies, then the figures as in metrics.json. */
  ObjectNode json() {
    ObjectNode json = Json.object();
    json.put("out", folder.toString());
    json.put("strategy", record.strategy());
    json.put("head", record.head());
    json.put("seed", record.seed());
    json.put("seconds", record.totalSeconds());
    record.test().ifPresent(test -> json.set("test", test.toJson()));
    json.set("validation", record.validation().toJson());
    json.put("validation_method", record.validationMethod());
    record.data().classes().forEach(json.putArray("classes")::add);
    ObjectNode examples = json.putObject("examples");
    putCounts(examples.putObject("train"), record.data().trainCounts());
    putCounts(examples.putObject("validation"), record.data().validationCounts());
    putCounts(examples.putObject("test"), record.data().testCounts());
    var leftOut = json.putArray("left_out");
    record
        .data()
        .leftOut()
        .forEach(item -> leftOut.addObject().put("file", item.path()).put("reason", item.reason()));
    json.putObject("parity")
        .put("examples", parity.exampleCount())
        .put("largest_difference", parity.largestDifference())
        .put("tolerance", parity.tolerance());
    record.notes().forEach(json.putArray("notes")::add);
    return json;
  }

  private static void putCounts(ObjectNode json, Map<String, Integer> counts) {
    counts.forEach(json::put);
  }

  private String trained() {
    List<String> blocks = record.backbone().trainedBlocks();
    String unfrozen =
        blocks.isEmpty()
            ? "backbone frozen"
            : Wording.count(blocks.size(), "block")
                + " of the backbone trained ("
                + blocks.stream().limit(BLOCKS_SHOWN).collect(Collectors.joining(", "))
                + (blocks.size() > BLOCKS_SHOWN ? ", ..." : "")
                + ")";
    return record.backbone().id()
        + ", strategy "
        + record.strategy()
        + ", head "
        + record.head()
        + " on "
        + Wording.count(record.backbone().features(), "feature")
        + "; "
        + unfrozen;
  }

  private static String figures(Evaluation evaluation) {
    return String.format(
        Locale.ROOT,
        "%s right (%s of %s; 95 %% interval %s to %s), balanced %s, log loss %.3f",
        Wording.percent(evaluation.accuracy()),
        Wording.count(evaluation.correct()),
        Wording.count(evaluation.examples()),
        Wording.percent(evaluation.accuracyInterval().low()),
        Wording.percent(evaluation.accuracyInterval().high()),
        Wording.percent(evaluation.balancedAccuracy()),
        evaluation.logLoss());
  }

  private static String baseline(Baseline baseline) {
    return String.format(
        Locale.ROOT,
        "%s %s right (95 %% interval %s to %s) on the same %s part; %s%s",
        baseline.contender().name(),
        Wording.percent(baseline.evaluation().accuracy()),
        Wording.percent(baseline.evaluation().accuracyInterval().low()),
        Wording.percent(baseline.evaluation().accuracyInterval().high()),
        baseline.part(),
        baseline.verdict().words(),
        offer(baseline));
  }

  /** Where words alone do as well, a model of them can be had. */
  private static String offer(Baseline baseline) {
    boolean offered =
        baseline.contender().name().equals(BagOfWords.NAME)
            && baseline.verdict() != Baseline.Verdict.MODEL_IS_BETTER;
    return offered ? "; --backbone " + WordsBackbone.ID + " makes a model of it" : "";
  }

  private static String calibrated(CalibrationFindings found) {
    String error =
        String.format(
            Locale.ROOT,
            "temperature %.2f; confidence is off by %s on held-out examples",
            found.temperature(),
            Wording.percent(found.after().expectedCalibrationError()));
    String onTest =
        found
            .test()
            .map(
                test ->
                    ", " + Wording.percent(test.expectedCalibrationError()) + " on the test part")
            .orElse("");
    return error + onTest + found.sets().map(TrainingSummary::sets).orElse("");
  }

  private static String sets(PredictionSets sets) {
    return "; sets that shall hold the class in "
        + Wording.share(sets.coverage())
        + sets.test()
            .map(
                test ->
                    String.format(
                        Locale.ROOT,
                        " do in %s of the test part, with %.2f classes on average",
                        Wording.percent(test.coverage()),
                        test.meanSize()))
            .orElse(String.format(Locale.ROOT, " have %.2f classes on average", sets.meanSize()));
  }

  private static String counts(Map<String, Integer> counts) {
    int total = counts.values().stream().mapToInt(Integer::intValue).sum();
    String first =
        counts.entrySet().stream()
            .limit(CLASSES_SHOWN)
            .map(entry -> Wording.name(entry.getKey()) + " " + Wording.count(entry.getValue()))
            .collect(Collectors.joining(", "));
    String more =
        counts.size() > CLASSES_SHOWN
            ? " and " + Wording.count(counts.size() - CLASSES_SHOWN) + " more classes"
            : "";
    return Wording.count(total) + " (" + first + more + ")";
  }

  private String seconds() {
    return Wording.seconds(record.totalSeconds())
        + record.seconds().entrySet().stream()
            .map(phase -> phase.getKey() + " " + Wording.seconds(phase.getValue()))
            .collect(Collectors.joining(", ", " (", ")"));
  }

  private String size() {
    try {
      return " " + Wording.bytes(Files.size(folder.resolve(BundleLayout.MODEL)));
    } catch (IOException unknown) {
      return "";
    }
  }

  private void field(String name, String value) {
    String lead = name + " ".repeat(NAME_WIDTH - name.length());
    for (String line : Wording.wrapped(Wording.name(value), columns - NAME_WIDTH)) {
      lines.add(lead + line);
      lead = " ".repeat(NAME_WIDTH);
    }
  }

  /** What can be copied stays on one line. */
  private void unbroken(String name, String value) {
    lines.add(name + " ".repeat(NAME_WIDTH - name.length()) + Wording.name(value));
  }
}
