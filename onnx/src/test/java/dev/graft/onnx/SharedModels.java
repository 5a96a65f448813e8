package dev.graft.onnx;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The real models that lie beside the project; tests that need them are skipped without. */
final class SharedModels {
  static final String MOBILENET = "mobilenetv2-1.0-imagenet.onnx";
  static final String MOBILENET_INT8 = "mobilenetv2-1.0-imagenet-int8.onnx";
  static final String HEADLESS = "mobilenetv2-0.35-imagenet-headless.onnx";
  static final String SPEECH = "speech-embedding.onnx";
  static final String MEL = "speech-embedding-mel-spectrogram.onnx";
  static final String WORD2VEC = "word2vec-8k/model.onnx";
  static final String TINYBERT = "tinybert/tinybert.onnx";

  private SharedModels() {}

  static OnnxModel read(String name) {
    return OnnxModel.read(file(name));
  }

  static Path file(String name) {
    Path file = Path.of(System.getProperty("graft.shared", "shared"), "models", name);
    Assumptions.assumeTrue(Files.exists(file), "reference data absent: " + file);
    return file;
  }
}
