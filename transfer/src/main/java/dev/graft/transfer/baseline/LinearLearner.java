package dev.graft.transfer.baseline;

import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.training.Activations;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.HeadOutputs;
import dev.graft.transfer.training.HeadProblem;
import dev.graft.transfer.training.LinearHeadFitting;
import dev.graft.transfer.training.Validated;
import java.util.Optional;

/** A linear head on other features than the model's. */
abstract sealed class LinearLearner implements BaselineLearner permits FrozenLearner, PixelLearner {
  private final BaselineTask task;
  private final TrainingListener listener;

  LinearLearner(BaselineTask task, TrainingListener listener) {
    this.task = task;
    this.listener = listener;
  }

  /** The features of examples that were prepared. */
  abstract Activations features(ExampleTable table);

  @Override
  public final float[] predict(
      ExampleTable train, int[] groups, Optional<ExampleTable> choosing, ExampleTable judged) {
    HeadProblem.Fit fit = fit(train, groups, choosing.map(this::heldOut));
    return new HeadOutputs(fit.head(), this::features).probabilities(judged);
  }

  @Override
  public final Validated heldOut(ExampleTable train, int[] groups) {
    return fit(train, groups, Optional.empty()).validated();
  }

  private HeadProblem.HeldOut heldOut(ExampleTable table) {
    return new HeadProblem.HeldOut(features(table), table.labels(), "");
  }

  private HeadProblem.Fit fit(
      ExampleTable train, int[] groups, Optional<HeadProblem.HeldOut> heldOut) {
    return LinearHeadFitting.fit(
        task.head(features(train), train.labels(), groups, heldOut), listener);
  }
}
