package dev.graft.cli;

import dev.graft.data.Dataset;
import dev.graft.data.DatasetKind;
import dev.graft.transfer.PoolingChoice;
import dev.graft.transfer.SuggestedWindow;
import dev.graft.transfer.TransferException;
import dev.graft.transfer.pretraining.BackboneDescription;
import dev.graft.transfer.pretraining.BackboneDescription.Storage;
import dev.graft.transfer.pretraining.PretrainedBackbone;
import dev.graft.transfer.pretraining.Pretraining;
import dev.graft.transfer.pretraining.PretrainingListener;
import dev.graft.transfer.pretraining.SourceNetwork;
import dev.graft.transfer.pretraining.SourceTexts;
import dev.graft.transfer.pretraining.SourceViews;
import dev.graft.transfer.pretraining.SourceVocabulary;
import dev.graft.transfer.pretraining.SuggestedSide;
import dev.graft.transfer.pretraining.TokenVectors;
import dev.graft.zoo.architecture.SoundArchitecture;
import dev.graft.zoo.architecture.TextArchitecture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains a network from fresh weights. */
@Command(
    name = "pretrain",
    header = "Train a backbone of your own from fresh weights.",
    description =
        "Train a network from fresh weights on a large set of labelled images, recordings or texts,"
            + " and keep it as a backbone for graft train --backbone. Checkpoints are kept while it runs; --resume"
            + " goes on after an interruption at the very step.",
    footer = {
      "  graft pretrain source-images/ --architecture resnet-18 --out my-backbone",
      "  graft pretrain source.zip --architecture resnet-18 --widths 32,64,128,256 \\",
      "      --epochs 26 --size 64 --storage fp16 --out my-backbone",
      "  graft pretrain source-texts/ --epochs 6 --out my-reader",
      "  graft train photos/ --backbone my-backbone --out my-model"
    })
final class PretrainCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "DATA",
      description =
          "A folder per class, also inside train/, validation/ and test/; a zip archive of that; or"
              + " a CSV file of path and label.")
  private Path data = Path.of("");

  @Option(
      names = "--out",
      required = true,
      order = 2,
      paramLabel = "FOLDER",
      description = "Where the backbone goes; it appears whole or not at all.")
  private Path out = Path.of("");

  @ArgGroup(validate = false, order = 1, heading = "%nThe network%n")
  private ArchitectureChoices architecture = new ArchitectureChoices();

  @ArgGroup(validate = false, order = 2, heading = "%nHow it learns%n")
  private PretrainingChoices choices = new PretrainingChoices();

  @ArgGroup(validate = false, order = 3, heading = "%nTexts%n")
  private SourceTextChoices texts = new SourceTextChoices();

  @ArgGroup(validate = false, order = 4, heading = "%nThe backbone%n")
  private StoredAs stored = new StoredAs();

  @ArgGroup(validate = false, order = 5, heading = "%nThe run%n")
  private Run run = new Run();

  @Mixin private final DataReading reading = new DataReading();

  @Mixin
  @SuppressWarnings("UnusedVariable") // the parser reads it
  private final CommonOptions common = new CommonOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Console console;

  PretrainCommand(Console console) {
    this.console = console;
  }

  /** How the backbone is called and stored. */
  private static final class StoredAs {
    @Option(
        names = "--name",
        paramLabel = "NAME",
        description = "What the backbone is called (default: the name of its folder).")
    private @Nullable String name;

    @Option(
        names = "--input-size",
        paramLabel = "PIXELS",
        description =
            "Side of the images that the backbone asks for when it is used (default: --size).")
    private @Nullable Integer inputSize;

    @Option(
        names = "--storage",
        paramLabel = "fp32|fp16",
        description = "Number format of the weights in the file; fp16 is half as large.")
    private Storage storage = Storage.FP32;

    @Option(
        names = "--pooling",
        paramLabel = "mean|mean_and_deviation",
        description =
            "How new heads shall read the network's last maps, written in its config.json"
                + " (default: mean).")
    private @Nullable PoolingChoice pooling;

    @Option(
        names = "--licence",
        paramLabel = "NAME",
        description = "Licence of the weights, for the model card.")
    private @Nullable String licence;

    @Option(
        names = "--data-terms",
        paramLabel = "TEXT",
        description = "Terms of the data, which bind the weights, too; for the model card.")
    private @Nullable String dataTerms;
  }

  /** About the run itself. */
  private static final class Run {
    @Option(names = "--overwrite", description = "Replace a backbone in that folder.")
    private boolean overwrite;

    @Option(
        names = "--resume",
        description = "Go on from the checkpoint of an interrupted run with the same settings.")
    private boolean resume;

    @Option(
        names = "--checkpoint-every",
        paramLabel = "TIME",
        description = "Time between checkpoints, such as 90s or 5m (default: 2m).")
    private Duration checkpointEvery = Duration.ofMinutes(2);

    @Option(names = "--json", description = "Write the result as one JSON object.")
    private boolean json;
  }

  @Override
  public Integer call() {
    OutputFolder.require(out, run.overwrite);
    NativeLibraries.loadAhead();
    List<String> arguments = spec.root().commandLine().getParseResult().originalArgs();
    try (Progress progress = Progress.on(console);
        Interruption interruption =
            Interruption.announce(console, progress, () -> interrupted(arguments))) {
      progress.phase("Reading " + Wording.name(data.toString()));
      Dataset dataset = reading.read(data);
      ProgressListener listener = new ProgressListener(progress, interruption, dataset.kind());
      Source source = source(dataset, listener);
      Pretraining pretraining =
          new Pretraining(
              source.network,
              choices.settings(source.views, architecture.isTransformer()),
              description(arguments),
              new Pretraining.Continuation(
                  RunChoices.checkpoints(out), run.resume, run.checkpointEvery),
              listener);
      PretrainedBackbone backbone = pretraining.run(dataset);
      interruption.pass();
      progress.phase("Writing " + Wording.name(out.toString()));
      if (run.overwrite) {
        backbone.saveReplacing(out);
      } else {
        backbone.save(out);
      }
      progress.close();
      report(new PretrainingSummary(backbone.record(), out));
      return ExitCode.DONE;
    }
  }

  /** What learns, and how the examples are shown to it. */
  private record Source(SourceNetwork network, SourceViews views) {}

  private Source source(Dataset dataset, PretrainingListener listener) {
    if (dataset.kind() != DatasetKind.TEXT) {
      texts.requireNone();
    }
    return switch (dataset.kind()) {
      case IMAGE -> images(dataset);
      case AUDIO -> sounds(dataset);
      case TEXT -> texts(dataset, listener);
    };
  }

  private Source texts(Dataset dataset, PretrainingListener listener) {
    choices.requireNothingOfOthers();
    if (stored.inputSize != null) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Checking the settings: --input-size is for images; --max-tokens is the length of texts.");
    }
    TextArchitecture network = architecture.ofTexts();
    SourceVocabulary vocabulary = texts.vocabulary(dataset, choices, listener);
    SourceTexts views = texts.texts(vocabulary.tokenizer());
    listener.phase("Learning which words stand near each other");
    TokenVectors vectors =
        vocabulary.vectors(network.tokenWidth(), texts.maximumTokens(), choices.seed());
    return new Source(architecture.network(network, vectors, choices.seed()), views);
  }

  private Source images(Dataset dataset) {
    int side =
        choices.sideOr(() -> architecture.fixedSide().orElseGet(() -> SuggestedSide.of(dataset)));
    return new Source(
        architecture.ofImages(side, choices.seed()),
        choices.images(side, architecture.takesOneSizeOnly()));
  }

  private Source sounds(Dataset dataset) {
    SoundArchitecture network = architecture.ofSounds();
    return new Source(
        architecture.network(network, choices.seed()),
        choices.sounds(network.frontEnd().rate(), () -> SuggestedWindow.of(dataset).orElse(1)));
  }

  private void report(PretrainingSummary summary) {
    if (run.json) {
      console.results().write(Json.document(summary.json()));
    } else {
      summary.lines().forEach(console.results()::line);
    }
  }

  private BackboneDescription description(List<String> arguments) {
    String folder = String.valueOf(out.toAbsolutePath().normalize().getFileName());
    try {
      return new BackboneDescription(
          stored.name == null ? folder.replaceAll("[^A-Za-z0-9._-]", "-") : stored.name,
          stored.inputSize == null ? OptionalInt.empty() : OptionalInt.of(stored.inputSize),
          stored.storage,
          Optional.ofNullable(stored.pooling),
          Optional.ofNullable(stored.licence),
          Optional.ofNullable(stored.dataTerms),
          CommandText.of(arguments));
    } catch (IllegalArgumentException refused) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Checking the settings: " + refused.getMessage() + ".",
          refused);
    }
  }

  private String interrupted(List<String> arguments) {
    Path checkpoint = RunChoices.checkpoints(out);
    if (!Files.exists(checkpoint)) {
      return "nothing was written to " + out + ". To begin again: " + CommandText.of(arguments);
    }
    List<String> again = new ArrayList<>(arguments);
    if (!run.resume) {
      again.add("--resume");
    }
    return "nothing was written to "
        + out
        + " yet; what was trained is kept in "
        + checkpoint
        + ". To go on: "
        + CommandText.of(again);
  }
}
