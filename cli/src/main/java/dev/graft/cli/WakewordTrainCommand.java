package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.data.DatasetKind;
import dev.graft.data.Part;
import dev.graft.data.audio.AudioPreprocessing;
import dev.graft.runtime.ParityReport;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.CacheFolder;
import dev.graft.transfer.SoundOptions;
import dev.graft.transfer.TransferException;
import dev.graft.transfer.evidence.OperatingPoint;
import dev.graft.transfer.evidence.WakeWordWords;
import dev.graft.transfer.export.BundleWriter.Existing;
import dev.graft.transfer.wakeword.ListeningBackbone;
import dev.graft.transfer.wakeword.TrainedWakeWord;
import dev.graft.transfer.wakeword.WakeWordSettings;
import dev.graft.transfer.wakeword.WakeWordSounds;
import dev.graft.transfer.wakeword.WakeWordTraining;
import dev.graft.zoo.BundledBackbone;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains a wake word. */
@Command(
    name = "train",
    header = "Train a wake word.",
    description =
        "Train a small network that hears a phrase in running sound: on 20 or more recordings of it,"
            + " on other sound, and on noise and confusable sounds that are made of both. A fifth of"
            + " the recordings is held out to choose the threshold.",
    footer = {
      "  graft wakeword train jarvis/ --other speech.zip --other music/ --out jarvis-model",
      "  graft wakeword train words.zip --phrase jarvis --out jarvis-model"
    })
final class WakewordTrainCommand implements Callable<Integer> {
  private static final double FIRST_WINDOW_SECONDS = 1.4;
  private static final int LEFT_OUT_SHOWN = 20;

  @Parameters(
      index = "0",
      paramLabel = "PHRASE",
      description =
          "Recordings of the phrase: a folder or a zip archive; with --phrase a data set of which one"
              + " class is the phrase and the others are other sound.")
  private Path data = Path.of("");

  @Option(
      names = "--other",
      order = 1,
      paramLabel = "PATH",
      description =
          "Other sound: a folder, a zip archive or a recording; may be given several times. Of data"
              + " with parts only train/ is heard.")
  private List<Path> others = new ArrayList<>();

  @Option(
      names = "--out",
      required = true,
      order = 2,
      paramLabel = "FOLDER",
      description = "Where the trained model goes; it appears whole or not at all.")
  private Path out = Path.of("");

  @Option(
      names = "--phrase",
      order = 3,
      paramLabel = "NAME",
      description = "The class of the data that is the phrase.")
  private @Nullable String phrase;

  @Option(
      names = "--backbone",
      order = 4,
      paramLabel = "FILE",
      description =
          "The pretrained network: an ONNX file that takes sound, or hf:ORG/NAME of a hub (default:"
              + " graft/speech-small, where this build holds it).")
  private @Nullable NamedBackbone backboneName;

  @Option(
      names = "--window",
      order = 5,
      paramLabel = "SECONDS",
      description = "How much is heard at once (default: what nine of ten phrases need).")
  private @Nullable Double window;

  @Option(
      names = "--front-end",
      order = 6,
      paramLabel = "NAME",
      description = "What makes spectrograms for a network that takes them.")
  private @Nullable String frontEnd;

  @Option(
      names = "--false-accepts-per-hour",
      order = 7,
      paramLabel = "X",
      description = "The most that the threshold may allow (default: 0.5).")
  private double falseAccepts = WakeWordSettings.of("phrase").falseAcceptsPerHour();

  @Option(
      names = "--hours",
      order = 8,
      paramLabel = "H",
      description =
          "Streams of other sound to generate and train on (default: 3; 1 with a backbone that"
              + " computes each window anew).")
  private @Nullable Double hours;

  @Option(
      names = "--views",
      order = 9,
      paramLabel = "N",
      description =
          "How often each recording of the phrase is heard (default: 40; 15 with such a backbone).")
  private @Nullable Integer views;

  @Option(
      names = "--budget",
      order = 10,
      paramLabel = "TIME",
      description = "After it no further round of training begins, as in 90s or 10m.")
  private @Nullable Duration budget;

  @Option(names = "--seed", order = 11, paramLabel = "N", description = "Seed (default: 42).")
  private long seed = WakeWordSettings.of("phrase").seed();

  @Option(names = "--overwrite", order = 12, description = "Replace a trained model there.")
  private boolean overwrite;

  @Option(names = "--json", order = 13, description = "Write the result as one JSON object.")
  private boolean json;

  @Mixin
  @SuppressWarnings("UnusedVariable") // the parser reads it
  private final CommonOptions common = new CommonOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Console console;

  WakewordTrainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<String> arguments = spec.root().commandLine().getParseResult().originalArgs();
    WakeWordSettings settings = settings(CommandText.of(arguments));
    OutputFolder.require(out, overwrite);
    NativeLibraries.loadAhead();
    try (Progress progress = Progress.on(console);
        Interruption interruption =
            Interruption.announce(console, progress, () -> interrupted(arguments))) {
      progress.phase("Reading " + Wording.name(data.toString()));
      WakewordData recordings =
          phrase == null
              ? WakewordData.ofFolder(data)
              : WakewordData.ofClass(data, phrase, Part.TRAIN);
      others.forEach(recordings::addOthers);
      Path place =
          backboneName()
              .locate(CacheFolder.standard(), HubAccess.within(console, progress, interruption));
      Backbone backbone = backbone(place, FIRST_WINDOW_SECONDS);
      WakeWordSounds sounds =
          WakeWordSounds.decode(
              recordings.phrases(), recordings.others(), requireSound(backbone).sampleRate());
      double suitable = sounds.suitableWindowSeconds();
      if (window == null && suitable != FIRST_WINDOW_SECONDS) {
        backbone = backbone(place, suitable);
      }
      ProgressListener listener = new ProgressListener(progress, interruption, DatasetKind.AUDIO);
      TrainedWakeWord trained = WakeWordTraining.train(backbone, sounds, settings, listener);
      interruption.pass();
      progress.phase("Writing " + Wording.name(out.toString()));
      ParityReport parity =
          trained.save(out, overwrite ? Existing.REPLACE_BUNDLE : Existing.REFUSE);
      progress.close();
      report(trained, sounds, parity);
      recordings.leftOut().addAll(sounds.leftOut());
      LeftOutReport.of(recordings.leftOut(), LEFT_OUT_SHOWN)
          .lines()
          .forEach(console.error()::println);
      return ExitCode.DONE;
    }
  }

  private WakeWordSettings settings(String command) {
    String name = phrase == null ? String.valueOf(data.toAbsolutePath().getFileName()) : phrase;
    try {
      WakeWordSettings settings =
          WakeWordSettings.of(name.replaceFirst("(?i)[.]zip$", ""))
              .withSeed(seed)
              .withFalseAcceptsPerHour(falseAccepts)
              .withCommand(command);
      settings = hours == null ? settings : settings.withStreamHours(hours);
      settings = views == null ? settings : settings.withViewsPerPhrase(views);
      return budget == null ? settings : settings.withBudget(budget);
    } catch (IllegalArgumentException refused) {
      throw new ParameterException(
          spec.commandLine(), String.valueOf(refused.getMessage()), refused);
    }
  }

  private Backbone backbone(Path place, double windowSeconds) {
    return ListeningBackbone.load(place, sound(windowSeconds));
  }

  private SoundOptions sound(double windowSeconds) {
    try {
      SoundOptions said =
          window == null
              ? SoundOptions.DEFAULTS.preferringWindow(windowSeconds)
              : SoundOptions.DEFAULTS.withWindow(window);
      return frontEnd == null ? said : said.withFrontEnd(frontEnd);
    } catch (IllegalArgumentException refused) {
      throw new ParameterException(
          spec.commandLine(), String.valueOf(refused.getMessage()), refused);
    }
  }

  private NamedBackbone backboneName() {
    if (backboneName != null) {
      return backboneName;
    }
    if (!BundledBackbone.SPEECH_SMALL.isPresent()) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Choosing a backbone for a wake word: this build of Graft holds none of its own for"
              + " recordings. Name an ONNX file that takes sound with --backbone FILE.");
    }
    return NamedBackbone.of(BundledBackbone.SPEECH_SMALL);
  }

  private static AudioPreprocessing requireSound(Backbone backbone) {
    if (backbone.preprocessing() instanceof AudioPreprocessing sound) {
      return sound;
    }
    throw new TransferException(
        TransferException.Cause.MODEL,
        "Training a wake word with the backbone "
            + backbone.id()
            + ": one that takes sound is expected, but it takes "
            + backbone.preprocessing().kind().many()
            + ". Choose a backbone for speech.");
  }

  private void report(TrainedWakeWord trained, WakeWordSounds sounds, ParityReport parity) {
    OperatingPoint point = trained.curve().at(trained.rule().threshold());
    if (json) {
      ObjectNode document = Json.object();
      document.put("model", out.toString());
      document.put("phrase", trained.rule().phrase());
      document.put("recordings", sounds.phrases().size());
      document.put("threshold", trained.rule().threshold());
      document.put("slides", trained.slides());
      WakewordText.put(document.putObject("held_out"), point);
      document.put("largest_difference", parity.largestDifference());
      document.put("seconds", trained.record().totalSeconds());
      console.results().write(Json.document(document));
      return;
    }
    console
        .results()
        .line(
            Wording.name(out.toString())
                + ": listens for \""
                + Wording.name(trained.rule().phrase())
                + "\", trained on "
                + Wording.count(sounds.phrases().size(), "recording")
                + " of it in "
                + Wording.seconds(trained.record().totalSeconds()));
    console
        .results()
        .line("On generated streams of held-out recordings: " + WakeWordWords.of(point) + ".");
    WakeWordWords.table(trained.curve()).forEach(console.results()::line);
    console
        .results()
        .line(
            "Other voices say other words: graft wakeword evaluate on hours of the place where it"
                + " will listen gives the threshold for listen --threshold.");
    console
        .results()
        .line("The page about it: " + Wording.name(out.resolve(TrainedWakeWord.PAGE).toString()));
  }

  private String interrupted(List<String> arguments) {
    return "nothing was written to " + out + ". To begin again: " + CommandText.of(arguments);
  }
}
