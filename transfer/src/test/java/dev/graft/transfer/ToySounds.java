package dev.graft.transfer;

import dev.graft.data.Dataset;
import dev.graft.data.DatasetReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** Recordings of clicks, hisses and tones. */
public final class ToySounds {
  private static final int RATE = 8_000;
  private static final List<String> CLASSES = List.of("clicks", "hiss", "tone");

  private ToySounds() {}

  /** Writes recordings below {@code sounds/train} and {@code sounds/test} and reads them. */
  public static Dataset dataset(Path folder, int trainPerClass, int testPerClass) {
    return DatasetReader.read(data(folder, trainPerClass, testPerClass));
  }

  /** Writes recordings below {@code sounds/train} and {@code sounds/test}. */
  public static Path data(Path folder, int trainPerClass, int testPerClass) {
    Path data = folder.resolve("sounds");
    for (int label = 0; label < CLASSES.size(); label++) {
      write(data.resolve("train"), label, trainPerClass, 1);
      write(data.resolve("test"), label, testPerClass, 2);
    }
    return data;
  }

  private static void write(Path part, int label, int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed * 31 + label);
    try {
      Path folder = Files.createDirectories(part.resolve(CLASSES.get(label)));
      for (int i = 0; i < count; i++) {
        Files.write(folder.resolve(i + ".wav"), wav(sound(label, random)));
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A sound of 0.3 to 0.5 s at an own pitch, pace and loudness. */
  private static float[] sound(int label, SplittableRandom random) {
    float[] samples = new float[(int) (RATE * (0.3 + 0.2 * random.nextDouble()))];
    double level = 0.2 + 0.6 * random.nextDouble();
    double radians = 2 * Math.PI * (400 + 2_000 * random.nextDouble()) / RATE;
    int pace = RATE / 30 + random.nextInt(RATE / 30);
    for (int i = 0; i < samples.length; i++) {
      double value =
          switch (label) {
            case 0 -> i % pace < 8 ? 1 : 0;
            case 1 -> 2 * random.nextDouble() - 1;
            default -> Math.sin(radians * i);
          };
      samples[i] = (float) (level * value + 0.01 * (random.nextDouble() - 0.5));
    }
    return samples;
  }

  /** 16 bits, one channel. */
  private static byte[] wav(float[] samples) {
    ByteBuffer file = ByteBuffer.allocate(44 + 2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put(ascii("RIFF")).putInt(36 + 2 * samples.length).put(ascii("WAVEfmt "));
    file.putInt(16).putShort((short) 1).putShort((short) 1).putInt(RATE).putInt(2 * RATE);
    file.putShort((short) 2).putShort((short) 16).put(ascii("data")).putInt(2 * samples.length);
    for (float sample : samples) {
      file.putShort((short) Math.round(32_767 * sample));
    }
    return file.array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
