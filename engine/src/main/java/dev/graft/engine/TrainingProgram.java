package dev.graft.engine;

import dev.graft.onnx.FrontEndNodes;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.TextTensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The programs of a network in training: one makes from the fp32 masters, once in a step, what the
 * passes read of them; the other takes that and examples. Each weight gets the precision of the
 * passes, but for the parameters of norms.
 */
final class TrainingProgram implements TrainingPass, AutoCloseable {
  private final ProgramBuilder.Training programs;
  private final String input;
  private final ScalarType type;
  private final ScalarType exampleType;
  private final Program.Mode mode;

  /**
   * @param model a graph with one input
   * @param masters names of the weights that train, and of the running statistics that change
   */
  TrainingProgram(OnnxModel model, Set<String> masters, TrainingOptions options) {
    this.programs = ProgramBuilder.buildTraining(model, options.precision(), masters);
    this.input = model.graph().inputs().get(0).name();
    this.type = options.precision() == Precision.BF16 ? ScalarType.BFloat16 : ScalarType.Float;
    // A front end computes in fp32, the first product behind it narrows what it gives; and numbers
    // of tokens above 256 would be others in bf16.
    boolean exact = FrontEndNodes.read(model.graph(), input) || TextTensors.isText(model.graph());
    this.exampleType = exact ? ScalarType.Float : type;
    this.mode =
        options.normStatistics() == NormStatistics.BATCH
            ? Program.Mode.TRAINING_BATCH_STATISTICS
            : Program.Mode.TRAINING_FROZEN_STATISTICS;
  }

  /** The program from examples and prepared weights to logits. */
  Program program() {
    return programs.examples();
  }

  /** How passes of a training step run. */
  Program.Mode mode() {
    return mode;
  }

  String input() {
    return input;
  }

  /** Examples as the passes take them. */
  Tensor cast(Tensor examples) {
    return examples.to(exampleType);
  }

  /** What the passes of one step read of the masters, with the history that leads to them. */
  PreparedWeights prepare(Map<String, Tensor> masters) {
    Map<String, Tensor> given = new LinkedHashMap<>();
    masters.forEach(
        (name, master) ->
            given.put(name, master.to(programs.exact().contains(name) ? ScalarType.Float : type)));
    List<Tensor> outputs =
        programs
            .weights()
            .run(given, Program.Mode.TRAINING_FROZEN_STATISTICS, Program.Observer.NONE);
    Map<String, Tensor> prepared = new LinkedHashMap<>();
    for (int i = 0; i < outputs.size(); i++) {
      prepared.put(programs.handedOn().get(i), outputs.get(i));
    }
    return new PreparedWeights(prepared);
  }

  /** Logits [N, classes] without gradients. */
  Tensor predict(Tensor examples, Map<String, Tensor> masters) {
    try (AutoGradMode inference = new AutoGradMode(false)) {
      Map<String, Tensor> weights = prepare(masters).variables();
      return forward(examples, weights, Program.Mode.INFERENCE, 0, Program.Observer.NONE);
    }
  }

  /** Logits [N, classes]. */
  Tensor forward(
      Tensor examples,
      Map<String, Tensor> weights,
      Program.Mode how,
      long seed,
      Program.Observer observer) {
    Map<String, Tensor> given = new LinkedHashMap<>(weights);
    given.put(input, cast(examples));
    Program program = program();
    List<Program.Step> steps = program.steps();
    try (Frame frame = program.frame()) {
      program.lend(frame, given, program.inputSlots().keySet());
      frame.run(steps, 0, steps.size(), how, seed, observer);
      return program.outputs(frame).get(0);
    }
  }

  @Override
  public double run(
      Tensor examples, Map<String, Tensor> weights, long seed, UnaryOperator<Tensor> loss) {
    try (PointerScope scope = new PointerScope();
        AutoGradMode training = new AutoGradMode(true)) {
      Tensor value = loss.apply(forward(examples, weights, mode, seed, Program.Observer.NONE));
      Backward.from(value);
      return value.item().toDouble();
    }
  }

  @Override
  public void close() {
    programs.weights().close();
    programs.examples().close();
  }
}
