package dev.graft.transfer;

import dev.graft.data.DataException;
import dev.graft.data.image.PixelImage;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.ImageViews;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a glance at some images tells of all.
 *
 * @param shorterSides of those looked at, in pixels, ascending; of large ones as they are decoded
 * @param longerSides the same of their longer sides
 * @param coloured how many of them are not grey
 */
record ImageTraits(List<Integer> shorterSides, List<Integer> longerSides, int coloured) {
  private static final int LOOKED_AT = 24;
  private static final int SMALL_SIDE_PIXELS = 64;
  private static final int GREY_TOLERANCE = 3;
  private static final double NEARLY_ALL = 0.9;

  static ImageTraits of(ExampleTable train, ImageViews plain) {
    List<Integer> shorterSides = new ArrayList<>();
    List<Integer> longerSides = new ArrayList<>();
    int coloured = 0;
    int step = Math.max(1, train.size() / LOOKED_AT);
    for (int row = 0; row < train.size(); row += step) {
      try {
        PixelImage image = plain.decode(train.examples().get(row), train.decoding());
        shorterSides.add(Math.min(image.width(), image.height()));
        longerSides.add(Math.max(image.width(), image.height()));
        coloured += isGrey(image) ? 0 : 1;
      } catch (DataException damaged) {
        // It is named and counted when its features are computed.
      }
    }
    Collections.sort(shorterSides);
    Collections.sort(longerSides);
    return new ImageTraits(shorterSides, longerSides, coloured);
  }

  /** Whether they are photos rather than drawings, scans or characters, which are small or grey. */
  boolean arePhotos() {
    if (shorterSides.isEmpty()) {
      return true;
    }
    int median = shorterSides.get(shorterSides.size() / 2);
    return median > SMALL_SIDE_PIXELS && 2 * coloured >= shorterSides.size();
  }

  /** The shorter side that nine of ten images do not exceed; the largest where none was read. */
  int usualSide() {
    return usual(shorterSides);
  }

  /** The longer side that nine of ten images do not exceed; the largest where none was read. */
  int usualLongerSide() {
    return usual(longerSides);
  }

  private static int usual(List<Integer> sides) {
    return sides.isEmpty()
        ? Integer.MAX_VALUE
        : sides.get(Math.min(sides.size() - 1, (int) (NEARLY_ALL * sides.size())));
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
