package dev.graft.benchmarks;

import dev.graft.engine.CoreWorkers;
import dev.graft.engine.FloatTensor;
import dev.graft.engine.Network;
import dev.graft.engine.NormStatistics;
import dev.graft.engine.Objective;
import dev.graft.engine.OptimizerSettings;
import dev.graft.engine.ParameterGroup;
import dev.graft.engine.Precision;
import dev.graft.engine.TrainingOptions;
import dev.graft.engine.TrainingSession;
import dev.graft.onnx.Layers;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.BackboneOptions;
import dev.graft.zoo.architecture.ImageTask;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Future;

/**
 * Graft's passes as training runs them: features by one batch after another on each core, of the
 * size that fits its cache; steps on all weights of the network. Not thread-safe.
 */
final class GraftSteps {
  private static final int BATCHES_AHEAD_PER_CORE = 2;
  private static final String ANY_PREPROCESSING = "tf";

  private final Backbone backbone;
  private final ImageTask task;
  private final Precision precision;

  GraftSteps(Path network, ImageTask task, Precision precision) {
    this.task = task;
    this.backbone =
        Backbone.load(network, BackboneOptions.defaults().withPreprocessing(ANY_PREPROCESSING));
    this.precision = precision;
  }

  void measureFeatures(StepClock clock) {
    int rows = backbone.profile().batchFor(precision);
    FloatTensor images = StepImages.batch(rows, task);
    Deque<Future<FloatTensor>> ahead = new ArrayDeque<>();
    try (Network trunk = Network.load(backbone.trunk(), precision);
        CoreWorkers workers = CoreWorkers.open()) {
      clock.measure(
          StepRun.FEATURES,
          rows,
          () -> {
            while (ahead.size() < BATCHES_AHEAD_PER_CORE * workers.count()) {
              ahead.add(workers.submit(() -> trunk.run(images)));
            }
            StepImages.requireFinite(CoreWorkers.result(ahead.remove()).values()[0]);
          });
    }
  }

  /**
   * Measures steps.
   *
   * @param statistics those that batch norms use, where there are any
   */
  void measureStep(StepClock clock, int batch, NormStatistics statistics) {
    TrainingOptions options =
        new TrainingOptions(
            precision,
            new OptimizerSettings.Sgd(StepImages.LEARNING_RATE, StepImages.MOMENTUM, false),
            List.of(new ParameterGroup("all", Layers.trainableTensors(backbone.model()), 1, 0, 0)),
            Objective.CLASSIFICATION,
            0,
            statistics);
    FloatTensor images = StepImages.batch(batch, task);
    int[] labels = StepImages.labels(batch, task);
    try (TrainingSession session = TrainingSession.open(backbone.model(), options)) {
      clock.measure(
          StepRun.STEP, batch, () -> StepImages.requireFinite(session.step(images, labels, 1)));
    }
  }
}
