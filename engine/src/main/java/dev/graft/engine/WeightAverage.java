package dev.graft.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The exponential moving average of everything that a training session changes, running statistics
 * included: {@code average += (1 - d) (weight - average)} after each step, with {@code d =
 * min(decay, (1 + t) / (10 + t))} at step t, so that the first steps are soon forgotten.
 *
 * <p>Polyak and Juditsky 1992, "Acceleration of Stochastic Approximation by Averaging"; the ramp is
 * that of TensorFlow's ExponentialMovingAverage. Not thread-safe. Close it to free the averages;
 * the session outlives it.
 */
public final class WeightAverage implements AutoCloseable {
  private final Map<String, Tensor> weights;
  private final Map<String, Tensor> averages;
  private final double decay;

  private WeightAverage(Map<String, Tensor> weights, Map<String, Tensor> averages, double decay) {
    this.weights = weights;
    this.averages = averages;
    this.decay = decay;
  }

  /** Begins with the present weights. */
  static WeightAverage of(Map<String, Tensor> weights, double decay) {
    if (!(decay >= 0 && decay < 1)) {
      throw new IllegalArgumentException("averaging decay must be in [0, 1) but is " + decay);
    }
    Map<String, Tensor> averages = new LinkedHashMap<>();
    try (PointerScope scope = new PointerScope();
        AutoGradMode inference = new AutoGradMode(false)) {
      for (Map.Entry<String, Tensor> weight : weights.entrySet()) {
        Tensor average = weight.getValue().detach().clone();
        average.retainReference();
        averages.put(weight.getKey(), average);
      }
    }
    return new WeightAverage(weights, averages, decay);
  }

  /**
   * Takes in the weights after a step.
   *
   * @param steps the number of steps taken, this one included
   */
  public void update(long steps) {
    double kept = Math.min(decay, (1.0 + steps) / (10.0 + steps));
    try (PointerScope scope = new PointerScope();
        AutoGradMode inference = new AutoGradMode(false)) {
      for (Map.Entry<String, Tensor> average : averages.entrySet()) {
        Tensor weight = java.util.Objects.requireNonNull(weights.get(average.getKey()));
        average.getValue().lerp_(weight.detach(), new Scalar(1 - kept));
      }
    }
  }

  /** The averages by initialiser name, row-major. */
  public Map<String, float[]> weights() {
    return NativeTensors.toJava(averages);
  }

  /** Sets averages that {@link #weights()} gave. */
  public void setWeights(Map<String, float[]> values) {
    NativeTensors.set(averages, values);
  }

  @Override
  public void close() {
    averages.values().forEach(Tensor::close);
  }
}
