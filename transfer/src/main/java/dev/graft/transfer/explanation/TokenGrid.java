package dev.graft.transfer.explanation;

import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.transfer.visualisation.MapLayout;
import dev.graft.transfer.visualisation.ReceptiveField;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells which tokens of a vision transformer are places: those that the patch embedding gave, row
 * by row, after a class token or two that the graph puts before them.
 */
final class TokenGrid {
  private static final int MOST_OTHER_TOKENS = 2;

  private final ReceptiveField field;
  private final boolean others;

  private TokenGrid(ReceptiveField field, boolean others) {
    this.field = field;
    this.others = others;
  }

  /** Looks for the last map whose places are known, and for what is put before its tokens. */
  static TokenGrid of(OnnxModel network, Map<String, ReceptiveField> fields) {
    String map = "";
    ReceptiveField field = ReceptiveField.Global.MIXED;
    for (Node node : network.graph().nodes()) {
      String output = node.output(0);
      if (fields.get(output) instanceof ReceptiveField.Local local
          && local.rows().length() * local.columns().length() > 1) {
        map = output;
        field = local;
      }
    }
    return new TokenGrid(field, putBefore(network, map));
  }

  /** Whether tokens that do not come from the map are joined to it, in front. */
  private static boolean putBefore(OnnxModel network, String map) {
    Set<String> reached = new HashSet<>(Set.of(map));
    for (Node node : network.graph().nodes()) {
      if (node.is("Shape") || node.is("Size")) {
        continue;
      }
      long from = node.inputs().stream().filter(reached::contains).count();
      if (node.is("Concat") && from > 0) {
        // The places must come last, and they alone from the map.
        return from == 1 && reached.contains(node.input(node.inputs().size() - 1));
      }
      if (from > 0) {
        reached.addAll(node.outputs());
      }
    }
    return false;
  }

  /** What a place depends on in the image, before any attention. */
  ReceptiveField field() {
    return field;
  }

  /** How tokens [1, T, C] are read as maps; empty where it cannot be proved. */
  Optional<MapLayout> read(long[] shape) {
    if (!(field instanceof ReceptiveField.Local map)) {
      return Optional.empty();
    }
    int height = (int) map.rows().length();
    int width = (int) map.columns().length();
    int channels = (int) shape[2];
    long before = shape[1] - (long) height * width;
    boolean proved = before == 0 || (before > 0 && before <= MOST_OTHER_TOKENS && others);
    return proved
        ? Optional.of(new MapLayout(channels, height, width, (int) before * channels, 1, channels))
        : Optional.empty();
  }
}
