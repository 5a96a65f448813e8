package dev.graft.transfer.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A calibration temperature T as part of a head: its last layer gives (W x + b) / T. At T = 1
 * nothing changes, to the bit.
 *
 * @param value T, above 0
 */
public record HeadTemperature(double value) {
  /** Checks the range. */
  public HeadTemperature {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "a temperature must be a finite number above 0, found " + value);
    }
  }

  /** The head with its last layer divided by T. */
  public ClassifierHead folded(ClassifierHead head) {
    List<DenseLayer> layers = new ArrayList<>(head.layers());
    DenseLayer last = layers.remove(layers.size() - 1);
    layers.add(
        new DenseLayer(
            last.inputs(), last.outputs(), divided(last.weight()), divided(last.bias())));
    return new ClassifierHead(layers);
  }

  /**
   * Trained values by initialiser name with those of the last layer of the head divided by T; as
   * they are where the head is not among them.
   *
   * @param headLayers number of layers of the head
   */
  public Map<String, float[]> folded(Map<String, float[]> trained, int headLayers) {
    List<String> names = HeadModel.tensorNames(headLayers);
    Map<String, float[]> result = new LinkedHashMap<>(trained);
    for (String name : names.subList(names.size() - 2, names.size())) {
      result.computeIfPresent(name, (same, values) -> divided(values));
    }
    return result;
  }

  /** Values divided by T. */
  public float[] divided(float[] values) {
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = (float) (values[i] / value);
    }
    return result;
  }
}
