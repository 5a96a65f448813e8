package dev.graft.transfer;

import dev.graft.data.Dataset;
import dev.graft.data.DatasetKind;
import dev.graft.data.LeftOut;
import dev.graft.engine.Precision;
import dev.graft.transfer.doctor.DataDoctor;
import dev.graft.transfer.doctor.ExaminedData;
import dev.graft.transfer.doctor.ExaminedPart;
import dev.graft.transfer.evidence.DataFindings;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.ExampleViews;
import dev.graft.transfer.training.FrozenPrefix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Examines data without training a model: what is odd about them, seen through the features of a
 * backbone.
 *
 * <pre>{@code
 * DataExamination examined = DataExamination.with(backbone).of(DatasetReader.read(photos));
 * DataFixes fixes = SuggestedFixes.of(examined.findings());
 * }</pre>
 *
 * <p>Results are immutable. An examination uses all cores; one at a time in a process.
 */
public final class DataExamination {
  private final DataFindings findings;
  private final Dataset dataset;
  private final List<String> notes;

  private DataExamination(DataFindings findings, Dataset dataset, List<String> notes) {
    this.findings = findings;
    this.dataset = dataset;
    this.notes = List.copyOf(notes);
  }

  /** Begins with the network whose features are looked at; seed 42, the platform's cache folder. */
  public static Examiner with(Backbone backbone) {
    return new Examiner(backbone, 42, Optional.of(CacheFolder.standard()), TrainingListener.SILENT);
  }

  /** How data are examined. Immutable: each method gives a new object with one setting changed. */
  public static final class Examiner {
    private final Backbone backbone;
    private final long seed;
    private final Optional<Path> cache;
    private final TrainingListener listener;

    private Examiner(
        Backbone backbone, long seed, Optional<Path> cache, TrainingListener listener) {
      this.backbone = backbone;
      this.seed = seed;
      this.cache = cache;
      this.listener = listener;
    }

    /** The seed of folds and samples. */
    public Examiner seed(long newSeed) {
      return new Examiner(backbone, newSeed, cache, listener);
    }

    /** Folder of the feature store. */
    public Examiner cache(Path folder) {
      return new Examiner(backbone, seed, Optional.of(folder), listener);
    }

    /** Keeps no features beyond this examination. */
    public Examiner withoutCache() {
      return new Examiner(backbone, seed, Optional.empty(), listener);
    }

    /** Who hears of the progress. */
    public Examiner listener(TrainingListener newListener) {
      return new Examiner(backbone, seed, cache, newListener);
    }

    /**
     * Examines.
     *
     * @throws dev.graft.data.DataException if no classifier could be trained on the data
     * @throws TransferException if the data are of another kind than the backbone takes
     * @throws dev.graft.engine.EngineException if the engine fails
     */
    public DataExamination of(Dataset dataset) {
      DatasetKind taken = backbone.preprocessing().kind();
      if (dataset.kind() != taken) {
        throw new TransferException(
            TransferException.Cause.DATA,
            "Examining "
                + dataset.name()
                + ": "
                + taken.many()
                + " are expected, which "
                + backbone.id()
                + " takes, but these are "
                + dataset.kind().many()
                + ". Choose a backbone of the same kind as the data with --backbone.");
      }
      dataset.requireTrainable();
      PredictionMemory.require(dataset, OptionalInt.empty(), Runtime.getRuntime().maxMemory());
      ExampleTables tables = ExampleTables.read(dataset, OptionalInt.empty(), seed, listener);
      ExampleViews plain = ExampleViews.plain(backbone.preprocessing());
      try (StoreFolder store = StoreFolder.of(cache);
          FrozenPrefix trunk =
              FrozenPrefix.open(
                  backbone.trunk(),
                  plain,
                  Precision.FP32,
                  backbone.featureWidth(),
                  backbone.profile().batchFor(Precision.FP32),
                  store.path(),
                  listener)) {
        return examined(tables, trunk);
      }
    }

    private DataExamination examined(ExampleTables tables, FrozenPrefix trunk) {
      List<LeftOut> damaged = new ArrayList<>();
      for (ExampleTable table : List.of(tables.train(), tables.validation(), tables.test())) {
        damaged.addAll(trunk.compute(table, 1, "Computing features"));
      }
      ExampleTables usable = tables.without(damaged);
      listener.phase("Examining the data");
      SplitGroups groups =
          SplitGroups.choose(
              usable.dataset().classes(),
              usable.train(),
              LikeExamples.find(usable.dataset().kind(), usable.train(), trunk.of(usable.train())),
              usable.validation());
      ExaminedData data =
          new ExaminedData(
              usable.dataset().kind(),
              usable.dataset().classes(),
              part("train", usable.train(), trunk),
              part("validation", usable.validation(), trunk),
              part("test", usable.test(), trunk),
              groups.groups(),
              seed);
      return new DataExamination(DataDoctor.examine(data), usable.dataset(), usable.notes());
    }

    private static ExaminedPart part(String name, ExampleTable table, FrozenPrefix trunk) {
      return new ExaminedPart(name, table, trunk.of(table), Optional.empty());
    }
  }

  /** What is odd about the data. */
  public DataFindings findings() {
    return findings;
  }

  /** The data less what could not be read, which {@link Dataset#leftOut()} names. */
  public Dataset dataset() {
    return dataset;
  }

  /** Remarks of reading: equal files under different labels. */
  public List<String> notes() {
    return notes;
  }
}
