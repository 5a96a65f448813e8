package dev.graft.onnx;

import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.api.Assertions;

/** Runs models in ONNX Runtime, the reference for "the rewritten graph gives the same numbers". */
final class Reference {
  private Reference() {}

  /** Values of one input. */
  record Feed(float[] floats, long[] longs, long[] shape) {
    static Feed of(float[] values, long... shape) {
      return new Feed(values, new long[0], shape);
    }

    static Feed ofLongs(long[] values, long... shape) {
      return new Feed(new float[0], values, shape);
    }

    /** Uniform in [-1, 1). */
    static Feed random(long seed, long... shape) {
      SplittableRandom random = new SplittableRandom(seed);
      float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (random.nextDouble() * 2 - 1);
      }
      return of(values, shape);
    }
  }

  /** The float outputs in order. */
  static List<float[]> run(OnnxModel model, Map<String, Feed> feeds) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (SessionOptions options = new SessionOptions()) {
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      options.setIntraOpNumThreads(1);
      // Fusions would hide what the graph itself says.
      options.setOptimizationLevel(SessionOptions.OptLevel.NO_OPT);
      Map<String, OnnxTensorLike> inputs = new LinkedHashMap<>();
      try (OrtSession session = environment.createSession(model.toBytes(), options)) {
        for (Map.Entry<String, Feed> entry : feeds.entrySet()) {
          Feed feed = entry.getValue();
          inputs.put(
              entry.getKey(),
              feed.longs().length > 0
                  ? ai.onnxruntime.OnnxTensor.createTensor(
                      environment, LongBuffer.wrap(feed.longs()), feed.shape())
                  : ai.onnxruntime.OnnxTensor.createTensor(
                      environment, FloatBuffer.wrap(feed.floats()), feed.shape()));
        }
        List<float[]> outputs = new ArrayList<>();
        try (OrtSession.Result result = session.run(inputs)) {
          for (Map.Entry<String, OnnxValue> output : result) {
            FloatBuffer buffer = ((ai.onnxruntime.OnnxTensor) output.getValue()).getFloatBuffer();
            float[] values = new float[buffer.remaining()];
            buffer.get(values);
            outputs.add(values);
          }
        }
        return outputs;
      } finally {
        inputs.values().forEach(OnnxTensorLike::close);
      }
    } catch (OrtException failure) {
      throw new AssertionError("ONNX Runtime refused the model: " + failure.getMessage(), failure);
    }
  }

  /** Asserts that two models give the same outputs. */
  static void assertSameOutputs(
      OnnxModel expected, OnnxModel found, Map<String, Feed> feeds, float tolerance) {
    List<float[]> before = run(expected, feeds);
    List<float[]> after = run(found, feeds);
    Assertions.assertThat(after).hasSameSizeAs(before);
    for (int i = 0; i < before.size(); i++) {
      Assertions.assertThat(after.get(i))
          .usingComparatorWithPrecision(tolerance)
          .containsExactly(before.get(i));
    }
  }
}
