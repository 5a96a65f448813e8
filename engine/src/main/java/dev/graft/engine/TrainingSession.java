package dev.graft.engine;

import static org.bytedeco.pytorch.global.torch.full;

import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.LossClosure;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * A network whose chosen weights train on batches of labelled examples.
 *
 * <p>The graph has one float input and gives what its {@link Objective} takes, such as logits of
 * shape [N, classes]. Masters are fp32 whatever the precision of the passes. Not thread-safe. Close
 * it to free weights and optimizer.
 */
public final class TrainingSession implements AutoCloseable {
  private final TrainingProgram network;
  private final Map<String, Tensor> masters;
  private final Optimization optimization;
  private final BatchGradients gradients;

  /** Counts the steps, so that each has random numbers of its own. */
  private long steps;

  private TrainingSession(
      TrainingOptions options,
      TrainingProgram network,
      Map<String, Tensor> masters,
      Optimization optimization) {
    this.network = network;
    this.masters = masters;
    this.optimization = optimization;
    TrainingPass pass =
        switch (options.passes().activations()) {
          case KEPT -> network;
          case RECOMPUTED -> new RecomputingPass(network);
        };
    this.gradients = new BatchGradients(options, pass);
  }

  /**
   * Prepares a model for training.
   *
   * @throws EngineException if a weight to train is not an initialiser of floats, or the graph has
   *     not one input
   */
  public static TrainingSession open(OnnxModel model, TrainingOptions options) {
    Libtorch.load();
    if (model.graph().inputs().size() != 1) {
      throw new EngineException(
          "Training "
              + model.source()
              + ": a network with one input is expected, but it has "
              + model.graph().inputs().size()
              + ".");
    }
    try (PointerScope scope = new PointerScope()) {
      Map<String, Tensor> trainable = new LinkedHashMap<>();
      for (String name : options.trainableTensors()) {
        trainable.put(name, master(model, options, name).set_requires_grad(true));
      }
      Map<String, Tensor> masters = new LinkedHashMap<>(trainable);
      for (String name : runningStatistics(model, options)) {
        masters.put(name, master(model, options, name));
      }
      TrainingProgram network = new TrainingProgram(model, masters.keySet(), options);
      Optimization optimization = Optimization.of(options, trainable);
      // From here on nothing fails: the session owns what the scope would have freed.
      masters.values().forEach(Tensor::retainReference);
      return new TrainingSession(options, network, masters, optimization);
    }
  }

  private static Tensor master(OnnxModel model, TrainingOptions options, String name) {
    OnnxTensor stored = model.graph().initializers().get(name);
    if (stored == null || !stored.type().isFloating()) {
      throw new EngineException(
          "Training "
              + model.source()
              + ": \""
              + name
              + "\" is to be trained but is "
              + (stored == null ? "no initialiser of the model" : "of type " + stored.type())
              + ".");
    }
    Tensor rows = NativeTensors.of(stored.toFloats(), stored.shape());
    // libtorch's L-BFGS lines up all gradients in one vector and takes row-major ones only.
    boolean rowMajor = options.optimizer() instanceof OptimizerSettings.Lbfgs;
    return rowMajor ? rows : NativeTensors.channelsLast(rows);
  }

  /** Mean and variance of the batch norms, which batch statistics update. */
  private static Set<String> runningStatistics(OnnxModel model, TrainingOptions options) {
    Set<String> names = new LinkedHashSet<>();
    if (options.normStatistics() == NormStatistics.BATCH) {
      for (Node node : model.graph().nodes()) {
        if (node.operator().equals("BatchNormalization")) {
          names.add(node.input(3));
          names.add(node.input(4));
        }
      }
    }
    return names;
  }

  /**
   * Takes one optimizer step.
   *
   * @param batch examples along the first axis
   * @param labels class index of each example
   * @param learningRateFactor the schedule's factor on all learning rates, at least 0
   * @return the loss before the step (for L-BFGS: at its last evaluation)
   */
  public double step(FloatTensor batch, int[] labels, double learningRateFactor) {
    return step(batch, MixedLabels.of(labels), learningRateFactor);
  }

  /**
   * Takes one optimizer step on examples that are each mixed from two.
   *
   * @param batch mixed examples along the first axis
   * @param labels both class indices of each example and their shares
   * @param learningRateFactor the schedule's factor on all learning rates, at least 0
   * @return the loss before the step (for L-BFGS: at its last evaluation)
   */
  public double step(FloatTensor batch, MixedLabels labels, double learningRateFactor) {
    if (labels.labels().length == 0) {
      throw new EngineException("Training: a batch of at least one example is expected.");
    }
    try (PointerScope scope = new PointerScope();
        AutoGradMode training = new AutoGradMode(true)) {
      Tensor examples = NativeTensors.channelsLast(NativeTensors.of(batch));
      double[] loss = new double[1];
      long seed = steps++;
      LossClosure closure =
          new LossClosure() {
            @Override
            public Tensor call() {
              optimization.zeroGradients();
              PreparedWeights weights = network.prepare(masters);
              loss[0] = gradients.run(examples, labels, seed, weights);
              optimization.adjustGradients();
              return optimization.withPenalties(full(new long[0], new Scalar(loss[0])));
            }
          };
      optimization.step(closure, learningRateFactor);
      return loss[0];
    }
  }

  /**
   * Lets the next step be the one of this number, whose random numbers it then draws, as training
   * that was interrupted goes on.
   *
   * @param step the number of steps before it
   */
  public void continueFrom(long step) {
    steps = step;
  }

  /** The outputs of a batch with the present weights, such as logits [N, classes]. */
  public FloatTensor predict(FloatTensor batch) {
    try (PointerScope scope = new PointerScope()) {
      Tensor examples = NativeTensors.channelsLast(NativeTensors.of(batch));
      return NativeTensors.toJava(network.predict(examples, masters));
    }
  }

  /** The present values of everything that training changes, by initialiser name, row-major. */
  public Map<String, float[]> weights() {
    return NativeTensors.toJava(masters);
  }

  /** Sets weights that {@link #weights()} gave; the optimizer's state is left. */
  public void setWeights(Map<String, float[]> values) {
    NativeTensors.set(masters, values);
  }

  /**
   * Begins an average of everything that training changes, with the present values.
   *
   * @param decay share of the average that a step leaves, in [0, 1)
   */
  public WeightAverage average(double decay) {
    return WeightAverage.of(masters, decay);
  }

  /** Writes the optimizer's state (momenta and step counts) for {@link #loadOptimizer}. */
  public void saveOptimizer(Path file) {
    optimization.save(file);
  }

  /** Restores what {@link #saveOptimizer} wrote, for a session with the same options. */
  public void loadOptimizer(Path file) {
    optimization.load(file);
  }

  /**
   * Names of groups whose gradients were all zero at the last step: a sign that the loss does not
   * reach them. None before the first step.
   */
  public List<String> groupsWithoutGradient() {
    return optimization.groupsWithoutGradient();
  }

  @Override
  public void close() {
    gradients.close();
    optimization.close();
    masters.values().forEach(Tensor::close);
    network.close();
  }
}
