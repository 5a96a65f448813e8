package dev.graft.transfer.wakeword;

import dev.graft.data.ExampleSource;
import dev.graft.data.audio.PcmWav;
import dev.graft.data.audio.Waveform;
import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxTensor;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.SoundOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A phrase of whistles, rising and then falling, among steady whistles, falling ones, rising ones
 * and hisses; and a backbone of random filters over 20 frames. All from fixed seeds.
 */
final class ToyPhrase {
  static final int RATE = 16_000;
  static final double WINDOW_SECONDS = 1;
  private static final int FRAMES = 20;
  private static final int BANDS = 32;
  private static final int FEATURES = 32;
  private static final double FULL_SCALE = 0.4;

  private ToyPhrase() {}

  /** What is whistled. */
  enum Melody {
    RISING_AND_FALLING,
    RISING,
    FALLING,
    STEADY,
    HISS;

    /** Hertz at a share of the time, where the melody begins at {@code low}. */
    private double hertz(double low, double time) {
      return low
          * switch (this) {
            case RISING_AND_FALLING -> 1 + 4 * Math.min(time, 1 - time);
            case RISING -> 1 + 2 * time;
            case FALLING -> 3 - 2 * time;
            case STEADY, HISS -> 2;
          };
    }
  }

  /** Half a second, more or less, with a little noise. */
  static float[] whistle(Melody melody, SplittableRandom random) {
    float[] samples = new float[(int) (RATE * (0.4 + 0.2 * random.nextDouble()))];
    double low = 500 + 300 * random.nextDouble();
    double phase = 0;
    for (int i = 0; i < samples.length; i++) {
      double time = (double) i / samples.length;
      phase += 2 * Math.PI * melody.hertz(low, time) / RATE;
      double pure = melody == Melody.HISS ? random.nextDouble() - 0.5 : Math.sin(phase);
      double envelope = Math.min(1, 20 * Math.min(time, 1 - time));
      samples[i] = (float) (FULL_SCALE * envelope * pure + 0.002 * (random.nextDouble() - 0.5));
    }
    return samples;
  }

  static List<ExampleSource> phrases(Path folder, int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<ExampleSource> sources = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Path file = folder.resolve("phrase-" + i + ".wav");
      sources.add(written(file, whistle(Melody.RISING_AND_FALLING, random)));
    }
    return sources;
  }

  static List<ExampleSource> others(Path folder, int ofEach, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<ExampleSource> sources = new ArrayList<>();
    for (Melody melody : Melody.values()) {
      for (int i = 0; i < ofEach && melody != Melody.RISING_AND_FALLING; i++) {
        sources.add(written(folder.resolve(melody + "-" + i + ".wav"), whistle(melody, random)));
      }
    }
    return sources;
  }

  private static ExampleSource written(Path file, float[] samples) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, PcmWav.encode(new Waveform(samples, RATE)));
      return new ExampleSource.FileSource(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** One that can be run along sound: filters, a rectifier and nothing around the ends. */
  static Backbone slidingBackbone(Path folder) {
    return load(write(folder.resolve("sliding.onnx"), 0));
  }

  /** One that lays silence around each window, so that each is computed by itself. */
  static Backbone paddedBackbone(Path folder) {
    return load(write(folder.resolve("padded.onnx"), 2));
  }

  private static Backbone load(Path file) {
    return ListeningBackbone.load(
        file,
        SoundOptions.DEFAULTS.withFrontEnd("google-speech-embedding/1").withWindow(WINDOW_SECONDS));
  }

  /** [N, 20, 32, 1] to [N, 32]. */
  private static Path write(Path file, int padding) {
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
