package dev.graft.transfer.comparison;

import dev.graft.transfer.evidence.ExamplePredictions.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Compares each model with the first. */
final class PairedResults {
  private PairedResults() {}

  static List<PairedResult> of(CommonExamples common) {
    if (common.count() == 0) {
      return List.of();
    }
    List<Row> first = common.predictions().get(0).rows();
    List<PairedProportions> counts = new ArrayList<>();
    List<PairedMean> losses = new ArrayList<>();
    for (int model = 1; model < common.predictions().size(); model++) {
      List<Row> second = common.predictions().get(model).rows();
      counts.add(counts(first, second));
      losses.add(
          PairedMean.of(
              IntStream.range(0, first.size())
                  .mapToDouble(i -> second.get(i).logLoss() - first.get(i).logLoss())
                  .toArray()));
    }
    double[] p = holm(counts.stream().mapToDouble(PairedProportions::exactP).toArray());
    List<PairedResult> results = new ArrayList<>();
    for (int i = 0; i < counts.size(); i++) {
      results.add(new PairedResult(0, i + 1, counts.get(i), p[i], losses.get(i)));
    }
    return results;
  }

  private static PairedProportions counts(List<Row> first, List<Row> second) {
    int[] counts = new int[4];
    for (int i = 0; i < first.size(); i++) {
      counts[(first.get(i).isRight() ? 0 : 2) + (second.get(i).isRight() ? 0 : 1)]++;
    }
    return new PairedProportions(counts[0], counts[1], counts[2], counts[3]);
  }

  /**
   * Holm's adjustment: the k-th smallest of m values times m - k + 1, none smaller than the one
   * before it, at most 1.
   */
  static double[] holm(double[] values) {
    int[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> values[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] adjusted = new double[values.length];
    double largest = 0;
    for (int rank = 0; rank < order.length; rank++) {
      largest = Math.max(largest, Math.min(1, values[order[rank]] * (order.length - rank)));
      adjusted[order[rank]] = largest;
    }
    return adjusted;
  }
}
