package dev.graft.transfer;

import dev.graft.data.ExampleSource;
import dev.graft.engine.PrecisionProof;
import dev.graft.onnx.OnnxModel;
import dev.graft.transfer.training.ClassifierHead;
import dev.graft.transfer.training.ExampleViews;
import dev.graft.transfer.training.FoldPredictions;
import dev.graft.transfer.training.FrozenPrefix;
import dev.graft.transfer.training.KeptWeights;
import dev.graft.transfer.training.WeightOrigin;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What all later phases of a run share.
 *
 * @param rival a backbone that the model is compared with
 */
record RunContext(
    Backbone backbone,
    TransferSettings settings,
    ExampleTables tables,
    ViewPlan plan,
    ExampleViews views,
    PrecisionProof precision,
    StoreFolder store,
    String dataHash,
    Optional<Backbone> rival) {
  /** The same run with a strategy and a head that were chosen for it. */
  RunContext choosing(Strategy strategy, HeadArchitecture head) {
    TransferSettings chosen = settings.toBuilder().strategy(strategy).head(head).build();
    return new RunContext(backbone, chosen, tables, plan, views, precision, store, dataHash, rival);
  }

  /**
   * Predictions of folds: kept like features, for the next run; without a cache, for a run that is
   * resumed.
   */
  FoldPredictions predictions(TransferLearning.Checkpointing checkpointing) {
    return settings.cache().isPresent()
        ? FoldPredictions.inCache(store.path(), cacheKey(""))
        : FoldPredictions.ofRun(checkpointing.folder(), checkpointing.resume(), fingerprint());
  }

  /** Weights of trainings that came to their end: kept like features, where there is a cache. */
  Optional<KeptWeights> trainedWeights() {
    return settings.cache().map(cache -> KeptWeights.inCache(store.path()));
  }

  /**
   * Names something in the cache that depends on all that decides the course of training, and on
   * the code that does it.
   */
  String cacheKey(String what) {
    String text = fingerprint() + "|" + CodeIdentity.text() + "|" + what;
    return ExampleSource.hash(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A network on the run's examples, its outputs kept; the caller closes it.
   *
   * @param network the trunk, or one with other weights
   * @param folder where they are kept
   */
  FrozenPrefix open(OnnxModel network, StoreFolder folder, TrainingListener listener) {
    return FrozenPrefix.open(
        network,
        views,
        precision.precision(),
        backbone.featureWidth(),
        backbone.profile().batchFor(precision.precision()),
        folder.path(),
        listener);
  }

  /** A head with random weights, for a network that learns together with it. */
  ClassifierHead newHead() {
    return ClassifierHead.create(
        backbone.featureWidth(),
        settings.head().hiddenWidths(),
        tables.dataset().classes().size(),
        settings.seed());
  }

  /** Where the weights come from that training begins with. */
  WeightOrigin weightOrigin() {
    return backbone.isFresh() ? WeightOrigin.FRESH : WeightOrigin.PRETRAINED;
  }

  /** Changes with everything that decides the course of training. */
  String fingerprint() {
    String text =
        String.join(
            "|",
            GraftVersion.text(),
            dataHash,
            backbone.trunk().sha256(),
            views.preprocessing().hash(),
            precision.precision().name(),
            plan.toString(),
            settings.toBuilder()
                .cache(Optional.empty())
                .budget(Optional.empty())
                .coverage(TransferSettings.defaults().coverage())
                .command("")
                .fixes(Optional.empty())
                .build()
                .toString());
    return ExampleSource.hash(text.getBytes(StandardCharsets.UTF_8));
  }
}
