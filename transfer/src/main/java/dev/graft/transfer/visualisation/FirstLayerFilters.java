package dev.graft.transfer.visualisation;

import dev.graft.data.image.ChannelOrder;
import dev.graft.data.image.ImagePreprocessing;
import dev.graft.data.image.PixelImage;
import dev.graft.engine.FloatTensor;
import dev.graft.onnx.ModelEditor;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.transfer.Backbone;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The kernels of the first convolution as pictures: grey is 0, and each one's largest weight is
 * white or black, or the full colour of its channel.
 *
 * @param layer name of the convolution
 * @param count how many kernels it has
 * @param channels how many channels each one reads
 * @param tiles some of the kernels: the largest by the sum of their squares, in their order
 */
record FirstLayerFilters(String layer, int count, int channels, List<Tile> tiles) {
  private static final int MOST_TILES = 64;

  /**
   * One kernel.
   *
   * @param filter its number
   * @param pixels a pixel for each tap
   */
  record Tile(int filter, PixelImage pixels) {}

  /** Paints the kernels of the first convolution, if it has two axes. */
  static Optional<FirstLayerFilters> of(Backbone backbone) {
    OnnxModel trunk = backbone.trunk();
    ImagePreprocessing images = backbone.imagePreprocessing();
    return FirstConvolution.of(
            trunk, ReceptiveFields.of(trunk, images.cropHeight(), images.cropWidth()))
        .flatMap(
            first -> {
              FloatTensor weights = value(trunk, first.weight(), images);
              return weights.shape().length == 4
                  ? Optional.of(painted(first.name(), weights, images.channelOrder()))
                  : Optional.empty();
            });
  }

  /** What the graph computes from stored numbers alone, such as weights that it widens first. */
  private static FloatTensor value(OnnxModel trunk, String constant, ImagePreprocessing images) {
    ModelEditor editor = trunk.edit();
    String output = editor.freshName(constant + "_value");
    OnnxModel passed =
        editor.addNode(Node.of("Identity", List.of(constant), List.of(output))).build();
    try (TrunkOutputs outputs = TrunkOutputs.open(passed, List.of(output), images)) {
      return outputs.of(new float[images.valueCount()]).get(0);
    }
  }

  private static FirstLayerFilters painted(String name, FloatTensor weights, ChannelOrder order) {
    int count = weights.rows();
    List<Integer> filters = new ArrayList<>();
    for (int filter = 0; filter < count; filter++) {
      filters.add(filter);
    }
    double[] energies = energies(weights);
    List<Tile> tiles =
        filters.stream()
            .sorted(Comparator.comparingDouble((Integer filter) -> -energies[filter]))
            .limit(MOST_TILES)
            .sorted()
            .map(filter -> new Tile(filter, tile(weights, filter, order)))
            .toList();
    return new FirstLayerFilters(name, count, (int) weights.shape()[1], tiles);
  }

  private static double[] energies(FloatTensor weights) {
    double[] energies = new double[weights.rows()];
    for (int i = 0; i < weights.values().length; i++) {
      double weight = weights.values()[i];
      energies[i / weights.width()] += weight * weight;
    }
    return energies;
  }

  private static PixelImage tile(FloatTensor weights, int filter, ChannelOrder order) {
    int channels = (int) weights.shape()[1];
    int height = (int) weights.shape()[2];
    int width = (int) weights.shape()[3];
    int area = height * width;
    boolean colours = channels == 3 && order != ChannelOrder.GREY;
    float[] shown = new float[3 * area];
    for (int tap = 0; tap < area; tap++) {
      for (int colour = 0; colour < 3; colour++) {
        int first = filter * weights.width() + tap;
        shown[3 * tap + colour] =
            colours
                ? weights.values()[first + SeenImage.channel(order, colour) * area]
                : mean(weights.values(), first, channels, area);
      }
    }
    return new PixelImage(width, height, aroundGrey(shown));
  }

  private static float mean(float[] values, int first, int channels, int area) {
    double sum = 0;
    for (int channel = 0; channel < channels; channel++) {
      sum += values[first + channel * area];
    }
    return (float) (sum / channels);
  }

  /** byte = 127.5 + 127.5 * weight / largest absolute weight. */
  private static byte[] aroundGrey(float... weights) {
    double largest = 0;
    for (float weight : weights) {
      largest = Math.max(largest, Math.abs(weight));
    }
    byte[] bytes = new byte[weights.length];
    for (int i = 0; i < bytes.length; i++) {
      double share = largest > 0 ? weights[i] / largest : 0;
      bytes[i] = (byte) Math.round(127.5 + 127.5 * share);
    }
    return bytes;
  }
}
