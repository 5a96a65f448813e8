package dev.graft.cli;

import dev.graft.data.DataException;
import dev.graft.data.DatasetKind;
import dev.graft.data.InputFile;
import dev.graft.data.InputFiles;
import dev.graft.data.LeftOut;
import dev.graft.data.image.ImageDecoder;
import dev.graft.data.image.PixelImage;
import dev.graft.runtime.PngEncoder;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.evidence.EvidenceFile;
import dev.graft.transfer.explanation.Explainer;
import dev.graft.transfer.explanation.Explanation;
import dev.graft.transfer.explanation.ExplanationOptions;
import java.nio.file.Path;
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

/** Shows on what in an image an answer rests. */
@Command(
    name = "explain",
    header = "Show on what in an image a trained model's answer rests.",
    description =
        "Show on what in an image a trained model's answer rests, as a picture: Grad-CAM, and as a"
            + " check on it what covering parts of the image does to the answer (occlusion). Says"
            + " whether the two agree.",
    footer = {
      "  graft explain my-model photo.jpg",
      "  graft explain my-model photo.jpg --class bees --out bees.png",
      "  graft explain my-model folder/ --out explanations/ --json"
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
      description = "Images, folders or zip archives.")
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
          "Where the picture goes, or a folder for several, which is made (default: the current"
              + " folder, each as NAME.explained.png).")
  private @Nullable Path out;

  @Option(
      names = "--grid",
      paramLabel = "N",
      description =
          "Places of the covering patch along the shorter side, 4 to 32 (default: 10). More show"
              + " more and take longer.")
  private int cells = ExplanationOptions.defaults().cells();

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
    ExplanationOptions options = options();
    List<LeftOut> leftOut = new ArrayList<>();
    List<InputFile> images = new ArrayList<>();
    for (Path file : files) {
      InputFiles listed = InputFiles.list(DatasetKind.IMAGE, file);
      leftOut.addAll(listed.leftOut());
      images.addAll(listed.files());
    }
    ExplanationPictures pictures =
        ExplanationPictures.place(out, images.stream().map(InputFile::id).toList(), overwrite);
    int explained = 0;
    if (!images.isEmpty()) {
      try (Progress progress = Progress.on(console);
          Explainer explainer = Explainer.load(model, options)) {
        if (label != null) {
          explainer.requireLabel(label);
        }
        explained = explain(explainer, images, pictures, leftOut, progress);
      }
    }
    if (json) {
      leftOut.forEach(item -> console.results().line(ExplanationJson.leftOut(item)));
    }
    LeftOutReport.of(leftOut, LEFT_OUT_SHOWN).lines().forEach(console.error()::println);
    if (explained == 0) {
      throw new DataException(
          "Explaining found no image that it could read in "
              + String.join(", ", files.stream().map(Path::toString).toList())
              + ". Give images (JPEG, PNG, GIF, BMP, WebP, TIFF), or folders or zip archives that"
              + " hold some.");
    }
    if (!json) {
      console.results().line("");
      for (String line : Wording.wrapped(ExplanationText.CAUTION, console.terminal().columns())) {
        console.results().line(line);
      }
    }
    return ExitCode.DONE;
  }

  private ExplanationOptions options() {
    try {
      return new ExplanationOptions(cells);
    } catch (IllegalArgumentException outOfRange) {
      throw new ParameterException(
          spec.commandLine(), "Option --grid: expected 4 to 32 places, found " + cells, outOfRange);
    }
  }

  private int explain(
      Explainer explainer,
      List<InputFile> images,
      ExplanationPictures pictures,
      List<LeftOut> leftOut,
      Progress progress) {
    ImageDecoder decoder = new ImageDecoder();
    int explained = 0;
    for (int i = 0; i < images.size(); i++) {
      InputFile file = images.get(i);
      try {
        PixelImage image = decoder.decode(file.source().read(), file.id());
        Explanation explanation = explanation(explainer, image, listener(progress, file));
        Path picture = pictures.of(i);
        EvidenceFile.write(picture, PngEncoder.encode(explanation.picture(image)));
        show(file.id(), image, explanation, picture, explained == 0);
        explained++;
      } catch (DataException unusable) {
        leftOut.add(new LeftOut(file.id(), String.valueOf(unusable.getMessage())));
      }
    }
    return explained;
  }

  private Explanation explanation(
      Explainer explainer, PixelImage image, TrainingListener listener) {
    return label == null
        ? explainer.explain(image, listener)
        : explainer.explain(image, label, listener);
  }

  private static TrainingListener listener(Progress progress, InputFile file) {
    String phase = "Explaining " + Wording.name(file.id());
    progress.phase(phase);
    return new TrainingListener() {
      @Override
      public void progress(String name, long done, long total, String unit) {
        progress.update(phase, done, total, unit);
      }
    };
  }

  private void show(
      String id, PixelImage image, Explanation explanation, Path picture, boolean first) {
    if (json) {
      console.results().line(ExplanationJson.line(id, explanation, picture));
      return;
    }
    if (!first) {
      console.results().line("");
    }
    ExplanationText.of(id, image, explanation, picture, console.terminal().columns())
        .forEach(console.results()::line);
  }
}
