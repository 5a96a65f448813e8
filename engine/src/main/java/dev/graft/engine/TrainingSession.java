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
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A network whose chosen weights train on batches of labelled examples.
 *
 * <p>The graph has one float input and gives logits of shape [N, classes]; the loss is the weighted
 * mean of the cross-entropies. Masters are fp32 whatever the precision of the passes. Not
 * thread-safe. Close it to free weights and optimizer.
 */
public final class TrainingSession implements AutoCloseable {
  private final TrainingOptions options;
  private final Program program;
  private final String input;
  private final Map<String, Master> masters = new LinkedHashMap<>();
  private final Map<String, Tensor> weightTensors = new LinkedHashMap<>();
  private final Optimization optimization;
  private final BatchGradients gradients;

  /**
   * A weight in fp32, or a running statistic.
   *
   * @param type the format in which the passes take it
   */
  private record Master(Tensor tensor, boolean trains, ScalarType type) {}

  private TrainingSession(
      TrainingOptions options,
      Program program,
      String input,
      Map<String, Master> masters,
      Optimization optimization) {
    this.options = options;
    this.program = program;
    this.input = input;
    this.masters.putAll(masters);
    masters.forEach((name, master) -> weightTensors.put(name, master.tensor()));
    this.optimization = optimization;
    this.gradients =
        new BatchGradients(
            options,
            weightTensors,
            (examples, weights) -> forward(examples, weights, trainingMode()));
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
      Map<String, Master> masters = masters(model, options);
      Map<String, Tensor> trainable = new LinkedHashMap<>();
      masters.forEach(
          (name, weight) -> {
            if (weight.trains()) {
              trainable.put(name, weight.tensor());
            }
          });
      Program program = ProgramBuilder.build(model, options.precision(), masters.keySet());
      Optimization optimization = Optimization.of(options, trainable);
      // From here on nothing fails: the session owns what the scope would have freed.
      masters.values().forEach(master -> master.tensor().retainReference());
      String input = model.graph().inputs().get(0).name();
      return new TrainingSession(options, program, input, masters, optimization);
    }
  }

  private static Map<String, Master> masters(OnnxModel model, TrainingOptions options) {
    ScalarType ofPasses =
        options.precision() == Precision.BF16 ? ScalarType.BFloat16 : ScalarType.Float;
    Set<String> ofNorms = ProgramBuilder.normParameters(model.graph().nodes());
    Map<String, Master> masters = new LinkedHashMap<>();
    for (String name : options.trainableTensors()) {
      ScalarType type = ofNorms.contains(name) ? ScalarType.Float : ofPasses;
      masters.put(name, new Master(master(model, options, name, true), true, type));
    }
    for (String name : runningStatistics(model, options)) {
      masters.put(name, new Master(master(model, options, name, false), false, ScalarType.Float));
    }
    return masters;
  }

  private static Tensor master(
      OnnxModel model, TrainingOptions options, String name, boolean trains) {
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
    Tensor tensor = rowMajor ? rows : NativeTensors.channelsLast(rows);
    if (trains) {
      tensor.set_requires_grad(true);
    }
    return tensor;
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
    try (PointerScope scope = new PointerScope();
        AutoGradMode training = new AutoGradMode(true)) {
      Tensor examples = NativeTensors.channelsLast(NativeTensors.of(batch));
      double[] loss = new double[1];
      LossClosure closure =
          new LossClosure() {
            @Override
            public Tensor call() {
              optimization.zeroGradients();
              loss[0] = gradients.run(examples, labels);
              optimization.adjustGradients();
              return optimization.withPenalties(full(new long[0], new Scalar(loss[0])));
            }
          };
      optimization.step(closure, learningRateFactor);
      return loss[0];
    }
  }

  private Tensor forward(Tensor examples, Map<String, Tensor> weights, Program.Mode mode) {
    Map<String, Tensor> given = new LinkedHashMap<>();
    ScalarType type =
        options.precision() == Precision.BF16 ? ScalarType.BFloat16 : ScalarType.Float;
    given.put(input, examples.to(type));
    weights.forEach((name, weight) -> given.put(name, weight.to(type(name))));
    return program.run(given, mode, Program.Observer.NONE).get(0);
  }

  private ScalarType type(String weight) {
    return java.util.Objects.requireNonNull(masters.get(weight)).type();
  }

  private Program.Mode trainingMode() {
    return options.normStatistics() == NormStatistics.BATCH
        ? Program.Mode.TRAINING_BATCH_STATISTICS
        : Program.Mode.TRAINING_FROZEN_STATISTICS;
  }

  /** Logits [N, classes] of a batch with the present weights. */
  public FloatTensor predict(FloatTensor batch) {
    try (PointerScope scope = new PointerScope();
        AutoGradMode inference = new AutoGradMode(false)) {
      Tensor examples = NativeTensors.channelsLast(NativeTensors.of(batch));
      return NativeTensors.toJava(forward(examples, weightTensors, Program.Mode.INFERENCE));
    }
  }

  /** The present values of everything that training changes, by initialiser name, row-major. */
  public Map<String, float[]> weights() {
    Map<String, float[]> values = new LinkedHashMap<>();
    try (PointerScope scope = new PointerScope()) {
      masters.forEach(
          (name, master) -> values.put(name, NativeTensors.toJava(master.tensor()).values()));
    }
    return values;
  }

  /** Sets weights that {@link #weights()} gave; the optimizer's state is left. */
  public void setWeights(Map<String, float[]> values) {
    try (PointerScope scope = new PointerScope();
        AutoGradMode inference = new AutoGradMode(false)) {
      for (Map.Entry<String, Master> entry : masters.entrySet()) {
        float[] value = values.get(entry.getKey());
        Tensor tensor = entry.getValue().tensor();
        if (value == null || value.length != tensor.numel()) {
          throw new EngineException(
              "Restoring weights: \""
                  + entry.getKey()
                  + "\" needs "
                  + tensor.numel()
                  + " values but "
                  + (value == null ? "none" : value.length)
                  + " are given.");
        }
        Tensor row = NativeTensors.of(value, dev.graft.engine.operator.Shapes.of(tensor));
        tensor.copy_(row);
      }
    }
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
   * reach them.
   */
  public List<String> groupsWithoutGradient() {
    return optimization.groupsWithoutGradient();
  }

  @Override
  public void close() {
    gradients.close();
    optimization.close();
    masters.values().forEach(master -> master.tensor().close());
    program.close();
  }
}
