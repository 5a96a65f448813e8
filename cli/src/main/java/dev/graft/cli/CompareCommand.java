package dev.graft.cli;

import dev.graft.data.LeftOut;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.comparison.Comparison;
import dev.graft.transfer.comparison.ModelComparison;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares trained models. */
@Command(
    name = "compare",
    header = "Compare trained models on the same test examples.",
    description =
        "Compare trained models of images, recordings or texts, each with the first, on the same test"
            + " examples: what can be concluded, accuracy with a paired interval and test, speed,"
            + " size, and what was different about data and settings. Models whose test parts share"
            + " examples need no data.",
    footer = {
      "  graft compare model-1 model-2 model-3",
      "  graft compare model-1 model-2 --data new-photos/ --json"
    })
final class CompareCommand implements Callable<Integer> {
  private static final int LEFT_OUT_SHOWN = 20;

  @Mixin
  @SuppressWarnings("UnusedVariable") // the parser reads it
  private final CommonOptions common = new CommonOptions();

  @Parameters(
      arity = "2..*",
      paramLabel = "MODEL",
      description = "Two or more folders that training wrote.")
  private List<Path> models = new ArrayList<>();

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description =
          "Labelled examples that no model was trained on: a folder per class, a zip archive of that,"
              + " a CSV file of path and label, or a table of texts. Of data with a test part, that part (default: what"
              + " the models' own test parts have in common).")
  private @Nullable Path data;

  @Mixin private final DataReading reading = new DataReading();

  @Option(names = "--json", description = "Write one JSON object.")
  private boolean json;

  private final Console console;

  CompareCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Comparison comparison;
    try (Progress progress = Progress.on(console)) {
      TrainingListener listener = listener(progress);
      comparison =
          data == null
              ? ModelComparison.of(models, listener)
              : ModelComparison.of(models, reading.read(data), listener);
    }
    List<LeftOut> leftOut = comparison.leftOut();
    if (json) {
      console.results().write(Json.document(ComparisonJson.of(comparison, leftOut)));
    } else {
      ComparisonText.of(comparison, console.terminal().columns()).forEach(console.results()::line);
    }
    LeftOutReport.of(leftOut, LEFT_OUT_SHOWN).lines().forEach(console.error()::println);
    return ExitCode.DONE;
  }

  private static TrainingListener listener(Progress progress) {
    return new TrainingListener() {
      @Override
      public void phase(String name) {
        progress.phase(Wording.name(name));
      }

      @Override
      public void progress(String phase, long done, long total, String unit) {
        progress.update(Wording.name(phase), done, total, unit);
      }
    };
  }
}
