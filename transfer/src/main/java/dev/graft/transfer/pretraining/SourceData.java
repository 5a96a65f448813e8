package dev.graft.transfer.pretraining;

import dev.graft.data.Dataset;
import dev.graft.data.DatasetKind;
import dev.graft.data.LeftOut;
import dev.graft.data.NearDuplicates;
import dev.graft.data.Split;
import dev.graft.data.Splitter;
import dev.graft.data.image.Augmentation;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.data.image.Resize;
import dev.graft.transfer.ExampleTables;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.TransferException;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.ImageViews;
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
  private static final String PHASE = "Checking images";
  private static final int CHUNK = 512;

  static SourceData read(Dataset dataset, PretrainingSettings settings, TrainingListener listener) {
    if (dataset.kind() != DatasetKind.IMAGE) {
      throw new TransferException(
          TransferException.Cause.DATA,
          "Pre-training on "
              + dataset.name()
              + ": images are expected, but the data are "
              + dataset.kind().word()
              + ".");
    }
    ExampleTables read =
        ExampleTables.read(dataset, OptionalInt.empty(), settings.seed(), listener);
    List<LeftOut> damaged = new ArrayList<>();
    damaged.addAll(damaged(read.train(), settings, listener));
    damaged.addAll(damaged(read.validation(), settings, listener));
    ExampleTables usable = read.without(damaged);
    ExampleTable train = usable.train();
    if (usable.validation().size() > 0) {
      return new SourceData(usable, train, usable.validation(), "the data's own validation part");
    }
    Split split =
        Splitter.holdOut(
            train.labels(),
            NearDuplicates.exact(train.contentHashes()).groups(),
            settings.validationFraction(),
            settings.seed());
    return new SourceData(
        usable,
        train.rows(split.train()),
        train.rows(split.validation()),
        Math.round(100 * settings.validationFraction()) + " % of the training images, held out");
  }

  private static List<LeftOut> damaged(
      ExampleTable table, PretrainingSettings settings, TrainingListener listener) {
    ImageViews views = views(settings.sides().last(), Augmentation.none(), settings.seed());
    List<LeftOut> damaged = new ArrayList<>();
    for (int from = 0; from < table.size(); from += CHUNK) {
      int to = Math.min(table.size(), from + CHUNK);
      IntStream.range(from, to)
          .parallel()
          .mapToObj(row -> views.damage(table, row))
          .flatMap(Optional::stream)
          .forEachOrdered(damaged::add);
      listener.progress(PHASE, to, table.size(), "images");
    }
    return damaged;
  }

  /**
   * Views of square images whose plain one is the whole image, its shorter side brought to the
   * given one, cut to a square at the middle.
   */
  static ImageViews views(int side, Augmentation augmentation, long seed) {
    return new ImageViews(preprocessing(side), augmentation, seed);
  }

  /** What the plain view is made by. */
  static ImagePreprocessing preprocessing(int side) {
    return ImagePreprocessing.preset("imagenet", side, side)
        .withSize(new Resize.ShorterSide(side), side, side);
  }

  /** The names of the classes in the order of the network's outputs. */
  List<String> classes() {
    return tables.dataset().classes();
  }
}
