package dev.graft.transfer.advice;

import dev.graft.data.DataException;
import dev.graft.data.Dataset;
import dev.graft.data.LeftOut;
import dev.graft.data.Part;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.ExampleTables;
import dev.graft.transfer.SameKind;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.TransferException;
import dev.graft.transfer.baseline.BaselineTask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
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
 * training part: a linear classifier of what the examples show by themselves (pixels of images,
 * words of texts, mel bands of recordings), a head on fresh weights, a small network trained from
 * scratch, and always the same answer. Validation and test parts are not read. The strength of each
 * head's penalty is chosen on the same held-out examples, which makes all figures a little too
 * good, and all alike; words alone choose theirs by folds of what they learn from, and have no such
 * advantage.
 *
 * <p>Immutable: each method gives a new object with one setting changed. {@code advise} runs on the
 * calling thread and uses all cores.
 */
public final class Advisor {
  /** Share held out where one split is made. */
  private static final double HELD_OUT = 0.2;

  private final List<Candidate> candidates;
  private final AdviceSettings settings;
  private final Optional<UnaryOperator<Backbone>> freshWeights;
  private final Optional<Function<Dataset, Backbone>> smallNetwork;
  private final TrainingListener listener;

  private Advisor(
      List<Candidate> candidates,
      AdviceSettings settings,
      Optional<UnaryOperator<Backbone>> freshWeights,
      Optional<Function<Dataset, Backbone>> smallNetwork,
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
              + " what the data hold.");
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

  /**
   * How a small network with fresh weights is made, to be trained from scratch; left out unless
   * said. It may depend on the examples, such as a vocabulary on texts.
   */
  public Advisor smallNetwork(Function<Dataset, Backbone> making) {
    return new Advisor(candidates, settings, freshWeights, Optional.of(making), listener);
  }

  /** Who hears of the progress. */
  public Advisor listener(TrainingListener newListener) {
    return new Advisor(candidates, settings, freshWeights, smallNetwork, newListener);
  }

  /**
   * Looks at the training part of some data.
   *
   * @throws TransferException if a candidate takes examples of another kind
   * @throws DataException if no classifier can be trained on them
   * @throws dev.graft.engine.EngineException if the engine fails
   */
  public Advice advise(Dataset dataset) {
    candidates.forEach(one -> SameKind.require(one.backbone(), dataset));
    dataset.requireTrainable();
    Dataset sampled = TrainingSample.of(dataset, settings.examples(), settings.seed());
    Timing timing = new Timing();
    ExampleTables read =
        ExampleTables.read(sampled, OptionalInt.empty(), settings.seed(), listener);
    BaselineTask task =
        BaselineTask.ofEvenClasses(read.dataset().classes().size(), HELD_OUT, settings.seed());
    try (WithoutBackbone without =
        WithoutBackbone.of(dataset.kind(), candidates, task, settings.cache(), listener)) {
      ExampleTables tables = read.without(without.learner().prepare(List.of(read.train())));
      timing.lap("reading");
      Rating rating = new Rating(candidates, settings, tables, task, timing, listener);
      rating.rateCandidates();
      rating.rateMajority();
      rating.rateWithoutBackbone(without);
      freshWeights.ifPresent(rating::rateRandomFeatures);
      if (smallNetwork.isPresent() && settings.budget().isPresent()) {
        rating.rateFromScratch(smallNetwork.get(), settings.budget().get());
      }
      return AdviceWords.advice(
          rating, described(dataset, tables, rating), timing.seconds(), settings.seed());
    }
  }

  private static Advice.Data described(Dataset dataset, ExampleTables tables, Rating rating) {
    List<LeftOut> leftOut = new ArrayList<>(tables.dataset().leftOut());
    return new Advice.Data(
        dataset.name(),
        dataset.kind(),
        dataset.counts(Part.TRAIN),
        tables.train().size(),
        rating.judged(),
        rating.method(),
        leftOut);
  }
}
