package dev.graft.transfer.visualisation;

import dev.graft.data.image.ImagePreprocessing;
import dev.graft.engine.FloatTensor;
import dev.graft.onnx.Block;
import dev.graft.onnx.CachePoints;
import dev.graft.onnx.Graph;
import dev.graft.transfer.Backbone;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the tensor that stands for each block: the one before which the next block begins. Of the
 * last block it is the last one with places, which comes before the pooling. Before the blocks
 * stands the first convolution, which is where the filters of the first layer are.
 */
final class BlockTaps {
  private static final String FIRST_LAYER = "First layer";

  private final Map<String, long[]> shapes;
  private final Map<String, ReceptiveField> fields;

  private BlockTaps(Map<String, long[]> shapes, Map<String, ReceptiveField> fields) {
    this.shapes = shapes;
    this.fields = fields;
  }

  /** Runs the trunk once, on zeros, for the shapes. */
  static List<BlockTap> of(Backbone backbone) {
    List<Block> blocks = backbone.blocks();
    if (blocks.isEmpty()) {
      return List.of();
    }
    ImagePreprocessing images = backbone.imagePreprocessing();
    Map<String, ReceptiveField> fields =
        ReceptiveFields.of(backbone.trunk(), images.cropHeight(), images.cropWidth());
    List<List<String>> candidates = candidates(backbone, blocks);
    Set<String> tensors = new LinkedHashSet<>();
    candidates.forEach(tensors::addAll);
    Optional<String> first =
        FirstConvolution.of(backbone.trunk(), fields).map(FirstConvolution::result);
    first.ifPresent(tensors::add);
    BlockTaps taps = new BlockTaps(shapes(backbone, List.copyOf(tensors)), fields);
    List<BlockTap> found = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      String name = "Block " + (i + 1) + ": " + blocks.get(i).name();
      found.add(taps.last(name, candidates.get(i)));
    }
    first
        .filter(result -> found.stream().noneMatch(tap -> isAt(tap, result)))
        .ifPresent(result -> found.add(0, taps.last(FIRST_LAYER, List.of(result))));
    return found;
  }

  private static boolean isAt(BlockTap tap, String tensor) {
    return tap instanceof BlockTap.Shown shown && shown.tensor().equals(tensor);
  }

  private static List<List<String>> candidates(Backbone backbone, List<Block> blocks) {
    Graph graph = backbone.trunk().graph();
    List<List<String>> candidates = new ArrayList<>();
    for (int next = 1; next < blocks.size(); next++) {
      candidates.add(List.of(unbounded(graph, blocks.get(next).inputTensor())));
    }
    List<String> points = CachePoints.of(backbone.trunk());
    int begin = points.indexOf(blocks.get(blocks.size() - 1).inputTensor());
    String image = graph.inputs().get(0).name();
    candidates.add(
        points.subList(begin + 1, points.size()).stream()
            .filter(tensor -> !tensor.equals(image))
            .map(tensor -> unbounded(graph, tensor))
            .distinct()
            .toList());
    return candidates;
  }

  /** What a rectifier with an upper bound reads: behind it, many strong values are equal. */
  private static String unbounded(Graph graph, String tensor) {
    return graph
        .producer(tensor)
        .filter(node -> node.is("Clip") && node.hasInput(2))
        .map(node -> node.input(0))
        .orElse(tensor);
  }

  private static Map<String, long[]> shapes(Backbone backbone, List<String> tensors) {
    try (TrunkOutputs outputs =
        TrunkOutputs.open(backbone.trunk(), tensors, backbone.imagePreprocessing())) {
      List<FloatTensor> values = outputs.of(new float[backbone.imagePreprocessing().valueCount()]);
      Map<String, long[]> shapes = new HashMap<>();
      for (int i = 0; i < tensors.size(); i++) {
        shapes.put(tensors.get(i), values.get(i).shape());
      }
      return shapes;
    }
  }

  /** The last candidate that holds maps; if none does, why the first does not. */
  private BlockTap last(String block, List<String> candidates) {
    String reason = "nothing after it depends on it alone";
    for (int i = candidates.size() - 1; i >= 0; i--) {
      String tensor = candidates.get(i);
      ReceptiveField field = fields.getOrDefault(tensor, ReceptiveField.Global.MIXED);
      MapLayout.Reading reading = MapLayout.of(shapes.getOrDefault(tensor, new long[0]), field);
      if (reading instanceof MapLayout.Reading.Maps maps) {
        return new BlockTap.Shown(block, tensor, maps.layout(), checked(field, maps.layout()));
      }
      reason = ((MapLayout.Reading.NoMaps) reading).reason();
    }
    return new BlockTap.NotShown(block, reason);
  }

  /** What was computed from the graph must agree with what the graph gave when it ran. */
  private static ReceptiveField checked(ReceptiveField field, MapLayout layout) {
    boolean agrees =
        field instanceof ReceptiveField.Local map
            && map.rows().length() == layout.height()
            && map.columns().length() == layout.width();
    return agrees ? field : ReceptiveField.Global.MIXED;
  }
}
