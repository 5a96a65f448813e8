package dev.graft.runtime;

import dev.graft.data.DataException;
import dev.graft.data.ExampleSource;
import dev.graft.data.audio.AudioDecoder;
import dev.graft.data.audio.AudioPreprocessing;
import dev.graft.data.audio.AudioWindows;
import dev.graft.data.audio.Waveform;
import java.util.ArrayList;
import java.util.List;

/**
 * Recordings: decoded to mono at the model's rate and laid into the middle of its window; longer
 * ones are cut into windows ({@link AudioWindows}), each of which is a row.
 */
final class WaveformCodec implements InputCodec {
  private static final int MAXIMUM_BATCH_SAMPLES = 4 << 20;

  private final AudioPreprocessing preprocessing;
  private final AudioWindows windows;
  private final AudioDecoder decoder = new AudioDecoder();

  WaveformCodec(AudioPreprocessing preprocessing) {
    this.preprocessing = preprocessing;
    this.windows = preprocessing.windows();
  }

  @Override
  public String noun() {
    return "a recording";
  }

  @Override
  public ModelInput decode(byte[] encoded, String name) {
    return sound(decoder.decode(encoded, name, preprocessing.sampleRate()));
  }

  @Override
  public ModelInput decode(ExampleSource source) {
    return sound(decoder.decode(source, preprocessing.sampleRate()));
  }

  private static ModelInput sound(Waveform clip) {
    return new ModelInput.Sound(clip.samples(), clip.sampleRate());
  }

  @Override
  public void requireUsable(ModelInput input, String name) {
    ModelInput.Sound sound = sound(input);
    if (sound.samples().length == 0 || sound.sampleRate() != preprocessing.sampleRate()) {
      throw new DataException(
          "Cannot classify "
              + name
              + ": expected samples at "
              + preprocessing.sampleRate()
              + " Hz, found "
              + sound.samples().length
              + " at "
              + sound.sampleRate()
              + " Hz. Resample it to the model's rate.");
    }
  }

  @Override
  public List<ModelInput> rows(ModelInput input) {
    float[] clip = sound(input).samples();
    if (clip.length == windows.windowSamples()) {
      return List.of(input);
    }
    List<ModelInput> rows = new ArrayList<>();
    for (int window = 0; window < windows.count(clip.length); window++) {
      float[] samples = new float[windows.windowSamples()];
      windows.write(clip, window, samples, 0);
      rows.add(new ModelInput.Sound(samples, preprocessing.sampleRate()));
    }
    return rows;
  }

  @Override
  public int mostInBatch(ModelInput first) {
    return Math.max(1, MAXIMUM_BATCH_SAMPLES / windows.windowSamples());
  }

  /** Windows are, whatever the recordings. */
  @Override
  public boolean alike(ModelInput first, ModelInput second) {
    return true;
  }

  /** Floats [windows, samples]. */
  @Override
  public TensorValue tensor(List<ModelInput> rows) {
    int length = windows.windowSamples();
    float[] all = new float[Math.multiplyExact(length, rows.size())];
    for (int row = 0; row < rows.size(); row++) {
      windows.write(sound(rows.get(row)).samples(), 0, all, row * length);
    }
    return TensorValue.ofFloats(all, rows.size(), length);
  }

  private static ModelInput.Sound sound(ModelInput input) {
    return (ModelInput.Sound) input;
  }
}
