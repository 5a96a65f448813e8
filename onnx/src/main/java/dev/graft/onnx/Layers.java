package dev.graft.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The layers of a model that hold weights, and their grouping into blocks for "last k".
 *
 * <p>What trains is decided by the role of an operand, never by its name: weights and biases of
 * Conv and Gemm, the constant operand of MatMul, scale and bias of norms, tables of Gather, class
 * tokens, slopes of PRelu, summands and factors of more than one element on a float path. Bounds of
 * Clip, exponents, Resize scales, mask fills, the statistics of batch normalisation, the mean and
 * deviation by which an input is normalised, and what {@link FrontEndNodes} hold never train.
 */
public final class Layers {
  private Layers() {}

  /** The weight-bearing layers in topological order. */
  public static List<WeightLayer> of(OnnxModel model) {
    return new Collector(model.graph()).collect();
  }

  /** The layers grouped into blocks, first to last; "last k" are the last k of them. */
  public static List<Block> blocks(OnnxModel model) {
    return BlockGrouping.group(model.graph(), of(model));
  }

  /** Names of all tensors that may train, each once, in order of first use. */
  public static List<String> trainableTensors(OnnxModel model) {
    return of(model).stream()
        .flatMap(layer -> layer.tensors().stream())
        .map(WeightTensor::name)
        .distinct()
        .toList();
  }

  private static final class Collector {
    private final Graph graph;
    private final ShapeInference shapes;
    private final Set<String> live;
    private final Set<String> raw;
    private final List<WeightLayer> layers = new ArrayList<>();

    /** For the output of a layer that may still take a bias or a batch norm: its index. */
    private final Map<String, Integer> open = new HashMap<>();

    Collector(Graph graph) {
      this.graph = graph;
      this.shapes = ShapeInference.of(graph);
      this.live = CachePoints.liveTensors(graph);
      this.raw = RawInputs.of(graph, live);
    }

    List<WeightLayer> collect() {
      for (Node node : graph.nodes()) {
        if (node.outputs().stream().anyMatch(live::contains)) {
          visit(node);
        }
      }
      return layers;
    }

    private void visit(Node node) {
      List<WeightTensor> tensors = WeightRoles.of(graph, shapes, live, raw, node);
      Integer previous = follows(node);
      if (tensors.isEmpty()) {
        return;
      }
      if (previous != null) {
        WeightLayer layer = layers.get(previous);
        List<Node> nodes = new ArrayList<>(layer.nodes());
        nodes.add(node);
        List<WeightTensor> all = new ArrayList<>(layer.tensors());
        all.addAll(tensors);
        layers.set(previous, new WeightLayer(layer.name(), layer.operator(), nodes, all));
        keepOpen(node, previous);
        return;
      }
      layers.add(new WeightLayer(name(node, tensors), node.operator(), List.of(node), tensors));
      if (Set.of("Conv", "ConvTranspose", "Gemm", "MatMul").contains(node.operator())) {
        keepOpen(node, layers.size() - 1);
      }
    }

    /** The layer that a bias or batch norm belongs to: it alone reads the layer's output. */
    private @Nullable Integer follows(Node node) {
      if (!node.is("Add") && !node.is("BatchNormalization")) {
        return null;
      }
      for (String input : node.inputs()) {
        Integer layer = open.get(input);
        if (layer != null && graph.consumers(input).size() == 1) {
          return layer;
        }
      }
      return null;
    }

    private void keepOpen(Node node, int layer) {
      open.put(node.output(0), layer);
    }

    private static String name(Node node, List<WeightTensor> tensors) {
      if (!node.name().isEmpty()) {
        return node.name();
      }
      String weight = tensors.get(0).name();
      int end = Math.max(weight.lastIndexOf('.'), weight.lastIndexOf('/'));
      return end > 0 ? weight.substring(0, end) : weight;
    }
  }

  /**
   * The same model with every float tensor of more than one element that stands in a Constant node
   * as an initialiser of the same name, so that it can be trained and replaced by name.
   */
  public static OnnxModel constantsToInitializers(OnnxModel model) {
    return new StoredConstants().apply(model).model();
  }

  /**
   * The same model in which every layer has vectors (biases, norm scales) of its own.
   *
   * <p>Exporters store equal vectors once, although the layers had one each: training the copy of a
   * late layer would change early, frozen ones. Matrices stay shared, for those are tied on
   * purpose. A vector that an Identity passes on gets the Identity's output as its name, which is
   * the name before the export; any other copy is named after the node that reads it.
   */
  public static OnnxModel withOwnVectors(OnnxModel model) {
    return new OwnVectors().apply(constantsToInitializers(model)).model();
  }
}
