package dev.graft.transfer.wakeword;

import dev.graft.data.audio.AudioPreprocessing;
import dev.graft.engine.FloatTensor;
import dev.graft.engine.Network;
import dev.graft.engine.Precision;
import dev.graft.onnx.frontend.SoundSequence;
import dev.graft.transfer.Backbone;
import java.util.Arrays;
import java.util.Optional;

/**
 * Runs a backbone along sound: a row of floats for each hop, of which some successive ones are the
 * features of a window. Thread-safe; holds native memory until it is closed.
 */
final class StreamEncoder implements AutoCloseable {
  /** Of a backbone that computes each window anew. */
  private static final double HOP_SECONDS = 0.16;

  /** Windows that a backbone gets at once which cannot be run along sound. */
  private static final int BATCH = 16;

  private final Network network;
  private final Optional<SoundSequence> sequence;
  private final int window;
  private final int hop;
  private final int width;

  private StreamEncoder(
      Network network, Optional<SoundSequence> sequence, int window, int hop, int width) {
    this.network = network;
    this.sequence = sequence;
    this.window = window;
    this.hop = hop;
    this.width = width;
  }

  static StreamEncoder of(Backbone backbone) {
    AudioPreprocessing sound = (AudioPreprocessing) backbone.preprocessing();
    Optional<SoundSequence> sequence = backbone.soundSequence();
    int hop =
        sequence
            .map(SoundSequence::hopSamples)
            .orElse((int) Math.round(HOP_SECONDS * sound.sampleRate()));
    return new StreamEncoder(
        Network.load(sequence.map(SoundSequence::model).orElse(backbone.trunk()), Precision.FP32),
        sequence,
        sound.windowSamples(),
        hop,
        backbone.featureWidth());
  }

  /** The backbone along sound, where it can be run so. */
  Optional<SoundSequence> sequence() {
    return sequence;
  }

  /** Samples of a window. */
  int window() {
    return window;
  }

  /** Samples from one window to the next. */
  int hop() {
    return hop;
  }

  /** The number of features of a window. */
  int width() {
    return width;
  }

  /** Rows whose values, one after the other, are the features of a window. */
  int rowsPerWindow() {
    return sequence.map(SoundSequence::windowVectors).orElse(1);
  }

  /** Floats of a row. */
  int rowWidth() {
    return width / rowsPerWindow();
  }

  /** The rows of a sound, one after the other; row i begins with sample i * hop. */
  float[] encode(float[] samples) {
    if (sequence.isPresent()) {
      return samples.length < sequence.get().firstSamples()
          ? new float[0]
          : network.run(new FloatTensor(samples, 1, samples.length)).values();
    }
    int windows = samples.length < window ? 0 : (samples.length - window) / hop + 1;
    float[] rows = new float[windows * width];
    for (int first = 0; first < windows; first += BATCH) {
      int count = Math.min(BATCH, windows - first);
      float[] batch = new float[count * window];
      for (int i = 0; i < count; i++) {
        System.arraycopy(samples, (first + i) * hop, batch, i * window, window);
      }
      float[] values = network.run(new FloatTensor(batch, count, window)).values();
      System.arraycopy(values, 0, rows, first * width, count * width);
    }
    return rows;
  }

  /** The features of a single window. */
  float[] features(float[] samples) {
    return Arrays.copyOf(encode(samples), width);
  }

  @Override
  public void close() {
    network.close();
  }
}
