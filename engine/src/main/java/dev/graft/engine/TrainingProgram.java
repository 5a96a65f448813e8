package dev.graft.engine;

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
 * The program of a network in training: it takes fp32 examples and weights and gives each step the
 * precision of the passes, but for the parameters of norms.
 */
final class TrainingProgram implements TrainingPass, AutoCloseable {
  private final Program program;
  private final String input;
  private final ScalarType type;
  private final Set<String> exact;
  private final Program.Mode mode;

  /**
   * @param input name of the graph's one input
   * @param exact names of the weights that stay in fp32
   */
  TrainingProgram(Program program, String input, Set<String> exact, TrainingOptions options) {
    this.program = program;
    this.input = input;
    this.exact = Set.copyOf(exact);
    this.type = options.precision() == Precision.BF16 ? ScalarType.BFloat16 : ScalarType.Float;
    this.mode =
        options.normStatistics() == NormStatistics.BATCH
            ? Program.Mode.TRAINING_BATCH_STATISTICS
            : Program.Mode.TRAINING_FROZEN_STATISTICS;
  }

  Program program() {
    return program;
  }

  /** How passes of a training step run. */
  Program.Mode mode() {
    return mode;
  }

  String input() {
    return input;
  }

  /** The tensor that the passes take for an example batch or a weight of this name. */
  Tensor cast(String name, Tensor values) {
    return values.to(exact.contains(name) ? ScalarType.Float : type);
  }

  /** Logits [N, classes] without gradients. */
  Tensor predict(Tensor examples, Map<String, Tensor> weights) {
    try (AutoGradMode inference = new AutoGradMode(false)) {
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
    Map<String, Tensor> given = new LinkedHashMap<>();
    given.put(input, cast(input, examples));
    weights.forEach((name, weight) -> given.put(name, cast(name, weight)));
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
    program.close();
  }
}
