package dev.graft.engine;

import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * sum_i w(y_i) CE(logits_i, y_i) / sum_i w(y_i), with the cross-entropy against smoothed labels; of
 * mixed labels, the sum of both such means by their shares.
 */
final class CrossEntropy implements BatchLoss {
  private final Objective.Classification options;

  CrossEntropy(Objective.Classification options) {
    this.options = options;
  }

  @Override
  public boolean needsWholeBatch() {
    return false;
  }

  @Override
  public List<Target> targets(MixedLabels mixed) {
    Target first = target(mixed.labels(), mixed.share());
    if (mixed.share() == 1) {
      return List.of(first);
    }
    Target second = target(mixed.others(), 1 - mixed.share());
    return mixed.share() == 0 ? List.of(second) : List.of(first, second);
  }

  private Target target(int[] labels, double share) {
    return new Target(BatchLoss.indices(labels), totalWeight(labels), share);
  }

  /** The sum of the class weights of the labels; what is wrong with them shows at the logits. */
  private double totalWeight(int[] labels) {
    float[] perClass = options.classWeights();
    double total = 0;
    for (int label : labels) {
      total += label >= 0 && label < perClass.length ? perClass[label] : 1;
    }
    return total;
  }

  private Tensor classWeights() {
    return NativeTensors.of(options.classWeights(), options.classWeights().length);
  }

  /** Of logits [examples, classes]. */
  @Override
  public Tensor of(Tensor given, List<Target> targets) {
    Tensor values = given.to(ScalarType.Float);
    Tensor loss = of(values, targets.get(0));
    for (Target other : targets.subList(1, targets.size())) {
      loss = loss.add(of(values, other));
    }
    return loss;
  }

  private Tensor of(Tensor values, Target target) {
    requireLogits(values, target.labels());
    TensorOptional perClass =
        options.classWeights().length == 0
            ? new TensorOptional()
            : new TensorOptional(classWeights());
    int sum = 2;
    int ignoredLabel = -100;
    return cross_entropy_loss(
            values, target.labels(), perClass, sum, ignoredLabel, options.labelSmoothing())
        .div(new Scalar(target.totalWeight() / target.share()));
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
