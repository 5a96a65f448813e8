package dev.graft.transfer;

import dev.graft.data.DatasetReader;
import dev.graft.data.ExampleSource;
import dev.graft.data.audio.PcmWav;
import dev.graft.data.audio.Waveform;
import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.ModelEditor;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxTensor;
import dev.graft.onnx.ValueInfo;
import dev.graft.onnx.frontend.FrontEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/**
 * Recordings of a second that a short tone at any time decides, low or high, beside one of middle
 * pitch that means nothing; and a convolutional backbone that hears where they are.
 */
public final class ToyTones {
  /** Samples of a second, which is the window of the backbone. */
  public static final int RATE = 16_000;

  /** The length of a tone in seconds. */
  public static final double TONE_SECONDS = 0.2;

  /** The pitch of the tone that decides, by class. */
  public static final double LOW_HERTZ = 400;

  public static final double HIGH_HERTZ = 3_500;

  private static final double MIDDLE_HERTZ = 1_200;
  private static final int RANGES = 4;
  private static final int BANDS = 40;

  private ToyTones() {}

  /** Trains a head within a second or two. */
  public static TrainedModel train(Path folder) {
    Path data = folder.resolve("tones");
    for (String part : List.of("train", "test")) {
      for (int i = 0; i < (part.equals("train") ? 12 : 4); i++) {
        SplittableRandom random = new SplittableRandom(31L * i + part.length());
        double place = random.nextDouble(0.02, 0.3);
        boolean early = i % 2 == 0;
        double decides = early ? place : 0.5 + place;
        double idle = early ? 0.5 + place : place;
        write(data.resolve(part + "/low/" + i + ".wav"), sound(LOW_HERTZ, decides, idle, i));
        write(data.resolve(part + "/high/" + i + ".wav"), sound(HIGH_HERTZ, decides, idle, i));
      }
    }
    return GlidingSounds.learning(backbone(folder)).fit(DatasetReader.read(data));
  }

  /** A second with one tone, the tone that means nothing, and a little noise. */
  public static float[] sound(double hertz, double decidesAt, double idleAt, long seed) {
    float[] samples = new float[RATE];
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (0.002 * random.nextDouble(-1, 1));
    }
    add(samples, hertz * random.nextDouble(0.9, 1.1), decidesAt);
    add(samples, MIDDLE_HERTZ * random.nextDouble(0.9, 1.1), idleAt);
    return samples;
  }

  private static void add(float[] samples, double hertz, double at) {
    int first = (int) (at * RATE);
    for (int i = 0; i < TONE_SECONDS * RATE; i++) {
      double fade = Math.sin(Math.PI * i / (TONE_SECONDS * RATE));
      samples[first + i] += (float) (0.2 * fade * Math.sin(2 * Math.PI * hertz * i / RATE));
    }
  }

  /** Writes a recording and gives it to be read. */
  public static ExampleSource write(Path file, float[] samples) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, PcmWav.encode(new Waveform(samples, RATE)));
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
    return new ExampleSource.FileSource(file);
  }

  /** Levels above silence, parted into ranges of pitch, meaned over patches and then over all. */
  private static Backbone backbone(Path folder) {
    float[] ranges = new float[RANGES * BANDS];
    float[] kernels = new float[RANGES * RANGES * 16];
    for (int range = 0; range < RANGES; range++) {
      for (int band = 0; band < BANDS; band++) {
        ranges[range * BANDS + band] = band * RANGES / BANDS == range ? 1 : 0;
      }
      for (int tap = 0; tap < 16; tap++) {
        kernels[(range * RANGES + range) * 16 + tap] = 1 / 16f;
      }
    }
    Path file = folder.resolve("toy-tones.onnx");
    ModelEditor editor = FrontEnd.LOG_MEL_OF_SPEECH.model(OptionalInt.of(RATE)).edit();
    editor
        .setInitializer(OnnxTensor.ofLongs("channel", new long[] {1}, 1))
        .setInitializer(OnnxTensor.ofFloats("silence", new float[] {13.8f}, 1))
        .setInitializer(OnnxTensor.ofFloats("ranges", ranges, 1, RANGES, 1, BANDS))
        .setInitializer(OnnxTensor.ofFloats("kernels", kernels, RANGES, RANGES, 4, 4))
        .addNode(Node.of("Unsqueeze", List.of(FrontEnd.LOG_MEL, "channel"), List.of("map")))
        .addNode(Node.of("Add", List.of("map", "silence"), List.of("levels")))
        .addNode(Node.of("Mul", List.of("levels", "ranges"), List.of("parted")))
        .addNode(
            Node.of("Conv", List.of("parted", "kernels"), List.of("patches"))
                .withIntegers("strides", 4, 4))
        .addNode(Node.of("Relu", List.of("patches"), List.of("heard")))
        .addNode(Node.of("GlobalAveragePool", List.of("heard"), List.of("mean")))
        .addNode(Node.of("Flatten", List.of("mean"), List.of("embedding")).withInteger("axis", 1))
        .setOutputs(
            List.of(
                ValueInfo.of(
                    "embedding", ElementType.FLOAT, Dimension.named("N"), Dimension.of(RANGES))))
        .build()
        .write(file);
    return Backbone.load(file, BackboneOptions.defaults());
  }
}
