package dev.graft.transfer;

import dev.graft.data.ClassWeights;
import dev.graft.transfer.training.Activations;
import dev.graft.transfer.training.HeadProblem;
import dev.graft.transfer.training.LayeredHeadTraining;
import dev.graft.transfer.training.LinearHeadFitting;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Fits heads on the features of the frozen trunk, as the settings ask. */
final class HeadFitting {
  private final RunContext context;
  private final TrainingListener listener;

  HeadFitting(RunContext context, TrainingListener listener) {
    this.context = context;
    this.listener = listener;
  }

  /** The head of the settings. */
  HeadProblem.Fit fit(
      Activations train, int[] labels, int[] groups, Optional<HeadProblem.HeldOut> heldOut) {
    TransferSettings settings = context.settings();
    boolean convex =
        settings.head().isLinear()
            && (settings.optimizer() == OptimizerChoice.AUTO
                || settings.optimizer() == OptimizerChoice.LBFGS
                || !settings.strategy().isHeadOnly());
    HeadProblem problem = problem(train, labels, groups, heldOut);
    return convex
        ? LinearHeadFitting.fit(problem, listener)
        : layered(problem, settings.head().hiddenWidths());
  }

  private HeadProblem problem(
      Activations train, int[] labels, int[] groups, Optional<HeadProblem.HeldOut> heldOut) {
    return new HeadProblem(
        train,
        labels,
        context.plan().views(),
        groups,
        heldOut,
        context.tables().dataset().classes().size(),
        classWeights(),
        context.settings().validationFraction(),
        context.settings().seed());
  }

  private HeadProblem.Fit layered(HeadProblem problem, List<Integer> hiddenWidths) {
    return LayeredHeadTraining.fit(
        problem,
        hiddenWidths,
        StepPlan.head(context.settings(), problem.labels().length),
        listener);
  }

  /** Factors on the loss of each class. */
  float[] classWeights() {
    ExampleTables tables = context.tables();
    int classes = tables.dataset().classes().size();
    float[] weights = new float[classes];
    Arrays.fill(weights, 1);
    if (context.settings().classWeighting() == ClassWeighting.BALANCED) {
      double[] balanced = ClassWeights.balanced(tables.train().labels(), classes);
      for (int i = 0; i < classes; i++) {
        weights[i] = (float) balanced[i];
      }
    }
    return weights;
  }
}
