package dev.graft.cli;

import dev.graft.onnx.OnnxModel;
import dev.graft.runtime.Bundle;
import dev.graft.transfer.BackboneFolder;
import dev.graft.transfer.CacheFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a model file or a trained model holds. */
@Command(
    name = "inspect",
    header = "Show what an ONNX file or a trained model holds.",
    description =
        "Show what an ONNX file holds: inputs, the output layer and its proof, features, blocks"
            + " that can be trained, cost, and whether it can serve as a backbone (exit code 4 if"
            + " not). For a folder that training wrote: its classes, figures and origin.",
    footer = {
      "  graft inspect mobilenet.onnx",
      "  graft inspect graft/photo-small",
      "  graft inspect my-model --json"
    })
final class InspectCommand implements Callable<Integer> {
  @Mixin
  @SuppressWarnings("UnusedVariable") // the parser reads it
  private final CommonOptions common = new CommonOptions();

  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description =
          "An ONNX file, a folder with a model.onnx, the folder that training wrote,"
              + " graft/photo-small, or hf:ORG/NAME of a hub.")
  private NamedBackbone name = new NamedBackbone("");

  @Option(names = "--layers", description = "List the layers of each block.")
  private boolean layers;

  @Option(
      names = "--passes",
      description = "Show what preparing an ONNX file changes, pass by pass, instead.")
  private boolean passes;

  @Option(names = "--json", description = "Write one JSON object.")
  private boolean json;

  private final Console console;

  InspectCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Path place = name.locate(CacheFolder.standard(), HubAccess.of(console));
    if (Files.isDirectory(place) && !BackboneFolder.isAt(place)) {
      BundleInspection bundle = BundleInspection.of(Bundle.open(place));
      console.results().write(json ? Json.document(bundle.json()) : bundle.text());
      return ExitCode.DONE;
    }
    Path file = BackboneFolder.modelOf(place);
    if (passes) {
      return showPasses(PassesInspection.of(OnnxModel.read(file)));
    }
    ModelInspection model = ModelInspection.of(file);
    console
        .results()
        .write(
            json
                ? Json.document(ModelInspectionJson.of(model))
                : new ModelInspectionText(model, layers, name.toString()).toString());
    return outcome(model.problems());
  }

  private int showPasses(PassesInspection inspection) {
    console.results().write(json ? Json.document(inspection.json()) : inspection.text());
    return outcome(
        inspection.problem().stream()
            .map(problem -> String.valueOf(problem.getMessage()))
            .toList());
  }

  private int outcome(List<String> problems) {
    if (problems.isEmpty()) {
      return ExitCode.DONE;
    }
    for (String problem : problems) {
      console.error().println("graft: error: " + Wording.printable(problem));
    }
    return ExitCode.MODEL;
  }
}
