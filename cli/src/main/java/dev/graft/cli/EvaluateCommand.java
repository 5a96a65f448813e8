package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.data.DataException;
import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.data.LeftOut;
import dev.graft.data.Part;
import dev.graft.runtime.Modality;
import dev.graft.runtime.Predictor;
import dev.graft.transfer.evidence.Evaluation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures a trained model on labelled data. */
@Command(
    name = "evaluate",
    header = "Measure a trained model on labelled examples.",
    description =
        "Measure a trained model on labelled images or recordings: accuracy with its 95 %%"
            + " interval, balanced accuracy, log loss, precision and recall of each class,"
            + " confusion matrix.",
    footer = {
      "  graft evaluate my-model test-folder/",
      "  graft evaluate my-model photos.zip --part validation --json"
    })
final class EvaluateCommand implements Callable<Integer> {
  private static final int LEFT_OUT_SHOWN = 20;
  private static final int CLASSES_SHOWN = 10;

  @Mixin
  @SuppressWarnings("UnusedVariable") // the parser reads it
  private final CommonOptions common = new CommonOptions();

  @Parameters(index = "0", paramLabel = "MODEL", description = "The folder that training wrote.")
  private Path model = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "DATA",
      description = "A folder per class, a zip archive of that, or a CSV file of path and label.")
  private Path data = Path.of("");

  @Option(
      names = "--part",
      paramLabel = "PART",
      description =
          "train, validation, test or all (default: test if the data have one, else all).")
  private @Nullable PartChoice part;

  @Mixin private final DataReading reading = new DataReading();

  @Option(names = "--json", description = "Write one JSON object.")
  private boolean json;

  private final Console console;

  EvaluateCommand(Console console) {
    this.console = console;
  }

  /** The values of {@code --part}. */
  enum PartChoice {
    TRAIN,
    VALIDATION,
    TEST,
    ALL
  }

  @Override
  public Integer call() {
    try (Predictor predictor = Predictor.load(model)) {
      Dataset dataset = reading.read(data);
      requireSameKind(predictor.bundle().config().modality(), dataset);
      PartChoice chosen = chosenPart(dataset);
      List<Example> examples = examples(dataset, chosen);
      List<String> labels = predictor.bundle().config().labels();
      requireKnownClasses(examples, labels);
      LabelledRun run;
      try (Progress progress = Progress.on(console)) {
        run = LabelledRun.of(predictor, examples, progress);
      }
      List<LeftOut> leftOut = new ArrayList<>(dataset.leftOut());
      leftOut.addAll(run.leftOut());
      report(run.evaluation(), chosen, leftOut);
      return ExitCode.DONE;
    }
  }

  private void report(Evaluation evaluation, PartChoice chosen, List<LeftOut> leftOut) {
    String partName = chosen.name().toLowerCase(Locale.ROOT);
    if (json) {
      ObjectNode document = Json.object();
      document.put("model", model.toString());
      document.put("data", data.toString());
      document.put("part", partName);
      document.setAll(evaluation.toJson());
      ArrayNode items = document.putArray("left_out");
      for (LeftOut item : leftOut) {
        items.addObject().put("file", item.path()).put("reason", item.reason());
      }
      console.results().write(Json.document(document));
    } else {
      console
          .results()
          .line(
              Wording.name(model.toString())
                  + " on "
                  + Wording.name(data.toString())
                  + " ("
                  + (chosen == PartChoice.ALL ? "all parts" : partName + " part")
                  + ")");
      console.results().line("");
      String table = evaluation.table(console.terminal().columns());
      console.results().write(table.endsWith("\n") ? table : table + System.lineSeparator());
    }
    LeftOutReport.of(leftOut, LEFT_OUT_SHOWN).lines().forEach(console.error()::println);
  }

  private PartChoice chosenPart(Dataset dataset) {
    return Optional.ofNullable(part)
        .orElse(dataset.part(Part.TEST).isEmpty() ? PartChoice.ALL : PartChoice.TEST);
  }

  private List<Example> examples(Dataset dataset, PartChoice chosen) {
    List<Example> examples = new ArrayList<>();
    for (Part each : Part.values()) {
      if (chosen == PartChoice.ALL || chosen.name().equals(each.name())) {
        examples.addAll(dataset.part(each));
      }
    }
    if (examples.isEmpty()) {
      throw new DataException(
          "Evaluating on "
              + data
              + ": the part \""
              + chosen.name().toLowerCase(Locale.ROOT)
              + "\" holds no examples; there are "
              + dataset.parts().keySet().stream().map(Part::label).toList()
              + ". Choose another --part.");
    }
    return examples;
  }

  private void requireSameKind(Modality modality, Dataset dataset) {
    if (!modality.jsonName().equals(dataset.kind().word())) {
      throw new DataException(
          "Evaluating on "
              + data
              + ": the model takes "
              + modality.jsonName()
              + " data, but these are "
              + dataset.kind().word()
              + " files. Give data of the model's kind.");
    }
  }

  private void requireKnownClasses(List<Example> examples, List<String> labels) {
    Set<String> unknown = new TreeSet<>();
    examples.forEach(example -> unknown.add(example.label()));
    labels.forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      throw new DataException(
          "Evaluating on "
              + data
              + ": the model does not know "
              + (unknown.size() == 1 ? "the class " : "the classes ")
              + listed(unknown)
              + "; it knows "
              + listed(labels)
              + ". Rename or remove the folders, or give the data the model was made for.");
    }
  }

  private static String listed(Collection<String> names) {
    String first =
        String.join(", ", names.stream().limit(CLASSES_SHOWN).map(Wording::name).toList());
    return names.size() <= CLASSES_SHOWN
        ? first
        : first + " and " + (names.size() - CLASSES_SHOWN) + " more";
  }
}
