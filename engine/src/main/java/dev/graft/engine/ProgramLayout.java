package dev.graft.engine;

import dev.graft.engine.operator.Operator;
import dev.graft.engine.operator.ScalarValue;
import dev.graft.engine.operator.TensorValue;
import dev.graft.engine.operator.Value;
import dev.graft.onnx.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** Gives each value of some nodes a slot and a last use. */
final class ProgramLayout {
  /** Operators whose output shares no memory with anything, so that the next may overwrite it. */
  private static final Set<String> FRESH_OUTPUTS =
      Set.of("Conv", "BatchNormalization", "Add", "Gemm", "MatMul");

  private static final Set<String> OVERWRITING = Set.of("Relu", "Clip");

  private final Map<String, Value> constants;
  private final Function<Node, Operator> operators;
  private final Map<String, Integer> slots = new HashMap<>();

  private ProgramLayout(Map<String, Value> constants, Function<Node, Operator> operators) {
    this.constants = constants;
    this.operators = operators;
  }

  /**
   * Lays out a program, which gets handles of its own to the constants that it reads.
   *
   * @param inputs names of what is handed in at each run
   * @param nodes in an order in which they can be computed
   * @param outputs names of what a run gives
   */
  static Program of(
      Collection<String> inputs,
      List<Node> nodes,
      List<String> outputs,
      Map<String, Value> constants,
      Function<Node, Operator> operators) {
    return new ProgramLayout(constants, operators).layOut(inputs, nodes, outputs);
  }

  private Program layOut(Collection<String> inputs, List<Node> nodes, List<String> outputs) {
    Map<String, Integer> inputSlots = new LinkedHashMap<>();
    inputs.forEach(name -> inputSlots.put(name, slot(name)));
    Map<String, Integer> uses = new HashMap<>();
    for (Node node : nodes) {
      node.inputs().forEach(in -> uses.merge(in, 1, Integer::sum));
    }
    outputs.forEach(output -> uses.merge(output, 1, Integer::sum));
    Map<String, Integer> left = new HashMap<>(uses);
    Map<String, Node> producers = new HashMap<>();
    List<Program.Step> steps = new ArrayList<>();
    for (Node node : nodes) {
      steps.add(step(node, uses, left, producers));
      node.outputs().forEach(output -> producers.put(output, node));
    }
    int[] outputSlots = outputs.stream().mapToInt(this::requiredSlot).toArray();
    @Nullable Value[] values = new Value[slots.size()];
    constants.forEach(
        (name, value) -> {
          Integer slot = slots.get(name);
          if (slot != null) {
            values[slot] = ownHandle(value);
          }
        });
    return new Program(steps, values, inputSlots, outputSlots);
  }

  /** A handle that outlives the pointer scope in which the constant was made. */
  private static Value ownHandle(Value value) {
    if (value instanceof TensorValue tensor) {
      return new TensorValue(retained(tensor.tensor()));
    }
    return value instanceof ScalarValue scalar
        ? new ScalarValue(scalar.value(), retained(scalar.tensor()))
        : value;
  }

  private static Tensor retained(Tensor tensor) {
    Tensor own = new Tensor(tensor);
    own.retainReference();
    return own;
  }

  private Program.Step step(
      Node node,
      Map<String, Integer> uses,
      Map<String, Integer> left,
      Map<String, Node> producers) {
    int[] inputs =
        node.inputs().stream().mapToInt(name -> name.isEmpty() ? -1 : slot(name)).toArray();
    int[] outputs =
        node.outputs().stream().mapToInt(name -> name.isEmpty() ? -1 : slot(name)).toArray();
    Set<Integer> dead = new HashSet<>();
    for (String name : node.inputs()) {
      if (!name.isEmpty() && left.merge(name, -1, Integer::sum) == 0) {
        dead.add(requiredSlot(name));
      }
    }
    for (String name : node.outputs()) {
      if (!name.isEmpty() && !uses.containsKey(name)) {
        dead.add(requiredSlot(name));
      }
    }
    boolean overwrites = false;
    if (OVERWRITING.contains(node.operator())) {
      Node producer = producers.get(node.input(0));
      overwrites =
          producer != null
              && FRESH_OUTPUTS.contains(producer.operator())
              && uses.getOrDefault(node.input(0), 0) == 1;
    }
    int[] deadSlots = dead.stream().mapToInt(Integer::intValue).sorted().toArray();
    return new Program.Step(node, operators.apply(node), inputs, outputs, deadSlots, overwrites);
  }

  private int slot(String name) {
    return slots.computeIfAbsent(name, key -> slots.size());
  }

  private int requiredSlot(String name) {
    Integer slot = slots.get(name);
    if (slot == null && constants.containsKey(name)) {
      return slot(name);
    }
    if (slot == null) {
      throw new EngineException("Preparing the graph: nothing computes \"" + name + "\".");
    }
    return slot;
  }
}
