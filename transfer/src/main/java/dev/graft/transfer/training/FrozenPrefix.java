package dev.graft.transfer.training;

import dev.graft.data.DataException;
import dev.graft.data.LeftOut;
import dev.graft.engine.Network;
import dev.graft.engine.Precision;
import dev.graft.onnx.OnnxModel;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.features.FeatureStore;
import dev.graft.transfer.features.RowKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The frozen part of a network with its store: rows that are not stored yet are computed, each core
 * decoding and running batches of its own.
 *
 * <p>A row's value does not depend on which other rows were missing. Not thread-safe; close it.
 */
public final class FrozenPrefix implements AutoCloseable {
  private final OnnxModel model;
  private final ExampleViews views;
  private final Precision precision;
  private final FeatureStore store;
  private final int width;
  private final int batchSize;
  private final TrainingListener listener;
  private final Map<RowKey, float[]> unstored = new HashMap<>();
  private @Nullable Network prepared;

  private FrozenPrefix(
      OnnxModel model,
      ExampleViews views,
      Precision precision,
      FeatureStore store,
      Shape shape,
      TrainingListener listener) {
    this.model = model;
    this.views = views;
    this.precision = precision;
    this.store = store;
    this.width = shape.width;
    this.batchSize = shape.batchSize;
    this.listener = listener;
  }

  private record Shape(int width, int batchSize) {}

  /**
   * Prepares a prefix.
   *
   * @param model prepared images in, one output
   * @param width floats of one output row
   * @param batchSize images per forward pass
   * @param storeFolder where rows are kept
   */
  public static FrozenPrefix open(
      OnnxModel model,
      ExampleViews views,
      Precision precision,
      int width,
      int batchSize,
      Path storeFolder,
      TrainingListener listener) {
    String key =
        model.sha256().substring(0, 24) + "-" + views.preprocessing().hash().substring(0, 16);
    return new FrozenPrefix(
        model,
        views,
        precision,
        FeatureStore.open(storeFolder, key, width),
        new Shape(width, batchSize),
        listener);
  }

  /**
   * Makes sure that the first {@code viewCount} views of all examples are there.
   *
   * @return what could not be decoded, with the reason; such examples have no rows
   */
  public List<LeftOut> compute(ExampleTable table, int viewCount, String phase) {
    List<ViewRequest> missing = new ArrayList<>();
    Set<RowKey> asked = new HashSet<>();
    for (int row = 0; row < table.size(); row++) {
      for (int view = 0; view < viewCount; view++) {
        RowKey key = key(table, row, view);
        if (!store.contains(key) && !unstored.containsKey(key) && asked.add(key)) {
          missing.add(new ViewRequest(table, row, view));
        }
      }
    }
    if (missing.isEmpty()) {
      return List.of();
    }
    List<LeftOut> damaged = new ArrayList<>();
    listener.phase(phase);
    Network network = network(precisionOf(table));
    missing.sort(Comparator.comparingInt(request -> request.batchKey(views)));
    try (FrozenPasses passes = new FrozenPasses(views, network, missing, batchSize)) {
      long done = 0;
      Optional<FrozenPasses.Rows> rows = passes.next();
      while (rows.isPresent()) {
        store(rows.get());
        damaged.addAll(rows.get().damaged());
        done += rows.get().requests().size() + rows.get().damaged().size();
        listener.progress(phase, done, missing.size(), views.unit());
        rows = passes.next();
      }
    }
    store.flush();
    return distinct(damaged);
  }

  /** The network in a precision; the last one that was asked for is kept. */
  private Network network(Precision wanted) {
    Network known = prepared;
    if (known != null && known.precision() == wanted) {
      return known;
    }
    if (known != null) {
      known.close();
      prepared = null;
    }
    Network loaded = Network.load(model, wanted);
    prepared = loaded;
    return loaded;
  }

  private static List<LeftOut> distinct(List<LeftOut> all) {
    Set<String> seen = new HashSet<>();
    return all.stream().filter(one -> seen.add(one.path())).toList();
  }

  private void store(FrozenPasses.Rows rows) {
    int index = 0;
    for (ViewRequest request : rows.requests()) {
      float[] values = rows.outputs().values();
      float[] row = java.util.Arrays.copyOfRange(values, index * width, (index + 1) * width);
      RowKey key = key(request.table(), request.row(), request.view());
      store.write(key, row);
      if (!store.contains(key)) {
        unstored.put(key, row);
      }
      index++;
    }
  }

  private RowKey key(ExampleTable table, int row, int view) {
    String computed = views.key(view, table.decoding()) + "|" + precisionOf(table);
    return new RowKey(table.contentHashes().get(row), computed);
  }

  /** What is evaluated on is computed as the saved model computes it; training rows may be bf16. */
  private Precision precisionOf(ExampleTable table) {
    return table.decoding() == ExampleTable.Decoding.FULL ? Precision.FP32 : precision;
  }

  /** Rows of a table that {@link #compute} has seen. */
  public Activations of(ExampleTable table) {
    return new Activations() {
      @Override
      public int width() {
        return width;
      }

      @Override
      public void read(int row, int view, float[] out) {
        FrozenPrefix.this.read(table, row, view, out);
      }
    };
  }

  private void read(ExampleTable table, int row, int view, float[] out) {
    RowKey key = key(table, row, view);
    float[] kept = unstored.get(key);
    if (kept != null) {
      System.arraycopy(kept, 0, out, 0, width);
      return;
    }
    if (!store.read(key, out)) {
      // The row was damaged on disk since: computed again, never served.
      List<LeftOut> damaged = recompute(table, row, view);
      if (!damaged.isEmpty() || !(unstored.containsKey(key) || store.read(key, out))) {
        throw new DataException(
            "Reading the features of "
                + table.examples().get(row).id()
                + ": the stored row is damaged and the example can no longer be read. Run again.");
      }
      if (unstored.containsKey(key)) {
        read(table, row, view, out);
      }
    }
  }

  private List<LeftOut> recompute(ExampleTable table, int row, int view) {
    List<ViewRequest> one = List.of(new ViewRequest(table, row, view));
    Network network = network(precisionOf(table));
    try (FrozenPasses passes = new FrozenPasses(views, network, one, batchSize)) {
      FrozenPasses.Rows rows = passes.next().orElseThrow();
      store(rows);
      store.flush();
      return rows.damaged();
    }
  }

  /** How examples are prepared. */
  public ExampleViews views() {
    return views;
  }

  /** Why rows are not kept, if they are not. */
  public Optional<String> storeWarning() {
    return store.warning();
  }

  @Override
  public void close() {
    if (prepared != null) {
      prepared.close();
      prepared = null;
    }
    store.close();
  }
}
