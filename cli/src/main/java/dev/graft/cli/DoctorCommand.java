package dev.graft.cli;

import dev.graft.data.DataFixes;
import dev.graft.data.Dataset;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.DataExamination;
import dev.graft.transfer.doctor.SuggestedFixes;
import dev.graft.transfer.evidence.EvidenceFile;
import dev.graft.zoo.BundledBackbone;
import java.nio.file.Path;
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

/** Tells what is odd about data. */
@Command(
    name = "doctor",
    header = "Tell what is odd about labelled examples.",
    description =
        "Tell what is odd about labelled images or recordings, without training a model: likely"
            + " wrong labels, near-duplicates, outliers, and properties that tell the class without"
            + " the content. Nothing is changed. With --out, the examples concerned are written to"
            + " a table in which people decide, and which train takes as --fixes.",
    footer = {
      "  graft doctor photos.zip --out fixes.csv",
      "  graft train photos.zip --fixes fixes.csv --out my-model"
    })
final class DoctorCommand implements Callable<Integer> {
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
          "The network whose features are looked at; hf:ORG/NAME takes one of a hub (default:"
              + " graft/photo-small, which comes with Graft).")
  private @Nullable NamedBackbone backboneName;

  @Option(
      names = "--out",
      order = 2,
      paramLabel = "FILE",
      description = "Where the table of fixes goes, a CSV file; it appears whole or not at all.")
  private @Nullable Path out;

  @Option(names = "--overwrite", order = 3, description = "Replace a file of that name.")
  private boolean overwrite;

  @Option(
      names = "--seed",
      order = 4,
      paramLabel = "N",
      description = "Seed of folds and samples (default: ${DEFAULT-VALUE}).")
  private long seed = 42;

  @Option(names = "--json", order = 24, description = "Write the result as one JSON object.")
  private boolean json;

  @Mixin private final PreprocessingChoices prepared = new PreprocessingChoices();
  @Mixin private final DataReading table = new DataReading();
  @Mixin private final CacheChoice cache = new CacheChoice();

  @Mixin
  @SuppressWarnings("UnusedVariable") // the parser reads it
  private final CommonOptions common = new CommonOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Console console;

  DoctorCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (out != null) {
      OutputFile.require(out, overwrite);
    }
    NativeLibraries.loadAhead();
    List<String> arguments = spec.root().commandLine().getParseResult().originalArgs();
    DataExamination examined;
    DataFixes fixes;
    try (Progress progress = Progress.on(console);
        Interruption interruption =
            Interruption.announce(console, progress, () -> interrupted(arguments))) {
      progress.phase("Reading " + Wording.name(data.toString()));
      Dataset dataset = table.read(data);
      Backbone backbone = backbone(dataset, progress, interruption);
      examined =
          DataExamination.with(backbone)
              .seed(seed)
              .cache(cache.folder())
              .listener(new ProgressListener(progress, interruption, dataset.kind()))
              .of(dataset);
      interruption.pass();
      fixes = SuggestedFixes.of(examined.findings());
      if (out != null) {
        EvidenceFile.write(out, fixes.csv());
      }
    }
    DoctorReport report = new DoctorReport(examined, Optional.ofNullable(out), fixes);
    if (json) {
      console.results().write(Json.document(report.json()));
    } else {
      report.lines().forEach(console.results()::line);
    }
    return ExitCode.DONE;
  }

  private Backbone backbone(Dataset dataset, Progress progress, Interruption interruption) {
    NamedBackbone name = backboneName;
    if (name == null) {
      BundledBackbone bundled = NamedBackbone.fitting(dataset);
      progress.note(NamedBackbone.choice(bundled));
      name = NamedBackbone.of(bundled);
    }
    progress.phase("Loading " + Wording.name(name.toString()));
    HubAccess hub = HubAccess.within(console, progress, interruption);
    return Backbone.load(name.locate(cache.folder(), hub), prepared.options());
  }

  private static String interrupted(List<String> arguments) {
    return "nothing was written. Features computed so far are kept. To begin again: "
        + CommandText.of(arguments);
  }
}
