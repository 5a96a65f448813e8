package dev.graft.transfer;

import dev.graft.data.audio.AudioPreprocessing;
import dev.graft.onnx.frontend.MelStatistics;
import dev.graft.transfer.evidence.Baseline;
import dev.graft.transfer.evidence.Baseline.Contender;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model of recordings is compared with: mean and deviation of mel bands, without any
 * backbone, in windows of the same length; and another backbone, where one was named.
 */
final class SoundBaselines {
  private static final Contender MEL_BANDS =
      new Contender(
          Contender.Kind.WITHOUT_BACKBONE,
          "mel bands",
          "Mean and deviation of mel bands over time, without any backbone, with a linear head");

  private final RunContext context;
  private final int[] groups;
  private final TrainingListener listener;

  SoundBaselines(RunContext context, int[] groups, TrainingListener listener) {
    this.context = context;
    this.groups = groups;
    this.listener = listener;
  }

  /** None where the examples are no recordings, or some can no longer be read. */
  List<Baseline> of(TrainingOutcome outcome) {
    List<Baseline> baselines = new ArrayList<>();
    if (context.backbone().preprocessing() instanceof AudioPreprocessing heard) {
      reached(melBands(heard), outcome, baselines);
      context.rival().ifPresent(rival -> reached(otherBackbone(rival), outcome, baselines));
    }
    return baselines;
  }

  private void reached(
      FrozenBaseline.Features features, TrainingOutcome outcome, List<Baseline> baselines) {
    new FrozenBaseline(context, groups, listener, features).of(outcome).ifPresent(baselines::add);
  }

  private static FrozenBaseline.Features melBands(AudioPreprocessing heard) {
    int rate = MelStatistics.frontEnd().rate();
    int samples =
        Math.max(
            MelStatistics.frontEnd().leastSamples(),
            (int) Math.round(heard.windowSeconds() * rate));
    return new FrozenBaseline.Features(
        MEL_BANDS,
        MelStatistics.model(samples),
        new AudioPreprocessing(rate, samples),
        MelStatistics.width());
  }

  private static FrozenBaseline.Features otherBackbone(Backbone rival) {
    Contender named =
        new Contender(
            Contender.Kind.BACKBONE_OF_SOUND,
            rival.id(),
            "The backbone of sound " + rival.id() + " with a linear head and nothing else trained");
    return new FrozenBaseline.Features(
        named, rival.trunk(), rival.preprocessing(), rival.featureWidth());
  }
}
