package dev.graft.transfer;

import dev.graft.data.Preprocessing;
import dev.graft.engine.Precision;
import dev.graft.onnx.OnnxModel;
import dev.graft.transfer.evidence.Baseline.Contender;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.ExampleViews;
import dev.graft.transfer.training.FrozenPrefix;
import dev.graft.transfer.training.HeadProblem;
import dev.graft.transfer.training.LinearHeadFitting;
import dev.graft.transfer.training.Validated;
import java.util.List;
import java.util.Optional;

/** A linear head on other features than the model's. */
final class FrozenLearner implements BaselineLearner {
  private static final String PHASE = "Computing the baseline";
  private static final int BATCH = 16;

  private final RunContext context;
  private final TrainingListener listener;
  private final Contender contender;
  private final FrozenPrefix trunk;

  /**
   * What the head reads.
   *
   * @param contender how it is called
   * @param trunk prepared examples in, [N, width] out
   */
  record Features(Contender contender, OnnxModel trunk, Preprocessing preprocessing, int width) {}

  FrozenLearner(RunContext context, TrainingListener listener, Features features) {
    this.context = context;
    this.listener = listener;
    this.contender = features.contender;
    this.trunk =
        FrozenPrefix.open(
            features.trunk,
            ExampleViews.plain(features.preprocessing),
            Precision.FP32,
            features.width,
            BATCH,
            context.store().path(),
            listener);
  }

  @Override
  public Contender contender() {
    return contender;
  }

  @Override
  public boolean prepare(List<ExampleTable> tables) {
    boolean readable = true;
    for (ExampleTable table : tables) {
      readable &= trunk.compute(table, 1, PHASE).isEmpty();
    }
    return readable;
  }

  @Override
  public float[] predict(
      ExampleTable train, int[] groups, Optional<ExampleTable> choosing, ExampleTable judged) {
    HeadProblem.Fit fit = fit(train, groups, choosing.map(this::heldOut));
    return new HeadOutputs(fit.head(), trunk).probabilities(judged);
  }

  @Override
  public Validated outOfFold(ExampleTable train, int[] groups) {
    return fit(train, groups, Optional.empty()).validated();
  }

  private HeadProblem.HeldOut heldOut(ExampleTable table) {
    return new HeadProblem.HeldOut(trunk.of(table), table.labels(), "");
  }

  private HeadProblem.Fit fit(
      ExampleTable train, int[] groups, Optional<HeadProblem.HeldOut> heldOut) {
    return LinearHeadFitting.fit(
        new HeadProblem(
            trunk.of(train),
            train.labels(),
            1,
            groups,
            heldOut,
            context.tables().dataset().classes().size(),
            new HeadFitting(context, listener).classWeights(),
            context.settings().validationFraction(),
            context.settings().seed()),
        listener);
  }

  @Override
  public void close() {
    trunk.close();
  }
}
