package dev.graft.transfer.baseline;

import dev.graft.data.LeftOut;
import dev.graft.data.Preprocessing;
import dev.graft.engine.Precision;
import dev.graft.onnx.OnnxModel;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.evidence.Baseline.Contender;
import dev.graft.transfer.training.Activations;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.ExampleViews;
import dev.graft.transfer.training.FrozenPrefix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A linear head on what a frozen graph gives. */
public final class FrozenLearner extends LinearLearner {
  private static final String PHASE = "Computing the baseline";
  private static final int BATCH = 16;

  private final Contender contender;
  private final FrozenPrefix trunk;

  /**
   * What the head reads.
   *
   * @param contender how it is called
   * @param trunk prepared examples in, [N, width] out
   */
  public record Features(
      Contender contender, OnnxModel trunk, Preprocessing preprocessing, int width) {}

  /**
   * Loads the graph.
   *
   * @param store folder where features are kept
   */
  public FrozenLearner(
      Features features, BaselineTask task, Path store, TrainingListener listener) {
    super(task, listener);
    this.contender = features.contender;
    this.trunk =
        FrozenPrefix.open(
            features.trunk,
            ExampleViews.plain(features.preprocessing),
            Precision.FP32,
            features.width,
            BATCH,
            store,
            listener);
  }

  @Override
  public Contender contender() {
    return contender;
  }

  @Override
  public List<LeftOut> prepare(List<ExampleTable> tables) {
    List<LeftOut> unreadable = new ArrayList<>();
    tables.forEach(table -> unreadable.addAll(trunk.compute(table, 1, PHASE)));
    return unreadable;
  }

  @Override
  Activations features(ExampleTable table) {
    return trunk.of(table);
  }

  @Override
  public void close() {
    trunk.close();
  }
}
