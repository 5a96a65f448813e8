package dev.graft.transfer;

import dev.graft.data.Dataset;
import dev.graft.data.LeftOut;
import dev.graft.engine.PrecisionProof;
import dev.graft.transfer.training.Activations;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.ExampleViews;
import dev.graft.transfer.training.FrozenPrefix;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the frozen trunk of a backbone gives for the plain views of some training examples, computed
 * once and kept in the feature store. Not thread-safe; close it.
 */
public final class FrozenFeatures implements AutoCloseable {
  private final StoreFolder store;
  private final FrozenPrefix trunk;
  private final ExampleTable examples;
  private final PrecisionProof precision;
  private final List<LeftOut> damaged;

  private FrozenFeatures(
      StoreFolder store,
      FrozenPrefix trunk,
      ExampleTable examples,
      PrecisionProof precision,
      List<LeftOut> damaged) {
    this.store = store;
    this.trunk = trunk;
    this.examples = examples;
    this.precision = precision;
    this.damaged = damaged;
  }

  /**
   * Computes what is not stored yet.
   *
   * @param asked the precision, or that it be proved
   * @param cache the cache's folder; empty to keep nothing
   * @param phase how the work is called while it goes on
   */
  public static FrozenFeatures compute(
      Backbone backbone,
      ExampleTable examples,
      PrecisionChoice asked,
      Optional<Path> cache,
      String phase,
      TrainingListener listener) {
    ExampleViews views = ExampleViews.plain(backbone.preprocessing());
    StoreFolder store = StoreFolder.of(cache);
    FrozenPrefix trunk = null;
    try {
      PrecisionProof precision =
          new ProvenPrecision(backbone, views, store.path()).of(examples, asked);
      trunk =
          FrozenPrefix.open(
              backbone.trunk(),
              views,
              precision.precision(),
              backbone.featureWidth(),
              backbone.profile().batchFor(precision.precision()),
              store.path(),
              listener);
      List<LeftOut> damaged = trunk.compute(examples, 1, phase);
      return new FrozenFeatures(
          store, trunk, ExampleTables.without(examples, damaged), precision, damaged);
    } catch (RuntimeException | Error failure) {
      if (trunk != null) {
        trunk.close();
      }
      store.close();
      throw failure;
    }
  }

  /** The examples that could be decoded. */
  public ExampleTable examples() {
    return examples;
  }

  /** The features, row by row as the examples. */
  public Activations activations() {
    return trunk.of(examples);
  }

  /** The precision that they were computed in, with its reason. */
  public PrecisionProof precision() {
    return precision;
  }

  /** Examples that could not be decoded; they have no row. */
  public List<LeftOut> damaged() {
    return damaged;
  }

  /**
   * Which of the examples stay on one side of every split, because they are nearly alike.
   *
   * @param dataset whose training part the examples are
   * @throws dev.graft.data.DataException if nothing can be held out
   */
  public int[] groups(Dataset dataset) {
    ExampleTable none = examples.rows(new int[0]);
    return SplitGroups.choose(
            dataset.classes(),
            examples,
            LikeExamples.find(dataset.kind(), examples, activations()),
            none)
        .groups();
  }

  @Override
  public void close() {
    trunk.close();
    store.close();
  }
}
