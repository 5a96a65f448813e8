package dev.graft.benchmarks;

import dev.graft.data.Example;
import dev.graft.data.ExampleSource;
import dev.graft.data.image.Augmentation;
import dev.graft.engine.Precision;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.training.Activations;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.FrozenPrefix;
import dev.graft.transfer.training.ImageViews;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The path of {@code graft train}: contents hashed, each core decodes batches and runs them, rows
 * are kept in the feature store and read from there. Preparing the network is part of each call.
 * Not thread-safe.
 */
final class GraftExtraction implements FeatureExtractor {
  private final Backbone backbone;
  private final Precision precision;
  private final ImageViews views;
  private final Path storeFolder;
  private final Store store;

  /** What is in the store when an extraction begins. */
  enum Store {
    /** Nothing: each extraction has a new one, which goes with it. */
    EMPTY,
    /** What earlier extractions computed. */
    WARM
  }

  GraftExtraction(Backbone backbone, Precision precision, Path storeFolder, Store store) {
    this.backbone = backbone;
    this.precision = precision;
    this.views = new ImageViews(backbone.imagePreprocessing(), Augmentation.none(), 0);
    this.storeFolder = storeFolder;
    this.store = store;
    Folders.delete(storeFolder);
  }

  @Override
  public List<float[]> extract(List<Path> files) {
    if (store == Store.EMPTY) {
      Folders.delete(storeFolder);
    }
    ExampleTable table = table(files);
    try (FrozenPrefix trunk =
        FrozenPrefix.open(
            backbone.trunk(),
            views,
            precision,
            backbone.featureWidth(),
            backbone.profile().batchFor(precision),
            storeFolder,
            TrainingListener.SILENT)) {
      if (!trunk.compute(table, 1, "features").isEmpty()) {
        throw new IllegalStateException("some of the images cannot be decoded");
      }
      Activations activations = trunk.of(table);
      List<float[]> features = new ArrayList<>();
      for (int row = 0; row < table.size(); row++) {
        float[] values = new float[activations.width()];
        activations.read(row, 0, values);
        features.add(values);
      }
      return features;
    }
  }

  private static ExampleTable table(List<Path> files) {
    List<Example> examples = new ArrayList<>();
    for (Path file : files) {
      examples.add(new Example(file.toString(), "any", new ExampleSource.FileSource(file)));
    }
    List<String> hashes =
        examples.parallelStream().map(example -> example.source().contentHash()).toList();
    return new ExampleTable(examples, new int[files.size()], hashes, ExampleTable.Decoding.REDUCED);
  }

  @Override
  public void close() {
    Folders.delete(storeFolder);
  }
}
