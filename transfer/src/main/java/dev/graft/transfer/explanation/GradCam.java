package dev.graft.transfer.explanation;

import dev.graft.engine.FloatTensor;
import dev.graft.engine.InputGradient;
import dev.graft.engine.Network;
import dev.graft.engine.Precision;
import dev.graft.onnx.OnnxModel;
import dev.graft.transfer.export.ModelAssembler;
import dev.graft.transfer.visualisation.MapLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Grad-CAM of one network. For one thread. Close it to free its weights. */
final class GradCam implements AutoCloseable {
  private static final String NO_MAPS =
      "Grad-CAM cannot be had of this network: no tensor near its output has places that can be"
          + " traced back to its input.";

  private final OnnxModel network;
  private final Optional<MapPlane> plane;
  private final List<MapTap> taps;
  private final Network before;
  private final Map<MapTap, InputGradient> behind = new HashMap<>();

  private GradCam(OnnxModel network, Optional<MapPlane> plane, List<MapTap> taps, Network before) {
    this.network = network;
    this.plane = plane;
    this.taps = taps;
    this.before = before;
  }

  /**
   * Cuts a network.
   *
   * @param network prepared inputs in, logits out
   * @param plane in which its maps lie; empty where it has none, so that there is no Grad-CAM
   * @param inputShape of one input, [1, ..]
   */
  static GradCam of(OnnxModel network, Optional<MapPlane> plane, long... inputShape) {
    List<MapTap> taps =
        plane.map(found -> MapTaps.of(network, found, inputShape)).orElse(List.of());
    OnnxModel front =
        taps.isEmpty()
            ? network
            : MapTaps.giving(network, taps.stream().map(MapTap::tensor).toList());
    return new GradCam(network, plane, taps, Network.load(front, Precision.FP32));
  }

  /**
   * What a network says and on what it rests that.
   *
   * @param logits [1, classes]
   * @param activation the map
   */
  record Result(FloatTensor logits, ClassActivation activation) {}

  /**
   * Explains one class.
   *
   * @param prepared one input
   * @param label index of the class
   */
  Result of(FloatTensor prepared, int label) {
    List<FloatTensor> values = before.runAll(prepared);
    if (taps.isEmpty()) {
      return new Result(values.get(0), new ClassActivation.Absent(NO_MAPS));
    }
    for (int i = 0; i < taps.size() - 1; i++) {
      InputGradient.Slope slope = behind(taps.get(i)).of(values.get(i), label);
      // Behind the last layer that mixes tokens, a class token alone decides.
      if (reachesPlaces(taps.get(i).layout(), slope.gradient().values())) {
        return new Result(slope.output(), map(taps.get(i), values.get(i), slope));
      }
    }
    int first = taps.size() - 1;
    InputGradient.Slope slope = behind(taps.get(first)).of(values.get(first), label);
    return new Result(slope.output(), map(taps.get(first), values.get(first), slope));
  }

  private InputGradient behind(MapTap tap) {
    return behind.computeIfAbsent(
        tap,
        cut ->
            InputGradient.load(
                ModelAssembler.behind(
                    network,
                    cut.tensor(),
                    Arrays.copyOfRange(cut.shape(), 1, cut.shape().length))));
  }

  private static boolean reachesPlaces(MapLayout layout, float[] gradient) {
    for (int channel = 0; channel < layout.channels(); channel++) {
      for (int place = 0; place < layout.places(); place++) {
        if (layout.value(gradient, channel, place) != 0) {
          return true;
        }
      }
    }
    return false;
  }

  private ClassActivation map(MapTap tap, FloatTensor values, InputGradient.Slope slope) {
    MapLayout layout = tap.layout();
    double[] sum = new double[layout.places()];
    for (int channel = 0; channel < layout.channels(); channel++) {
      double weight = 0;
      for (int place = 0; place < sum.length; place++) {
        weight += layout.value(slope.gradient().values(), channel, place);
      }
      weight /= sum.length;
      for (int place = 0; place < sum.length; place++) {
        sum[place] += weight * layout.value(values.values(), channel, place);
      }
    }
    float[] map = new float[sum.length];
    for (int place = 0; place < map.length; place++) {
      map[place] = (float) Math.max(0, sum[place]);
    }
    HeatGrid inPlane = new HeatGrid(tap.vertical(), tap.horizontal(), map);
    return new ClassActivation.Found(
        tap.tensor(), plane.map(found -> found.laid(inPlane)).orElse(inPlane));
  }

  @Override
  public void close() {
    before.close();
    behind.values().forEach(InputGradient::close);
  }
}
