package dev.graft.transfer;

import dev.graft.data.DatasetKind;
import dev.graft.data.audio.AudioPreprocessing;
import dev.graft.onnx.frontend.MelStatistics;
import dev.graft.transfer.bagofwords.WordsBackbone;
import dev.graft.transfer.evidence.Baseline;
import dev.graft.transfer.evidence.Baseline.Contender;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model is compared with, by the kind of its examples. Of texts: counts of words, unless the
 * model counts words itself. Of recordings: mean and deviation of mel bands, without any backbone,
 * in windows of the same length; and another backbone, where one was named.
 */
final class Baselines {
  private static final Contender MEL_BANDS =
      new Contender(
          Contender.Kind.WITHOUT_BACKBONE,
          "mel bands",
          "Mean and deviation of mel bands over time, without any backbone, with a linear head");

  private final RunContext context;
  private final int[] groups;
  private final TrainingListener listener;

  Baselines(RunContext context, int[] groups, TrainingListener listener) {
    this.context = context;
    this.groups = groups;
    this.listener = listener;
  }

  /** None where there is nothing to compare with, or some examples can no longer be read. */
  List<Baseline> of(TrainingOutcome outcome) {
    List<Baseline> baselines = new ArrayList<>();
    if (context.backbone().preprocessing() instanceof AudioPreprocessing heard) {
      reached(frozen(melBands(heard)), outcome, baselines);
      context.rival().ifPresent(rival -> reached(frozen(otherBackbone(rival)), outcome, baselines));
    }
    if (context.backbone().preprocessing().kind() == DatasetKind.TEXT
        && !context.backbone().id().equals(WordsBackbone.ID)) {
      reached(new BagOfWordsLearner(context), outcome, baselines);
    }
    return baselines;
  }

  private void reached(BaselineLearner learner, TrainingOutcome outcome, List<Baseline> baselines) {
    listener.phase("Comparing with " + learner.contender().name());
    try (learner) {
      new BaselineComparison(context.tables(), groups, learner)
          .with(outcome)
          .ifPresent(baselines::add);
    }
  }

  private FrozenLearner frozen(FrozenLearner.Features features) {
    return new FrozenLearner(context, listener, features);
  }

  private static FrozenLearner.Features melBands(AudioPreprocessing heard) {
    int rate = MelStatistics.frontEnd().rate();
    int samples =
        Math.max(
            MelStatistics.frontEnd().leastSamples(),
            (int) Math.round(heard.windowSeconds() * rate));
    return new FrozenLearner.Features(
        MEL_BANDS,
        MelStatistics.model(samples),
        new AudioPreprocessing(rate, samples),
        MelStatistics.width());
  }

  private static FrozenLearner.Features otherBackbone(Backbone rival) {
    Contender named =
        new Contender(
            Contender.Kind.BACKBONE_OF_SOUND,
            rival.id(),
            "The backbone of sound " + rival.id() + " with a linear head and nothing else trained");
    return new FrozenLearner.Features(
        named, rival.trunk(), rival.preprocessing(), rival.featureWidth());
  }
}
