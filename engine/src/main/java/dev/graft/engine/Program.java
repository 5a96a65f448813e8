package dev.graft.engine;

import dev.graft.engine.operator.Call;
import dev.graft.engine.operator.FusedConvolution;
import dev.graft.engine.operator.IntegerValue;
import dev.graft.engine.operator.Operator;
import dev.graft.engine.operator.ScalarValue;
import dev.graft.engine.operator.TensorValue;
import dev.graft.engine.operator.Value;
import dev.graft.onnx.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A graph laid out for running: steps in order, with the slots of the values that they read, write
 * and may free.
 *
 * <p>Each step runs in a pointer scope of its own; only its outputs leave it, and each is closed
 * right after its last use, so that a forward pass without autograd needs the memory of its widest
 * place and not of the sum of its layers. Not thread-safe.
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
   * @param overwrites whether the first input may be overwritten when no gradient is wanted
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
   * Runs the graph.
   *
   * @param given values of the graph's inputs and of the weights that train, by slot name
   * @return the outputs as tensors that the caller's pointer scope or the caller closes
   */
  List<Tensor> run(Map<String, Tensor> given, Mode mode, Observer observer) {
    @Nullable Value[] slots = constants.clone();
    boolean[] owned = new boolean[slots.length];
    inputSlots.forEach(
        (name, slot) -> {
          Tensor tensor = given.get(name);
          if (tensor == null) {
            throw new EngineException(
                "Running the graph: a value for its input \""
                    + name
                    + "\" is missing; given are "
                    + given.keySet()
                    + ".");
          }
          slots[slot] = new TensorValue(tensor);
        });
    try {
      for (Step step : steps) {
        apply(step, slots, owned, mode, observer);
      }
      List<Tensor> results = new ArrayList<>();
      for (int slot : outputSlots) {
        results.add(new Tensor(asTensor(slots[slot])));
      }
      return results;
    } finally {
      for (int slot = 0; slot < slots.length; slot++) {
        close(slots, owned, slot);
      }
    }
  }

  private static void apply(
      Step step, @Nullable Value[] slots, boolean[] owned, Mode mode, Observer observer) {
    @Nullable Value[] inputs = new Value[step.inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = step.inputs[i] < 0 ? null : slots[step.inputs[i]];
    }
    boolean overwrite = step.overwrites && mode == Mode.INFERENCE && owned[step.inputs[0]];
    Call call = new Call(step.node, inputs, overwrite, mode == Mode.TRAINING_BATCH_STATISTICS);
    try (PointerScope scope = new PointerScope()) {
      List<Value> outputs = step.operator.apply(call);
      observer.ran(step.node, inputs, outputs);
      for (int i = 0; i < step.outputs.length; i++) {
        if (i < outputs.size()) {
          keep(outputs.get(i), inputs, slots, owned, step.outputs[i]);
        } else {
          requireUnused(step, i);
        }
      }
    } catch (EngineException known) {
      throw known;
    } catch (RuntimeException failure) {
      throw new EngineException(describeFailure("Running", step.node, inputs, failure), failure);
    } catch (OutOfMemoryError exhausted) { // also of native memory, which the binding watches
      throw new EngineException(
          describeFailure("Running", step.node, inputs, exhausted)
              + ". Use smaller batches, or a larger heap (-Xmx), which bounds native memory too.",
          exhausted);
    }
    for (int slot : step.dead) {
      close(slots, owned, slot);
    }
  }

  /** Masks, indices and statistics that training graphs list and nobody reads may stay away. */
  private static void requireUnused(Step step, int output) {
    int slot = step.outputs[output];
    if (slot >= 0 && Arrays.stream(step.dead).noneMatch(dead -> dead == slot)) {
      throw new EngineException(
          "Running "
              + step.node.describe()
              + ": its output \""
              + step.node.output(output)
              + "\" is used, but the engine does not compute it.");
    }
  }

  private static void keep(
      Value output, @Nullable Value[] inputs, @Nullable Value[] slots, boolean[] owned, int slot) {
    if (slot < 0) {
      return;
    }
    if (output instanceof TensorValue value) {
      boolean handedThrough = Arrays.stream(inputs).anyMatch(input -> sameHandle(input, value));
      Tensor own = handedThrough ? new Tensor(value.tensor()) : value.tensor();
      own.retainReference(); // the step's scope gives its own reference back
      slots[slot] = new TensorValue(own);
      owned[slot] = true;
    } else {
      slots[slot] = output;
    }
  }

  private static boolean sameHandle(@Nullable Value input, TensorValue output) {
    return input instanceof TensorValue tensor && tensor.tensor().equals(output.tensor());
  }

  private static void close(@Nullable Value[] slots, boolean[] owned, int slot) {
    if (owned[slot] && slots[slot] instanceof TensorValue value) {
      value.tensor().close();
      owned[slot] = false;
      slots[slot] = null;
    }
  }

  private static Tensor asTensor(@Nullable Value value) {
    if (value instanceof TensorValue tensor) {
      return tensor.tensor();
    }
    if (value instanceof ScalarValue scalar) {
      return scalar.tensor();
    }
    if (value instanceof IntegerValue integers) {
      return integers.toTensor();
    }
    throw new EngineException("Running the graph: an output was not computed.");
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

  /** Lets the constants outlive the pointer scope in which they were made. */
  void retainConstants() {
    for (Value constant : constants) {
      if (constant instanceof TensorValue value) {
        value.tensor().retainReference();
      } else if (constant instanceof ScalarValue scalar) {
        scalar.tensor().retainReference();
      }
    }
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
