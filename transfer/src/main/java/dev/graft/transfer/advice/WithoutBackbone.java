package dev.graft.transfer.advice;

import dev.graft.data.DatasetKind;
import dev.graft.data.audio.AudioPreprocessing;
import dev.graft.transfer.StoreFolder;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.baseline.BagOfWordsLearner;
import dev.graft.transfer.baseline.BaselineLearner;
import dev.graft.transfer.baseline.BaselineTask;
import dev.graft.transfer.baseline.FrozenLearner;
import dev.graft.transfer.baseline.MelBands;
import dev.graft.transfer.baseline.PixelLearner;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the examples tell without any backbone: the pixels of images, the words of texts, the mel
 * bands of recordings, each under a linear classifier.
 */
record WithoutBackbone(Baseline.Kind kind, BaselineLearner learner, StoreFolder store)
    implements AutoCloseable {
  /**
   * What suits examples of a kind. Recordings are heard through the longest window of all
   * candidates.
   *
   * @param cache the cache's folder; empty to keep nothing
   */
  static WithoutBackbone of(
      DatasetKind kind,
      List<Candidate> candidates,
      BaselineTask task,
      Optional<Path> cache,
      TrainingListener listener) {
    StoreFolder store = StoreFolder.of(cache);
    try {
      return switch (kind) {
        case IMAGE ->
            new WithoutBackbone(Baseline.Kind.PIXELS, new PixelLearner(task, listener), store);
        case TEXT -> new WithoutBackbone(Baseline.Kind.WORDS, new BagOfWordsLearner(task), store);
        case AUDIO ->
            new WithoutBackbone(
                Baseline.Kind.MEL_BANDS,
                new FrozenLearner(
                    MelBands.within(longestWindow(candidates)), task, store.path(), listener),
                store);
      };
    } catch (RuntimeException | Error failure) {
      store.close();
      throw failure;
    }
  }

  private static double longestWindow(List<Candidate> candidates) {
    return candidates.stream()
        .map(one -> (AudioPreprocessing) one.backbone().preprocessing())
        .mapToDouble(AudioPreprocessing::windowSeconds)
        .max()
        .orElseThrow();
  }

  /** For example "a logistic regression on 16 x 16 grey pixels". */
  String describe() {
    return "a logistic regression on "
        + switch (kind) {
          case WORDS -> "counts of words";
          case MEL_BANDS -> "mean and deviation of mel bands";
          default -> learner.contender().name();
        };
  }

  @Override
  public void close() {
    learner.close();
    store.close();
  }
}
