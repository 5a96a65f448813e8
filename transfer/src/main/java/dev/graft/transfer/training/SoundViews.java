package dev.graft.transfer.training;

import dev.graft.data.Example;
import dev.graft.data.audio.AudioAugmentation;
import dev.graft.data.audio.AudioAugmenter;
import dev.graft.data.audio.AudioDecoder;
import dev.graft.data.audio.AudioPreprocessing;
import dev.graft.data.audio.BackgroundSounds;
import dev.graft.data.audio.Waveform;
import dev.graft.runtime.ModelInput;
import dev.graft.transfer.training.ExampleTable.Decoding;
import java.util.List;

/**
 * Turns recordings into samples [samples] at the backbone's rate: decoded, mixed to one channel,
 * resampled, augmented and laid into the middle of the window. Thread-safe.
 */
public final class SoundViews implements ExampleViews {
  private static final String PLAIN = "SOUND";

  private final AudioPreprocessing preprocessing;
  private final AudioAugmentation augmentation;
  private final long seed;
  private final String backgroundKey;
  private final AudioAugmenter augmenter;
  private final AudioDecoder decoder = new AudioDecoder();

  /** Views of recordings for one backbone; the seed decides the augmented ones. */
  public SoundViews(AudioPreprocessing preprocessing, AudioAugmentation augmentation, long seed) {
    this(preprocessing, augmentation, seed, List.of(), "");
  }

  /** Views that background sounds are mixed into as well. */
  public SoundViews(
      AudioPreprocessing preprocessing,
      AudioAugmentation augmentation,
      long seed,
      BackgroundSounds background) {
    this(
        preprocessing,
        augmentation,
        seed,
        background.at(preprocessing.sampleRate()),
        "|" + background.hash());
  }

  private SoundViews(
      AudioPreprocessing preprocessing,
      AudioAugmentation augmentation,
      long seed,
      List<Waveform> background,
      String backgroundKey) {
    this.preprocessing = preprocessing;
    this.augmentation = augmentation;
    this.seed = seed;
    this.backgroundKey = backgroundKey;
    this.augmenter = new AudioAugmenter(preprocessing, augmentation, background, seed);
  }

  @Override
  public AudioPreprocessing preprocessing() {
    return preprocessing;
  }

  @Override
  public String unit() {
    return "recordings";
  }

  @Override
  public String key(int view, Decoding decoding) {
    return view == 0 || augmentation.isNone()
        ? PLAIN
        : PLAIN + "|" + augmentation + "|" + seed + "|" + view + backgroundKey;
  }

  @Override
  public void write(
      Example example, String contentHash, int view, Decoding decoding, float[] out, int offset) {
    augmenter.apply(heard(example), contentHash, view, out, offset);
  }

  @Override
  public ModelInput decoded(Example example, Decoding decoding) {
    return new ModelInput.Sound(
        preprocessing.windows().middle(heard(example).samples()), preprocessing.sampleRate());
  }

  /** The recording, or of one that is longer than the window its middle. */
  private Waveform heard(Example example) {
    Waveform whole = decoder.decode(example.source(), preprocessing.sampleRate());
    return whole.samples().length <= preprocessing.windowSamples()
        ? whole
        : new Waveform(preprocessing.windows().middle(whole.samples()), preprocessing.sampleRate());
  }
}
