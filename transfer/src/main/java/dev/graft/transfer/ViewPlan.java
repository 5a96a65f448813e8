package dev.graft.transfer;

import dev.graft.data.DataException;
import dev.graft.data.DatasetKind;
import dev.graft.data.ExampleAugmentation;
import dev.graft.data.Preprocessing;
import dev.graft.data.audio.AudioAugmentation;
import dev.graft.data.audio.AudioPreprocessing;
import dev.graft.data.image.Augmentation;
import dev.graft.data.image.PixelImage;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.ExampleViews;
import dev.graft.transfer.training.ImageViews;
import dev.graft.transfer.training.SoundViews;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How many views of each training example there are and how they are made.
 *
 * @param views the plain view and augmented ones
 * @param augmentation how augmented views are made
 */
record ViewPlan(int views, ExampleAugmentation augmentation) {
  private static final int FEW_EXAMPLES = 200;
  private static final int MANY_EXAMPLES = 2_000;
  private static final int LOOKED_AT = 24;
  private static final int SMALL_SIDE_PIXELS = 64;
  private static final int GREY_TOLERANCE = 3;

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
      return arePhotos(train, images) ? Augmentation.standard() : Augmentation.light();
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

  private static boolean arePhotos(ExampleTable train, ImageViews plain) {
    List<Integer> shorterSides = new ArrayList<>();
    int coloured = 0;
    int step = Math.max(1, train.size() / LOOKED_AT);
    for (int row = 0; row < train.size(); row += step) {
      try {
        PixelImage image = plain.decode(train.examples().get(row), train.decoding());
        shorterSides.add(Math.min(image.width(), image.height()));
        coloured += isGrey(image) ? 0 : 1;
      } catch (DataException damaged) {
        // It is named and counted when its features are computed.
      }
    }
    if (shorterSides.isEmpty()) {
      return true;
    }
    Collections.sort(shorterSides);
    int median = shorterSides.get(shorterSides.size() / 2);
    return median > SMALL_SIDE_PIXELS && 2 * coloured >= shorterSides.size();
  }

  private static boolean isGrey(PixelImage image) {
    byte[] rgb = image.rgb();
    for (int i = 0; i < rgb.length; i += 3) {
      int red = rgb[i] & 0xff;
      int green = rgb[i + 1] & 0xff;
      int blue = rgb[i + 2] & 0xff;
      if (Math.abs(red - green) > GREY_TOLERANCE || Math.abs(green - blue) > GREY_TOLERANCE) {
        return false;
      }
    }
    return true;
  }
}
