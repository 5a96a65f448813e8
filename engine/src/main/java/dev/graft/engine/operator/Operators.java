package dev.graft.engine.operator;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;

/** The one registry of operators: ONNX name to what it computes. Immutable and thread-safe. */
public final class Operators {
  private static final Map<String, Operator> BY_NAME = new Operators().collect();

  private final Map<String, Operator> collected = new HashMap<>();

  private Operators() {}

  /** The operator of a name in the default domain. */
  public static Optional<Operator> find(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /**
   * The operator of a name in a run that has chosen its float type, where casts between float types
   * change nothing.
   */
  public static Optional<Operator> findWithinRun(String name) {
    boolean casts = name.equals("Cast") || name.equals("CastLike");
    return casts ? Optional.of(Casting::castWithinRun) : find(name);
  }

  /** The names of all operators, sorted. */
  public static Set<String> names() {
    return new TreeSet<>(BY_NAME.keySet());
  }

  private Map<String, Operator> collect() {
    Activations.register(this);
    Arithmetic.register(this);
    Attentions.register(this);
    Casting.register(this);
    Comparisons.register(this);
    Convolutions.register(this);
    Dropout.register(this);
    Matrices.register(this);
    Normalizations.register(this);
    Pads.register(this);
    Poolings.register(this);
    Ranking.register(this);
    Reductions.register(this);
    Resizing.register(this);
    Scattering.register(this);
    ShapeOperators.register(this);
    Signals.register(this);
    SignalWindows.register(this);
    Indexing.register(this);
    return Map.copyOf(collected);
  }

  /** Registers an operator with any number of outputs. */
  Operators add(String name, Operator operator) {
    if (collected.put(name, operator) != null) {
      throw new IllegalStateException("operator " + name + " is registered twice");
    }
    return this;
  }

  /** Registers an operator whose one output is a tensor. */
  Operators tensor(String name, Function<Call, Tensor> computation) {
    return add(name, call -> List.of(new TensorValue(computation.apply(call))));
  }

  /**
   * Registers an operator that keeps Java integers as they are: if all inputs are Java integers and
   * the output is an integer or truth-value tensor of small size, the output is one too.
   */
  Operators shapeAware(String name, Function<Call, Tensor> computation) {
    return add(
        name,
        call -> {
          Tensor result = computation.apply(call);
          return List.of(
              call.allIntegers() ? integersWherePossible(result) : new TensorValue(result));
        });
  }

  static Value integersWherePossible(Tensor tensor) {
    return !tensor.is_floating_point() && tensor.numel() <= IntegerValue.MAXIMUM_ELEMENTS
        ? IntegerValue.of(tensor)
        : new TensorValue(tensor);
  }
}
