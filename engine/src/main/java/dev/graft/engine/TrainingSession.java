package dev.graft.engine;

import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;

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
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
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
  private final Optimization optimization;

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
    this.optimization = optimization;
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
      Tensor targets = targets(labels);
      double[] loss = new double[1];
      LossClosure closure =
          new LossClosure() {
            @Override
            public Tensor call() {
              optimization.zeroGradients();
              Tensor value = loss(examples, targets);
              value.backward();
              optimization.adjustGradients();
              loss[0] = value.item().toDouble();
              return optimization.withPenalties(value);
            }
          };
      optimization.step(closure, learningRateFactor);
      return loss[0];
    }
  }

  private static Tensor targets(int[] labels) {
    long[] wide = new long[labels.length];
    for (int i = 0; i < labels.length; i++) {
      wide[i] = labels[i];
    }
    return Tensor.create(wide, wide.length);
  }

  private Tensor loss(Tensor examples, Tensor targets) {
    Program.Mode mode =
        options.normStatistics() == NormStatistics.BATCH
            ? Program.Mode.TRAINING_BATCH_STATISTICS
            : Program.Mode.TRAINING_FROZEN_STATISTICS;
    Tensor logits = forward(examples, mode).to(ScalarType.Float);
    requireLogits(logits, targets);
    TensorOptional weights =
        options.classWeights().length == 0
            ? new TensorOptional()
            : new TensorOptional(
                NativeTensors.of(options.classWeights(), options.classWeights().length));
    int mean = 1;
    int ignoredLabel = -100;
    return cross_entropy_loss(
        logits, targets, weights, mean, ignoredLabel, options.labelSmoothing());
  }

  /**
   * libtorch would end the process's callback with a message that names neither model nor class.
   */
  private void requireLogits(Tensor logits, Tensor targets) {
    long[] shape = dev.graft.engine.operator.Shapes.of(logits);
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
    long least = targets.min().item().toLong();
    long largest = targets.max().item().toLong();
    if (least < 0 || largest >= shape[1]) {
      throw new EngineException(
          "Training: the graph gives logits for "
              + shape[1]
              + " classes, so labels are 0 to "
              + (shape[1] - 1)
              + ", but the batch holds label "
              + (least < 0 ? least : largest)
              + ".");
    }
    int weights = options.classWeights().length;
    if (weights != 0 && weights != shape[1]) {
      throw new EngineException(
          "Training: " + weights + " class weights are given for " + shape[1] + " classes.");
    }
  }

  private Tensor forward(Tensor examples, Program.Mode mode) {
    Map<String, Tensor> given = new LinkedHashMap<>();
    ScalarType type =
        options.precision() == Precision.BF16 ? ScalarType.BFloat16 : ScalarType.Float;
    given.put(input, examples.to(type));
    masters.forEach((name, master) -> given.put(name, master.tensor().to(master.type())));
    return program.run(given, mode, Program.Observer.NONE).get(0);
  }

  /** Logits [N, classes] of a batch with the present weights. */
  public FloatTensor predict(FloatTensor batch) {
    try (PointerScope scope = new PointerScope();
        AutoGradMode inference = new AutoGradMode(false)) {
      Tensor examples = NativeTensors.channelsLast(NativeTensors.of(batch));
      return NativeTensors.toJava(forward(examples, Program.Mode.INFERENCE));
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
    optimization.close();
    masters.values().forEach(master -> master.tensor().close());
    program.close();
  }
}
