package dev.graft.transfer.wakeword;

import dev.graft.engine.FloatTensor;
import dev.graft.engine.Network;
import dev.graft.engine.Precision;
import dev.graft.runtime.DetectionRule;
import dev.graft.runtime.ScorePatience;
import dev.graft.transfer.evidence.OperatingCurve;
import dev.graft.transfer.evidence.OperatingPoint;
import dev.graft.transfer.evidence.StreamScores;
import dev.graft.transfer.training.ClassifierHead;
import dev.graft.transfer.training.HeadModel;
import java.util.ArrayList;
import java.util.List;

/** Judges heads on streams of recordings that nothing was trained on. */
final class HeldOutStreams {
  private static final int OPSET = 18;
  private static final int SCORED_AT_ONCE = 2_048;

  /** Hardly any: the share of missed phrases that a higher threshold may cost. */
  private static final double MISSED = 0.05;

  private static final double LEAST = 1e-9;

  /** Other rooms and voices than those at hand give more false accepts. */
  private static final double CAUTION = 0.5;

  /** A tail is followed no further than to where so many are expected in the streams at hand. */
  private static final double FORESEEN = 0.25;

  private final WindowPool phrases;
  private final WindowPool others;
  private final StreamEncoder encoder;
  private final DetectionRule rule;
  private final int sampleRate;
  private final double falseAcceptsPerHour;

  HeldOutStreams(
      WindowPool phrases,
      WindowPool others,
      StreamEncoder encoder,
      DetectionRule rule,
      int sampleRate,
      double falseAcceptsPerHour) {
    this.phrases = phrases;
    this.others = others;
    this.encoder = encoder;
    this.rule = rule;
    this.sampleRate = sampleRate;
    this.falseAcceptsPerHour = falseAcceptsPerHour;
  }

  /** Over all thresholds. */
  OperatingCurve curve(ClassifierHead head) {
    List<StreamScores> streams = new ArrayList<>();
    try (Network network = Network.load(HeadModel.of(head.layers(), OPSET), Precision.FP32)) {
      score(phrases, network, 0, streams);
      score(others, network, SceneComposer.SECONDS / 3_600, streams);
    }
    return OperatingCurve.of(streams, rule.refractorySeconds());
  }

  /**
   * How good a head is: the share of phrases that it hears at the highest rate of false accepts
   * that is allowed, and for equal ones how far its scores of phrases are above the threshold.
   */
  double value(ClassifierHead head) {
    OperatingCurve curve = curve(head);
    OperatingPoint point = allowed(curve);
    double distance = margin(highestMissing(MISSED, curve)) - margin(point.threshold());
    return 1 - point.falseRejectRate() + 0.01 * Math.tanh(distance / 10);
  }

  /**
   * The threshold: the lowest that allows no more false accepts than wanted, or where those at hand
   * are too few to show it, the one at which they are expected to have fallen to half of that, if
   * it costs hardly any phrase; from there half-way (in logits) to the highest that still misses
   * hardly any.
   */
  double threshold(OperatingCurve curve) {
    OperatingPoint allowed = allowed(curve);
    double counted = margin(allowed.threshold());
    double rate = Math.max(falseAcceptsPerHour * CAUTION, FORESEEN / allowed.hours());
    double foreseen = FalseAcceptTail.marginFor(rate, curve).orElse(counted);
    double affordable = margin(highestMissing(allowed.falseRejectRate() + MISSED, curve));
    double lowest = Math.max(counted, Math.min(foreseen, affordable));
    double highest = margin(highestMissing(MISSED, curve));
    double margin = highest > lowest ? (lowest + highest) / 2 : lowest;
    return 1 / (1 + Math.exp(-margin));
  }

  private OperatingPoint allowed(OperatingCurve curve) {
    List<OperatingPoint> points = curve.points();
    return curve.atMost(falseAcceptsPerHour).orElseGet(() -> points.get(points.size() - 1));
  }

  /** The highest threshold that misses no more than a share of the phrases. */
  private static double highestMissing(double share, OperatingCurve curve) {
    return curve.points().stream()
        .filter(point -> point.falseRejectRate() <= share)
        .mapToDouble(OperatingPoint::threshold)
        .max()
        .orElse(LEAST);
  }

  /** ln(p / (1 - p)). */
  static double margin(double probability) {
    double inside = Math.max(LEAST, Math.min(1 - LEAST, probability));
    return Math.log(inside / (1 - inside));
  }

  private void score(WindowPool pool, Network network, double hours, List<StreamScores> streams) {
    int[] windows = new int[pool.size()];
    java.util.Arrays.setAll(windows, i -> i);
    double[] all = new double[windows.length];
    for (int from = 0; from < windows.length; from += SCORED_AT_ONCE) {
      int to = Math.min(windows.length, from + SCORED_AT_ONCE);
      FloatTensor logits = network.run(pool.batch(windows, from, to));
      for (int i = from; i < to; i++) {
        double margin =
            (double) logits.values()[2 * (i - from) + 1] - logits.values()[2 * (i - from)];
        all[i] = 1 / (1 + Math.exp(-margin));
      }
    }
    for (int scene = 0; scene < pool.scenes().size(); scene++) {
      SceneWindows own = pool.scenes().get(scene);
      ScorePatience patience = new ScorePatience(rule);
      double[] scores = new double[own.count()];
      for (int i = 0; i < scores.length; i++) {
        scores[i] = patience.next(all[pool.first(scene) + i]);
      }
      streams.add(
          new StreamScores(
              scores,
              (double) encoder.window() / sampleRate,
              (double) encoder.hop() / sampleRate,
              own.said().stream().map(this::stretch).toList(),
              hours));
    }
  }

  private StreamScores.Stretch stretch(SpokenSpan said) {
    return new StreamScores.Stretch(
        (double) said.start() / sampleRate, (double) said.end() / sampleRate);
  }
}
