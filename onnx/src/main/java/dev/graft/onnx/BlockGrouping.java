package dev.graft.onnx;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Groups layers into blocks by the prefix of their names, such as {@code layer4.1} or {@code
 * encoder.layer.11}. Where names say nothing, a residual network is grouped at the tensors that it
 * carries from block to block, any other at the tensors that dominate the output.
 *
 * <p>A block always starts at a legal cache point, or in a network of text at what would be one but
 * for the mask that all of its layers read; where names would start one elsewhere, it is merged
 * with the block before.
 */
final class BlockGrouping {
  /** Path steps that hold repeated parts of a network, in the naming of the common libraries. */
  private static final String CONTAINER =
      "(?:[a-z]+_)?(?:layers?|stages?|blocks?|features|resblocks?|cells?|groups?|units?|h"
          + "|denseblock|denselayer|transition|bottleneck|layer_module|mixed)";

  /** One container with its number: {@code layer4}, {@code block_16}, {@code layer.11}. */
  private static final String NUMBERED = CONTAINER + "[._/]?\\d+";

  private static final Pattern KEY =
      Pattern.compile(
          "^/?((?:[A-Za-z][A-Za-z_0-9]*[./])*?"
              + NUMBERED
              + "(?:[./]"
              + NUMBERED
              + "(?![A-Za-z0-9])|[./]\\d+(?=[./]))*)(?![0-9A-Za-z])",
          Pattern.CASE_INSENSITIVE);

  /** A path that is followed by itself and at least one step more. */
  private static final Pattern REPEAT =
      Pattern.compile("(?<!\\w)([A-Za-z]\\w*(?:\\.\\w+)*)\\.\\1(?=\\.)");

  private final Graph graph;
  private final List<WeightLayer> layers;
  private final CachePoints points;

  private BlockGrouping(Graph graph, List<WeightLayer> layers) {
    this.graph = graph;
    Set<Node> weightBearing = new HashSet<>();
    layers.forEach(layer -> weightBearing.addAll(layer.nodes()));
    this.points =
        CachePoints.of(
            graph,
            graph.outputs().stream().map(ValueInfo::name).toList(),
            TextTensors.beforeWeights(graph, weightBearing));
    this.layers =
        layers.stream().filter(layer -> points.position(layer.nodes().get(0)) >= 0).toList();
  }

  static List<Block> group(Graph graph, List<WeightLayer> layers) {
    BlockGrouping grouping = new BlockGrouping(graph, layers);
    return grouping.merged(grouping.runs());
  }

  /** A run of layers that belong together by name, or one layer. */
  private record Run(Optional<String> key, List<WeightLayer> layers) {}

  private List<Run> runs() {
    List<Optional<String>> keys = keys();
    boolean useNames = 2 * keys.stream().filter(Optional::isPresent).count() >= layers.size();
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      Optional<String> key = useNames ? keys.get(i) : Optional.empty();
      Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
      if (last != null && useNames && isSame(last.key(), key)) {
        last.layers().add(layers.get(i));
      } else {
        runs.add(new Run(key, new ArrayList<>(List.of(layers.get(i)))));
      }
    }
    return runs;
  }

  /** The key of each layer; a layer without one between two of one block belongs to it. */
  private List<Optional<String>> keys() {
    Set<String> seen = new HashSet<>();
    Set<String> shared = new HashSet<>();
    for (WeightLayer layer : layers) {
      for (WeightTensor tensor : layer.tensors()) {
        if (!seen.add(tensor.name())) {
          shared.add(tensor.name());
        }
      }
    }
    List<Optional<String>> keys = new ArrayList<>();
    layers.forEach(layer -> keys.add(key(layer, shared)));
    int last = -1;
    for (int i = 0; i < keys.size(); i++) {
      if (keys.get(i).isPresent()) {
        if (last >= 0 && isSame(keys.get(last), keys.get(i))) {
          for (int between = last + 1; between < i; between++) {
            keys.set(between, keys.get(last));
          }
        }
        last = i;
      }
    }
    return keys;
  }

  /**
   * The block that a layer's names tell. Weights keep their library's names longer than nodes do,
   * so that they are asked first; a weight that several layers share tells nothing.
   */
  static Optional<String> key(WeightLayer layer, Set<String> shared) {
    List<String> names = new ArrayList<>();
    for (WeightTensor tensor : layer.tensors()) {
      if (!shared.contains(tensor.name())) {
        names.add(tensor.name());
      }
    }
    layer.nodes().forEach(node -> names.add(node.name()));
    for (String name : names) {
      Matcher matcher = KEY.matcher(name);
      if (matcher.find()) {
        return Optional.of(withoutRepeats(matcher.group(1).replace('/', '.')));
      }
    }
    return Optional.empty();
  }

  /** PyTorch names nodes of nested containers "/blocks/blocks.2/blocks.2.1/...". */
  private static String withoutRepeats(String path) {
    String before;
    String after = path;
    do {
      before = after;
      after = REPEAT.matcher(before).replaceFirst("$1");
    } while (!after.equals(before));
    return after;
  }

  /** Nodes may leave out the start of the path that weights have. */
  private static boolean isSame(Optional<String> one, Optional<String> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.equals(other);
    }
    String left = one.get();
    String right = other.get();
    return left.equals(right) || left.endsWith("." + right) || right.endsWith("." + left);
  }

  private List<Block> merged(List<Run> runs) {
    boolean atResidualsOnly =
        runs.stream().allMatch(run -> run.key().isEmpty())
            && points.tensors().stream().filter(this::isResidual).count() >= 2;
    List<Block> blocks = new ArrayList<>();
    List<WeightLayer> collected = new ArrayList<>();
    String start = "";
    String name = "";
    for (Run run : runs) {
      Optional<String> boundary = boundary(collected, run.layers());
      if (atResidualsOnly && !collected.isEmpty()) {
        boundary = boundary.filter(this::isResidual);
      }
      boolean sameName = run.key().isPresent() && isSame(run.key(), Optional.of(name));
      if (collected.isEmpty() || (boundary.isPresent() && !sameName)) {
        if (!collected.isEmpty()) {
          blocks.add(new Block(name, collected, start));
        }
        collected = new ArrayList<>();
        start = boundary.orElse("");
        name = run.key().orElse(run.layers().get(0).name());
      }
      collected.addAll(run.layers());
    }
    if (!collected.isEmpty()) {
      blocks.add(new Block(name, collected, start));
    }
    return blocks;
  }

  /**
   * Whether a tensor is one that a residual network carries from block to block: read by a block
   * and by the sum after it, or the sum itself.
   */
  private boolean isResidual(String tensor) {
    boolean sum =
        graph
            .producer(tensor)
            .filter(node -> node.is("Add"))
            .filter(
                node -> points.position(node.input(0)) >= 0 && points.position(node.input(1)) >= 0)
            .isPresent();
    return sum || graph.consumers(tensor).stream().filter(n -> points.position(n) >= 0).count() > 1;
  }

  /** The latest cache point after all {@code before} and in front of all {@code after}. */
  private Optional<String> boundary(List<WeightLayer> before, List<WeightLayer> after) {
    int last = -1;
    for (WeightLayer layer : before) {
      for (Node node : layer.nodes()) {
        last = Math.max(last, points.position(node));
      }
    }
    int first = Integer.MAX_VALUE;
    for (WeightLayer layer : after) {
      for (Node node : layer.nodes()) {
        first = Math.min(first, points.position(node));
      }
    }
    Optional<String> found = Optional.empty();
    for (String tensor : points.tensors()) {
      int position = points.position(tensor);
      if (position > last && position < first) {
        found = Optional.of(tensor);
      }
    }
    return found;
  }
}
