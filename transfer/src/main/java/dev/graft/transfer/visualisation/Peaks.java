package dev.graft.transfer.visualisation;

/**
 * Where each channel of a block reacts most to one image. Of maps of at least five by five places
 * those at the border do not count: there it is often the padding that excites a channel.
 *
 * @param values the highest value of each channel
 * @param supports the sum over the three by three places around it, which settles between equal
 *     values: rectifiers with an upper bound reach it at many places
 * @param places where it is, counted row by row
 */
record Peaks(float[] values, float[] supports, int[] places) {
  static Peaks of(float[] tensor, MapLayout layout) {
    int channels = layout.channels();
    Peaks peaks = new Peaks(new float[channels], new float[channels], new int[channels]);
    for (int channel = 0; channel < channels; channel++) {
      peaks.find(layout.map(tensor, channel), layout, channel);
    }
    return peaks;
  }

  private void find(float[] map, MapLayout layout, int channel) {
    float highest = Float.NEGATIVE_INFINITY;
    for (int place = 0; place < map.length; place++) {
      if (layout.counts(place)) {
        highest = Math.max(highest, map[place]);
      }
    }
    values[channel] = highest;
    // A rectified channel that is silent has no place.
    if (highest == 0 || !Float.isFinite(highest)) {
      return;
    }
    supports[channel] = Float.NEGATIVE_INFINITY;
    for (int place = 0; place < map.length; place++) {
      if (map[place] == highest && layout.counts(place)) {
        float support = support(map, layout, place);
        if (support > supports[channel]) {
          supports[channel] = support;
          places[channel] = place;
        }
      }
    }
  }

  private static float support(float[] map, MapLayout layout, int place) {
    int row = place / layout.width();
    int column = place % layout.width();
    float sum = 0;
    for (int y = Math.max(0, row - 1); y <= Math.min(layout.height() - 1, row + 1); y++) {
      for (int x = Math.max(0, column - 1); x <= Math.min(layout.width() - 1, column + 1); x++) {
        sum += map[y * layout.width() + x];
      }
    }
    return sum;
  }
}
