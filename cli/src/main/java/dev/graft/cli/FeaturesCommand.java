package dev.graft.cli;

import dev.graft.data.DataException;
import dev.graft.data.Dataset;
import dev.graft.data.DatasetKind;
import dev.graft.data.Example;
import dev.graft.data.ExampleSource;
import dev.graft.data.LeftOut;
import dev.graft.data.Part;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.BackboneOptions;
import dev.graft.transfer.CacheFolder;
import dev.graft.transfer.PreprocessingUnknownException;
import dev.graft.transfer.visualisation.Visualisation;
import dev.graft.transfer.visualisation.VisualisationSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what the layers of a network see. */
@Command(
    name = "features",
    header = "Show what the layers of a network see.",
    description =
        "Show what the layers of a network see, as one HTML page: the filters of its first layer,"
            + " the activation maps of each block for an image, and the patches of a data set that"
            + " excite single units most.",
    footer = {
      "  graft features mobilenet.onnx --data photos.zip --out page.html",
      "  graft features mobilenet.onnx --image photo.jpg --out page.html"
    })
final class FeaturesCommand implements Callable<Integer> {
  private static final int LEFT_OUT_SHOWN = 20;

  /** Filters are shown alike whatever is done to the values of pixels. */
  private static final String ANY_PREPROCESSING = "unit";

  @Parameters(
      index = "0",
      paramLabel = "BACKBONE",
      description =
          "The network: an ONNX file that takes images, a backbone's folder, graft/photo-small,"
              + " which comes with Graft, or hf:ORG/NAME of a hub.")
  private NamedBackbone backboneFile = new NamedBackbone("");

  @Option(
      names = "--out",
      required = true,
      order = 1,
      paramLabel = "FILE",
      description = "Where the page goes; it appears whole or not at all.")
  private Path out = Path.of("");

  @Option(
      names = "--image",
      order = 2,
      paramLabel = "FILE",
      description = "The image whose activation maps are shown (default: the first of --data).")
  private @Nullable Path image;

  @Option(
      names = "--data",
      order = 3,
      paramLabel = "DATA",
      description =
          "Where exciting patches are looked for: a folder per class, a zip archive of that, or a"
              + " CSV file of path and label.")
  private @Nullable Path data;

  @Option(
      names = "--units",
      order = 4,
      paramLabel = "N",
      description = "How many units of each block to show (default: 6).")
  private int units = VisualisationSettings.defaults().units();

  @Option(
      names = "--images",
      order = 5,
      paramLabel = "N",
      description =
          "How many images of the data to look at, at most; a seeded sample (default: 1000).")
  private int images = VisualisationSettings.defaults().images();

  @Option(
      names = "--seed",
      order = 6,
      paramLabel = "N",
      description = "Seed of the sample (default: 42).")
  private long seed = VisualisationSettings.defaults().seed();

  @Option(names = "--overwrite", order = 24, description = "Replace a file of that name.")
  private boolean overwrite;

  @Mixin private final PreprocessingChoices prepared = new PreprocessingChoices();
  @Mixin private final DataReading table = new DataReading();

  @Mixin
  @SuppressWarnings("UnusedVariable") // the parser reads it
  private final CommonOptions common = new CommonOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Console console;

  FeaturesCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    VisualisationSettings settings = new VisualisationSettings(units, images, seed);
    OutputFile.require(out, overwrite);
    List<String> arguments = spec.root().commandLine().getParseResult().originalArgs();
    List<LeftOut> leftOut = new ArrayList<>();
    Visualisation visualisation;
    try (Progress progress = Progress.on(console);
        Interruption interruption =
            Interruption.announce(console, progress, () -> interrupted(arguments))) {
      Optional<Example> shown = Optional.ofNullable(image).map(FeaturesCommand::example);
      List<Example> examples = examples(progress, leftOut);
      progress.phase("Loading " + Wording.name(backboneFile.toString()));
      visualisation =
          Visualisation.of(
              backbone(HubAccess.within(console, progress, interruption)),
              shown,
              examples,
              settings,
              new ProgressListener(progress, interruption, DatasetKind.IMAGE));
      interruption.pass();
      progress.phase("Writing " + Wording.name(out.toString()));
      visualisation.write(out);
    }
    leftOut.addAll(visualisation.leftOut());
    console.results().line(summary(visualisation));
    LeftOutReport.of(leftOut, LEFT_OUT_SHOWN).lines().forEach(console.error()::println);
    return ExitCode.DONE;
  }

  private static Example example(Path file) {
    return new Example(file.toString().replace('\\', '/'), "", new ExampleSource.FileSource(file));
  }

  /** All parts: what excites a unit is no figure that could be made too good by training images. */
  private List<Example> examples(Progress progress, List<LeftOut> leftOut) {
    if (data == null) {
      return List.of();
    }
    progress.phase("Reading " + Wording.name(data.toString()));
    Dataset dataset = table.read(data);
    if (dataset.kind() != DatasetKind.IMAGE) {
      throw new DataException(
          "Showing what layers see on "
              + data
              + ": images are expected, but these are "
              + dataset.kind().word()
              + " files. Give images.");
    }
    leftOut.addAll(dataset.leftOut());
    List<Example> examples = new ArrayList<>();
    for (Part part : Part.values()) {
      examples.addAll(dataset.part(part));
    }
    return examples;
  }

  private Backbone backbone(HubAccess hub) {
    BackboneOptions options = prepared.options();
    Path place = backboneFile.locate(CacheFolder.standard(), hub);
    try {
      return Backbone.load(place, options);
    } catch (PreprocessingUnknownException unknown) {
      if (image != null || data != null) {
        throw unknown;
      }
      return Backbone.load(place, options.withPreprocessing(ANY_PREPROCESSING));
    }
  }

  private String summary(Visualisation shown) {
    return Wording.name(out.toString())
        + " ("
        + Wording.bytes(size(out))
        + "): "
        + Wording.count(shown.filterCount(), "filter")
        + ", "
        + Wording.count(shown.mapCount(), "activation map")
        + ", exciting patches of "
        + Wording.count(shown.unitCount(), "unit")
        + " from "
        + Wording.count(shown.imageCount(), "image");
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private String interrupted(List<String> arguments) {
    return "nothing was written to " + out + ". To begin again: " + CommandText.of(arguments);
  }
}
