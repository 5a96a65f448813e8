package dev.graft.cli;

import dev.graft.data.Dataset;
import dev.graft.transfer.advice.Advice;
import dev.graft.transfer.advice.AdviceSettings;
import dev.graft.transfer.advice.Advisor;
import dev.graft.zoo.FreshWeights;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Says whether transfer makes sense for a task, and from which backbone. */
@Command(
    name = "advise",
    header = "Say whether transfer makes sense, and from which backbone.",
    description =
        "Say whether transfer makes sense for labelled images, recordings or texts, and from which"
            + " pretrained network: candidates are ranked by cross-validation of a head on their"
            + " frozen features and compared with what is reached without transfer, such as by the"
            + " words of texts alone. Validation and test parts are not read.",
    footer = {
      "  graft advise photos.zip",
      "  graft advise photos/ --backbone mobilenet.onnx --backbone resnet.onnx",
      "  graft advise tickets.csv --backbone hf:sentence-transformers/all-MiniLM-L6-v2",
      "  graft advise recordings/ --backbones my-backbones/ --budget 2m --json"
    })
final class AdviseCommand implements Callable<Integer> {
  private static final String NO_BUDGET = "none";

  @Parameters(
      index = "0",
      paramLabel = "DATA",
      description =
          "A folder per class, also inside train/, validation/ and test/; a zip archive of that; a"
              + " CSV file of path and label; or a table of texts and labels.")
  private Path data = Path.of("");

  @Option(
      names = "--backbone",
      order = 1,
      paramLabel = "FILE",
      description =
          "A candidate: an ONNX file that takes what the data hold, a folder with such a model.onnx"
              + " and, for texts, its tokenizer.json, or hf:ORG/NAME of a hub; may be given several"
              + " times. graft/photo-small for images, graft/speech-small for recordings and"
              + " graft/text-small for texts, which come with Graft, always are.")
  private List<NamedBackbone> backbones = List.of();

  @Option(
      names = "--backbones",
      order = 2,
      paramLabel = "FOLDER",
      description = "A folder whose ONNX files and backbones are candidates; others are left out.")
  private @Nullable Path folder;

  @Option(
      names = "--budget",
      order = 4,
      paramLabel = "DURATION",
      description =
          "Time for training a small network from scratch, such as 2m, or none to leave it out"
              + " (default: 30s).")
  private String budget = "30s";

  @Option(
      names = "--examples",
      order = 5,
      paramLabel = "N",
      description =
          "Most training examples to look at; of more, a seeded stratified sample (default: 1000).")
  private int examples = AdviceSettings.defaults().examples();

  @Option(
      names = "--seed",
      order = 6,
      paramLabel = "N",
      description = "Seed of samples, splits and fresh weights (default: 42).")
  private long seed = AdviceSettings.defaults().seed();

  @Option(names = "--no-cache", order = 24, description = "Keep no features between runs.")
  private boolean noCache;

  @Option(names = "--json", order = 25, description = "Write the result as one JSON object.")
  private boolean json;

  @Mixin private final CandidateChoices choices = new CandidateChoices();
  @Mixin private final DataReading reading = new DataReading();
  @Mixin private final CacheChoice cache = new CacheChoice();

  @Mixin
  @SuppressWarnings("UnusedVariable") // the parser reads it
  private final CommonOptions common = new CommonOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Console console;

  AdviseCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (cache.asked().isPresent() && noCache) {
      throw new ParameterException(
          spec.commandLine(),
          "Options --cache and --no-cache exclude each other; give one of them");
    }
    AdviceSettings settings = settings();
    NativeLibraries.loadAhead();
    List<String> arguments = spec.root().commandLine().getParseResult().originalArgs();
    try (Progress progress = Progress.on(console);
        Interruption interruption =
            Interruption.announce(console, progress, () -> interrupted(arguments))) {
      progress.phase("Reading " + Wording.name(data.toString()));
      Dataset dataset = reading.read(data);
      CandidateBackbones candidates =
          candidates(dataset, progress, HubAccess.within(console, progress, interruption));
      ProgressListener listener = new ProgressListener(progress, interruption, dataset.kind());
      Advisor advisor =
          Advisor.of(candidates.candidates())
              .settings(settings)
              .freshWeights(
                  known -> known.withWeightsOf(FreshWeights.reinitialize(known.model(), seed)))
              .listener(listener);
      if (settings.budget().isPresent()) {
        advisor = advisor.smallNetwork(examples -> SmallNetwork.withFreshWeights(examples, seed));
      }
      Advice advice = advisor.advise(dataset);
      interruption.pass();
      progress.close();
      report(advice, candidates);
      return ExitCode.DONE;
    }
  }

  private CandidateBackbones candidates(Dataset dataset, Progress progress, HubAccess hub) {
    CandidateBackbones candidates =
        new CandidateBackbones(dataset, choices, cache.folder(), progress, hub);
    candidates.addBundled();
    backbones.forEach(candidates::addNamed);
    if (folder != null) {
      candidates.addFrom(folder);
    }
    return candidates;
  }

  private AdviceSettings settings() {
    AdviceSettings settings = AdviceSettings.defaults().withExamples(examples).withSeed(seed);
    settings =
        budget.trim().toLowerCase(Locale.ROOT).equals(NO_BUDGET)
            ? settings.withoutBudget()
            : settings.withBudget(duration());
    settings = cache.asked().map(settings::withCache).orElse(settings);
    return noCache ? settings.withoutCache() : settings;
  }

  private Duration duration() {
    try {
      return TimeBudget.parse(budget);
    } catch (TypeConversionException refused) {
      throw new ParameterException(
          spec.commandLine(),
          "Invalid value for option '--budget': " + refused.getMessage() + ", or none",
          refused);
    }
  }

  private void report(Advice advice, CandidateBackbones candidates) {
    String name = advice.next().backbone();
    String command =
        new AdviseCommandLine(data, advice.data().kind(), reading.words(), candidates.words(name))
            .train(advice.next());
    if (json) {
      console.results().write(Json.document(AdviceJson.of(advice, command, candidates.leftOut())));
      return;
    }
    int columns = console.terminal().showsResults() ? console.terminal().columns() : 100;
    new AdviceText(advice, command, candidates.leftOut(), columns)
        .lines()
        .forEach(console.results()::line);
  }

  private static String interrupted(List<String> arguments) {
    return "features computed so far are kept. To begin again: " + CommandText.of(arguments);
  }
}
