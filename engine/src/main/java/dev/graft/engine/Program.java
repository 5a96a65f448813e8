package dev.graft.engine;

import dev.graft.engine.operator.FusedConvolution;
import dev.graft.engine.operator.Operator;
import dev.graft.engine.operator.ScalarValue;
import dev.graft.engine.operator.TensorValue;
import dev.graft.engine.operator.Value;
import dev.graft.onnx.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A graph laid out for running: steps in order, with the slots of the values that they read, write
 * and may free.
 *
 * <p>What a run computes stands in a {@link Frame} of its own, so that threads may share a program.
 */
final class Program implements AutoCloseable {
  /** Watches the steps of a run; it never changes results. */
  interface Observer {
    Observer NONE = (node, inputs, outputs) -> {};

    void ran(Node node, @Nullable Value[] inputs, List<Value> outputs);
  }

  /**
   * One node with its slots.
   *
   * @param inputs slots of the inputs; -1 where an optional input is absent
   * @param dead slots that nobody reads after this step
   * @param overwrites whether nobody but this step and the gradients read its first input, so that
   *     it may be overwritten where the step's own gradient does not need it
   */
  record Step(
      Node node, Operator operator, int[] inputs, int[] outputs, int[] dead, boolean overwrites) {}

  private final List<Step> steps;
  private final @Nullable Value[] constants;
  private final Map<String, Integer> inputSlots;
  private final int[] outputSlots;

  Program(
      List<Step> steps,
      @Nullable Value[] constants,
      Map<String, Integer> inputSlots,
      int[] outputSlots) {
    this.steps = List.copyOf(steps);
    this.constants = constants;
    this.inputSlots = Map.copyOf(inputSlots);
    this.outputSlots = outputSlots;
  }

  List<Step> steps() {
    return steps;
  }

  /** The slots of the graph's inputs and of the weights that train, by name. */
  Map<String, Integer> inputSlots() {
    return inputSlots;
  }

  int[] outputSlots() {
    return outputSlots.clone();
  }

  /** How a run treats gradients and the statistics of batch norms. */
  enum Mode {
    /** No gradient; buffers are reused. */
    INFERENCE,
    /** Gradients; batch norms use their stored statistics. */
    TRAINING_FROZEN_STATISTICS,
    /** Gradients; batch norms use and update batch statistics. */
    TRAINING_BATCH_STATISTICS
  }

  /**
   * Runs the graph without random numbers of a training step.
   *
   * @param given values of the graph's inputs and of the weights that train, by slot name
   * @return the outputs as tensors that the caller's pointer scope or the caller closes
   */
  List<Tensor> run(Map<String, Tensor> given, Mode mode, Observer observer) {
    try (Frame frame = frame()) {
      lend(frame, given, inputSlots.keySet());
      frame.run(steps, 0, steps.size(), mode, 0, observer);
      return outputs(frame);
    }
  }

  /** Values in which nothing but the constants stands. */
  Frame frame() {
    return new Frame(constants);
  }

  /** Puts some of the given values into a frame; they stay the caller's. */
  void lend(Frame frame, Map<String, Tensor> given, Collection<String> names) {
    for (String name : names) {
      Tensor tensor = given.get(name);
      if (tensor == null) {
        throw new EngineException(
            "Running the graph: a value for its input \""
                + name
                + "\" is missing; given are "
                + given.keySet()
                + ".");
      }
      frame.lend(Objects.requireNonNull(inputSlots.get(name)), tensor);
    }
  }

  /** The outputs as tensors that the caller's pointer scope or the caller closes. */
  List<Tensor> outputs(Frame frame) {
    List<Tensor> results = new ArrayList<>();
    for (int slot : outputSlots) {
      results.add(new Tensor(frame.tensor(slot)));
    }
    return results;
  }

  /** What an operator was doing, with the shapes of its inputs, and why it could not. */
  static String describeFailure(
      String doing, Node node, @Nullable Value[] inputs, Throwable failure) {
    List<String> shapes = new ArrayList<>();
    for (Value input : inputs) {
      shapes.add(input == null ? "absent" : Arrays.toString(input.shape()));
    }
    String reason = String.valueOf(failure.getMessage());
    int firstLine = reason.indexOf('\n');
    return doing
        + " "
        + node.describe()
        + " on inputs of shapes "
        + shapes
        + ": "
        + (firstLine < 0 ? reason : reason.substring(0, firstLine));
  }

  @Override
  public void close() {
    for (Step step : steps) {
      if (step.operator instanceof FusedConvolution fused) {
        fused.close();
      }
    }
    for (Value constant : constants) {
      if (constant instanceof TensorValue value) {
        value.tensor().close();
      } else if (constant instanceof ScalarValue scalar) {
        scalar.tensor().close();
      }
    }
  }
}
