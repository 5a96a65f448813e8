package dev.graft.engine;

import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * The loss of a batch and its gradients: sum_i w(y_i) CE(logits_i, y_i) / sum_i w(y_i), with the
 * cross-entropy against smoothed labels.
 *
 * <p>Where there is a share of {@value #EXAMPLES_OF_A_SHARE} examples for every core, each core
 * runs forward and backward on one share after another by itself, on handles of its own to the same
 * weights, and the gradients are added up in the order of the shares: layers of little work do not
 * wait for each other. Batch statistics would be those of the shares, so with them the batch stays
 * whole. Not thread-safe.
 */
final class BatchGradients implements AutoCloseable {
  /** Whose activations stay in a core's cache, mostly; smaller shares cost more than they save. */
  private static final int EXAMPLES_OF_A_SHARE = 4;

  /** Logits [examples, classes] with given weights. */
  interface Logits {
    Tensor of(Tensor examples, Map<String, Tensor> weights);
  }

  private final TrainingOptions options;
  private final Map<String, Tensor> weights;
  private final Logits logits;
  private final @Nullable CoreWorkers workers;

  BatchGradients(TrainingOptions options, Map<String, Tensor> weights, Logits logits) {
    this.options = options;
    this.weights = weights;
    this.logits = logits;
    boolean shares =
        options.normStatistics() == NormStatistics.FROZEN
            && !(options.optimizer() instanceof OptimizerSettings.Lbfgs);
    this.workers = shares ? CoreWorkers.open() : null;
  }

  /**
   * Adds the batch's gradients to those of the weights.
   *
   * @return the loss
   */
  double run(Tensor examples, int[] labels) {
    Tensor targets = targets(labels);
    double total = totalWeight(labels);
    if (workers == null || workers.count() < 2 || shares(labels.length) < workers.count()) {
      Tensor loss = loss(logits.of(examples, weights), targets, total);
      loss.backward();
      return loss.item().toDouble();
    }
    return shared(examples, targets, total, workers);
  }

  private static long shares(long examples) {
    return (examples + EXAMPLES_OF_A_SHARE - 1) / EXAMPLES_OF_A_SHARE;
  }

  private double shared(Tensor examples, Tensor targets, double total, CoreWorkers cores) {
    List<Map<String, Tensor>> handles = new ArrayList<>();
    List<Future<Double>> losses = new ArrayList<>();
    long count = targets.numel();
    long shares = shares(count);
    for (long i = 0; i < shares; i++) {
      long from = count * i / shares;
      long length = count * (i + 1) / shares - from;
      Tensor own = examples.narrow(0, from, length);
      Tensor ownTargets = targets.narrow(0, from, length);
      Map<String, Tensor> ownWeights = handles();
      handles.add(ownWeights);
      losses.add(cores.submit(() -> share(own, ownTargets, ownWeights, total)));
    }
    double loss = 0;
    RuntimeException failure = null;
    for (Future<Double> one : losses) {
      try {
        loss += CoreWorkers.result(one);
      } catch (RuntimeException failed) {
        failure = failed; // the others still use the handles
      }
    }
    if (failure != null) {
      throw failure;
    }
    addUp(handles);
    return loss;
  }

  /** Leaves that share the weights' memory but not their gradients. */
  private Map<String, Tensor> handles() {
    Map<String, Tensor> handles = new LinkedHashMap<>();
    weights.forEach(
        (name, weight) -> {
          Tensor handle = weight.detach();
          if (weight.requires_grad()) {
            handle.set_requires_grad(true);
          }
          handles.put(name, handle);
        });
    return handles;
  }

  private double share(
      Tensor examples, Tensor targets, Map<String, Tensor> handles, double totalWeight) {
    try (PointerScope scope = new PointerScope();
        AutoGradMode training = new AutoGradMode(true)) {
      Tensor loss = loss(logits.of(examples, handles), targets, totalWeight);
      loss.backward();
      return loss.item().toDouble();
    }
  }

  private void addUp(List<Map<String, Tensor>> handles) {
    try (AutoGradMode inference = new AutoGradMode(false)) {
      weights.forEach(
          (name, weight) -> {
            for (Map<String, Tensor> own : handles) {
              Tensor gradient = java.util.Objects.requireNonNull(own.get(name)).grad();
              if (gradient.defined()) {
                Tensor sum = weight.mutable_grad();
                if (sum.defined()) {
                  sum.add_(gradient);
                } else {
                  sum.put(gradient);
                }
              }
            }
          });
    }
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

  private static Tensor targets(int[] labels) {
    long[] wide = new long[labels.length];
    for (int i = 0; i < labels.length; i++) {
      wide[i] = labels[i];
    }
    return Tensor.create(wide, wide.length);
  }

  private Tensor classWeights() {
    return NativeTensors.of(options.classWeights(), options.classWeights().length);
  }

  private Tensor loss(Tensor given, Tensor targets, double totalWeight) {
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

  @Override
  public void close() {
    if (workers != null) {
      workers.close();
    }
  }
}
