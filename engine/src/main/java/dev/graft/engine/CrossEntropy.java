package dev.graft.engine;

import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * sum_i w(y_i) CE(logits_i, y_i) / sum_i w(y_i), with the cross-entropy against smoothed labels.
 */
final class CrossEntropy {
  private final TrainingOptions options;

  CrossEntropy(TrainingOptions options) {
    this.options = options;
  }

  /** The sum of the class weights of the labels; what is wrong with them shows at the logits. */
  double totalWeight(int[] labels) {
    float[] perClass = options.classWeights();
    double total = 0;
    for (int label : labels) {
      total += label >= 0 && label < perClass.length ? perClass[label] : 1;
    }
    return total;
  }

  static Tensor targets(int[] labels) {
    long[] wide = new long[labels.length];
    for (int i = 0; i < labels.length; i++) {
      wide[i] = labels[i];
    }
    return Tensor.create(wide, wide.length);
  }

  private Tensor classWeights() {
    return NativeTensors.of(options.classWeights(), options.classWeights().length);
  }

  /** The loss of logits [examples, classes], of the examples' share in the batch's weight. */
  Tensor of(Tensor given, Tensor targets, double totalWeight) {
    Tensor values = given.to(ScalarType.Float);
    requireLogits(values, targets);
    TensorOptional perClass =
        options.classWeights().length == 0
            ? new TensorOptional()
            : new TensorOptional(classWeights());
    int sum = 2;
    int ignoredLabel = -100;
    return cross_entropy_loss(
            values, targets, perClass, sum, ignoredLabel, options.labelSmoothing())
        .div(new Scalar(totalWeight));
  }

  /**
   * libtorch would end the process's callback with a message that names neither model nor class.
   */
  private void requireLogits(Tensor values, Tensor targets) {
    long[] shape = dev.graft.engine.operator.Shapes.of(values);
    long examples = targets.numel();
    if (shape.length != 2 || shape[0] != examples) {
      throw new EngineException(
          "Training: logits of shape ["
              + examples
              + ", classes] are expected for "
              + examples
              + " labels, but the graph gives "
              + java.util.Arrays.toString(shape)
              + ".");
    }
    requireLabels(targets, shape[1]);
    int given = options.classWeights().length;
    if (given != 0 && given != shape[1]) {
      throw new EngineException(
          "Training: " + given + " class weights are given for " + shape[1] + " classes.");
    }
  }

  private static void requireLabels(Tensor targets, long classes) {
    long least = targets.min().item().toLong();
    long largest = targets.max().item().toLong();
    if (least < 0 || largest >= classes) {
      throw new EngineException(
          "Training: the graph gives logits for "
              + classes
              + " classes, so labels are 0 to "
              + (classes - 1)
              + ", but the batch holds label "
              + (least < 0 ? least : largest)
              + ".");
    }
  }
}
