package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.data.DataException;
import dev.graft.data.DatasetKind;
import dev.graft.data.LeftOut;
import dev.graft.data.Part;
import dev.graft.runtime.Bundle;
import dev.graft.runtime.DetectionRule;
import dev.graft.transfer.evidence.OperatingCurve;
import dev.graft.transfer.evidence.OperatingPoint;
import dev.graft.transfer.evidence.WakeWordPage;
import dev.graft.transfer.evidence.WakeWordWords;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures a wake word on streams. */
@Command(
    name = "evaluate",
    header = "Measure a wake word on long streams.",
    description =
        "Measure a wake word on running sound: false accepts per hour against missed phrases over all"
            + " thresholds, and the threshold for at most so many false accepts per hour.",
    footer = {
      "  graft wakeword evaluate jarvis-model --positives jarvis-test/ --stream evening.wav",
      "  graft wakeword evaluate jarvis-model --positives words.zip --phrase jarvis \\",
      "      --stream radio.flac --stream office.wav --out curve.html",
      "  graft wakeword evaluate jarvis-model --stream evening.wav --labels evening.csv"
    })
final class WakewordEvaluateCommand implements Callable<Integer> {
  private static final int LEFT_OUT_SHOWN = 20;

  @Parameters(index = "0", paramLabel = "MODEL", description = "The folder that training wrote.")
  private Path model = Path.of("");

  @Option(
      names = "--stream",
      order = 1,
      paramLabel = "FILE",
      description = "A long recording; may be given several times.")
  private List<Path> streams = new ArrayList<>();

  @Option(
      names = "--labels",
      order = 2,
      paramLabel = "FILE.csv",
      description =
          "Where the phrase is said in the streams: a table of path, label, start and end (s).")
  private @Nullable Path labels;

  @Option(
      names = "--positives",
      order = 3,
      paramLabel = "PATH",
      description =
          "Recordings of the phrase, each heard by itself: a folder or a zip archive; with --phrase a"
              + " data set, of which the test part is taken, if it has one.")
  private @Nullable Path positives;

  @Option(
      names = "--phrase",
      order = 4,
      paramLabel = "NAME",
      description = "The class of --positives that is the phrase.")
  private @Nullable String phrase;

  @Option(
      names = "--false-accepts-per-hour",
      order = 5,
      paramLabel = "X",
      description = "Find the threshold for at most so many (default: 0.5).")
  private double wanted = 0.5;

  @Option(
      names = "--out",
      order = 6,
      paramLabel = "FILE.html",
      description = "Write a page with the curve.")
  private @Nullable Path out;

  @Option(names = "--overwrite", order = 7, description = "Replace a page of that name.")
  private boolean overwrite;

  @Option(names = "--json", order = 8, description = "Write one JSON object.")
  private boolean json;

  @Mixin
  @SuppressWarnings("UnusedVariable") // the parser reads it
  private final CommonOptions common = new CommonOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Console console;

  WakewordEvaluateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (streams.isEmpty() && positives == null) {
      throw new ParameterException(
          spec.commandLine(), "Expected --stream FILE, --positives PATH, or both");
    }
    if (!(wanted >= 0)) {
      throw new ParameterException(
          spec.commandLine(), "Expected --false-accepts-per-hour of at least 0, found " + wanted);
    }
    if (out != null) {
      OutputFile.require(out, overwrite);
    }
    Bundle bundle = Bundle.open(model);
    DetectionRule rule = bundle.detectionRule();
    List<LeftOut> leftOut = new ArrayList<>();
    StreamListening listening = new StreamListening(bundle, leftOut);
    try (Progress progress = Progress.on(console);
        Interruption interruption =
            Interruption.announce(console, progress, () -> "nothing was measured.")) {
      ProgressListener listener = new ProgressListener(progress, interruption, DatasetKind.AUDIO);
      LabelledStretches said =
          labels == null
              ? LabelledStretches.NONE
              : LabelledStretches.read(labels, rule.phrase(), streams);
      for (Path stream : streams) {
        listening.hear(stream, said.in(stream), listener);
      }
      if (positives != null) {
        WakewordData data =
            phrase == null
                ? WakewordData.ofFolder(positives)
                : WakewordData.ofClass(positives, phrase, Part.TEST);
        leftOut.addAll(data.leftOut());
        listening.hearPhrases(data.phrases(), listener);
      }
    }
    if (listening.isEmpty()) {
      throw new DataException(
          "Measuring the wake word: nothing could be heard"
              + (leftOut.isEmpty() ? "" : ", first " + leftOut.get(0).reason())
              + ". Give recordings.");
    }
    OperatingCurve curve = OperatingCurve.of(listening.scores(), rule.refractorySeconds());
    report(curve, rule, listening);
    LeftOutReport.of(leftOut, LEFT_OUT_SHOWN).lines().forEach(console.error()::println);
    return ExitCode.DONE;
  }

  private void report(OperatingCurve curve, DetectionRule rule, StreamListening listening) {
    Optional<OperatingPoint> best = curve.atMost(wanted);
    if (out != null) {
      WakeWordPage.write(
          rule.phrase(), "Measured on recordings.", curve, rule.threshold(), facts(listening), out);
    }
    if (json) {
      console.results().write(Json.document(document(curve, rule, listening, best)));
      return;
    }
    console
        .results()
        .line(
            "At the threshold of the model, "
                + WakeWordWords.threshold(rule.threshold())
                + ": "
                + WakeWordWords.of(curve.at(rule.threshold()))
                + ".");
    console
        .results()
        .line(
            String.format(
                    Locale.ROOT, "For at most %s false accepts per hour: ", Double.toString(wanted))
                + best.map(
                        point ->
                            "threshold "
                                + WakeWordWords.threshold(point.threshold())
                                + ", "
                                + WakeWordWords.of(point)
                                + ".")
                    .orElse("no threshold suffices."));
    WakeWordWords.table(curve).forEach(console.results()::line);
    facts(listening).forEach((name, value) -> console.results().line(name + ": " + value));
  }

  private static Map<String, String> facts(StreamListening listening) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Sound heard", Wording.seconds(listening.seconds()));
    facts.put(
        "Speed",
        String.format(Locale.ROOT, "%.0f times real time on one core", listening.realTimeFactor()));
    return facts;
  }

  private ObjectNode document(
      OperatingCurve curve,
      DetectionRule rule,
      StreamListening listening,
      Optional<OperatingPoint> best) {
    ObjectNode document = Json.object();
    document.put("model", model.toString());
    document.put("phrase", rule.phrase());
    WakewordText.put(document.putObject("at_threshold"), curve.at(rule.threshold()));
    document.put("wanted_false_accepts_per_hour", wanted);
    best.ifPresent(point -> WakewordText.put(document.putObject("at_most_wanted"), point));
    document.put("real_time_factor", listening.realTimeFactor());
    ArrayNode points = document.putArray("curve");
    curve.points().forEach(point -> WakewordText.put(points.addObject(), point));
    return document;
  }
}
