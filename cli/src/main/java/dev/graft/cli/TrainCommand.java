package dev.graft.cli;

import dev.graft.data.Dataset;
import dev.graft.data.audio.AudioPreprocessing;
import dev.graft.runtime.ParityReport;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.BackboneOptions;
import dev.graft.transfer.PreprocessingUnknownException;
import dev.graft.transfer.SoundOptions;
import dev.graft.transfer.SuggestedWindow;
import dev.graft.transfer.TrainedModel;
import dev.graft.transfer.TransferLearning;
import dev.graft.zoo.BundledBackbone;
import dev.graft.zoo.FreshWeights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains a classifier. */
@Command(
    name = "train",
    header = "Train a classifier on labelled examples.",
    description =
        "Train a classifier on labelled images or recordings, starting from a pretrained network,"
            + " and write it with all evidence to a folder. A test part of the data is used for the"
            + " final figures only.",
    footer = {
      "  graft train photos.zip",
      "  graft train photos/ --backbone mobilenet.onnx --out my-model \\",
      "      --strategy head-then-all --augment standard"
    })
final class TrainCommand implements Callable<Integer> {
  private static final long DEFAULT_SEED = 42;
  private static final int PRESET_QUESTIONS = 3;
  private static final int DOCUMENT_COLUMNS = 100;

  @Parameters(
      index = "0",
      paramLabel = "DATA",
      description =
          "A folder per class, also inside train/, validation/ and test/; a zip archive of that; or"
              + " a CSV file of path and label.")
  private Path data = Path.of("");

  @Option(
      names = "--backbone",
      order = 1,
      paramLabel = "FILE",
      description =
          "The pretrained network: an ONNX file that takes images or sound, a folder with a"
              + " model.onnx and, for texts, its tokenizer.json, or hf:ORG/NAME of a hub (default:"
              + " graft/photo-small for images, graft/speech-small for recordings,"
              + " graft/text-small for texts, which come with Graft). graft/words counts the words of"
              + " texts instead.")
  private @Nullable NamedBackbone backboneName;

  @Option(
      names = "--out",
      order = 2,
      paramLabel = "FOLDER",
      description =
          "Where the trained model goes; it appears whole or not at all (default: photos-model for"
              + " photos.zip, in the current folder, with a number where one is there).")
  private @Nullable Path wantedFolder;

  @ArgGroup(validate = false, order = 1, heading = "%nThe pretrained network%n")
  private BackboneChoices backboneChoices = new BackboneChoices();

  @ArgGroup(validate = false, order = 2, heading = "%nThe run%n")
  private RunChoices runChoices = new RunChoices();

  @ArgGroup(validate = false, order = 3, heading = "%nWhat trains, and how%n")
  private TrainingChoices trainingChoices = new TrainingChoices();

  @ArgGroup(validate = false, order = 4, heading = "%nThe data%n")
  private DataChoices dataChoices = new DataChoices();

  @Mixin
  @SuppressWarnings("UnusedVariable") // the parser reads it
  private final CommonOptions common = new CommonOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Console console;

  TrainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (runChoices.contradictsItself()) {
      throw new ParameterException(
          spec.commandLine(),
          "Options --cache and --no-cache exclude each other; give one of them");
    }
    Path out = wantedFolder == null ? runChoices.folderFor(data) : wantedFolder;
    OutputFolder.require(out, runChoices.overwrites());
    NativeLibraries.loadAhead();
    List<String> arguments = spec.root().commandLine().getParseResult().originalArgs();
    try (Progress progress = Progress.on(console);
        Interruption interruption =
            Interruption.announce(console, progress, () -> interrupted(arguments, out))) {
      if (wantedFolder == null) {
        runChoices.unfinishedToo(data).ifPresent(progress::note);
      }
      progress.phase("Reading " + Wording.name(data.toString()));
      Dataset dataset = dataChoices.read(data);
      NamedBackbone name = backboneName == null ? fitting(dataset, progress) : backboneName;
      progress.phase("Loading " + Wording.name(name.toString()));
      HubAccess hub = HubAccess.within(console, progress, interruption);
      Backbone backbone = backbone(place(name, hub, dataset, progress), dataset, progress);
      trainingChoices.requireBlocksOf(backbone);
      ProgressListener listener = new ProgressListener(progress, interruption, dataset.kind());
      TransferLearning learning = learning(backbone, listener, CommandText.of(arguments));
      TrainedModel trained = runChoices.applyTo(learning, out).fit(dataset);
      interruption.pass();
      // Another run of the same data may have been faster.
      Path place = wantedFolder == null ? runChoices.stillFree(data, out) : out;
      progress.phase("Writing " + Wording.name(place.toString()));
      ParityReport parity =
          runChoices.overwrites() ? trained.saveReplacing(place) : trained.save(place);
      progress.close();
      report(new TrainingSummary(trained.record(), parity, place, columns()));
      return ExitCode.DONE;
    }
  }

  /** Files get lines as wide as in a document, terminals as wide as they are. */
  private int columns() {
    return console.terminal().showsResults() ? console.terminal().columns() : DOCUMENT_COLUMNS;
  }

  private void report(TrainingSummary summary) {
    if (runChoices.asJson()) {
      console.results().write(Json.document(summary.json()));
    } else {
      summary.lines().forEach(console.results()::line);
    }
  }

  private TransferLearning learning(Backbone backbone, ProgressListener listener, String command) {
    TransferLearning learning = TransferLearning.from(backbone).listener(listener).command(command);
    learning = trainingChoices.applyTo(learning, backbone.preprocessing().kind());
    if (backbone.preprocessing() instanceof AudioPreprocessing heard
        && backbone.seesSound()
        && BundledBackbone.SPEECH_SMALL.isPresent()) {
      learning = learning.comparedWith(backboneOfSound(heard.windowSeconds()));
    }
    return dataChoices.applyTo(learning);
  }

  /** What a backbone of images that sees sound must be held against. */
  private Backbone backboneOfSound(double windowSeconds) {
    NamedBackbone bundled = NamedBackbone.of(BundledBackbone.SPEECH_SMALL);
    return Backbone.load(
        bundled.locate(runChoices.folder(), HubAccess.of(console)),
        BackboneOptions.defaults()
            .withSound(SoundOptions.DEFAULTS.preferringWindow(windowSeconds)));
  }

  /** Where the backbone lies; counts of words are made here, of the texts themselves. */
  private Path place(NamedBackbone name, HubAccess hub, Dataset dataset, Progress progress) {
    if (!CountsOfWords.isMeant(name)) {
      return name.locate(runChoices.folder(), hub);
    }
    progress.phase("Counting words");
    return new CountsOfWords(runChoices.folder(), trainingChoices.seedOr(DEFAULT_SEED))
        .madeOf(dataset);
  }

  /** Where nobody chose, the choice is told. */
  private static NamedBackbone fitting(Dataset dataset, Progress progress) {
    BundledBackbone bundled = NamedBackbone.fitting(dataset);
    progress.note(NamedBackbone.choice(bundled));
    return NamedBackbone.of(bundled);
  }

  private Backbone backbone(Path place, Dataset dataset, Progress progress) {
    Backbone loaded = pretrained(place, dataset, progress);
    long seed = trainingChoices.seedOr(DEFAULT_SEED);
    OptionalInt freshBlocks = backboneChoices.freshBlocks();
    return switch (backboneChoices.weights()) {
      case PRETRAINED -> {
        if (freshBlocks.isEmpty()) {
          yield loaded;
        }
        int blocks = freshBlocks.getAsInt();
        yield loaded.withFreshBlocks(
            FreshWeights.reinitialize(loaded.model(), loaded.weightsOfLast(blocks), seed), blocks);
      }
      case FRESH -> loaded.withWeightsOf(FreshWeights.reinitialize(loaded.model(), seed));
    };
  }

  /** Where nothing tells how images are prepared, a person at a terminal is asked. */
  private Backbone pretrained(Path place, Dataset dataset, Progress progress) {
    BackboneOptions options = backboneChoices.options(SuggestedWindow.of(dataset));
    for (int question = 0; ; question++) {
      try {
        return Backbone.load(place, options);
      } catch (PreprocessingUnknownException unknown) {
        if (question == PRESET_QUESTIONS || !console.terminal().answers()) {
          throw unknown;
        }
        progress.note(Wording.printable(String.valueOf(unknown.getMessage())));
        progress.abandon();
        Optional<String> answer =
            console.ask("Preprocessing (" + String.join(", ", unknown.presets()) + "): ");
        if (answer.isEmpty()) {
          throw unknown;
        }
        options =
            unknown.presets().contains(answer.get())
                ? options.withPreprocessing(answer.get())
                : options;
      }
    }
  }

  private String interrupted(List<String> arguments, Path out) {
    Path checkpoint = RunChoices.checkpoints(out);
    if (!Files.exists(checkpoint)) {
      return "nothing was written to "
          + out
          + "."
          + (runChoices.keepsFeatures() ? " Features computed so far are kept." : "")
          + " To begin again: "
          + CommandText.of(arguments);
    }
    List<String> again = new ArrayList<>(arguments);
    if (wantedFolder == null) {
      again.addAll(List.of("--out", out.toString()));
    }
    if (!runChoices.resumes()) {
      again.add("--resume");
    }
    return "nothing was written to "
        + out
        + "; the last checkpoint is kept in "
        + checkpoint
        + ". To go on: "
        + CommandText.of(again);
  }
}
