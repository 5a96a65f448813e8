package dev.graft.benchmarks;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Measures feature extraction and full fine-tuning steps of whole networks beside other engines and
 * prints a Markdown table, network by network.
 *
 * <p>Each contestant has a process of its own in each round; a round runs every contestant once, so
 * that what else the machine does meets all of them; the median of the rounds is printed, or the
 * highest.
 */
@Command(
    name = "steps",
    description = "Measures features and fine-tuning steps of whole networks beside other engines.",
    mixinStandardHelpOptions = true)
public final class StepTable implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--networks",
      split = ",",
      description =
          "mobilenetv2, resnet18, resnet50, vit-s, photo-small (default: all but the last)")
  private List<String> networks =
      Arrays.stream(StepNetwork.values())
          .filter(network -> network != StepNetwork.PHOTO_SMALL)
          .map(StepNetwork::id)
          .toList();

  @Option(
      names = "--contestants",
      split = ",",
      description =
          "graft-bf16, graft-fp32, graft-bf16-batch-norm, graft-pretraining-step, graft-pretraining,"
              + " onnx-runtime, pytorch, pytorch-tuned,"
              + " pytorch-tuned-frozen, pytorch-compiled, djl, deeplearning4j (default: all); all"
              + " are compared with the first")
  private List<String> contestants =
      Arrays.stream(StepContestant.values()).map(StepContestant::id).toList();

  @Option(names = "--batch", description = "images of a step (default: ${DEFAULT-VALUE})")
  private int batch = 16;

  @Option(
      names = "--seconds",
      description = "least time of one measurement (default: ${DEFAULT-VALUE})")
  private double seconds = 3;

  @Option(
      names = "--rounds",
      description = "measurements of each contestant (default: ${DEFAULT-VALUE})")
  private int rounds = 3;

  @Option(
      names = "--figure",
      description = "which round counts: median or highest (default: ${DEFAULT-VALUE})")
  private StepFigures.Choice figure = StepFigures.Choice.MEDIAN;

  private final PrintStream out;
  private final PrintStream progress;
  private final StepProcesses processes;

  StepTable(PrintStream out, PrintStream progress, StepProcesses processes) {
    this.out = out;
    this.progress = progress;
    this.processes = processes;
  }

  /** Measures and prints. */
  public static void main(String[] arguments) {
    String python = Optional.ofNullable(System.getenv("GRAFT_PYTHON")).orElse("python3");
    Path project = Path.of(System.getProperty("graft.project", ".")).toAbsolutePath();
    Path work = Folders.inside(Folders.work(), "steps");
    StepProcesses processes = new StepProcesses(project, work, python);
    System.exit(
        new CommandLine(new StepTable(System.out, System.err, processes))
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }

  @Override
  public Integer call() {
    List<StepNetwork> ofNetworks = chosen(networks, StepNetwork.values(), StepNetwork::id);
    List<StepContestant> wanted = chosen(contestants, StepContestant.values(), StepContestant::id);
    StepPlan plan;
    try {
      plan = new StepPlan(batch, seconds, rounds);
    } catch (IllegalArgumentException refused) {
      throw new ParameterException(spec.commandLine(), refused.getMessage());
    }
    List<StepContestant> present = present(wanted);
    out.println(StepFigures.HEADER.formatted(wanted.get(0).id()));
    List<StepFigures> products = new ArrayList<>();
    for (StepNetwork network : ofNetworks) {
      products.add(measure(network, present, plan));
    }
    out.println();
    for (int i = 0; i < products.size(); i++) {
      out.println(ofNetworks.get(i).id() + ": " + products.get(i).products());
    }
    return 0;
  }

  private <T> List<T> chosen(List<String> ids, T[] all, Function<T, String> id) {
    List<T> chosen = new ArrayList<>();
    for (String wanted : ids) {
      chosen.add(
          Arrays.stream(all)
              .filter(one -> id.apply(one).equals(wanted))
              .findFirst()
              .orElseThrow(
                  () ->
                      new ParameterException(
                          spec.commandLine(),
                          "There is no \""
                              + wanted
                              + "\"; there are "
                              + String.join(", ", Arrays.stream(all).map(id).toList()))));
    }
    return chosen.stream().distinct().toList();
  }

  private List<StepContestant> present(List<StepContestant> wanted) {
    Map<StepContestant.Home, Optional<String>> problems = new EnumMap<>(StepContestant.Home.class);
    wanted.forEach(one -> problems.computeIfAbsent(one.home(), processes::problem));
    problems.forEach(
        (home, problem) ->
            problem.ifPresent(
                why -> progress.println("Left out: what runs in " + home + ", because " + why)));
    return wanted.stream()
        .filter(one -> problems.getOrDefault(one.home(), Optional.empty()).isEmpty())
        .toList();
  }

  /** Prints the lines of a network. @return the rates of the matrix products beside them */
  private StepFigures measure(StepNetwork network, List<StepContestant> present, StepPlan plan) {
    Map<StepContestant, List<StepRun>> runs = new EnumMap<>(StepContestant.class);
    present.stream()
        .filter(one -> one.takes(network))
        .forEach(one -> runs.put(one, new ArrayList<>()));
    List<StepRun> products = new ArrayList<>();
    for (int round = 1; round <= plan.rounds(); round++) {
      progress.println(network.id() + ", round " + round + " of " + plan.rounds());
      products.add(processes.matrixProducts(plan));
      runs.entrySet().removeIf(one -> !measured(one.getKey(), network, plan, one.getValue()));
    }
    StepFigures ofProducts = new StepFigures(StepWorker.MATRIX_PRODUCTS, products, figure);
    OptionalDouble rate = ofProducts.rate(StepRun.BF16_PRODUCT);
    double multiplyAdds = network.multiplyAdds();
    List<StepFigures> figures = new ArrayList<>();
    for (StepContestant one : present) {
      figures.add(new StepFigures(one.id(), runs.getOrDefault(one, List.of()), figure));
    }
    for (StepFigures one : figures) {
      if (!one.runs().isEmpty()) {
        out.println(one.line(network.id(), multiplyAdds, figures.get(0), rate));
      }
    }
    out.flush();
    return ofProducts;
  }

  /** Runs a contestant once more. @return whether it ended well */
  private boolean measured(
      StepContestant contestant, StepNetwork network, StepPlan plan, List<StepRun> runs) {
    try {
      StepRun run = processes.run(contestant, network, plan);
      progress.println("  " + contestant.id() + " " + run.rates());
      return runs.add(run);
    } catch (IllegalStateException failure) {
      progress.println("Left out: " + contestant.id() + ", because " + failure.getMessage());
      return false;
    }
  }
}
