package dev.graft.cli;

import dev.graft.data.DataException;
import dev.graft.data.DatasetKind;
import dev.graft.data.LeftOut;
import dev.graft.data.UnlabelledFile;
import dev.graft.data.UnlabelledFiles;
import dev.graft.runtime.PredictionInput;
import dev.graft.runtime.PredictionOutcome;
import dev.graft.runtime.Predictor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Classifies images with a trained model. */
@Command(
    name = "predict",
    header = "Classify images, recordings or texts with a trained model.",
    description =
        "Classify images, recordings or texts with a trained model. Files that cannot be read are named, counted and"
            + " left out; exit code 3 if none can be read.%n%n"
            + "A set such as \"90 %% set: ants, bees\" holds the true class in 90 %% of the"
            + " examples that are like the training data. \"Unlike the training data\" is a weak sign: it"
            + " compares features with those of up to 2,000 training examples, and one of"
            + " another kind may still look familiar to the network.",
    footer = {
      "  graft predict my-model photo.jpg folder/ archive.zip",
      "  graft predict my-model --json folder/ > predictions.jsonl",
      "  graft predict my-model - < photo.jpg",
      "  graft predict my-tickets - < tickets.txt"
    })
final class PredictCommand implements Callable<Integer> {
  private static final String STANDARD_INPUT = "-";
  private static final String STANDARD_INPUT_NAME = "(standard input)";
  private static final int LEFT_OUT_SHOWN = 20;

  @Mixin
  @SuppressWarnings("UnusedVariable") // the parser reads it
  private final CommonOptions common = new CommonOptions();

  @Parameters(index = "0", paramLabel = "MODEL", description = "The folder that training wrote.")
  private Path model = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "Images, recordings or texts, folders, zip archives, or - for standard input: one image"
              + " or recording, or a text a line.")
  private List<String> files = new ArrayList<>();

  @Option(
      names = "--top",
      paramLabel = "K",
      description = "How many labels to show (default: ${DEFAULT-VALUE}).")
  private int top = 3;

  @Option(names = "--json", description = "Write one JSON object a line.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Console console;

  PredictCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (top < 1) {
      throw new ParameterException(
          spec.commandLine(), "Option --top: expected 1 or more labels, found " + top);
    }
    try (Predictor predictor = Predictor.load(model)) {
      List<LeftOut> unusable = new ArrayList<>();
      List<PredictionInput> inputs = inputs(Wording.kind(predictor), unusable);
      return predict(predictor, inputs, unusable);
    }
  }

  private List<PredictionInput> inputs(DatasetKind kind, List<LeftOut> unusable) {
    List<PredictionInput> inputs = new ArrayList<>();
    boolean read = false;
    for (String file : files) {
      if (!file.equals(STANDARD_INPUT)) {
        UnlabelledFiles listed = UnlabelledFiles.list(kind, Path.of(file));
        unusable.addAll(listed.leftOut());
        for (UnlabelledFile found : listed.files()) {
          inputs.add(PredictionInput.of(found.id(), found.source()));
        }
      } else if (!read) {
        inputs.addAll(kind == DatasetKind.TEXT ? lines(unusable) : List.of(whole()));
        read = true;
      }
    }
    return inputs;
  }

  private PredictionInput whole() {
    return PredictionInput.ofBytes(STANDARD_INPUT_NAME, TextLines.all(console.in()));
  }

  /** A text a line; empty lines are passed over. */
  private List<PredictionInput> lines(List<LeftOut> unusable) {
    List<PredictionInput> lines = new ArrayList<>();
    TextLines.of(console.in()).forEach((id, text) -> lines.add(PredictionInput.ofBytes(id, text)));
    if (lines.isEmpty()) {
      unusable.add(new LeftOut(STANDARD_INPUT_NAME, "it holds no line of text"));
    }
    return lines;
  }

  private int predict(Predictor predictor, List<PredictionInput> inputs, List<LeftOut> unusable) {
    PredictionPrinter printer =
        json
            ? new JsonPredictions(console.results(), top)
            : new TablePredictions(console, top, inputs, predictor.bundle().config());
    LeftOutReport leftOut = new LeftOutReport(LEFT_OUT_SHOWN);
    for (LeftOut item : unusable) {
      leftOut.add(item);
      printer.leftOut(item);
    }
    int predicted = 0;
    // On a terminal that shows the rows themselves, a progress line would only get between them.
    boolean counts = !console.terminal().showsResults() && inputs.size() > 1;
    try (Progress progress = Progress.on(console);
        Stream<PredictionOutcome> outcomes = predictor.predictAll(inputs)) {
      if (counts) {
        progress.phase("Predicting");
      }
      int done = 0;
      for (Iterator<PredictionOutcome> all = outcomes.iterator(); all.hasNext(); ) {
        PredictionOutcome outcome = all.next();
        if (outcome instanceof PredictionOutcome.Predicted success) {
          printer.predicted(success.id(), success.prediction());
          predicted++;
        } else if (outcome instanceof PredictionOutcome.LeftOut failure) {
          LeftOut item = new LeftOut(failure.id(), failure.reason());
          leftOut.add(item);
          printer.leftOut(item);
        }
        done++;
        if (counts) {
          progress.update("Predicting", done, inputs.size(), Wording.kind(predictor).many());
        }
      }
    }
    leftOut.lines().forEach(console.error()::println);
    return exitCode(predicted, Wording.kind(predictor));
  }

  private int exitCode(int predicted, DatasetKind kind) {
    if (predicted > 0) {
      return ExitCode.DONE;
    }
    throw new DataException(
        "Predicting found no "
            + kind.one()
            + " that it could read. Expected "
            + Wording.formats(kind)
            + ", or folders or zip archives that hold some; found none in "
            + String.join(", ", files)
            + ".");
  }
}
