package dev.graft.data.audio;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.Loader;

/** Sounds made in tests, and files of them. */
public final class TestSounds {
  private TestSounds() {}

  /** How samples are stored in a WAV file. */
  public enum Storage {
    UNSIGNED_8(1, 8),
    SIGNED_16(1, 16),
    SIGNED_24(1, 24),
    SIGNED_32(1, 32),
    FLOAT_32(3, 32),
    FLOAT_64(3, 64);

    private final int tag;
    private final int bits;

    Storage(int tag, int bits) {
      this.tag = tag;
      this.bits = bits;
    }

    double step() {
      return tag == 3 ? 1e-7 : Math.scalb(1.0, 1 - bits) + 1e-7;
    }

    int bits() {
      return bits;
    }
  }

  static float[] sine(double hertz, double level, int count, int rate) {
    float[] samples = new float[count];
    for (int i = 0; i < count; i++) {
      samples[i] = (float) (level * Math.sin(2 * Math.PI * hertz * i / rate));
    }
    return samples;
  }

  static float[] noise(double level, int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] samples = new float[count];
    for (int i = 0; i < count; i++) {
      samples[i] = (float) (level * (2 * random.nextDouble() - 1));
    }
    return samples;
  }

  /** Sliding and humming, different everywhere, as speech is. */
  static float[] melody(int count, int rate, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] samples = new float[count];
    double phase = 0;
    double hertz = 200;
    for (int i = 0; i < count; i++) {
      hertz = Math.max(120, Math.min(900, hertz + (random.nextDouble() - 0.5) * 4));
      phase += 2 * Math.PI * hertz / rate;
      samples[i] =
          (float)
              (0.3 * Math.sin(phase) + 0.1 * Math.sin(2.01 * phase) + 0.05 * Math.sin(5 * phase));
    }
    return samples;
  }

  /** A mono WAV file of 16 bits. */
  public static byte[] wav(float[] samples, int rate) {
    return wav(Storage.SIGNED_16, rate, samples);
  }

  /** A WAV file with the given channels. */
  static byte[] wav(Storage storage, int rate, float[]... channels) {
    int frames = channels[0].length;
    int width = storage.bits / 8;
    int data = frames * channels.length * width;
    ByteBuffer out = ByteBuffer.allocate(44 + data).order(ByteOrder.LITTLE_ENDIAN);
    out.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + data);
    out.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
    out.putShort((short) storage.tag).putShort((short) channels.length).putInt(rate);
    out.putInt(rate * channels.length * width).putShort((short) (channels.length * width));
    out.putShort((short) storage.bits);
    out.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(data);
    for (int i = 0; i < frames; i++) {
      for (float[] channel : channels) {
        put(out, storage, channel[i]);
      }
    }
    return out.array();
  }

  private static void put(ByteBuffer out, Storage storage, float sample) {
    switch (storage) {
      case UNSIGNED_8 -> out.put((byte) (Math.round(sample * 127) + 128));
      case SIGNED_16 -> out.putShort((short) Math.round(sample * 32767));
      case SIGNED_24 -> {
        int value = Math.round(sample * 8388607);
        out.put((byte) value).put((byte) (value >> 8)).put((byte) (value >> 16));
      }
      case SIGNED_32 -> out.putInt((int) Math.round(sample * 2147483647.0));
      case FLOAT_32 -> out.putFloat(sample);
      case FLOAT_64 -> out.putDouble(sample);
    }
  }

  /** The sound in another format, written by the program of FFmpeg's build. */
  static byte[] encoded(
      Path folder, float[] samples, int rate, String extension, String... options) {
    try {
      Path in = Files.write(folder.resolve("in.wav"), wav(Storage.FLOAT_32, rate, samples));
      Path out = folder.resolve("out." + extension);
      List<String> command = new ArrayList<>();
      Path program = Path.of(Loader.load(org.bytedeco.ffmpeg.ffmpeg.class));
      command.add(program.toString());
      command.addAll(List.of("-v", "error", "-nostdin", "-y", "-i", in.toString()));
      command.addAll(List.of(options));
      command.add(out.toString());
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      // Its libraries lie beside it, but only the program itself looks there.
      builder.environment().put("LD_LIBRARY_PATH", program.resolveSibling("").toString());
      Process process = builder.start();
      ByteArrayOutputStream said = new ByteArrayOutputStream();
      process.getInputStream().transferTo(said);
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException(
            String.join(" ", command) + ": " + said.toString(StandardCharsets.UTF_8));
      }
      return Files.readAllBytes(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
