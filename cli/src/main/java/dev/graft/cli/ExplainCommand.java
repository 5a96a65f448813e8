package dev.graft.cli;

import dev.graft.data.DataException;
import dev.graft.data.DatasetKind;
import dev.graft.data.LeftOut;
import dev.graft.data.UnlabelledFile;
import dev.graft.data.UnlabelledFiles;
import dev.graft.runtime.Bundle;
import dev.graft.runtime.Modality;
import dev.graft.runtime.PngEncoder;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.evidence.EvidenceFile;
import dev.graft.transfer.explanation.Explainer;
import dev.graft.transfer.explanation.Explanation;
import dev.graft.transfer.explanation.ExplanationOptions;
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
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows on what in an image or a recording an answer rests. */
@Command(
    name = "explain",
    header = "Show on what in an image, a recording or a text a trained model's answer rests.",
    description =
        "Show on what in an image or a recording a trained model's answer rests, as a picture:"
            + " Grad-CAM, and as a check on it what covering parts of the image, or silencing parts"
            + " of the recording, does to the answer (occlusion). Says whether the two agree. Of"
            + " sound the picture is its spectrogram. Of a text it writes a page with its words in"
            + " colours: each is left out in turn.",
    footer = {
      "  graft explain my-model photo.jpg",
      "  graft explain my-model photo.jpg --class bees --out bees.png",
      "  graft explain my-model word.wav",
      "  graft explain my-model folder/ --out explanations/ --json",
      "  graft explain my-tickets ticket.txt --out why.html"
    })
final class ExplainCommand implements Callable<Integer> {
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
          "Images, recordings or texts, folders or zip archives; of texts also - for standard input,"
              + " a text a line.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--class",
      paramLabel = "NAME",
      description = "The class to explain (default: the most probable one).")
  private @Nullable String label;

  @Option(
      names = "--out",
      paramLabel = "FILE.png|FOLDER",
      description =
          "Where the picture goes (of a text the HTML page), or a folder for several, which is made"
              + " (default: the current folder, each as NAME.explained.png).")
  private @Nullable Path out;

  @Option(
      names = "--grid",
      paramLabel = "N",
      description =
          "Places of the covering patch along the shorter side of an image or spectrogram, 4 to 32"
              + " (default: 10). More show more and take longer.")
  private @Nullable Integer cells;

  @Option(names = "--json", description = "Write one JSON object a line.")
  private boolean json;

  @Option(names = "--overwrite", description = "Replace pictures of the same name.")
  private boolean overwrite;

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Console console;

  ExplainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (Bundle.open(model).config().modality() == Modality.TEXT) {
      if (cells != null) {
        throw new ParameterException(
            spec.commandLine(),
            "Option --grid: it is for images and recordings, but the model takes texts; leave it"
                + " out");
      }
      new TextExplaining(console, model, Optional.ofNullable(label), out, overwrite, json)
          .explain(files);
      return ExitCode.DONE;
    }
    try (Explainer explainer = Explainer.load(model, options())) {
      explain(explainer);
    }
    return ExitCode.DONE;
  }

  private void explain(Explainer explainer) {
    DatasetKind kind = explainer.kind();
    if (label != null) {
      explainer.requireLabel(label);
    }
    List<LeftOut> leftOut = new ArrayList<>();
    List<UnlabelledFile> inputs = new ArrayList<>();
    for (Path file : files) {
      UnlabelledFiles listed = UnlabelledFiles.list(kind, file);
      leftOut.addAll(listed.leftOut());
      inputs.addAll(listed.files());
    }
    ExplanationPlaces pictures =
        ExplanationPlaces.place(
            out, ".png", inputs.stream().map(UnlabelledFile::id).toList(), overwrite);
    int explained = explain(explainer, inputs, pictures, leftOut);
    if (json) {
      leftOut.forEach(item -> console.results().line(ExplanationJson.leftOut(item)));
    }
    LeftOutReport.of(leftOut, LEFT_OUT_SHOWN).lines().forEach(console.error()::println);
    if (explained == 0) {
      throw new DataException(
          "Explaining found no "
              + kind.one()
              + " that it could read in "
              + String.join(", ", files.stream().map(Path::toString).toList())
              + ". Give "
              + Wording.formats(kind)
              + ", or folders or zip archives that hold some.");
    }
    if (!json) {
      console.results().line("");
      String caution = ExplanationWords.caution(kind);
      Wording.wrapped(caution, console.terminal().columns()).forEach(console.results()::line);
    }
  }

  private ExplanationOptions options() {
    if (cells == null) {
      return ExplanationOptions.defaults();
    }
    try {
      return new ExplanationOptions(cells);
    } catch (IllegalArgumentException outOfRange) {
      throw new ParameterException(
          spec.commandLine(), "Option --grid: expected 4 to 32 places, found " + cells, outOfRange);
    }
  }

  private int explain(
      Explainer explainer,
      List<UnlabelledFile> inputs,
      ExplanationPlaces pictures,
      List<LeftOut> leftOut) {
    int explained = 0;
    try (Progress progress = Progress.on(console)) {
      for (int i = 0; i < inputs.size(); i++) {
        UnlabelledFile file = inputs.get(i);
        try {
          Explanation explanation = explanation(explainer, file, listener(progress, file));
          Path picture = pictures.of(i);
          EvidenceFile.write(picture, PngEncoder.encode(explanation.picture()));
          show(file.id(), explanation, picture, explained == 0);
          explained++;
        } catch (DataException unusable) {
          leftOut.add(new LeftOut(file.id(), String.valueOf(unusable.getMessage())));
        }
      }
    }
    return explained;
  }

  private Explanation explanation(
      Explainer explainer, UnlabelledFile file, TrainingListener listener) {
    return label == null
        ? explainer.explain(file.source(), file.id(), listener)
        : explainer.explain(file.source(), file.id(), label, listener);
  }

  private static TrainingListener listener(Progress progress, UnlabelledFile file) {
    String phase = "Explaining " + Wording.name(file.id());
    progress.phase(phase);
    return new TrainingListener() {
      @Override
      public void progress(String name, long done, long total, String unit) {
        progress.update(phase, done, total, unit);
      }
    };
  }

  private void show(String id, Explanation explanation, Path picture, boolean first) {
    if (json) {
      console.results().line(ExplanationJson.line(id, explanation, picture));
      return;
    }
    if (!first) {
      console.results().line("");
    }
    ExplanationText.of(id, explanation, picture, console.terminal().columns())
        .forEach(console.results()::line);
  }
}
