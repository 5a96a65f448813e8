package dev.graft.transfer;

import dev.graft.data.DatasetKind;
import dev.graft.data.ExampleAugmentation;
import dev.graft.data.Preprocessing;
import dev.graft.data.audio.AudioAugmentation;
import dev.graft.data.audio.AudioPreprocessing;
import dev.graft.data.image.Augmentation;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.ExampleViews;
import dev.graft.transfer.training.ImageViews;
import dev.graft.transfer.training.SoundViews;

/**
 * How many views of each training example there are and how they are made.
 *
 * @param views the plain view and augmented ones
 * @param augmentation how augmented views are made
 */
record ViewPlan(int views, ExampleAugmentation augmentation) {
  private static final int FEW_EXAMPLES = 200;
  private static final int MANY_EXAMPLES = 2_000;

  /**
   * Chooses what is not said: 8 views below 200 training examples, 4 below 2,000, else 1, of sound
   * half as many; and no mirroring for small or grey images, which are drawings, scans or
   * characters rather than photos.
   */
  static ViewPlan choose(TransferSettings settings, ExampleTable train, ExampleViews plain) {
    int count = train.size();
    int views = settings.views().orElse(usualViews(count, plain));
    ExampleAugmentation augmentation = settings.augmentation().orElseGet(() -> usual(train, plain));
    requireFor(plain.preprocessing().kind(), augmentation);
    return new ViewPlan(augmentation.isNone() ? 1 : views, augmentation);
  }

  /** The views of examples that are prepared in this way. */
  ExampleViews of(Preprocessing preprocessing, TransferSettings settings) {
    if (preprocessing instanceof AudioPreprocessing sounds
        && augmentation instanceof AudioAugmentation changed
        && settings.background().isPresent()) {
      return new SoundViews(sounds, changed, settings.seed(), settings.background().get());
    }
    return ExampleViews.of(preprocessing, augmentation, settings.seed());
  }

  /**
   * Views of sound cost as much to make as to hear, and gain less than those of images; a text has
   * no other view than itself.
   */
  private static int usualViews(int examples, ExampleViews plain) {
    if (plain.preprocessing().kind() == DatasetKind.TEXT) {
      return 1;
    }
    int most = plain.preprocessing().kind() == DatasetKind.IMAGE ? 8 : 4;
    return examples < FEW_EXAMPLES ? most : examples < MANY_EXAMPLES ? most / 2 : 1;
  }

  private static ExampleAugmentation usual(ExampleTable train, ExampleViews plain) {
    if (plain instanceof ImageViews images) {
      return ImageTraits.of(train, images).arePhotos()
          ? Augmentation.standard()
          : Augmentation.light();
    }
    return plain.preprocessing().kind() == DatasetKind.AUDIO
        ? AudioAugmentation.standard()
        : Augmentation.none();
  }

  private static void requireFor(DatasetKind kind, ExampleAugmentation augmentation) {
    if (augmentation.kind() != kind && !augmentation.isNone()) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Choosing the augmentation: \""
              + augmentation
              + "\" is for "
              + augmentation.kind().word()
              + ", but the data are "
              + kind.word()
              + ". Choose one for "
              + kind.word()
              + ", or none.");
    }
  }
}
