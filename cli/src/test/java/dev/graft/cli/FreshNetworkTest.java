package dev.graft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.engine.FloatTensor;
import dev.graft.engine.NormStatistics;
import dev.graft.engine.Objective;
import dev.graft.engine.OptimizerSettings;
import dev.graft.engine.ParameterGroup;
import dev.graft.engine.Precision;
import dev.graft.engine.TrainingOptions;
import dev.graft.engine.TrainingSession;
import dev.graft.onnx.FrontEndNodes;
import dev.graft.onnx.Layers;
import dev.graft.onnx.OnnxModel;
import dev.graft.zoo.architecture.ImageArchitecture;
import dev.graft.zoo.architecture.ImageScale;
import dev.graft.zoo.architecture.SoundArchitecture;
import dev.graft.zoo.architecture.SoundTask;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks of {@code zoo} learn in {@code engine}, which neither module can see alone. */
class FreshNetworkTest {
  private static final int CLASSES = 4;
  private static final int EXAMPLES = 16;
  private static final int SIDE = 32;
  private static final int STEPS = 30;
  private static final int SAMPLES = 8_000;

  @ParameterizedTest
  @ValueSource(strings = {"mobilenet-v3-small", "resnet-18"})
  void step_freshWeights_learnsTheSizeOfSquares(String name) {
    ImageArchitecture architecture =
        ImageArchitecture.named(name).withWidthTimes(0.25).at(ImageScale.SMALL);
    OnnxModel model = architecture.build(architecture.task(OptionalInt.empty(), CLASSES), 1);
    TrainingOptions options =
        new TrainingOptions(
            Precision.FP32,
            new OptimizerSettings.Sgd(0.05, 0.9, true),
            List.of(new ParameterGroup("all", Layers.trainableTensors(model), 1, 0, 0)),
            Objective.CLASSIFICATION,
            0,
            NormStatistics.BATCH);
    int[] labels = new int[EXAMPLES];
    FloatTensor images = images(labels);
    try (TrainingSession session = TrainingSession.open(model, options)) {
      double first = session.step(images, labels, 1);
      double last = first;
      for (int i = 1; i < STEPS; i++) {
        last = session.step(images, labels, 1);
      }
      // Chance is log 4 = 1.39.
      assertThat(first).isBetween(0.7, 3.0);
      assertThat(last).isLessThan(0.1 * first);
      assertThat(session.groupsWithoutGradient()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void step_freshWeightsOnSound_learnsThePitchOfTones(Precision precision) {
    SoundArchitecture architecture = SoundArchitecture.named("speech-resnet").withWidthTimes(0.25);
    OnnxModel model = architecture.build(SoundTask.of(SAMPLES, CLASSES), 1);
    List<String> weights = Layers.trainableTensors(model);
    TrainingOptions options =
        new TrainingOptions(
            precision,
            new OptimizerSettings.Sgd(0.05, 0.9, true),
            List.of(new ParameterGroup("all", weights, 1, 0, 0)),
            Objective.CLASSIFICATION,
            0,
            NormStatistics.BATCH);
    int[] labels = new int[EXAMPLES];
    FloatTensor tones = tones(labels);
    try (TrainingSession session = TrainingSession.open(model, options)) {
      Map<String, float[]> before = session.weights();
      double first = session.step(tones, labels, 1);
      session
          .weights()
          .forEach((name, after) -> assertThat(after).as(name).isNotEqualTo(before.get(name)));
      double last = first;
      for (int i = 1; i < STEPS; i++) {
        last = session.step(tones, labels, 1);
      }
      assertThat(first).isBetween(0.7, 3.0);
      assertThat(last).isLessThan(0.1 * first);
      // Running statistics change beside the weights; of the front end nothing does.
      assertThat(before.keySet())
          .containsAll(weights)
          .noneMatch(name -> name.startsWith(FrontEndNodes.PREFIX));
    }
  }

  /** Tones of 250, 500, 1,000 or 2,000 Hz, at any level, with noise upon them. */
  private static FloatTensor tones(int[] labels) {
    SplittableRandom random = new SplittableRandom(3);
    float[] samples = new float[EXAMPLES * SAMPLES];
    for (int n = 0; n < EXAMPLES; n++) {
      labels[n] = n % CLASSES;
      double turn = 2 * Math.PI * 250 * (1 << labels[n]) / 16_000;
      double level = 0.02 + 0.2 * random.nextDouble();
      for (int i = 0; i < SAMPLES; i++) {
        samples[n * SAMPLES + i] =
            (float) (level * (Math.sin(i * turn) + 0.1 * random.nextGaussian()));
      }
    }
    return new FloatTensor(samples, EXAMPLES, SAMPLES);
  }

  /** Squares of 2, 4, 8 or 16 pixels, light and dark, with noise upon them. */
  private static FloatTensor images(int[] labels) {
    SplittableRandom random = new SplittableRandom(2);
    float[] pixels = new float[EXAMPLES * 3 * SIDE * SIDE];
    for (int n = 0; n < EXAMPLES; n++) {
      labels[n] = n % CLASSES;
      int shift = 1 + labels[n];
      for (int i = 0; i < 3 * SIDE * SIDE; i++) {
        int row = i / SIDE % SIDE;
        boolean light = ((row >> shift) + (i % SIDE >> shift)) % 2 == 0;
        pixels[n * 3 * SIDE * SIDE + i] = (float) ((light ? 1 : -1) + 0.5 * random.nextGaussian());
      }
    }
    return new FloatTensor(pixels, EXAMPLES, 3, SIDE, SIDE);
  }
}
