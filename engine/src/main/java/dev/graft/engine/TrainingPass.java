package dev.graft.engine;

import java.util.Map;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;

/** Forward and backward of some examples through a network in training. */
interface TrainingPass {
  /**
   * Adds the gradients of a loss to those of the weights. Threads may run passes side by side, each
   * on variables of its own.
   *
   * @param examples examples along the first axis
   * @param weights what {@link PreparedWeights#variables} gave, by name
   * @param seed what the random numbers of the pass are made from
   * @param loss the loss of the outputs [examples, ...], a scalar
   * @return the loss
   */
  double run(Tensor examples, Map<String, Tensor> weights, long seed, UnaryOperator<Tensor> loss);
}
