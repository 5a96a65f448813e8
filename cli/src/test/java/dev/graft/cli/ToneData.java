package dev.graft.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

/** Recordings of low and high tones, and of melodies of them. */
final class ToneData {
  private static final int RATE = 11_025;
  private static final double[] HERTZ = {300, 2_000};

  private ToneData() {}

  /** Writes recordings of the classes tone0 and tone1, with a training and a test part. */
  static Path write(Path folder, int ofEach) throws IOException {
    for (String part : List.of("train", "test")) {
      for (int label = 0; label < 2; label++) {
        Path recordings = Files.createDirectories(folder.resolve(part).resolve("tone" + label));
        SplittableRandom random = new SplittableRandom(part.length() * 10L + label);
        for (int i = 0; i < ofEach; i++) {
          write(recordings.resolve(i + ".wav"), HERTZ[label], random);
        }
      }
    }
    return folder;
  }

  /**
   * Writes recordings of the classes falling and rising, so different from each other that none are
   * near-duplicates.
   */
  static Path writeMelodies(Path folder, int ofEach) throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    for (String label : List.of("falling", "rising")) {
      Path recordings = Files.createDirectories(folder.resolve(label));
      for (int i = 0; i < ofEach; i++) {
        float[] samples = new float[RATE];
        double hertz = 300 + 1_500 * random.nextDouble();
        int tones = 2 + random.nextInt(5);
        double step = Math.pow(1.1 + 0.3 * random.nextDouble(), label.equals("rising") ? 1 : -1);
        double phase = 0;
        for (int at = 0; at < samples.length; at++) {
          int tone = tones * at / samples.length;
          phase += 2 * Math.PI * hertz * Math.pow(step, tone) / RATE;
          samples[at] = (float) (0.4 * Math.sin(phase) + 0.2 * random.nextDouble(-1, 1));
        }
        write(recordings.resolve(i + ".wav"), samples);
      }
    }
    return folder;
  }

  /** A tone of 0.3 to 0.4 s. */
  private static void write(Path file, double hertz, SplittableRandom random) throws IOException {
    float[] samples = new float[(int) (RATE * (0.3 + 0.1 * random.nextDouble()))];
    double radians = 2 * Math.PI * hertz * (0.9 + 0.2 * random.nextDouble()) / RATE;
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (0.37 * Math.sin(radians * i) + random.nextDouble(-0.01, 0.01));
    }
    write(file, samples);
  }

  /** 16 bits, two channels. */
  private static void write(Path file, float[] sound) throws IOException {
    int count = sound.length;
    byte[] samples = new byte[4 * count];
    for (int i = 0; i < count; i++) {
      short value = (short) (Short.MAX_VALUE * sound[i]);
      for (int channel = 0; channel < 2; channel++) {
        samples[4 * i + 2 * channel] = (byte) value;
        samples[4 * i + 2 * channel + 1] = (byte) (value >> 8);
      }
    }
    AudioFormat format = new AudioFormat(RATE, 16, 2, true, false);
    try (AudioInputStream in =
        new AudioInputStream(new ByteArrayInputStream(samples), format, count)) {
      AudioSystem.write(in, AudioFileFormat.Type.WAVE, file.toFile());
    }
  }
}
