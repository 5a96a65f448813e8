package dev.graft.transfer;

import dev.graft.data.DataException;
import dev.graft.data.LeftOut;
import dev.graft.onnx.OnnxModel;
import dev.graft.transfer.training.Activations;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.FrozenPrefix;
import dev.graft.transfer.training.TrainedWeights;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The trunk with weights that were trained, and the features that it gives then. */
final class TunedTrunk implements AutoCloseable {
  private final Map<String, float[]> weights;
  private final StoreFolder store;
  private final FrozenPrefix prefix;

  private TunedTrunk(Map<String, float[]> weights, StoreFolder store, FrozenPrefix prefix) {
    this.weights = weights;
    this.store = store;
    this.prefix = prefix;
  }

  /**
   * The trunk of a run with other weights; the caller closes it.
   *
   * @param weights by initialiser name
   */
  static TunedTrunk open(
      RunContext context, Map<String, float[]> weights, TrainingListener listener) {
    OnnxModel trunk = TrainedWeights.into(context.backbone().trunk(), weights);
    // Nobody asks for these features again: the next run trains other weights.
    StoreFolder store = StoreFolder.of(Optional.empty());
    try {
      return new TunedTrunk(weights, store, context.open(trunk, store, listener));
    } catch (RuntimeException | Error failure) {
      store.close();
      throw failure;
    }
  }

  /** Features of examples in some views. */
  Activations features(ExampleTable table, int views, String phase) {
    List<LeftOut> damaged = prefix.compute(table, views, phase);
    if (!damaged.isEmpty()) {
      throw new DataException(
          "Training on "
              + damaged.get(0).path()
              + ": it could be read when the run began, but no longer: "
              + damaged.get(0).reason());
    }
    return of(table);
  }

  /** Features of examples that were {@linkplain #features computed}. */
  Activations of(ExampleTable table) {
    return prefix.of(table);
  }

  /** The trained values by initialiser name. */
  Map<String, float[]> weights() {
    return weights;
  }

  @Override
  public void close() {
    prefix.close();
    store.close();
  }
}
