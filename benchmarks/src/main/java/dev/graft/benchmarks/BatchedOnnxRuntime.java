package dev.graft.benchmarks;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.graft.data.ExampleSource;
import dev.graft.data.image.ImageDecoder;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.data.image.ImagePreprocessor;
import dev.graft.data.image.PixelImage;
import dev.graft.data.image.Resize;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * ONNX Runtime with default options in fp32, fed in batches by Graft's decoder (JPEG at reduced
 * size) and preprocessor, one after the other on one thread: what is left of the difference is the
 * engine and how the cores are used. Not thread-safe.
 */
final class BatchedOnnxRuntime implements FeatureExtractor {
  private static final int BATCH = 8;

  private final OrtSession session;
  private final ImagePreprocessing preprocessing;
  private final ImagePreprocessor preprocessor;
  private final ImageDecoder decoder = new ImageDecoder();
  private final FloatBuffer input;

  BatchedOnnxRuntime(Path model, ImagePreprocessing preprocessing) {
    this.session = PlainOnnxRuntime.open(model);
    this.preprocessing = preprocessing;
    this.preprocessor = new ImagePreprocessor(preprocessing);
    this.input = PlainOnnxRuntime.directFloats(BATCH * preprocessing.valueCount());
  }

  @Override
  public List<float[]> extract(List<Path> files) {
    List<float[]> features = new ArrayList<>();
    float[] values = new float[preprocessing.valueCount()];
    for (int first = 0; first < files.size(); first += BATCH) {
      List<Path> batch = files.subList(first, Math.min(files.size(), first + BATCH));
      for (int row = 0; row < batch.size(); row++) {
        preprocessor.apply(decode(batch.get(row)), values, 0);
        input.put(row * values.length, values);
      }
      int side = preprocessing.cropHeight();
      float[][] rows = PlainOnnxRuntime.run(session, batchOf(batch.size()), batch.size(), side);
      features.addAll(Arrays.asList(rows));
    }
    return features;
  }

  private FloatBuffer batchOf(int rows) {
    return rows == BATCH ? input : input.slice(0, rows * preprocessing.valueCount());
  }

  private PixelImage decode(Path file) {
    int shorter = ((Resize.ShorterSide) preprocessing.resize()).pixels();
    byte[] bytes = new ExampleSource.FileSource(file).read();
    return decoder.decodeReduced(bytes, file.toString(), shorter);
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException failure) {
      throw new IllegalStateException("Closing the session of ONNX Runtime", failure);
    }
  }
}
