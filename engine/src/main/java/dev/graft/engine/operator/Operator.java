package dev.graft.engine.operator;

import java.util.List;

/** What one ONNX operator computes. Implementations keep no state and are thread-safe. */
@FunctionalInterface
public interface Operator {
  /** Computes the outputs of one node from its inputs. */
  List<Value> apply(Call call);
}
