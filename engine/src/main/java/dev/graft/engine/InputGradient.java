package dev.graft.engine;

import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.ValueInfo;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;

/**
 * The gradient of one output of a frozen network with respect to its input, in fp32.
 *
 * <p>Cut a network at a tensor that dominates its output, and this gives the gradient with respect
 * to that tensor. Thread-safe. Close it to free its weights.
 */
public final class InputGradient implements AutoCloseable {
  private final OnnxModel model;
  private final Program program;
  private final String input;

  private InputGradient(OnnxModel model, Program program, String input) {
    this.model = model;
    this.program = program;
    this.input = input;
  }

  /**
   * What one pass forward and backward gave.
   *
   * @param output the first output, [N, outputs]
   * @param gradient of the shape of the input; example n holds the gradient of output[n, column]
   */
  public record Slope(FloatTensor output, FloatTensor gradient) {}

  /**
   * Prepares a model.
   *
   * @param model a graph with one float input, whose first output is [N, outputs]
   * @throws EngineException if it has not one input
   * @throws dev.graft.onnx.UnsupportedOperatorsException naming all operators that are not known
   */
  public static InputGradient load(OnnxModel model) {
    Libtorch.load();
    List<String> inputs = model.graph().inputs().stream().map(ValueInfo::name).toList();
    if (inputs.size() != 1) {
      throw new EngineException(
          "Differentiating "
              + model.source()
              + ": a network with one input is expected, but it has "
              + inputs
              + ".");
    }
    return new InputGradient(
        model, ProgramBuilder.buildDifferentiable(model, Precision.FP32), inputs.get(0));
  }

  /**
   * Runs a batch forward and backward; no example may influence another.
   *
   * @param batch values of the input, the examples along the first axis
   * @param column which number of the first output, from 0
   * @throws EngineException if the output has no such column, or an operator has no gradient
   */
  public Slope of(FloatTensor batch, int column) {
    try (PointerScope scope = new PointerScope();
        AutoGradMode training = new AutoGradMode(true)) {
      Tensor values = NativeTensors.channelsLast(NativeTensors.of(batch)).set_requires_grad(true);
      Tensor output =
          program
              .run(
                  Map.of(input, values),
                  Program.Mode.TRAINING_FROZEN_STATISTICS,
                  Program.Observer.NONE)
              .get(0);
      if (output.dim() != 2 || column < 0 || column >= output.size(1)) {
        throw new EngineException(
            "Differentiating "
                + model.source()
                + ": column "
                + column
                + " of an output [N, outputs] is asked for, but the output is of shape "
                + Arrays.toString(dev.graft.engine.operator.Shapes.of(output))
                + ".");
      }
      // Each row depends on its own example alone, so that one backward pass serves all.
      Backward.from(output.select(1, column).sum());
      Tensor gradient = values.grad();
      return new Slope(
          NativeTensors.toJava(output),
          gradient.defined()
              ? NativeTensors.toJava(gradient)
              : new FloatTensor(new float[batch.values().length], batch.shape()));
    }
  }

  @Override
  public void close() {
    program.close();
  }
}
