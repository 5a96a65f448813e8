package dev.graft.transfer;

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
 * A task of sound that only the order in time solves: gliding tones of half a second at 16 kHz that
 * rise or fall, and a backbone that tells the quarters of that time apart. All from fixed seeds.
 */
final class GlidingSounds {
  static final int RATE = 16_000;
  static final int SAMPLES = 8_000;
  private static final int QUARTERS = 4;
  private static final int FRAMES_OF_A_QUARTER = 12;

  private GlidingSounds() {}

  static Backbone backbone(Path folder) {
    Path file = folder.resolve("gliding-sounds.onnx");
    FrontEnd frontEnd = FrontEnd.LOG_MEL_OF_SPEECH;
    ModelEditor editor = frontEnd.model(OptionalInt.of(SAMPLES)).edit();
    int features = QUARTERS * frontEnd.bands();
    editor
        .setInitializer(
            OnnxTensor.ofLongs(
                "quarters", new long[] {0, QUARTERS, FRAMES_OF_A_QUARTER, frontEnd.bands()}, 4))
        .setInitializer(OnnxTensor.ofLongs("within", new long[] {2}, 1))
        .addNode(Node.of("Reshape", List.of(FrontEnd.LOG_MEL, "quarters"), List.of("parted")))
        .addNode(
            Node.of("ReduceMean", List.of("parted", "within"), List.of("means"))
                .withInteger("keepdims", 0))
        .addNode(Node.of("Flatten", List.of("means"), List.of("embedding")).withInteger("axis", 1))
        .setOutputs(
            List.of(
                ValueInfo.of(
                    "embedding", ElementType.FLOAT, Dimension.named("N"), Dimension.of(features))))
        .build()
        .write(file);
    return Backbone.load(file, BackboneOptions.defaults());
  }

  /** Writes recordings below {@code sounds/train} and {@code sounds/test}. */
  static Path data(Path folder, int trainPerClass, int testPerClass) {
    Path data = folder.resolve("sounds");
    for (int label = 0; label < 2; label++) {
      String name = label == 0 ? "falling" : "rising";
      for (int i = 0; i < trainPerClass; i++) {
        write(
            data.resolve("train/" + name + "/sound-" + i + ".wav"), glide(label, 100 * label + i));
      }
      for (int i = 0; i < testPerClass; i++) {
        write(
            data.resolve("test/" + name + "/sound-" + i + ".wav"),
            glide(label, 9000 + 100 * label + i));
      }
    }
    return data;
  }

  /** A gliding tone of another range, level, wobble and noise for each seed; 1 rises, 0 falls. */
  static float[] glide(int label, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double from = random.nextDouble(250, 500);
    double octaves = random.nextDouble(1.5, 2.5);
    double level = random.nextDouble(0.1, 0.5);
    float[] samples = new float[SAMPLES];
    double phase = random.nextDouble(6);
    double wobble = 0;
    for (int i = 0; i < SAMPLES; i++) {
      double part = (double) i / SAMPLES;
      wobble = 0.999 * wobble + 0.004 * random.nextDouble(-1, 1);
      double octave = octaves * (label == 1 ? part : 1 - part) + wobble;
      phase += 2 * Math.PI * from * Math.pow(2, octave) / RATE;
      samples[i] = (float) (level * Math.sin(phase) + 0.01 * random.nextDouble(-1, 1));
    }
    return samples;
  }

  static void write(Path file, float[] samples) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, PcmWav.encode(new Waveform(samples, RATE)));
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  static TransferLearning learning(Backbone backbone) {
    return TransferLearning.from(backbone)
        .strategy(new Strategy.HeadOnly())
        .precision(PrecisionChoice.FP32)
        .withoutCache()
        .views(1);
  }
}
