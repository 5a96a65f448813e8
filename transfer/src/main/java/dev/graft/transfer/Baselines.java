package dev.graft.transfer;

import dev.graft.data.DatasetKind;
import dev.graft.data.audio.AudioPreprocessing;
import dev.graft.transfer.bagofwords.WordsBackbone;
import dev.graft.transfer.baseline.BagOfWordsLearner;
import dev.graft.transfer.baseline.BaselineLearner;
import dev.graft.transfer.baseline.BaselineTask;
import dev.graft.transfer.baseline.FrozenLearner;
import dev.graft.transfer.baseline.MelBands;
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
  private final RunContext context;
  private final int[] groups;
  private final TrainingListener listener;
  private final BaselineTask task;

  Baselines(RunContext context, int[] groups, TrainingListener listener) {
    this.context = context;
    this.groups = groups;
    this.listener = listener;
    this.task =
        new BaselineTask(
            new HeadFitting(context, listener).classWeights(),
            context.settings().validationFraction(),
            context.settings().seed());
  }

  /** None where there is nothing to compare with, or some examples can no longer be read. */
  List<Baseline> of(TrainingOutcome outcome) {
    List<Baseline> baselines = new ArrayList<>();
    if (context.backbone().preprocessing() instanceof AudioPreprocessing heard) {
      reached(frozen(MelBands.within(heard.windowSeconds())), outcome, baselines);
      context.rival().ifPresent(rival -> reached(frozen(otherBackbone(rival)), outcome, baselines));
    }
    if (context.backbone().preprocessing().kind() == DatasetKind.TEXT
        && !context.backbone().id().equals(WordsBackbone.ID)) {
      reached(new BagOfWordsLearner(task), outcome, baselines);
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
    return new FrozenLearner(features, task, context.store().path(), listener);
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
