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
  private final MapPlane plane;
  private final Map<String, ReceptiveField> fields;
  private final Map<String, long[]> shapes;

  private MapTaps(
      OnnxModel network,
      MapPlane plane,
      Map<String, ReceptiveField> fields,
      Map<String, long[]> shapes) {
    this.network = network;
    this.plane = plane;
    this.fields = fields;
    this.shapes = shapes;
  }

  /**
   * The taps, the last one first; none where no tensor with places was found that is sound.
   *
   * @param network with one input of this shape, and one output
   * @param plane of whose places the maps tell
   * @param inputShape of one input, [1, ..]
   */
  static List<MapTap> of(OnnxModel network, MapPlane plane, long... inputShape) {
    String output = network.graph().outputs().get(0).name();
    List<String> all = CachePoints.of(network);
    List<String> points =
        all.subList(all.indexOf(plane.tensor()) + 1, all.size()).stream()
            .filter(tensor -> !tensor.equals(output))
            .toList();
    if (points.isEmpty()) {
      return List.of();
    }
    Map<String, ReceptiveField> fields =
        ReceptiveFields.from(network, plane.tensor(), plane.height(), plane.width());
    return new MapTaps(network, plane, fields, shapes(network, points, inputShape)).search(points);
  }

  /** One run on zeros, for the shapes. */
  static Map<String, long[]> shapes(OnnxModel network, List<String> tensors, long... inputShape) {
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
      long[] shape = shape(tensor);
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
        return tokens.isEmpty() && last ? map(beforeFolding(points, i)) : tokens;
      }
    }
    return tokens;
  }

  /**
   * The last map with places in both directions, where those in one were only folded into the
   * channels of the given one: its places in the other direction are the same.
   */
  private String beforeFolding(List<String> points, int last) {
    long[] shape = shape(points.get(last));
    int along = shape[2] == 1 ? 3 : 2;
    if (shape[5 - along] != 1) {
      return points.get(last);
    }
    for (int i = last - 1; i >= 0; i--) {
      long[] earlier = shape(points.get(i));
      if (earlier.length == 4 && earlier[along] != shape[along]) {
        break;
      }
      if (earlier.length == 4 && earlier[5 - along] > 1) {
        return points.get(i);
      }
    }
    return points.get(last);
  }

  private long[] shape(String tensor) {
    return shapes.getOrDefault(tensor, new long[0]);
  }

  private List<MapTap> map(String tensor) {
    long[] shape = shape(tensor);
    ReceptiveField field = fields.getOrDefault(tensor, ReceptiveField.Global.MIXED);
    return MapLayout.of(shape, field) instanceof MapLayout.Reading.Maps maps
        ? List.of(tap(tensor, maps.layout(), field))
        : List.of();
  }

  private MapTap tap(String tensor, MapLayout layout, ReceptiveField field) {
    long[] shape = shape(tensor);
    if (field instanceof ReceptiveField.Local map
        && map.rows().length() == layout.height()
        && map.columns().length() == layout.width()) {
      return new MapTap(
          tensor,
          shape,
          layout,
          axis(map.rows(), plane.height()),
          axis(map.columns(), plane.width()));
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
