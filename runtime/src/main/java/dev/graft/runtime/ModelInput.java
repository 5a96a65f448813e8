package dev.graft.runtime;

import dev.graft.data.image.PixelImage;

/** What a model is given for one example: decoded, and prepared by the model itself. */
public sealed interface ModelInput {
  /** Modality of the models that take it. */
  Modality modality();

  /** The bytes that it takes in memory. */
  long bytes();

  /**
   * Samples of a recording, one channel. Of those that are shorter than the model's window, silence
   * is laid on both sides; longer ones are cut into windows, the mean of whose probabilities is the
   * prediction.
   *
   * @param samples in [-1, 1]
   * @param sampleRate samples per second
   */
  record Sound(float[] samples, int sampleRate) implements ModelInput {
    @Override
    public Modality modality() {
      return Modality.AUDIO;
    }

    @Override
    public long bytes() {
      return (long) Float.BYTES * samples.length;
    }
  }

  /**
   * A text. Of one that has more tokens than the model takes, the first ones count.
   *
   * @param text not empty
   */
  record Text(String text) implements ModelInput {
    @Override
    public Modality modality() {
      return Modality.TEXT;
    }

    @Override
    public long bytes() {
      return (long) Character.BYTES * text.length();
    }
  }

  /**
   * Numbers of a text's tokens, as the bundle's tokenizer gives them.
   *
   * @param ids without padding
   */
  record Tokens(int[] ids) implements ModelInput {
    @Override
    public Modality modality() {
      return Modality.TEXT;
    }

    @Override
    public long bytes() {
      return (long) Integer.BYTES * ids.length;
    }
  }

  /**
   * Pixels of an image at full size.
   *
   * @param image the pixels
   */
  record Pixels(PixelImage image) implements ModelInput {
    @Override
    public Modality modality() {
      return Modality.IMAGE;
    }

    @Override
    public long bytes() {
      return image.rgb().length;
    }
  }
}
