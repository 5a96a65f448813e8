package dev.graft.data.audio;

import dev.graft.data.ExampleSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * What is done to a recording before a backbone hears it: mono in [-1, 1] at its rate, in windows
 * of one length. Everything after that lies in the graph. Immutable and thread-safe.
 *
 * @param sampleRate samples per second that the backbone takes, 1,000 to 768,000
 * @param windowSamples samples that the backbone takes at once, 16 to 64 million
 */
public record AudioPreprocessing(int sampleRate, int windowSamples) {
  private static final int SHORTEST_WINDOW = 16;

  public AudioPreprocessing {
    if (sampleRate < AudioDecoder.LOWEST_RATE || sampleRate > AudioDecoder.HIGHEST_RATE) {
      throw new IllegalArgumentException(
          "audio preprocessing, sample rate: expected 1000 to 768000 Hz, found " + sampleRate);
    }
    requireWindow(windowSamples);
  }

  static void requireWindow(int samples) {
    if (samples < SHORTEST_WINDOW || samples > AudioDecoder.DEFAULT_SAMPLE_LIMIT) {
      throw new IllegalArgumentException(
          "audio preprocessing, window: expected "
              + SHORTEST_WINDOW
              + " to "
              + AudioDecoder.DEFAULT_SAMPLE_LIMIT
              + " samples, found "
              + samples);
    }
  }

  /**
   * Reads a {@code preprocessor_config.json} of the feature extractors of transformers: the rate
   * from sampling_rate, the window from n_samples, nb_max_samples, chunk_length or max_length_s
   * (seconds), or max_length (samples; frames of 25 ms every 10 ms for ASTFeatureExtractor).
   *
   * @param windowOtherwise the window where the file names none, in samples
   * @throws dev.graft.data.DataException where the file is missing, no JSON, or describes no sound,
   *     naming the field
   */
  public static AudioPreprocessing read(Path file, OptionalInt windowOtherwise) {
    return AudioConfig.read(file, windowOtherwise);
  }

  /**
   * Reads the text of a {@code preprocessor_config.json}, as {@link #read}.
   *
   * @param sourceName what to call it in messages
   */
  public static AudioPreprocessing parse(
      String json, String sourceName, OptionalInt windowOtherwise) {
    return AudioConfig.parse(json.getBytes(StandardCharsets.UTF_8), sourceName, windowOtherwise);
  }

  /**
   * This description in the form of a {@code preprocessor_config.json}; {@link #read} gives an
   * equal one back.
   */
  public String toJson() {
    return AudioConfig.write(this);
  }

  /** A stable key of this description: the SHA-256 of {@link #toJson()}, in hexadecimal. */
  public String hash() {
    return ExampleSource.hash(toJson().getBytes(StandardCharsets.UTF_8));
  }

  /** How clips are placed in windows. */
  public AudioWindows windows() {
    return new AudioWindows(windowSamples);
  }

  /** The length of a window in seconds. */
  public double windowSeconds() {
    return (double) windowSamples / sampleRate;
  }

  /** The same with another window. */
  public AudioPreprocessing withWindow(int newWindowSamples) {
    return new AudioPreprocessing(sampleRate, newWindowSamples);
  }
}
