package dev.graft.engine;

import dev.graft.engine.operator.Call;
import dev.graft.engine.operator.IntegerValue;
import dev.graft.engine.operator.ScalarValue;
import dev.graft.engine.operator.TensorValue;
import dev.graft.engine.operator.Value;
import dev.graft.onnx.Node;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The values of one run of a {@link Program}, by slot.
 *
 * <p>Each step runs in a pointer scope of its own; only its outputs leave it, and each is closed
 * right after its last use, so that a forward pass without autograd needs the memory of its widest
 * place and not of the sum of its layers; with autograd, only what the backward pass needs stays.
 * Not thread-safe. Close it to free what is left.
 */
final class Frame implements AutoCloseable {

  private final @Nullable Value[] slots;
  private final boolean[] owned;

  Frame(@Nullable Value[] constants) {
    slots = constants.clone();
    owned = new boolean[slots.length];
  }

  /** The same values at this moment, with handles of its own to the same memory. */
  Frame copy() {
    Frame copy = new Frame(slots);
    for (int slot = 0; slot < slots.length; slot++) {
      if (owned[slot] && slots[slot] instanceof TensorValue value) {
        copy.own(slot, new Tensor(value.tensor()));
      }
    }
    return copy;
  }

  /** Puts a tensor into a slot; it stays the caller's. */
  void lend(int slot, Tensor tensor) {
    slots[slot] = new TensorValue(tensor);
  }

  /**
   * Puts a variable in the place of a tensor, with the same values and with no history, so that a
   * backward pass ends there.
   *
   * @return the variable, which the caller's pointer scope or the caller closes
   */
  Tensor cut(int slot) {
    Tensor variable = tensor(slot).detach();
    if (variable.is_floating_point()) {
      variable.set_requires_grad(true);
    }
    close(slot);
    own(slot, new Tensor(variable));
    return variable;
  }

  private void own(int slot, Tensor handle) {
    handle.retainReference(); // the present scope gives its own reference back
    slots[slot] = new TensorValue(handle);
    owned[slot] = true;
  }

  /** A value as a tensor. */
  Tensor tensor(int slot) {
    Value value = slots[slot];
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

  /**
   * Runs some of the steps.
   *
   * @param from index of the first
   * @param to index behind the last
   * @param seed what the random numbers of the run are made from
   */
  void run(
      List<Program.Step> steps,
      int from,
      int to,
      Program.Mode mode,
      long seed,
      Program.Observer observer) {
    for (int i = from; i < to; i++) {
      apply(steps.get(i), mode, seed * steps.size() + i, observer);
    }
  }

  private void apply(Program.Step step, Program.Mode mode, long seed, Program.Observer observer) {
    @Nullable Value[] inputs = new Value[step.inputs().length];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = step.inputs()[i] < 0 ? null : slots[step.inputs()[i]];
    }
    boolean harmless = mode == Program.Mode.INFERENCE || isKnownByItsOutput(step.node());
    boolean overwrite = step.overwrites() && harmless && owned[step.inputs()[0]];
    boolean batchStatistics = mode == Program.Mode.TRAINING_BATCH_STATISTICS;
    Call call = new Call(step.node(), inputs, overwrite, batchStatistics, seed);
    try (PointerScope scope = new PointerScope()) {
      List<Value> outputs = step.operator().apply(call);
      observer.ran(step.node(), inputs, outputs);
      for (int i = 0; i < step.outputs().length; i++) {
        if (i < outputs.size()) {
          keep(outputs.get(i), inputs, step.outputs()[i]);
        } else {
          requireUnused(step, i);
        }
      }
    } catch (EngineException known) {
      throw known;
    } catch (RuntimeException failure) {
      throw new EngineException(
          Program.describeFailure("Running", step.node(), inputs, failure), failure);
    } catch (OutOfMemoryError exhausted) { // also of native memory, which the binding watches
      throw new EngineException(
          Program.describeFailure("Running", step.node(), inputs, exhausted)
              + ". Use smaller batches, or a larger heap (-Xmx), which bounds native memory too.",
          exhausted);
    }
    for (int slot : step.dead()) {
      close(slot);
    }
  }

  /**
   * Whether the gradient of an operator follows from its output, so that nobody misses its input.
   * Applied to its own output it changes nothing: frames that share memory after a {@link #copy}
   * may both run it.
   */
  private static boolean isKnownByItsOutput(Node node) {
    return node.operator().equals("Relu")
        || (node.operator().equals("Clip") && node.hasInput(1) && node.hasInput(2));
  }

  /** Masks, indices and statistics that training graphs list and nobody reads may stay away. */
  private static void requireUnused(Program.Step step, int output) {
    int slot = step.outputs()[output];
    if (slot >= 0 && Arrays.stream(step.dead()).noneMatch(dead -> dead == slot)) {
      throw new EngineException(
          "Running "
              + step.node().describe()
              + ": its output \""
              + step.node().output(output)
              + "\" is used, but the engine does not compute it.");
    }
  }

  private void keep(Value output, @Nullable Value[] inputs, int slot) {
    if (slot < 0) {
      return;
    }
    if (output instanceof TensorValue value) {
      boolean handedThrough = Arrays.stream(inputs).anyMatch(input -> sameHandle(input, value));
      own(slot, handedThrough ? new Tensor(value.tensor()) : value.tensor());
    } else {
      slots[slot] = output;
    }
  }

  private static boolean sameHandle(@Nullable Value input, TensorValue output) {
    return input instanceof TensorValue tensor && tensor.tensor().equals(output.tensor());
  }

  private void close(int slot) {
    if (owned[slot] && slots[slot] instanceof TensorValue value) {
      value.tensor().close();
      owned[slot] = false;
      slots[slot] = null;
    }
  }

  @Override
  public void close() {
    for (int slot = 0; slot < slots.length; slot++) {
      close(slot);
    }
  }
}
