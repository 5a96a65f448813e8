package dev.graft.benchmarks;

import ai.onnxruntime.OrtException;
import dev.graft.engine.NormStatistics;
import dev.graft.engine.Precision;
import dev.graft.zoo.architecture.ImageTask;
import java.nio.file.Path;
import java.util.List;

/**
 * The process of a contestant of {@link StepTable} that lives on this class path: {@code CONTESTANT
 * NETWORK FILE BATCH SECONDS PASSES}, where the passes are "features", "step" or both, separated by
 * a comma. Writes a line for each rate.
 */
public final class StepWorker {
  /** The name of the process that measures matrix products; its network and file do not count. */
  static final String MATRIX_PRODUCTS = "matrix-products";

  private StepWorker() {}

  /** Measures and prints. */
  public static void main(String[] arguments) throws OrtException {
    Path file = Path.of(arguments[2]);
    int batch = Integer.parseInt(arguments[3]);
    StepClock clock = new StepClock(System.out, Double.parseDouble(arguments[4]));
    List<String> passes = List.of(arguments[5].split(","));
    if (arguments[0].equals(MATRIX_PRODUCTS)) {
      MatrixProducts.measure(clock);
      System.exit(0);
    }
    ImageTask task = StepNetwork.named(arguments[1]).task();
    switch (arguments[0]) {
      case "onnx-runtime" -> OnnxRuntimeSteps.measureFeatures(file, task, clock, batch);
      case "graft-bf16", "graft-bf16-batch-norm" ->
          graft(new GraftSteps(file, task, Precision.BF16), clock, batch, passes);
      case "graft-fp32" -> graft(new GraftSteps(file, task, Precision.FP32), clock, batch, passes);
      case "graft-pretraining-step" ->
          new GraftSteps(file, task, Precision.BF16)
              .measureStep(clock, batch, NormStatistics.BATCH);
      case "graft-pretraining" ->
          GraftPretraining.measure(file, task, batch, Double.parseDouble(arguments[4]));
      default -> throw new IllegalArgumentException("no contestant here is " + arguments[0]);
    }
    // Libraries leave threads behind that are no daemons.
    System.exit(0);
  }

  private static void graft(GraftSteps steps, StepClock clock, int batch, List<String> passes) {
    if (passes.contains(StepRun.FEATURES)) {
      steps.measureFeatures(clock);
    }
    if (passes.contains(StepRun.STEP)) {
      steps.measureStep(clock, batch, NormStatistics.FROZEN);
    }
  }
}
