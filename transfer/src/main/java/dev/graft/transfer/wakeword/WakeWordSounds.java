package dev.graft.transfer.wakeword;

import dev.graft.data.DataException;
import dev.graft.data.ExampleSource;
import dev.graft.data.LeftOut;
import dev.graft.data.audio.AudioDecoder;
import dev.graft.data.audio.AudioStream;
import dev.graft.transfer.TransferException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a wake word is trained on, decoded: recordings of the phrase, cut to where it is said, and
 * other sound.
 *
 * @param phrases what is said in each recording of the phrase
 * @param others other recordings, whole; of long ones the beginning
 * @param sampleRate of all, per second
 * @param leftOut what could not be used, with the reason
 * @param hash SHA-256 over the samples of all used recordings that were heard, in order
 */
public record WakeWordSounds(
    List<float[]> phrases,
    List<float[]> others,
    int sampleRate,
    List<LeftOut> leftOut,
    String hash) {
  /** Recordings of the phrase, at least. */
  public static final int LEAST_PHRASES = 20;

  /** Other sound, at least, in seconds. */
  public static final double LEAST_OTHER_SECONDS = 10;

  private static final double LONGEST_OTHER_SECONDS = 600;
  private static final double MOST_OTHER_SECONDS = 5_400;
  private static final double LONGEST_PHRASE_SECONDS = 30;
  private static final double SHORTEST_SECONDS = 0.05;
  private static final double ROOM_SECONDS = 0.6;
  private static final int BLOCK = 1 << 16;

  /** Copies the lists. */
  public WakeWordSounds {
    phrases = List.copyOf(phrases);
    others = List.copyOf(others);
    leftOut = List.copyOf(leftOut);
  }

  /**
   * Decodes the recordings; what is damaged is left out and named. Of each other recording the
   * first 10 minutes are heard, of all together 90.
   *
   * @throws TransferException if fewer than 20 recordings of the phrase or less than 10 seconds of
   *     other sound can be used
   */
  public static WakeWordSounds decode(
      List<ExampleSource> phrases, List<ExampleSource> others, int sampleRate) {
    List<LeftOut> leftOut = new ArrayList<>();
    StringBuilder hashes = new StringBuilder();
    List<float[]> said = new ArrayList<>();
    for (ExampleSource source : phrases) {
      float[] samples = read(source, sampleRate, LONGEST_PHRASE_SECONDS, leftOut);
      if (samples.length > 0) {
        said.add(SpokenSpan.of(samples, sampleRate).of(samples));
        hashes.append(hash(samples)).append('\n');
      }
    }
    requirePhrases(said.size(), leftOut);
    hashes.append('\n');
    List<float[]> heard = new ArrayList<>();
    double seconds = 0;
    for (ExampleSource source : others) {
      double room = Math.min(LONGEST_OTHER_SECONDS, MOST_OTHER_SECONDS - seconds);
      if (room < 1) {
        leftOut.add(new LeftOut(source.name(), "there are 90 minutes of other sound already"));
        continue;
      }
      float[] samples = read(source, sampleRate, room, leftOut);
      if (samples.length > 0) {
        heard.add(samples);
        seconds += (double) samples.length / sampleRate;
        hashes.append(hash(samples)).append('\n');
      }
    }
    requireOthers(seconds, leftOut);
    String hash = ExampleSource.hash(hashes.toString().getBytes(StandardCharsets.UTF_8));
    return new WakeWordSounds(said, heard, sampleRate, leftOut, hash);
  }

  /** The beginning of a recording, empty where it cannot be used. */
  private static float[] read(
      ExampleSource source, int sampleRate, double longest, List<LeftOut> leftOut) {
    try (AudioStream stream = new AudioDecoder().open(source, sampleRate)) {
      int limit = (int) (longest * sampleRate);
      float[] samples = new float[Math.min(limit, BLOCK)];
      int size = 0;
      for (int got = 1; got > 0 && size < limit; size += got) {
        if (size == samples.length) {
          samples = Arrays.copyOf(samples, (int) Math.min(limit, 2L * size));
        }
        got = stream.read(samples, size, samples.length - size);
      }
      if (size < SHORTEST_SECONDS * sampleRate || isSilent(samples, size)) {
        leftOut.add(new LeftOut(source.name(), "it is silent or shorter than 0.05 s"));
        return new float[0];
      }
      return Arrays.copyOf(samples, size);
    } catch (DataException damaged) {
      leftOut.add(new LeftOut(source.name(), String.valueOf(damaged.getMessage())));
      return new float[0];
    }
  }

  /** Of the samples, because long recordings are larger than what may be read at once. */
  private static String hash(float[] samples) {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * samples.length);
    bytes.asFloatBuffer().put(samples);
    return ExampleSource.hash(bytes.array());
  }

  private static boolean isSilent(float[] samples, int size) {
    for (int i = 0; i < size; i++) {
      if (samples[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private static void requirePhrases(int found, List<LeftOut> leftOut) {
    if (found < LEAST_PHRASES) {
      throw new TransferException(
          TransferException.Cause.DATA,
          "Training a wake word: at least "
              + LEAST_PHRASES
              + " recordings of the phrase are expected, but "
              + found
              + " can be used"
              + first(leftOut)
              + ". Record more, by several people in several rooms.");
    }
  }

  private static void requireOthers(double seconds, List<LeftOut> leftOut) {
    if (seconds < LEAST_OTHER_SECONDS) {
      throw new TransferException(
          TransferException.Cause.DATA,
          String.format(
              Locale.ROOT,
              "Training a wake word: at least %.0f s of other sound are expected, but %.1f s can be"
                  + " used%s. Give recordings of other words, speech, music and noise with --other.",
              LEAST_OTHER_SECONDS,
              seconds,
              first(leftOut)));
    }
  }

  private static String first(List<LeftOut> leftOut) {
    return leftOut.isEmpty()
        ? ""
        : " (left out: "
            + leftOut.size()
            + ", first "
            + leftOut.get(0).path()
            + ": "
            + leftOut.get(0).reason()
            + ")";
  }

  /**
   * The window that lets nine of ten phrases be heard whole with some room around them: seconds in
   * multiples of a fifth, 1 to 4.
   */
  public double suitableWindowSeconds() {
    double[] seconds =
        phrases.stream().mapToDouble(said -> (double) said.length / sampleRate).sorted().toArray();
    int nineOfTen = (9 * seconds.length + 9) / 10;
    double needed = seconds[nineOfTen - 1] + ROOM_SECONDS;
    return Math.max(1, Math.min(4, Math.ceil(needed * 5 - 1e-6) / 5));
  }
}
