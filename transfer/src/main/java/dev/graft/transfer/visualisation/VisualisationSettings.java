package dev.graft.transfer.visualisation;

import dev.graft.transfer.TransferException;

/**
 * How much is looked at and shown.
 *
 * @param units how many units of each block are shown with what excites them, 1 to 64
 * @param images how many images of the data are looked at at most, 1 or more
 * @param seed what the sample of the images is drawn by
 */
public record VisualisationSettings(int units, int images, long seed) {
  private static final int MOST_UNITS = 64;

  /** Checks the ranges. */
  public VisualisationSettings {
    require(units >= 1 && units <= MOST_UNITS, "units", "1 to " + MOST_UNITS, units);
    require(images >= 1, "images", "1 or more", images);
  }

  private static void require(boolean holds, String setting, String expected, int found) {
    if (!holds) {
      throw new TransferException(
          TransferException.Cause.SETTINGS,
          "Showing what layers see: "
              + setting
              + ": expected "
              + expected
              + ", found "
              + found
              + ".");
    }
  }

  /** 6 units of each block, 1,000 images, seed 42. */
  public static VisualisationSettings defaults() {
    return new VisualisationSettings(6, 1000, 42);
  }
}
