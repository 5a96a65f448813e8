package dev.graft.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What the processes of one contestant measured on one network.
 *
 * @param contestant its name
 * @param runs one for each round that it ended
 * @param choice which of their rates is shown
 */
record StepFigures(String contestant, List<StepRun> runs, Choice choice) {
  /** Which of the rounds' rates stands for all. */
  enum Choice {
    /** The one in the middle: what this machine gives with everything else that it does. */
    MEDIAN,
    /** The highest: the least disturbed one, for a machine that others use as well. */
    HIGHEST
  }

  static final String HEADER =
      "| network | contestant | features, images/s | %1$s is x times as fast | of the matrix"
          + " products' rate | step, images/s | %1$s is x times as fast | of the matrix products'"
          + " rate | peak resident |\n|---|---|---|---|---|---|---|---|---|";
  private static final int FLOPS_OF_A_MULTIPLY_ADD = 2;

  /** Forward, gradient of the activations, gradient of the weights. */
  private static final int PASSES_OF_A_STEP = 3;

  StepFigures {
    runs = List.copyOf(runs);
  }

  /** The chosen one of the rounds' rates; empty where it was never measured. */
  OptionalDouble rate(String rate) {
    double[] sorted =
        runs.stream()
            .filter(run -> run.rates().containsKey(rate))
            .mapToDouble(run -> run.rates().getOrDefault(rate, Double.NaN))
            .sorted()
            .toArray();
    if (sorted.length == 0) {
      return OptionalDouble.empty();
    }
    if (choice == Choice.HIGHEST) {
      return OptionalDouble.of(sorted[sorted.length - 1]);
    }
    int middle = sorted.length / 2;
    return OptionalDouble.of(
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
  }

  /**
   * A line of the table.
   *
   * @param network its name
   * @param multiplyAdds of the forward pass of one image
   * @param reference whose rates are divided by this contestant's
   * @param products multiply-adds a second of bf16 matrix products
   */
  String line(String network, double multiplyAdds, StepFigures reference, OptionalDouble products) {
    List<String> cells = new ArrayList<>(List.of(network, contestant));
    cells.addAll(cells(StepRun.FEATURES, multiplyAdds, reference, products));
    cells.addAll(cells(StepRun.STEP, PASSES_OF_A_STEP * multiplyAdds, reference, products));
    long peak = runs.stream().mapToLong(run -> run.peakBytes().orElse(0)).max().orElse(0);
    cells.add(peak == 0 ? "-" : text("%.1f GB", peak / 1e9));
    return "| " + String.join(" | ", cells) + " |";
  }

  private List<String> cells(
      String rate, double multiplyAdds, StepFigures reference, OptionalDouble products) {
    OptionalDouble own = rate(rate);
    if (own.isEmpty()) {
      return List.of("-", "-", "-");
    }
    OptionalDouble other = reference.rate(rate);
    double images = own.getAsDouble();
    return List.of(
        text(images < 10 ? "%.1f" : "%.0f", images),
        other.isEmpty() ? "-" : text("%.2f", other.getAsDouble() / images),
        products.isEmpty()
            ? "-"
            : text("%.0f %%", 100 * images * multiplyAdds / products.getAsDouble()));
  }

  /** The rate of the matrix products in words. */
  String products() {
    return "Matrix products on this machine: bf16 "
        + teraflops(StepRun.BF16_PRODUCT)
        + ", fp32 "
        + teraflops(StepRun.FP32_PRODUCT)
        + ".";
  }

  private String teraflops(String rate) {
    OptionalDouble chosen = rate(rate);
    return chosen.isEmpty()
        ? "not measured"
        : text("%.2f TFLOP/s", FLOPS_OF_A_MULTIPLY_ADD * chosen.getAsDouble() / 1e12);
  }

  private static String text(String format, Object value) {
    return String.format(Locale.ROOT, format, value);
  }
}
