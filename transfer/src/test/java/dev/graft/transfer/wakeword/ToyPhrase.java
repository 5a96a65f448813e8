package dev.graft.transfer.wakeword;

import dev.graft.data.ExampleSource;
import dev.graft.data.audio.PcmWav;
import dev.graft.data.audio.Waveform;
import dev.graft.transfer.Backbone;
import dev.graft.transfer.ToyEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A phrase of whistles, rising and then falling, among steady whistles, falling ones, rising ones
 * and hisses; and a backbone that hears them. All from fixed seeds.
 */
final class ToyPhrase {
  static final int RATE = 16_000;
  static final double WINDOW_SECONDS = ToyEncoder.WINDOW_SECONDS;
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
    return load(ToyEncoder.write(folder.resolve("sliding.onnx"), 0));
  }

  /** One that lays silence around each window, so that each is computed by itself. */
  static Backbone paddedBackbone(Path folder) {
    return load(ToyEncoder.write(folder.resolve("padded.onnx"), 2));
  }

  private static Backbone load(Path file) {
    return ListeningBackbone.load(file, ToyEncoder.options().sound());
  }
}
