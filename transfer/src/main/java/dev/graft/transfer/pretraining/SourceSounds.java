package dev.graft.transfer.pretraining;

import dev.graft.data.DatasetKind;
import dev.graft.data.Preprocessing;
import dev.graft.data.audio.AudioAugmentation;
import dev.graft.data.audio.AudioPreprocessing;
import dev.graft.onnx.OnnxModel;
import dev.graft.transfer.training.ExampleViews;
import dev.graft.transfer.training.SoundViews;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Recordings in the middle of a window of one length.
 *
 * @param heard rate and window
 * @param augmentation how the views of training recordings differ
 */
public record SourceSounds(AudioPreprocessing heard, AudioAugmentation augmentation)
    implements SourceViews {
  @Override
  public DatasetKind kind() {
    return DatasetKind.AUDIO;
  }

  @Override
  public ExampleViews training(int epoch, int epochs, long seed) {
    return new SoundViews(heard, augmentation, seed);
  }

  @Override
  public ExampleViews plain() {
    return ExampleViews.plain(heard);
  }

  @Override
  public ExampleViews evaluated(OnnxModel stored) {
    return plain();
  }

  /** Samples of the window. */
  @Override
  public int size(int epoch, int epochs) {
    return heard.windowSamples();
  }

  @Override
  public int evaluatedSize(OnnxModel stored) {
    return heard.windowSamples();
  }

  @Override
  public int lastSize() {
    return heard.windowSamples();
  }

  @Override
  public Preprocessing preprocessing(OptionalInt inputSize) {
    return heard.withWindow(inputSize.orElse(heard.windowSamples()));
  }

  @Override
  public double cost(int epoch, int epochs) {
    return heard.windowSamples();
  }

  @Override
  public Map<String, String> shown() {
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put(
        "window",
        String.format(Locale.ROOT, "%.2f s at %d Hz", heard.windowSeconds(), heard.sampleRate()));
    shown.put("augment", augmentation.toString());
    return shown;
  }
}
