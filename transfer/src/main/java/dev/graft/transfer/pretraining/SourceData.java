package dev.graft.transfer.pretraining;

import dev.graft.data.Dataset;
import dev.graft.data.LeftOut;
import dev.graft.data.NearDuplicates;
import dev.graft.data.Split;
import dev.graft.data.Splitter;
import dev.graft.transfer.ExampleTables;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.TransferException;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.ExampleViews;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The examples of the source task, each decoded once to see that it can be.
 *
 * @param tables what remains
 * @param train what is trained on
 * @param validation what each epoch is judged by
 * @param method how the validation examples were chosen, in words
 */
record SourceData(
    ExampleTables tables, ExampleTable train, ExampleTable validation, String method) {
  private static final String PHASE = "Checking examples";
  private static final int CHUNK = 512;

  static SourceData read(Dataset dataset, PretrainingSettings settings, TrainingListener listener) {
    if (dataset.kind() != settings.views().kind()) {
      throw new TransferException(
          TransferException.Cause.DATA,
          "Pre-training on "
              + dataset.name()
              + ": "
              + settings.views().kind().word()
              + " data are expected, but these are "
              + dataset.kind().word()
              + ".");
    }
    ExampleTables read =
        ExampleTables.read(dataset, OptionalInt.empty(), settings.seed(), listener);
    List<LeftOut> damaged = new ArrayList<>();
    damaged.addAll(damaged(read.train(), settings, listener));
    damaged.addAll(damaged(read.validation(), settings, listener));
    return of(read.without(damaged), settings.validationFraction(), settings.seed());
  }

  /** Usable examples, of which some are held out where the data bring no validation part. */
  static SourceData of(ExampleTables usable, double validationFraction, long seed) {
    ExampleTable train = usable.train();
    if (usable.validation().size() > 0) {
      return new SourceData(usable, train, usable.validation(), "the data's own validation part");
    }
    Split split =
        Splitter.holdOut(
            train.labels(),
            NearDuplicates.exact(train.contentHashes()).groups(),
            validationFraction,
            seed);
    return new SourceData(
        usable,
        train.rows(split.train()),
        train.rows(split.validation()),
        Math.round(100 * validationFraction) + " % of the training examples, held out");
  }

  private static List<LeftOut> damaged(
      ExampleTable table, PretrainingSettings settings, TrainingListener listener) {
    ExampleViews views = settings.views().plain();
    List<LeftOut> damaged = new ArrayList<>();
    for (int from = 0; from < table.size(); from += CHUNK) {
      int to = Math.min(table.size(), from + CHUNK);
      IntStream.range(from, to)
          .parallel()
          .mapToObj(row -> views.damage(table, row))
          .flatMap(Optional::stream)
          .forEachOrdered(damaged::add);
      listener.progress(PHASE, to, table.size(), views.unit());
    }
    return damaged;
  }

  /** The names of the classes in the order of the network's outputs. */
  List<String> classes() {
    return tables.dataset().classes();
  }
}
