package dev.graft.transfer.training;

import java.util.List;
import java.util.SplittableRandom;

/**
 * A head's weights, acting on raw features.
 *
 * @param layers from the features to the logits, rectifiers between them
 */
public record ClassifierHead(List<DenseLayer> layers) {
  /** Copies the list. */
  public ClassifierHead {
    layers = List.copyOf(layers);
  }

  /** A head with fresh weights from a seed. */
  public static ClassifierHead create(
      int features, List<Integer> hiddenWidths, int classes, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<DenseLayer> layers = new java.util.ArrayList<>();
    int inputs = features;
    for (int width : hiddenWidths) {
      layers.add(DenseLayer.fresh(inputs, width, random));
      inputs = width;
    }
    layers.add(DenseLayer.fresh(inputs, classes, random));
    return new ClassifierHead(layers);
  }

  /** The number of classes. */
  public int classes() {
    return layers.get(layers.size() - 1).outputs();
  }

  /** The number of weights and biases. */
  int weightCount() {
    return layers.stream().mapToInt(layer -> layer.weight().length + layer.bias().length).sum();
  }

  /** The logits of one example, in double precision inside. */
  public float[] logits(float[] features) {
    float[] input = features;
    for (int i = 0; i < layers.size(); i++) {
      boolean rectified = i < layers.size() - 1;
      input = apply(layers.get(i), input, rectified);
    }
    return input;
  }

  private static float[] apply(DenseLayer layer, float[] x, boolean rectified) {
    float[] y = new float[layer.outputs()];
    for (int o = 0; o < y.length; o++) {
      double sum = layer.bias()[o];
      int row = o * layer.inputs();
      for (int i = 0; i < x.length; i++) {
        sum += (double) layer.weight()[row + i] * x[i];
      }
      y[o] = rectified ? (float) Math.max(0, sum) : (float) sum;
    }
    return y;
  }
}
