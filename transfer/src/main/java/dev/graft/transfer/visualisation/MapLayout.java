package dev.graft.transfer.visualisation;

/**
 * How a tensor of one example is read as maps, one for each channel. Immutable, thread-safe.
 *
 * @param start index of the first value of channel 0
 * @param channelStride values from one channel to the next
 * @param placeStride values from one place of a map to the next, row by row
 */
public record MapLayout(
    int channels, int height, int width, int start, int channelStride, int placeStride) {
  /** A class token, and in some networks one for distillation, come before those of the places. */
  private static final int MOST_OTHER_TOKENS = 2;

  private static final int SMALLEST_WITH_BORDER = 5;

  /** Either a layout or the reason why there is none. */
  public sealed interface Reading {
    /** The tensor holds maps. */
    record Maps(MapLayout layout) implements Reading {}

    /** It does not; the reason is the second half of a sentence about it. */
    record NoMaps(String reason) implements Reading {}
  }

  /**
   * Reads a shape: [1, C, H, W], [1, H, W, C], or the tokens of a transformer [1, T, C], T being a
   * square number of places after at most 2 other tokens.
   *
   * @param field what is known of its places
   */
  public static Reading of(long[] shape, ReceptiveField field) {
    if (shape.length == 4) {
      return ofMap(shape, field);
    }
    if (shape.length == 3) {
      return ofTokens(shape);
    }
    return new Reading.NoMaps(
        shape.length == 2
            ? "it gives " + shape[1] + " numbers without places"
            : "its result has " + shape.length + " dimensions, a map has 4");
  }

  private static Reading ofMap(long[] shape, ReceptiveField field) {
    boolean channelsLast =
        field instanceof ReceptiveField.Local map
            ? map.rowAxis() == 1 && map.columnAxis() == 2
            : shape[1] == shape[2] && shape[2] != shape[3];
    int channels = (int) shape[channelsLast ? 3 : 1];
    int height = (int) shape[channelsLast ? 1 : 2];
    int width = (int) shape[channelsLast ? 2 : 3];
    if (height * (long) width < 2) {
      return new Reading.NoMaps("its maps have a single place");
    }
    return new Reading.Maps(
        channelsLast
            ? new MapLayout(channels, height, width, 0, 1, channels)
            : new MapLayout(channels, height, width, 0, height * width, 1));
  }

  private static Reading ofTokens(long[] shape) {
    int channels = (int) shape[2];
    for (int others = 0; others <= MOST_OTHER_TOKENS; others++) {
      long places = shape[1] - others;
      int side = (int) Math.round(Math.sqrt((double) Math.max(0, places)));
      if (side >= 2 && (long) side * side == places) {
        return new Reading.Maps(
            new MapLayout(channels, side, side, others * channels, 1, channels));
      }
    }
    return new Reading.NoMaps(
        "its " + shape[1] + " tokens are no square number of places, also not after a class token");
  }

  public int places() {
    return height * width;
  }

  /** Whether a place is not at the border of the map, or the map too small for that to matter. */
  boolean counts(int place) {
    int row = place / width;
    int column = place % width;
    boolean inside = row > 0 && row < height - 1 && column > 0 && column < width - 1;
    return inside || Math.min(height, width) < SMALLEST_WITH_BORDER;
  }

  /** The value of a channel at a place, counted row by row. */
  public float value(float[] tensor, int channel, int place) {
    return tensor[start + channel * channelStride + place * placeStride];
  }

  /** The map of a channel, row by row. */
  float[] map(float[] tensor, int channel) {
    float[] map = new float[places()];
    for (int place = 0; place < map.length; place++) {
      map[place] = value(tensor, channel, place);
    }
    return map;
  }
}
