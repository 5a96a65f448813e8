package dev.graft.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The weights of one training step in the form in which its passes take them: cast, transposed,
 * merged with norms. All of it is computed once, and gradients flow back through it once, however
 * many passes there are. Belongs to the pointer scope in which it was made.
 */
final class PreparedWeights {
  private final Map<String, Tensor> values;

  /**
   * @param values what the passes read, by name, with the history that leads to the masters
   */
  PreparedWeights(Map<String, Tensor> values) {
    this.values = values;
  }

  /**
   * The same values as variables without history, at which the backward pass of examples ends; for
   * each thread its own.
   */
  Map<String, Tensor> variables() {
    Map<String, Tensor> variables = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> {
          Tensor variable = value.detach();
          if (value.requires_grad()) {
            variable.set_requires_grad(true);
          }
          variables.put(name, variable);
        });
    return variables;
  }

  /**
   * Adds the gradients that arrived at variables to those of the masters.
   *
   * @param all sets of variables, whose gradients are added up in this order
   */
  void backward(List<Map<String, Tensor>> all) {
    TensorVector reached = new TensorVector();
    TensorVector gradients = new TensorVector();
    values.forEach(
        (name, value) -> {
          Tensor sum = value.requires_grad() ? sum(name, all) : null;
          if (sum != null) {
            reached.push_back(value);
            gradients.push_back(sum);
          }
        });
    if (!reached.empty()) {
      Backward.guarded(
          () -> torch.backward(reached, gradients, new BoolOptional(), false, new TensorVector()));
    }
  }

  private static @Nullable Tensor sum(String name, List<Map<String, Tensor>> all) {
    Tensor sum = null;
    for (Map<String, Tensor> variables : all) {
      Tensor gradient = Objects.requireNonNull(variables.get(name)).grad();
      if (gradient.defined()) {
        sum = sum == null ? gradient : sum.add(gradient);
      }
    }
    return sum;
  }
}
