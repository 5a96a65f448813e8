package dev.graft.benchmarks;

import dev.graft.data.Dataset;
import dev.graft.data.DatasetReader;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.HeadArchitecture;
import dev.graft.transfer.Strategy;
import dev.graft.transfer.TransferLearning;
import dev.graft.transfer.evidence.TrainingRecord;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Compares the strategy that is chosen automatically with every strategy asked for by hand, on the
 * same data and seeds. The test parts are read for these figures only.
 *
 * <p>It takes hours; results are kept line by line in a file of the repository, and what stands
 * there is not run again.
 */
@Command(
    name = "strategies",
    description = "Compares --strategy auto with every strategy asked for by hand.",
    mixinStandardHelpOptions = true)
public final class StrategyTable implements Callable<Integer> {
  private static final String LAYERED_HEAD = "head of two layers";

  @Option(
      names = "--cells",
      split = ",",
      description = "names or beginnings of them (default: all)")
  private List<String> wanted = List.of("");

  @Option(names = "--seeds", split = ",", description = "seeds (default: 1,2,3)")
  private List<Long> seeds = List.of(1L, 2L, 3L);

  @Option(names = "--strategies", split = ",", description = "names or beginnings (default: all)")
  private List<String> strategies = List.of("");

  @Option(
      names = "--budget",
      description = "of the automatic choice, such as 10m (default: its own)")
  private @Nullable Duration budget;

  @Option(
      names = "--results",
      description = "file of results (default: benchmarks/results/strategies.tsv)")
  private @Nullable Path file;

  @Option(names = "--print", description = "print the table of what was run, and end")
  private boolean printOnly;

  private final PrintStream out;
  private final PrintStream progress;

  private StrategyTable(PrintStream out, PrintStream progress) {
    this.out = out;
    this.progress = progress;
  }

  /** Trains and prints. */
  public static void main(String[] arguments) {
    CommandLine command = new CommandLine(new StrategyTable(System.out, System.err));
    command.registerConverter(Duration.class, text -> Duration.parse("PT" + text));
    System.exit(command.execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    Path results =
        file == null ? Folders.project().resolve("benchmarks/results/strategies.tsv") : file;
    List<StrategyRun> runs = new ArrayList<>();
    if (Files.exists(results)) {
      Files.readAllLines(results).forEach(line -> runs.add(StrategyRun.parse(line)));
    }
    if (!printOnly) {
      for (StrategyCell cell : StrategyCell.all()) {
        if (wanted.stream().anyMatch(name -> cell.id().startsWith(name))) {
          measure(cell, runs, results);
        }
      }
    }
    new StrategyFigures(runs).lines().forEach(out::println);
    return 0;
  }

  private void measure(StrategyCell cell, List<StrategyRun> runs, Path results) throws IOException {
    Dataset dataset = DatasetReader.read(SharedMaterial.data(cell.data()));
    Backbone backbone = MeasuredBackbone.load(cell.backbone());
    for (Map.Entry<String, TransferLearning> one : strategies(cell, backbone).entrySet()) {
      for (long seed : seeds) {
        boolean asked = strategies.stream().anyMatch(one.getKey()::startsWith);
        boolean done = runs.stream().anyMatch(run -> run.is(cell.id(), seed, one.getKey()));
        if (asked && !done) {
          StrategyRun run = run(cell, one.getKey(), one.getValue().seed(seed), seed, dataset);
          runs.add(run);
          Files.writeString(
              results,
              run.line() + "\n",
              StandardCharsets.UTF_8,
              StandardOpenOption.CREATE,
              StandardOpenOption.APPEND);
          progress.println(run.line());
        }
      }
    }
  }

  /** By hand: every rung of the ladder; and the automatic choice. */
  private Map<String, TransferLearning> strategies(StrategyCell cell, Backbone backbone) {
    int blocks = backbone.blocks().size();
    TransferLearning learning =
        TransferLearning.from(backbone).cache(Folders.work().resolve("accuracy-cache"));
    if (cell.examplesPerClass().isPresent()) {
      learning = learning.examplesPerClass(cell.examplesPerClass().getAsInt());
    }
    Map<String, TransferLearning> all = new LinkedHashMap<>();
    all.put("head", learning.strategy(new Strategy.HeadOnly()));
    all.put(
        LAYERED_HEAD,
        learning.strategy(new Strategy.HeadOnly()).head(HeadArchitecture.layers(128)));
    all.put(
        "head-then-last-quarter",
        learning.strategy(new Strategy.HeadThenLastBlocks(Math.round(blocks / 4f))));
    all.put(
        "head-then-last-half",
        learning.strategy(new Strategy.HeadThenLastBlocks(Math.round(blocks / 2f))));
    all.put("head-then-all", learning.strategy(new Strategy.HeadThenAll()));
    all.put("head-then-norms", learning.strategy(new Strategy.HeadThenNorms()));
    TransferLearning automatic = learning.strategy(new Strategy.Automatic());
    all.put(StrategyFigures.AUTOMATIC, budget == null ? automatic : automatic.budget(budget));
    return all;
  }

  private static StrategyRun run(
      StrategyCell cell, String strategy, TransferLearning learning, long seed, Dataset dataset) {
    long start = System.nanoTime();
    TrainingRecord record = learning.fit(dataset).record();
    return new StrategyRun(
        cell.id(),
        seed,
        strategy,
        String.format(Locale.ROOT, "%s, %s", record.strategy(), record.head()),
        record.test().orElseThrow().accuracy(),
        (System.nanoTime() - start) / 1e9);
  }
}
