package dev.graft.cli;

import dev.graft.data.DataException;
import dev.graft.data.DatasetKind;
import dev.graft.data.ExampleAugmentation;
import dev.graft.data.audio.AudioAugmentation;
import dev.graft.data.image.Augmentation;
import dev.graft.transfer.TransferException;

/**
 * How views shall differ, as typed: what it means depends on the kind of the data, which is not
 * known before they are read.
 *
 * @param text none, standard, light, or a list
 */
record AugmentationChoice(String text) {
  /**
   * Checks that the text means something for images or for recordings.
   *
   * @throws DataException if it does for neither
   */
  static AugmentationChoice parse(String text) {
    try {
      Augmentation.parse(text);
    } catch (DataException ofImages) {
      try {
        AudioAugmentation.parse(text);
      } catch (DataException ofSounds) {
        throw new DataException(
            ofImages.getMessage() + " For recordings: " + ofSounds.getMessage(), ofImages);
      }
    }
    return new AugmentationChoice(text);
  }

  /**
   * What it means for images.
   *
   * @throws TransferException if it is for recordings
   */
  Augmentation ofImages() {
    try {
      return Augmentation.parse(text);
    } catch (DataException refused) {
      throw unfit(DatasetKind.IMAGE, refused);
    }
  }

  /**
   * What it means for recordings.
   *
   * @throws TransferException if it is for images
   */
  AudioAugmentation ofSounds() {
    try {
      return AudioAugmentation.parse(text);
    } catch (DataException refused) {
      throw unfit(DatasetKind.AUDIO, refused);
    }
  }

  /**
   * What it means for a kind of data.
   *
   * @throws TransferException if it means nothing for them
   */
  ExampleAugmentation of(DatasetKind kind) {
    return switch (kind) {
      case IMAGE -> ofImages();
      case AUDIO -> ofSounds();
      case TEXT -> ofTexts();
    };
  }

  private ExampleAugmentation ofTexts() {
    if (text.strip().equalsIgnoreCase("none")) {
      return Augmentation.none();
    }
    throw new TransferException(
        TransferException.Cause.SETTINGS,
        "Option --augment: texts have no augmented views, but \""
            + text
            + "\" was asked for. Leave it"
            + " out.");
  }

  private static TransferException unfit(DatasetKind kind, DataException refused) {
    return new TransferException(
        TransferException.Cause.SETTINGS,
        "Option --augment for " + kind.many() + ": " + refused.getMessage(),
        refused);
  }
}
