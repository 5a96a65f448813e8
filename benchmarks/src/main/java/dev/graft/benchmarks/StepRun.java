package dev.graft.benchmarks;

import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What one process of a contestant measured.
 *
 * @param rates by name, in units a second; where a name came several times, the highest
 * @param peakBytes the most memory that was resident; empty where the system does not tell
 */
record StepRun(Map<String, Double> rates, OptionalLong peakBytes) {
  static final String FEATURES = "features";
  static final String STEP = "step";
  static final String BF16_PRODUCT = "bf16-product";
  static final String FP32_PRODUCT = "fp32-product";

  StepRun {
    rates = Map.copyOf(rates);
  }

  /** Reads the lines "NAME RATE" among whatever else a process wrote. */
  static StepRun of(MeasuredProcess process) {
    Map<String, Double> rates = new TreeMap<>();
    for (String line : process.output().split("\n")) {
      String[] words = line.trim().split(" ");
      if (words.length == 2 && isName(words[0])) {
        rates.merge(words[0], Double.parseDouble(words[1]), Math::max);
      }
    }
    if (rates.isEmpty()) {
      throw new IllegalStateException(
          "the process ended without a rate but wrote:\n" + process.output());
    }
    return new StepRun(rates, process.peakBytes());
  }

  private static boolean isName(String word) {
    return word.equals(FEATURES)
        || word.equals(STEP)
        || word.equals(BF16_PRODUCT)
        || word.equals(FP32_PRODUCT);
  }
}
