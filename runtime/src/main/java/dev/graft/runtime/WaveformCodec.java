package dev.graft.runtime;

import dev.graft.data.ExampleSource;
import dev.graft.data.audio.AudioDecoder;
import dev.graft.data.audio.AudioPreprocessing;
import java.util.List;

/**
 * Recordings: decoded to mono at the model's rate and laid into the middle of its window; of longer
 * ones the model hears the middle.
 */
final class WaveformCodec implements InputCodec {
  private static final long MAXIMUM_BATCH_SAMPLES = 4L << 20;

  private final AudioPreprocessing preprocessing;
  private final AudioDecoder decoder = new AudioDecoder();

  WaveformCodec(AudioPreprocessing preprocessing) {
    this.preprocessing = preprocessing;
  }

  @Override
  public String noun() {
    return "a recording";
  }

  @Override
  public ModelInput decode(byte[] encoded, String name) {
    return placed(decoder.decode(encoded, name, preprocessing.sampleRate()).samples());
  }

  @Override
  public ModelInput decode(ExampleSource source) {
    return placed(decoder.decode(source, preprocessing.sampleRate()).samples());
  }

  private ModelInput placed(float[] samples) {
    return new ModelInput.Sound(
        preprocessing.windows().middle(samples), preprocessing.sampleRate());
  }

  @Override
  public void requireUsable(ModelInput input, String name) {
    ModelInput.Sound sound = sound(input);
    if (sound.samples().length != preprocessing.windowSamples()
        || sound.sampleRate() != preprocessing.sampleRate()) {
      throw new dev.graft.data.DataException(
          "Cannot classify "
              + name
              + ": expected "
              + preprocessing.windowSamples()
              + " samples at "
              + preprocessing.sampleRate()
              + " Hz, found "
              + sound.samples().length
              + " at "
              + sound.sampleRate()
              + " Hz");
    }
  }

  @Override
  public int mostInBatch(ModelInput first) {
    return (int) Math.max(1, MAXIMUM_BATCH_SAMPLES / sound(first).samples().length);
  }

  @Override
  public boolean alike(ModelInput first, ModelInput second) {
    return sound(first).samples().length == sound(second).samples().length;
  }

  /** Floats [N, samples]. */
  @Override
  public TensorValue tensor(List<ModelInput> inputs) {
    int length = sound(inputs.get(0)).samples().length;
    float[] all = new float[Math.multiplyExact(length, inputs.size())];
    for (int i = 0; i < inputs.size(); i++) {
      System.arraycopy(sound(inputs.get(i)).samples(), 0, all, i * length, length);
    }
    return TensorValue.ofFloats(all, inputs.size(), length);
  }

  private static ModelInput.Sound sound(ModelInput input) {
    return (ModelInput.Sound) input;
  }
}
