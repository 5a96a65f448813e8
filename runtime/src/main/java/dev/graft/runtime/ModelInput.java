package dev.graft.runtime;

import dev.graft.data.image.PixelImage;

/** What a model is given for one example: decoded, and prepared by the model itself. */
public sealed interface ModelInput {
  /** Modality of the models that take it. */
  Modality modality();

  /** The bytes that it takes in memory. */
  long bytes();

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
