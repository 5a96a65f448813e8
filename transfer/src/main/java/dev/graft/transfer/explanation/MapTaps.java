package dev.graft.transfer.explanation;

import dev.graft.engine.FloatTensor;
import dev.graft.engine.Network;
import dev.graft.engine.Precision;
import dev.graft.onnx.CachePoints;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.ValueInfo;
import dev.graft.transfer.visualisation.FieldAxis;
import dev.graft.transfer.visualisation.MapLayout;
import dev.graft.transfer.visualisation.ReceptiveField;
import dev.graft.transfer.visualisation.ReceptiveFields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the tensors of a network at which Grad-CAM can be taken, the last first.
 *
 * <p>Of a convolutional network that is the last tensor of rank 4 with more than one place that
 * dominates the output. Of a transformer it is every tensor of tokens that dominates the output, if
 * its tokens provably are the places of the patch embedding ({@link TokenGrid}).
 *
 * <p>The paper lays a map evenly over the image. Here each value is placed at the centre of its
 * receptive field, which in networks with padding lies up to half a place beside: on photographs
 * and digits, covering what is marked then takes a tenth to a fifth more of the probability away.
 * Where channels were shuffled or windows shifted the field is not known, and the map is laid
 * evenly.
 */
final class MapTaps {
  private final OnnxModel network;
  private final long[] inputShape;
  private final Map<String, ReceptiveField> fields;
  private final Map<String, long[]> shapes;

  private MapTaps(
      OnnxModel network,
      long[] inputShape,
      Map<String, ReceptiveField> fields,
      Map<String, long[]> shapes) {
    this.network = network;
    this.inputShape = inputShape;
    this.fields = fields;
    this.shapes = shapes;
  }

  /**
   * The taps, the last one first; none where no tensor with places was found that is sound.
   *
   * @param network with one input of this shape, and one output
   * @param inputShape [1, channels, height, width]
   */
  static List<MapTap> of(OnnxModel network, long... inputShape) {
    String input = network.graph().inputs().get(0).name();
    String output = network.graph().outputs().get(0).name();
    List<String> points =
        CachePoints.of(network).stream()
            .filter(tensor -> !tensor.equals(input) && !tensor.equals(output))
            .toList();
    if (points.isEmpty()) {
      return List.of();
    }
    Map<String, ReceptiveField> fields =
        ReceptiveFields.of(network, (int) inputShape[2], (int) inputShape[3]);
    return new MapTaps(network, inputShape, fields, shapes(network, points, inputShape))
        .search(points);
  }

  /** One run on zeros, for the shapes. */
  private static Map<String, long[]> shapes(
      OnnxModel network, List<String> tensors, long[] inputShape) {
    int count = 1;
    for (long length : inputShape) {
      count = Math.multiplyExact(count, (int) length);
    }
    Map<String, long[]> shapes = new HashMap<>();
    try (Network running = Network.load(giving(network, tensors), Precision.FP32)) {
      List<FloatTensor> values = running.runAll(new FloatTensor(new float[count], inputShape));
      for (int i = 0; i < tensors.size(); i++) {
        shapes.put(tensors.get(i), values.get(i).shape());
      }
    }
    return shapes;
  }

  /** The part of a network that computes some of its tensors. */
  static OnnxModel giving(OnnxModel network, List<String> tensors) {
    List<ValueInfo> outputs =
        tensors.stream().map(name -> ValueInfo.ofUnknownShape(name, ElementType.FLOAT)).toList();
    return network.edit().setOutputs(outputs).pruneUnreachable().build();
  }

  private List<MapTap> search(List<String> points) {
    TokenGrid grid = TokenGrid.of(network, fields);
    List<MapTap> tokens = new ArrayList<>();
    long unplaced = -1;
    for (int i = points.size() - 1; i >= 0; i--) {
      String tensor = points.get(i);
      long[] shape = shapes.getOrDefault(tensor, new long[0]);
      if (shape.length == 3 && shape[1] > 1 && shape[2] > 1) {
        Optional<MapLayout> layout = grid.read(shape);
        if (layout.isEmpty()) {
          unplaced = Math.max(unplaced, shape[1] * shape[2]);
        } else if (unplaced < 0) {
          tokens.add(tap(tensor, layout.get(), grid.field()));
        }
      } else if (shape.length == 4 && shape[2] * shape[3] > 1 && shape[1] * shape[2] > 1) {
        // Maps that are only flattened behind are fine. Before tokens that could not be placed
        // there is no more than the patch embedding, which has not yet seen anything.
        boolean last = unplaced < 0 || unplaced == shape[1] * shape[2] * shape[3];
        return tokens.isEmpty() && last ? map(tensor, shape) : tokens;
      }
    }
    return tokens;
  }

  private List<MapTap> map(String tensor, long[] shape) {
    ReceptiveField field = fields.getOrDefault(tensor, ReceptiveField.Global.MIXED);
    return MapLayout.of(shape, field) instanceof MapLayout.Reading.Maps maps
        ? List.of(tap(tensor, maps.layout(), field))
        : List.of();
  }

  private MapTap tap(String tensor, MapLayout layout, ReceptiveField field) {
    long[] shape = shapes.getOrDefault(tensor, new long[0]);
    if (field instanceof ReceptiveField.Local map
        && map.rows().length() == layout.height()
        && map.columns().length() == layout.width()) {
      return new MapTap(
          tensor,
          shape,
          layout,
          axis(map.rows(), inputShape[2]),
          axis(map.columns(), inputShape[3]));
    }
    return new MapTap(
        tensor,
        shape,
        layout,
        HeatGrid.Axis.even(layout.height()),
        HeatGrid.Axis.even(layout.width()));
  }

  /** Centres of receptive fields; pixel p reaches from p / length to (p + 1) / length. */
  private static HeatGrid.Axis axis(FieldAxis field, long length) {
    return new HeatGrid.Axis(
        (int) field.length(),
        (field.offset() + field.size() / 2.0) / length,
        (double) field.jump() / length);
  }
}
