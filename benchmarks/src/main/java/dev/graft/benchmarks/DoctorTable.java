package dev.graft.benchmarks;

import dev.graft.transfer.Backbone;
import dev.graft.transfer.DataExamination;
import dev.graft.transfer.evidence.DataFindings;
import dev.graft.transfer.evidence.DataFindings.DuplicateGroup;
import dev.graft.transfer.evidence.DataFindings.Member;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Flips 5 % of the training labels, plants copies of 3 % of the training images in the test part,
 * and prints what of it the data doctor finds, as a Markdown table. The seed decides the sample,
 * the flips and the copies.
 */
@Command(
    name = "doctor",
    description = "Measures what the data doctor finds in data that were spoilt on purpose.",
    mixinStandardHelpOptions = true)
public final class DoctorTable implements Callable<Integer> {
  @Option(names = "--seeds", split = ",", description = "seeds (default: 1,2,3,4,5)")
  private List<Long> seeds = List.of(1L, 2L, 3L, 4L, 5L);

  @Option(
      names = "--data",
      split = ",",
      description =
          "data and training images of a class (default:"
              + " handwritten-digits:100,chest-xray-28:400,ants-bees:1000)")
  private List<String> data =
      List.of("handwritten-digits:100", "chest-xray-28:400", "ants-bees:1000");

  @Option(
      names = "--backbones",
      split = ",",
      description = "backbones (default: mobilenetv2-0.35-imagenet-headless,photo-small)")
  private List<String> backbones = List.of(SharedMaterial.SMALL_BACKBONE, MeasuredBackbone.BUNDLED);

  private final PrintStream out;
  private final PrintStream progress;

  private DoctorTable(PrintStream out, PrintStream progress) {
    this.out = out;
    this.progress = progress;
  }

  /** Measures and prints. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new DoctorTable(System.out, System.err)).execute(arguments));
  }

  @Override
  public Integer call() {
    out.println(
        "| data | backbone | seeds | flipped | found | precision of the list | planted copies |"
            + " grouped with their original | other groups across parts |"
            + " seconds, features stored |");
    out.println("|---|---|---|---|---|---|---|---|---|---|");
    for (String one : data) {
      for (String backbone : backbones) {
        measure(one.substring(0, one.indexOf(':')), perClass(one), backbone);
      }
    }
    return 0;
  }

  private static int perClass(String one) {
    return Integer.parseInt(one.substring(one.indexOf(':') + 1));
  }

  /** What one run found. */
  private record Run(
      int flipped, int listed, int hits, int copies, int grouped, int others, double seconds) {}

  private void measure(String archive, int perClass, String backboneName) {
    Backbone backbone = MeasuredBackbone.load(backboneName);
    List<Run> runs = new ArrayList<>();
    for (long seed : seeds) {
      Path folder = Folders.work().resolve("doctor-" + archive);
      SpoiltData spoilt = SpoiltData.write(SharedMaterial.data(archive), folder, perClass, seed);
      DataExamination.Examiner examiner =
          DataExamination.with(backbone).seed(seed).cache(Folders.work().resolve("doctor-cache"));
      examiner.of(spoilt.dataset());
      long start = System.nanoTime();
      DataFindings findings = examiner.of(spoilt.dataset()).findings();
      Run run = run(spoilt, findings, (System.nanoTime() - start) / 1e9);
      runs.add(run);
      progress.println(archive + ", " + backboneName + ", seed " + seed + ": " + run);
    }
    double flipped = sum(runs, Run::flipped);
    double hits = sum(runs, Run::hits);
    out.printf(
        Locale.ROOT,
        "| %s, %s | %s | %d | %.0f | %.0f (%.0f %%) | %.0f %% | %.0f | %.0f | %.0f | %.1f |%n",
        archive,
        perClass >= 1000 ? "all" : perClass + " a class",
        backboneName,
        runs.size(),
        flipped,
        hits,
        100 * hits / flipped,
        100 * hits / sum(runs, Run::listed),
        sum(runs, Run::copies),
        sum(runs, Run::grouped),
        sum(runs, Run::others),
        sum(runs, Run::seconds) / runs.size());
    out.flush();
  }

  private static double sum(List<Run> runs, ToDoubleFunction<Run> figure) {
    return runs.stream().mapToDouble(figure).sum();
  }

  private static Run run(SpoiltData spoilt, DataFindings findings, double seconds) {
    int hits =
        (int)
            findings.suspectLabels().stream()
                .filter(suspect -> spoilt.flipped().contains(suspect.id()))
                .count();
    int grouped = 0;
    int others = 0;
    for (DuplicateGroup group : findings.duplicates()) {
      Set<String> ids = group.members().stream().map(Member::id).collect(Collectors.toSet());
      int here = 0;
      for (Map.Entry<String, String> copy : spoilt.copies().entrySet()) {
        here += ids.contains(copy.getKey()) && ids.contains(copy.getValue()) ? 1 : 0;
      }
      grouped += here;
      others += here == 0 && group.acrossParts() ? 1 : 0;
    }
    return new Run(
        spoilt.flipped().size(),
        findings.suspectLabels().size(),
        hits,
        spoilt.copies().size(),
        grouped,
        others,
        seconds);
  }
}
