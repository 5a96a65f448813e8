package dev.graft.transfer;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxTensor;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** An encoder of spectrograms: random filters over 20 frames, from a fixed seed. */
public final class ToyEncoder {
  /** What it hears at once. */
  public static final double WINDOW_SECONDS = 1;

  private static final int FRAMES = 20;
  private static final int BANDS = 32;
  private static final int FEATURES = 32;

  private ToyEncoder() {}

  /** Its front end and window. */
  public static BackboneOptions options() {
    return BackboneOptions.defaults()
        .withSound(
            SoundOptions.DEFAULTS
                .withFrontEnd("google-speech-embedding/1")
                .withWindow(WINDOW_SECONDS));
  }

  /**
   * Writes one that takes [N, 20, 32, 1] and gives [N, 32].
   *
   * @param padding frames of silence around each window
   */
  public static Path write(Path file, int padding) {
    SplittableRandom random = new SplittableRandom(5);
    float[] filters = new float[FEATURES * FRAMES * BANDS];
    for (int i = 0; i < filters.length; i++) {
      filters[i] = (float) ((random.nextDouble() - 0.5) * 0.3);
    }
    GraphBuilder.named("ear")
        .input(
            "frames",
            ElementType.FLOAT,
            Dimension.named("N"),
            Dimension.of(FRAMES),
            Dimension.of(BANDS),
            Dimension.of(1))
        .initializer(OnnxTensor.ofFloats("filters", filters, FEATURES, 1, FRAMES, BANDS))
        .node(
            Node.of("Transpose", List.of("frames"), List.of("maps"))
                .withIntegers("perm", 0, 3, 1, 2))
        .node(
            Node.of("Conv", List.of("maps", "filters"), List.of("filtered"))
                .withIntegers("strides", 8, 1) // 80 ms, as windows lie apart
                .withIntegers("pads", padding, 0, padding, 0))
        .node("Relu", List.of("filtered"), "rectified")
        .node("Flatten", List.of("rectified"), "embedding")
        .output("embedding", ElementType.FLOAT, Dimension.named("N"), Dimension.of(FEATURES))
        .build(17)
        .write(file);
    return file;
  }
}
