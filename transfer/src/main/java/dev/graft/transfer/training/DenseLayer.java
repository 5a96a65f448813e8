package dev.graft.transfer.training;

import java.util.SplittableRandom;

/**
 * A fully connected layer: y = W x + b.
 *
 * @param weight W [outputs, inputs], row-major
 * @param bias b [outputs]
 */
public record DenseLayer(int inputs, int outputs, float[] weight, float[] bias) {
  /** Checks the lengths. */
  public DenseLayer {
    if (weight.length != inputs * outputs || bias.length != outputs) {
      throw new IllegalArgumentException(
          "a layer from "
              + inputs
              + " to "
              + outputs
              + " got "
              + weight.length
              + " weights and "
              + bias.length
              + " biases");
    }
  }

  /**
   * A fresh layer: weights uniform in +-sqrt(6 / (inputs + outputs)) (Glorot and Bengio 2010,
   * equation 16), biases zero.
   */
  static DenseLayer fresh(int inputs, int outputs, SplittableRandom random) {
    double limit = Math.sqrt(6.0 / (inputs + outputs));
    float[] weight = new float[inputs * outputs];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = (float) random.nextDouble(-limit, limit);
    }
    return new DenseLayer(inputs, outputs, weight, new float[outputs]);
  }

  /**
   * The layer that does to raw features what this one does to standardised ones: W' = W / s, b' = b
   * - W (m / s).
   */
  public DenseLayer onRaw(FeatureScaling scaling) {
    float[] rawWeight = new float[weight.length];
    float[] rawBias = new float[outputs];
    for (int o = 0; o < outputs; o++) {
      double shift = 0;
      for (int i = 0; i < inputs; i++) {
        double scaled = weight[o * inputs + i] / scaling.deviation()[i];
        rawWeight[o * inputs + i] = (float) scaled;
        shift += scaled * scaling.mean()[i];
      }
      rawBias[o] = (float) (bias[o] - shift);
    }
    return new DenseLayer(inputs, outputs, rawWeight, rawBias);
  }
}
