package dev.graft.cli;

import dev.graft.data.audio.PcmWav;
import dev.graft.data.audio.Waveform;
import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** A chime of two tones among single and falling ones, and an encoder that has never heard any. */
final class ChimeData {
  static final int RATE = 16_000;
  private static final double[] CHIME = {700, 1_400};
  private static final double[][] OTHERS = {{1_400, 700}, {700}, {1_400}, {1_000, 1_100, 1_000}};
  private static final double TONE_SECONDS = 0.2;
  private static final int FRAMES = 20;
  private static final int BANDS = 32;
  private static final int FEATURES = 32;

  private ChimeData() {}

  /** Writes so many recordings of the chime into a folder. */
  static Path writeChimes(Path folder, int count) throws IOException {
    SplittableRandom random = new SplittableRandom(count);
    for (int i = 0; i < count; i++) {
      write(folder.resolve(i + ".wav"), tones(CHIME, random));
    }
    return folder;
  }

  /** Writes recordings of other tones into a folder. */
  static Path writeOthers(Path folder, int ofEach) throws IOException {
    SplittableRandom random = new SplittableRandom(ofEach);
    for (int i = 0; i < ofEach * OTHERS.length; i++) {
      write(folder.resolve(i + ".wav"), tones(OTHERS[i % OTHERS.length], random));
    }
    return folder;
  }

  /** Sixteen seconds with other tones in seconds 1, 5, 9 and 13, and the chime in 3, 7, 11, 15. */
  static float[] stream() {
    SplittableRandom random = new SplittableRandom(99);
    float[] stream = new float[17 * RATE];
    for (int i = 0; i < OTHERS.length; i++) {
      float[] other = tones(OTHERS[i], random);
      System.arraycopy(other, 0, stream, (4 * i + 1) * RATE, other.length);
      float[] chime = tones(CHIME, random);
      System.arraycopy(chime, 0, stream, (4 * i + 3) * RATE, chime.length);
    }
    for (int i = 0; i < stream.length; i++) {
      stream[i] += (float) (0.002 * (random.nextDouble() - 0.5));
    }
    return stream;
  }

  static void write(Path file, float[] samples) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, PcmWav.encode(new Waveform(samples, RATE)));
  }

  private static float[] tones(double[] hertz, SplittableRandom random) {
    int each = (int) (RATE * TONE_SECONDS * (0.9 + 0.2 * random.nextDouble()));
    double tuning = 0.95 + 0.1 * random.nextDouble();
    float[] samples = new float[each * hertz.length];
    for (int i = 0; i < samples.length; i++) {
      double envelope = Math.sin(Math.PI * (i % each) / each);
      double phase = 2 * Math.PI * tuning * hertz[i / each] * i / RATE;
      samples[i] = (float) (0.3 * envelope * Math.sin(phase));
    }
    return samples;
  }

  /** Writes an encoder of Google's log-mel frames, [N, 20, 32, 1] to [N, 32], of random filters. */
  static Path writeEncoder(Path file) {
    SplittableRandom random = new SplittableRandom(6);
    float[] filters = new float[FEATURES * FRAMES * BANDS];
    for (int i = 0; i < filters.length; i++) {
      filters[i] = (float) ((random.nextDouble() - 0.5) * 0.3);
    }
    Dimension one = Dimension.of(1);
    GraphBuilder.named("encoder")
        .input(
            "frames",
            ElementType.FLOAT,
            Dimension.named("N"),
            Dimension.of(FRAMES),
            Dimension.of(BANDS),
            one)
        .initializer(OnnxTensor.ofFloats("filters", filters, FEATURES, 1, FRAMES, BANDS))
        .node(
            Node.of("Transpose", List.of("frames"), List.of("m")).withIntegers("perm", 0, 3, 1, 2))
        .node(Node.of("Conv", List.of("m", "filters"), List.of("c")).withIntegers("strides", 8, 1))
        .node("Relu", List.of("c"), "r")
        .node("Flatten", List.of("r"), "embedding")
        .output("embedding", ElementType.FLOAT, Dimension.named("N"), Dimension.of(FEATURES))
        .build(17)
        .write(file);
    return file;
  }
}
