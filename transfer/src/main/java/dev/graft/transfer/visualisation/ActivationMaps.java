package dev.graft.transfer.visualisation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The maps of the channels of a block that an image activates most, by their mean. */
final class ActivationMaps {
  private ActivationMaps() {}

  /**
   * The strongest maps, the strongest first; channels with values that are no finite numbers are
   * left away.
   *
   * @param tensor the result of the block for one image
   * @param most how many
   */
  static List<HeatMap> strongest(float[] tensor, MapLayout layout, int most) {
    double[] means = new double[layout.channels()];
    List<Integer> channels = new ArrayList<>();
    for (int channel = 0; channel < means.length; channel++) {
      for (int place = 0; place < layout.places(); place++) {
        means[channel] += layout.value(tensor, channel, place);
      }
      means[channel] /= layout.places();
      if (Double.isFinite(means[channel])) {
        channels.add(channel);
      }
    }
    channels.sort(Comparator.comparingDouble((Integer channel) -> -means[channel]));
    return channels.stream()
        .limit(most)
        .map(
            channel ->
                HeatMap.of(channel, layout.map(tensor, channel), layout.height(), layout.width()))
        .toList();
  }
}
