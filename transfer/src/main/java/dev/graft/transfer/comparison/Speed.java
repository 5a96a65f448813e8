package dev.graft.transfer.comparison;

import dev.graft.runtime.BundleException;
import dev.graft.runtime.GoldenExample;
import dev.graft.runtime.ModelInput;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Times models on their golden examples, one at a time and the models in turn, so that what else
 * the machine does falls on all alike.
 */
final class Speed {
  private static final int WARM_UPS = 2;
  private static final int ROUNDS = 15;

  private Speed() {}

  /** Median milliseconds for one example of each model; empty where it has no golden examples. */
  static List<OptionalDouble> of(List<ComparedModel> models) {
    List<List<ModelInput>> inputs = models.stream().map(Speed::inputs).toList();
    List<List<Double>> times = new ArrayList<>();
    models.forEach(model -> times.add(new ArrayList<>()));
    for (int round = -WARM_UPS; round < ROUNDS; round++) {
      for (int model = 0; model < models.size(); model++) {
        List<ModelInput> own = inputs.get(model);
        if (!own.isEmpty()) {
          ModelInput input = own.get(Math.floorMod(round, own.size()));
          long start = System.nanoTime();
          models.get(model).predictor().predict(input);
          if (round >= 0) {
            times.get(model).add((System.nanoTime() - start) / 1e6);
          }
        }
      }
    }
    return times.stream().map(Speed::median).toList();
  }

  private static List<ModelInput> inputs(ComparedModel model) {
    try {
      return model.predictor().bundle().goldenExamples().examples().stream()
          .map(GoldenExample::input)
          .toList();
    } catch (BundleException damaged) {
      return List.of();
    }
  }

  private static OptionalDouble median(List<Double> times) {
    if (times.isEmpty()) {
      return OptionalDouble.empty();
    }
    Collections.sort(times);
    int middle = times.size() / 2;
    return OptionalDouble.of(
        times.size() % 2 == 1
            ? times.get(middle)
            : (times.get(middle - 1) + times.get(middle)) / 2);
  }
}
