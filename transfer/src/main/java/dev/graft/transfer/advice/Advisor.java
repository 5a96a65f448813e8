package dev.graft.transfer.advice;

import dev.graft.data.DataException;
import dev.graft.data.Dataset;
import dev.graft.data.DatasetKind;
import dev.graft.data.LeftOut;
import dev.graft.data.Part;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.ExampleTables;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.TransferException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * Finds out whether transfer makes sense for a task, and from which backbone.
 *
 * <pre>{@code
 * Advice advice = Advisor.of(List.of(new Candidate("mobilenet.onnx", mobilenet)))
 *     .advise(DatasetReader.read(Path.of("photos.zip")));
 * System.out.println(advice.headline());
 * }</pre>
 *
 * <p>Candidates are ranked by the cross-validated accuracy of a linear head on their frozen
 * features, and compared with what is reached without transfer, all on the same splits of the
 * training part. Validation and test parts are not read. The strength of each head's penalty is
 * chosen on the same held-out examples, which makes all figures a little too good, and all alike.
 *
 * <p>Immutable: each method gives a new object with one setting changed. {@code advise} runs on the
 * calling thread and uses all cores.
 */
public final class Advisor {
  private final List<Candidate> candidates;
  private final AdviceSettings settings;
  private final Optional<UnaryOperator<Backbone>> freshWeights;
  private final Optional<Backbone> smallNetwork;
  private final TrainingListener listener;

  private Advisor(
      List<Candidate> candidates,
      AdviceSettings settings,
      Optional<UnaryOperator<Backbone>> freshWeights,
      Optional<Backbone> smallNetwork,
      TrainingListener listener) {
    this.candidates = candidates;
    this.settings = settings;
    this.freshWeights = freshWeights;
    this.smallNetwork = smallNetwork;
    this.listener = listener;
  }

  /**
   * Begins with the candidates; a file that is named twice counts once.
   *
   * @throws TransferException if there is none
   */
  public static Advisor of(List<Candidate> candidates) {
    Map<String, Candidate> distinct = new LinkedHashMap<>();
    candidates.forEach(one -> distinct.putIfAbsent(one.backbone().sha256(), one));
    if (distinct.isEmpty()) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Advising: at least one backbone to start from is needed. Name an ONNX file that takes"
              + " images.");
    }
    return new Advisor(
        List.copyOf(distinct.values()),
        AdviceSettings.defaults(),
        Optional.empty(),
        Optional.empty(),
        TrainingListener.SILENT);
  }

  /** How advice is found; the defaults unless said. */
  public Advisor settings(AdviceSettings changed) {
    return new Advisor(candidates, changed, freshWeights, smallNetwork, listener);
  }

  /**
   * How fresh weights are drawn, for a head on the best candidate's network before it learned
   * anything; left out unless said. Such a backbone comes from {@link Backbone#withWeightsOf}.
   */
  public Advisor freshWeights(UnaryOperator<Backbone> drawing) {
    return new Advisor(candidates, settings, Optional.of(drawing), smallNetwork, listener);
  }

  /** A small network with fresh weights, to be trained from scratch; left out unless said. */
  public Advisor smallNetwork(Backbone fresh) {
    return new Advisor(candidates, settings, freshWeights, Optional.of(fresh), listener);
  }

  /** Who hears of the progress. */
  public Advisor listener(TrainingListener newListener) {
    return new Advisor(candidates, settings, freshWeights, smallNetwork, newListener);
  }

  /**
   * Looks at the training part of some data.
   *
   * @throws DataException if they are no images, or no classifier can be trained on them
   * @throws dev.graft.engine.EngineException if the engine fails
   */
  public Advice advise(Dataset dataset) {
    requireImages(dataset);
    dataset.requireTrainable();
    Dataset sampled = TrainingSample.of(dataset, settings.examples(), settings.seed());
    Timing timing = new Timing();
    ExampleTables tables =
        ExampleTables.read(sampled, OptionalInt.empty(), settings.seed(), listener);
    PixelFeatures.Shrunk shrunk =
        PixelFeatures.shrink(tables.train(), "Shrinking images", listener);
    tables = tables.without(shrunk.damaged());
    timing.lap("reading");
    Rating rating = new Rating(candidates, settings, tables, timing, listener);
    rating.rateCandidates();
    rating.rateMajority();
    rating.ratePixels(PixelFeatures.of(shrunk.rows()));
    freshWeights.ifPresent(rating::rateRandomFeatures);
    if (smallNetwork.isPresent() && settings.budget().isPresent()) {
      rating.rateFromScratch(smallNetwork.get(), settings.budget().get());
    }
    return AdviceWords.advice(
        rating, described(dataset, tables, rating), timing.seconds(), settings.seed());
  }

  /**
   * Refuses data of which no backbone for images makes anything.
   *
   * @throws DataException if they are no images
   */
  public static void requireImages(Dataset dataset) {
    if (dataset.kind() == DatasetKind.IMAGE) {
      return;
    }
    String aboutSound =
        dataset.kind() == DatasetKind.AUDIO
            ? " Backbones of sound are not ranked: train with each of them, and graft train compares"
                + " it with mel bands on the same recordings; a network of images, which sees"
                + " spectrograms with --as-image, also with a backbone of sound."
            : "";
    throw new DataException(
        "Advising on "
            + dataset.name()
            + ": images are expected, but these are "
            + dataset.kind().word()
            + " files."
            + aboutSound
            + " To be advised, give a folder or an archive of images.");
  }

  private static Advice.Data described(Dataset dataset, ExampleTables tables, Rating rating) {
    List<LeftOut> leftOut = new ArrayList<>(tables.dataset().leftOut());
    return new Advice.Data(
        dataset.name(),
        dataset.counts(Part.TRAIN),
        tables.train().size(),
        rating.judged(),
        rating.method(),
        leftOut);
  }
}
