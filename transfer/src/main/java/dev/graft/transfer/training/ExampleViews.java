package dev.graft.transfer.training;

import dev.graft.data.DataException;
import dev.graft.data.Example;
import dev.graft.data.ExampleAugmentation;
import dev.graft.data.LeftOut;
import dev.graft.data.Preprocessing;
import dev.graft.data.audio.AudioAugmentation;
import dev.graft.data.audio.AudioPreprocessing;
import dev.graft.data.image.Augmentation;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.data.text.TextEncoder;
import dev.graft.engine.FloatTensor;
import dev.graft.runtime.ModelInput;
import dev.graft.transfer.training.ExampleTable.Decoding;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Turns examples of one kind into what the backbone takes. Thread-safe. */
public sealed interface ExampleViews permits ImageViews, SoundViews, TextViews {
  /** Examples as they are. */
  static ExampleViews plain(Preprocessing preprocessing) {
    if (preprocessing instanceof ImagePreprocessing images) {
      return new ImageViews(images, Augmentation.none(), 0);
    }
    if (preprocessing instanceof AudioPreprocessing sounds) {
      return new SoundViews(sounds, AudioAugmentation.none(), 0);
    }
    if (preprocessing instanceof TextEncoder texts) {
      return new TextViews(texts);
    }
    throw new IllegalArgumentException("no views of " + preprocessing.kind().word());
  }

  /**
   * Examples that an augmentation changes, as the seed decides.
   *
   * @throws IllegalArgumentException if it is for examples of another kind
   */
  static ExampleViews of(Preprocessing preprocessing, ExampleAugmentation augmentation, long seed) {
    if (preprocessing instanceof ImagePreprocessing images
        && augmentation instanceof Augmentation changed) {
      return new ImageViews(images, changed, seed);
    }
    if (preprocessing instanceof AudioPreprocessing sounds
        && augmentation instanceof AudioAugmentation changed) {
      return new SoundViews(sounds, changed, seed);
    }
    if (augmentation.isNone()) {
      return plain(preprocessing);
    }
    throw new IllegalArgumentException(
        "augmentation of "
            + augmentation.kind().word()
            + " for "
            + preprocessing.kind().word()
            + ": "
            + augmentation);
  }

  /** How examples are prepared. */
  Preprocessing preprocessing();

  /** What examples are called in messages, such as "images". */
  String unit();

  /** What distinguishes a view in a cache: its number, and how it was decoded and augmented. */
  String key(int view, Decoding decoding);

  /**
   * Writes one view of an example, [{@link #shape()}] from the offset on; view 0 is the plain one.
   *
   * @throws DataException naming the file, for anything that is no usable example
   */
  void write(
      Example example, String contentHash, int view, Decoding decoding, float[] out, int offset);

  /**
   * An example as the deployed model is given it: decoded, not yet prepared.
   *
   * @throws DataException as {@link #write}
   */
  ModelInput decoded(Example example, Decoding decoding);

  /**
   * What examples must have in common to be computed in one batch, so that a row's value does not
   * depend on the others: nothing, but for texts their length.
   *
   * @throws DataException as {@link #write}
   */
  default int batchKey(Example example, String contentHash) {
    return 0;
  }

  /**
   * How many rows of one batch key are computed together.
   *
   * @param usual as many as suit examples of the full {@link #shape()}
   */
  default int rowsTogether(int usual, int batchKey) {
    return usual;
  }

  /** The number of floats of one prepared example. */
  default int valueCount() {
    return preprocessing().valueCount();
  }

  /** The shape of one prepared example, without the batch. */
  default long[] shape() {
    return preprocessing().shape();
  }

  /** Prepared examples one after another as [rows, shape]. */
  default FloatTensor batch(float[] values, int rows) {
    long[] one = shape();
    long[] all = new long[one.length + 1];
    all[0] = rows;
    System.arraycopy(one, 0, all, 1, one.length);
    return new FloatTensor(values, all);
  }

  /**
   * Prepared examples that are none, to try a network out on: evenly random in [-1, 1].
   *
   * @param seed the same gives the same
   */
  default FloatTensor made(int rows, long seed) {
    float[] values = new float[rows * valueCount()];
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return batch(values, rows);
  }

  /** What people should know of how these examples are prepared. */
  default List<String> remarks(List<ExampleTable> tables) {
    return List.of();
  }

  /** Why an example cannot be decoded, if it cannot. */
  default Optional<LeftOut> damage(ExampleTable table, int row) {
    Example example = table.examples().get(row);
    try {
      decoded(example, table.decoding());
      return Optional.empty();
    } catch (DataException unreadable) {
      return Optional.of(new LeftOut(example.id(), String.valueOf(unreadable.getMessage())));
    }
  }
}
