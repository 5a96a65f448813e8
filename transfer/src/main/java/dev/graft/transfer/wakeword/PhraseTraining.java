package dev.graft.transfer.wakeword;

import dev.graft.engine.FloatTensor;
import dev.graft.engine.NormStatistics;
import dev.graft.engine.Objective;
import dev.graft.engine.OptimizerSettings;
import dev.graft.engine.ParameterGroup;
import dev.graft.engine.Precision;
import dev.graft.engine.TrainingOptions;
import dev.graft.engine.TrainingSession;
import dev.graft.transfer.TrainingListener;
import dev.graft.transfer.training.ClassifierHead;
import dev.graft.transfer.training.DenseLayer;
import dev.graft.transfer.training.FeatureScaling;
import dev.graft.transfer.training.HeadModel;
import dev.graft.transfer.training.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Trains the new layers over rounds. A batch holds as many windows with the phrase as hard ones
 * without it, and twice as many drawn from all without it. Those without weigh the more the later
 * the round. After each round all windows are scored, and those without the phrase that score
 * highest are the hard ones of the next. Of the last round's checkpoints, the mean of the best is
 * kept.
 */
final class PhraseTraining {
  private static final String PHASE = "Training";
  private static final int OPSET = 18;
  private static final int PHRASES_IN_BATCH = 128;
  private static final int OTHERS_IN_BATCH = 256;
  private static final int HARD_IN_BATCH = 128;
  private static final int STEPS_OF_ROUND = 300;
  private static final int CHECKPOINT_EVERY = 15;
  private static final int HARDEST = 4_000;
  private static final int SCORED_AT_ONCE = 2_048;
  private static final int MEASURED_ROWS = 20_000;
  private static final double LEARNING_RATE = 1e-3;
  private static final double WEIGHT_DECAY = 1e-2;
  private static final double LAST_OTHER_WEIGHT = 8;
  private static final double KEPT_CHECKPOINTS = 0.1;
  private static final int LEAST_KEPT = 3;

  private final WindowPool pool;
  private final int[] phrases;
  private final int[] others;
  private final WakeWordSettings settings;
  private final FeatureScaling scaling;
  private final List<DenseLayer> fresh;
  private final ToDoubleFunction<ClassifierHead> judge;
  private final TrainingListener listener;
  private final Instant end;

  /**
   * @param judge how good a head is; higher is better
   */
  PhraseTraining(
      WindowPool pool,
      int features,
      WakeWordSettings settings,
      ToDoubleFunction<ClassifierHead> judge,
      TrainingListener listener) {
    this.pool = pool;
    this.settings = settings;
    this.phrases = pool.of(SceneWindows.Content.PHRASE);
    this.others = pool.of(SceneWindows.Content.OTHER);
    this.judge = judge;
    this.listener = listener;
    this.scaling = measured(features);
    this.fresh =
        ClassifierHead.create(features, settings.hiddenWidths(), 2, settings.seed()).layers();
    this.end = Instant.now().plus(settings.budget().orElse(Duration.ofDays(365)));
  }

  private FeatureScaling measured(int features) {
    SplittableRandom random = new SplittableRandom(settings.seed());
    float[] row = new float[features];
    int[] some =
        IntStream.range(0, Math.min(MEASURED_ROWS, others.length))
            .map(i -> others[random.nextInt(others.length)])
            .toArray();
    return FeatureScaling.measure(
        () ->
            Arrays.stream(some)
                .mapToObj(
                    window -> {
                      pool.features(window, row);
                      return row;
                    })
                .iterator(),
        features);
  }

  /** A head on raw features, classes "other" and the phrase. */
  ClassifierHead train() {
    listener.phase(PHASE);
    Map<String, float[]> weights = new LinkedHashMap<>();
    List<Checkpoint> checkpoints = new ArrayList<>();
    int[] hard = others;
    int rounds = settings.rounds();
    for (int round = 0; round < rounds; round++) {
      boolean last = round == rounds - 1 || Instant.now().isAfter(end);
      double weight = Math.pow(LAST_OTHER_WEIGHT, rounds == 1 ? 1 : (double) round / (rounds - 1));
      try (TrainingSession session = open(weight)) {
        if (!weights.isEmpty()) {
          session.setWeights(weights);
        }
        steps(session, round, hard, last ? checkpoints : List.of(), last);
        weights = session.weights();
        if (last) {
          break;
        }
        hard = hardest(session);
      }
    }
    return head(meanOfBest(checkpoints));
  }

  private record Checkpoint(Map<String, float[]> weights, double value) {}

  private TrainingSession open(double otherWeight) {
    TrainingOptions options =
        new TrainingOptions(
            Precision.FP32,
            new OptimizerSettings.AdamW(LEARNING_RATE),
            List.of(
                new ParameterGroup(
                    "head", HeadModel.tensorNames(fresh.size()), 1, WEIGHT_DECAY, 0)),
            new Objective.Classification(new float[] {(float) otherWeight, 1}, 0),
            1,
            NormStatistics.FROZEN);
    return TrainingSession.open(HeadModel.of(fresh, OPSET), options);
  }

  private void steps(
      TrainingSession session, int round, int[] hard, List<Checkpoint> kept, boolean last) {
    Schedule schedule = new Schedule(STEPS_OF_ROUND, STEPS_OF_ROUND / 10, last ? 0.02 : 0.2);
    SplittableRandom random = new SplittableRandom(settings.seed() + 1_000_003L * (round + 1));
    for (int step = 0; step < STEPS_OF_ROUND; step++) {
      int[] windows = new int[PHRASES_IN_BATCH + OTHERS_IN_BATCH + HARD_IN_BATCH];
      int[] labels = new int[windows.length];
      for (int i = 0; i < windows.length; i++) {
        boolean phrase = i < PHRASES_IN_BATCH;
        int[] from = phrase ? phrases : i < PHRASES_IN_BATCH + OTHERS_IN_BATCH ? others : hard;
        windows[i] = from[random.nextInt(from.length)];
        labels[i] = phrase ? 1 : 0;
      }
      FloatTensor batch = pool.batch(windows, 0, windows.length, scaling);
      session.step(batch, labels, schedule.factor(step));
      if (last && step >= STEPS_OF_ROUND / 3 && step % CHECKPOINT_EVERY == 0) {
        Map<String, float[]> weights = session.weights();
        kept.add(new Checkpoint(weights, judge.applyAsDouble(head(weights))));
      }
      if (step % 20 == 19) {
        listener.progress(
            PHASE,
            (long) round * STEPS_OF_ROUND + step + 1,
            (long) settings.rounds() * STEPS_OF_ROUND,
            "steps");
      }
    }
  }

  /** The windows without the phrase that are most like it. */
  private int[] hardest(TrainingSession session) {
    float[] margins = new float[others.length];
    for (int from = 0; from < others.length; from += SCORED_AT_ONCE) {
      int to = Math.min(others.length, from + SCORED_AT_ONCE);
      float[] logits = session.predict(pool.batch(others, from, to, scaling)).values();
      for (int i = from; i < to; i++) {
        margins[i] = logits[2 * (i - from) + 1] - logits[2 * (i - from)];
      }
    }
    float[] sorted = margins.clone();
    Arrays.sort(sorted);
    float least = sorted[Math.max(0, sorted.length - HARDEST)];
    return IntStream.range(0, others.length)
        .filter(i -> margins[i] >= least)
        .map(i -> others[i])
        .toArray();
  }

  private static Map<String, float[]> meanOfBest(List<Checkpoint> checkpoints) {
    int count =
        Math.min(
            checkpoints.size(),
            Math.max(LEAST_KEPT, (int) Math.round(KEPT_CHECKPOINTS * checkpoints.size())));
    List<Checkpoint> best =
        checkpoints.stream()
            .sorted(Comparator.comparingDouble(Checkpoint::value).reversed())
            .limit(count)
            .toList();
    Map<String, float[]> mean = new LinkedHashMap<>();
    for (Checkpoint one : best) {
      one.weights()
          .forEach(
              (name, values) -> {
                float[] sum = mean.computeIfAbsent(name, key -> new float[values.length]);
                for (int i = 0; i < values.length; i++) {
                  sum[i] += values[i] / best.size();
                }
              });
    }
    return mean;
  }

  private ClassifierHead head(Map<String, float[]> weights) {
    List<DenseLayer> layers = new ArrayList<>(HeadModel.withWeights(fresh, weights));
    layers.set(0, layers.get(0).onRaw(scaling));
    return new ClassifierHead(layers);
  }
}
