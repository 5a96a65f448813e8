package dev.graft.transfer;

import dev.graft.data.DataException;
import dev.graft.data.Dataset;
import dev.graft.data.Part;
import java.util.Locale;
import java.util.OptionalInt;

/** Refuses data with so many classes that what is predicted does not fit, before any work. */
final class PredictionMemory {
  /** A probability for each example and class: as it came, calibrated, of the doctor, of a fold. */
  private static final int COPIES = 4;

  /** Confusions of two evaluations, [classes, classes] each. */
  private static final int EVALUATIONS = 2;

  /** Of a Java array. */
  private static final long MOST_ELEMENTS = Integer.MAX_VALUE - 8L;

  private PredictionMemory() {}

  /**
   * Checks that the predictions of a training fit.
   *
   * @param examplesPerClass how many training examples of each class are taken
   * @param availableBytes what the heap may take
   * @throws DataException where they do not
   */
  static void require(Dataset dataset, OptionalInt examplesPerClass, long availableBytes) {
    long classes = dataset.classes().size();
    long train =
        examplesPerClass.isEmpty()
            ? dataset.part(Part.TRAIN).size()
            : dataset.counts(Part.TRAIN).values().stream()
                .mapToLong(count -> Math.min(count, examplesPerClass.getAsInt()))
                .sum();
    long examples = train + dataset.part(Part.VALIDATION).size() + dataset.part(Part.TEST).size();
    double bytes =
        (double) Float.BYTES * classes * (COPIES * (double) examples + EVALUATIONS * classes);
    boolean tooLarge = examples * classes > MOST_ELEMENTS || classes * classes > MOST_ELEMENTS;
    if (tooLarge || bytes > availableBytes) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot learn the classes of %s: what is predicted for its %,d examples in %,d classes takes about"
                  + " %,.1f GB of memory, and Java has %,.1f GB. Join classes, or take fewer"
                  + " examples of each%s. Is the label column the right one?",
              dataset.name(),
              examples,
              classes,
              bytes / 1e9,
              availableBytes / 1e9,
              tooLarge ? "" : ", or give Java more memory (-Xmx)"));
    }
  }
}
