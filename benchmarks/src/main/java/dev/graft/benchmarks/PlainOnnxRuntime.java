package dev.graft.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.data.image.Resize;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/**
 * ONNX Runtime as it comes, fed as most Java programs feed it: the image decoded by ImageIO, its
 * shorter side scaled with java.awt (bilinear), cropped, normalised, one image at a time, in fp32
 * with default options. Not thread-safe.
 */
final class PlainOnnxRuntime implements FeatureExtractor {
  private final OrtSession session;
  private final ImagePreprocessing preprocessing;
  private final int side;
  private final FloatBuffer input;

  PlainOnnxRuntime(Path model, ImagePreprocessing preprocessing) {
    this.session = open(model);
    this.preprocessing = preprocessing;
    this.side = preprocessing.cropHeight();
    this.input = directFloats(preprocessing.valueCount());
    // ImageIO otherwise writes each file that it reads to a temporary one.
    ImageIO.setUseCache(false);
  }

  static OrtSession open(Path model) {
    try (OrtSession.SessionOptions asItComes = new OrtSession.SessionOptions()) {
      return OrtEnvironment.getEnvironment().createSession(model.toString(), asItComes);
    } catch (OrtException failure) {
      throw new IllegalStateException("Opening " + model + " in ONNX Runtime", failure);
    }
  }

  static FloatBuffer directFloats(int count) {
    return ByteBuffer.allocateDirect(count * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  /** Runs a batch: [rows, 3, side, side] to [rows, features]. */
  static float[][] run(OrtSession session, FloatBuffer images, int rows, int side) {
    images.clear();
    long[] shape = {rows, 3, side, side};
    try (OnnxTensor tensor =
            OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), images, shape);
        OrtSession.Result result =
            session.run(Map.of(session.getInputNames().iterator().next(), tensor))) {
      return (float[][]) result.get(0).getValue();
    } catch (OrtException failure) {
      throw new IllegalStateException("Running a batch in ONNX Runtime", failure);
    }
  }

  @Override
  public List<float[]> extract(List<Path> files) {
    List<float[]> features = new ArrayList<>();
    for (Path file : files) {
      normalise(cropped(file));
      features.add(run(session, input, 1, side)[0]);
    }
    return features;
  }

  private BufferedImage cropped(Path file) {
    BufferedImage image;
    try {
      image = ImageIO.read(file.toFile());
    } catch (IOException failure) {
      throw new UncheckedIOException("Reading " + file, failure);
    }
    if (image == null) {
      throw new IllegalStateException(file + " is in no format that ImageIO reads");
    }
    int shorter = ((Resize.ShorterSide) preprocessing.resize()).pixels();
    double factor = (double) shorter / Math.min(image.getWidth(), image.getHeight());
    int width = (int) Math.round(image.getWidth() * factor);
    int height = (int) Math.round(image.getHeight() * factor);
    BufferedImage crop = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = crop.createGraphics();
    canvas.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    canvas.drawImage(image, (side - width) / 2, (side - height) / 2, width, height, null);
    canvas.dispose();
    return crop;
  }

  private void normalise(BufferedImage image) {
    int[] pixels = image.getRGB(0, 0, side, side, null, 0, side);
    int plane = side * side;
    for (int channel = 0; channel < 3; channel++) {
      float mean = preprocessing.mean().get(channel);
      float deviation = preprocessing.deviation().get(channel);
      int shift = 16 - 8 * channel;
      for (int i = 0; i < plane; i++) {
        float value = ((pixels[i] >> shift) & 0xff) * preprocessing.scale();
        input.put(channel * plane + i, (value - mean) / deviation);
      }
    }
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
