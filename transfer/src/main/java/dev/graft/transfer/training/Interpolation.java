package dev.graft.transfer.training;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The straight line in the space of weights from where training began to where it ended; both maps
 * are by initialiser name and hold the same names.
 */
record Interpolation(Map<String, float[]> start, Map<String, float[]> end) {
  /** The weights at start + share (end - start). */
  Map<String, float[]> at(double share) {
    Map<String, float[]> between = new LinkedHashMap<>();
    end.forEach(
        (name, last) -> {
          float[] first = Objects.requireNonNull(start.get(name));
          float[] values = new float[last.length];
          for (int i = 0; i < values.length; i++) {
            values[i] = share == 1 ? last[i] : (float) (first[i] + share * (last[i] - first[i]));
          }
          between.put(name, values);
        });
    return between;
  }
}
