package dev.graft.transfer.baseline;

import dev.graft.data.audio.AudioPreprocessing;
import dev.graft.onnx.frontend.MelStatistics;
import dev.graft.transfer.evidence.Baseline.Contender;

/** Mean and deviation of mel bands: what is heard of a recording without any backbone. */
public final class MelBands {
  private static final Contender CONTENDER =
      new Contender(
          Contender.Kind.WITHOUT_BACKBONE,
          "mel bands",
          "Mean and deviation of mel bands over time, without any backbone, with a linear head");

  private MelBands() {}

  /** Those of a window of so many seconds, or of the shortest that has any. */
  public static FrozenLearner.Features within(double windowSeconds) {
    int rate = MelStatistics.frontEnd().rate();
    int samples =
        Math.max(MelStatistics.frontEnd().leastSamples(), (int) Math.round(windowSeconds * rate));
    return new FrozenLearner.Features(
        CONTENDER,
        MelStatistics.model(samples),
        new AudioPreprocessing(rate, samples),
        MelStatistics.width());
  }
}
