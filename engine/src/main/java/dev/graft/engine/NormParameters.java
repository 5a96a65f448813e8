package dev.graft.engine;

import dev.graft.onnx.Node;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Tells which tensors are scales, biases and statistics of norms, which stay in fp32. */
final class NormParameters {
  /** Inputs from this one on are parameters of a norm and stay in fp32. */
  private static final Map<String, Integer> FIRST =
      Map.of(
          "BatchNormalization",
          1,
          "LayerNormalization",
          1,
          "InstanceNormalization",
          1,
          "GroupNormalization",
          1,
          "RMSNormalization",
          1,
          NormMerging.OPERATOR,
          0);

  /** Operators that hand values on, in another shape or stated type. */
  private static final Set<String> KEEPING_VALUES =
      Set.of("Cast", "Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose");

  private NormParameters() {}

  /** Names of the scales, biases and statistics of norms, which stay in fp32. */
  static Set<String> of(List<Node> nodes) {
    Set<String> names = new HashSet<>();
    for (Node node : nodes) {
      Integer first = FIRST.get(node.operator());
      if (first != null) {
        List<String> inputs = node.inputs();
        names.addAll(inputs.subList(Math.min(first, inputs.size()), inputs.size()));
      }
    }
    return names;
  }

  /** The weights, handed in at each run, that reach a parameter of a norm unchanged in value. */
  static Set<String> weights(List<Node> nodes) {
    Map<String, String> sources = new HashMap<>();
    for (Node node : nodes) {
      if (KEEPING_VALUES.contains(node.operator())) {
        sources.put(node.output(0), node.input(0));
      }
    }
    Set<String> names = new HashSet<>();
    for (String parameter : of(nodes)) {
      String source = parameter;
      while (sources.containsKey(source)) {
        source = Objects.requireNonNull(sources.get(source));
      }
      names.add(source);
    }
    return names;
  }
}
