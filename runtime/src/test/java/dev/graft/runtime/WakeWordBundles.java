package dev.graft.runtime;

import static dev.graft.runtime.TestModels.FLOAT;
import static dev.graft.runtime.TestModels.integer;
import static dev.graft.runtime.TestModels.integers;
import static dev.graft.runtime.TestModels.node;
import static dev.graft.runtime.TestModels.value;

import ai.onnx.proto.OnnxMl.GraphProto;
import dev.graft.data.audio.AudioPreprocessing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Small bundles of a wake word. A vector of two numbers is made of 6 samples, every 4 samples; a
 * window of 16 samples holds three of them, and its last two samples count for none.
 */
final class WakeWordBundles {
  static final int RATE = 1_000;
  static final int WINDOW = 16;
  static final int HOP = 4;
  static final int FIRST = 6;
  static final DetectionRule RULE = new DetectionRule("go", 0.5, WINDOW, HOP, 1, 1, 0.1);

  private static final int VECTORS = 3;
  private static final int WIDTH = 2;
  private static final int CLASSES = 2;

  private WakeWordBundles() {}

  /** model.onnx, config.json and preprocessor_config.json. */
  static Path write(Path folder, byte[] model, DetectionRule rule) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve(BundleLayout.MODEL), model);
    new BundleConfig(
            List.of("other", "go"),
            Modality.AUDIO,
            "ears",
            "",
            "head",
            1,
            "0.1.0",
            Optional.empty(),
            Optional.of(rule))
        .write(folder.resolve(BundleLayout.CONFIG));
    Files.writeString(
        folder.resolve(BundleLayout.PREPROCESSOR_CONFIG),
        new AudioPreprocessing(RATE, rule.windowSamples()).toJson());
    return folder;
  }

  /** The bundle whose model runs on single windows only. */
  static Path whole(Path folder) throws IOException {
    return write(folder, model(), RULE);
  }

  /** The same with a model for streams. */
  static Path sliding(Path folder) throws IOException {
    whole(folder);
    Files.write(folder.resolve(BundleLayout.STREAM_MODEL), stream(metadata(), 1));
    return folder;
  }

  static Map<String, String> metadata() {
    return Map.of(BundleLayout.METADATA_FIRST_SAMPLES, "6", BundleLayout.METADATA_HOP_SAMPLES, "4");
  }

  /** Waveform [N, 16] to logits [N, 2]. */
  static byte[] model() {
    GraphProto.Builder graph = vectors(GraphProto.newBuilder().setName("wake"), WINDOW);
    return TestModels.model(
            graph
                .addNode(node("Flatten", List.of("vectors"), "features"))
                .addInitializer(TestModels.floats("w", headWeight(), CLASSES, VECTORS * WIDTH))
                .addInitializer(TestModels.floats("b", headBias(1), CLASSES))
                .addNode(
                    node("Gemm", List.of("features", "w", "b"), "logits", integer("transB", 1)))
                .addNode(node("Softmax", List.of("logits"), "probabilities", integer("axis", -1)))
                .addOutput(value("logits", FLOAT, -1, CLASSES))
                .addOutput(value("probabilities", FLOAT, -1, CLASSES)))
        .build()
        .toByteArray();
  }

  /**
   * The same along sound.
   *
   * @param bias of the first class; the right one is 1
   */
  static byte[] stream(Map<String, String> metadata, float bias) {
    return TestModels.withMetadata(TestModels.model(streamGraph(bias)), metadata);
  }

  static GraphProto.Builder streamGraph(float bias) {
    float[] head = headWeight();
    float[] kernel = new float[head.length];
    for (int c = 0; c < CLASSES; c++) {
      for (int t = 0; t < VECTORS; t++) {
        for (int f = 0; f < WIDTH; f++) {
          kernel[(c * WIDTH + f) * VECTORS + t] = head[c * VECTORS * WIDTH + t * WIDTH + f];
        }
      }
    }
    return vectors(GraphProto.newBuilder().setName("stream"), -1)
        .addInput(value("past_vectors", FLOAT, -1, VECTORS - 1, WIDTH))
        .addNode(node("Identity", List.of("vectors"), "stream_vectors"))
        .addNode(node("Concat", List.of("past_vectors", "vectors"), "all", integer("axis", 1)))
        .addNode(node("Transpose", List.of("all"), "turned", integers("perm", 0, 2, 1)))
        .addInitializer(TestModels.floats("kernel", kernel, CLASSES, WIDTH, VECTORS))
        .addInitializer(TestModels.floats("b", headBias(bias), CLASSES))
        .addNode(node("Conv", List.of("turned", "kernel", "b"), "by_class"))
        .addNode(node("Transpose", List.of("by_class"), "logits", integers("perm", 0, 2, 1)))
        .addOutput(value("stream_vectors", FLOAT, -1, -1, WIDTH))
        .addOutput(value("logits", FLOAT, -1, -1, CLASSES));
  }

  /** "waveform" [N, samples] to "vectors" [N, times, 2]. */
  private static GraphProto.Builder vectors(GraphProto.Builder graph, int samples) {
    return graph
        .addInput(value("waveform", FLOAT, -1, samples))
        .addInitializer(TestModels.longs("channel", 1))
        .addInitializer(TestModels.floats("taps", numbers(1, WIDTH * FIRST), WIDTH, 1, FIRST))
        .addNode(node("Unsqueeze", List.of("waveform", "channel"), "map"))
        .addNode(node("Conv", List.of("map", "taps"), "sums", integers("strides", HOP)))
        .addNode(node("Tanh", List.of("sums"), "bent"))
        .addNode(node("Transpose", List.of("bent"), "vectors", integers("perm", 0, 2, 1)));
  }

  private static float[] headWeight() {
    return numbers(2, CLASSES * VECTORS * WIDTH);
  }

  private static float[] headBias(float first) {
    return new float[] {first, -0.5f};
  }

  private static float[] numbers(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) (2 * random.nextDouble() - 1);
    }
    return numbers;
  }

  static float[] noise(long seed, int count) {
    return numbers(seed, count);
  }

  /** Probabilities of the phrase that model.onnx gives for single windows, one after the other. */
  static double[] expected(Path folder, float[] sound, int hop, int count) {
    double[] expected = new double[count];
    try (InferenceSession session =
        InferenceSession.open(
            folder.resolve(BundleLayout.MODEL), InferenceOptions.defaults().withThreads(1))) {
      for (int i = 0; i < count; i++) {
        float[] window = new float[WINDOW];
        // The last samples count for no vector, so they may be missing at the end.
        int there = Math.min(WINDOW, sound.length - i * hop);
        System.arraycopy(sound, i * hop, window, 0, there);
        Map<String, TensorValue> outputs =
            session.run(Map.of("waveform", TensorValue.ofFloats(window, 1, WINDOW)));
        expected[i] = TestBundles.floats(outputs, "probabilities")[1];
      }
    }
    return expected;
  }

  /** Golden examples with what model.onnx gives. */
  static void writeGolden(Path folder) {
    List<GoldenExample> examples = new ArrayList<>();
    try (InferenceSession session =
        InferenceSession.open(
            folder.resolve(BundleLayout.MODEL), InferenceOptions.defaults().withThreads(1))) {
      for (int seed = 5; seed < 8; seed++) {
        float[] window = noise(seed, WINDOW);
        Map<String, TensorValue> outputs =
            session.run(Map.of("waveform", TensorValue.ofFloats(window, 1, WINDOW)));
        examples.add(
            GoldenExample.of(
                "go " + seed,
                new ModelInput.Sound(window, RATE),
                TestBundles.floats(outputs, "logits"),
                TestBundles.floats(outputs, "probabilities")));
      }
    }
    new GoldenExamples(GoldenExamples.TOLERANCE_FP32, examples)
        .write(folder.resolve(BundleLayout.EXAMPLES));
  }
}
