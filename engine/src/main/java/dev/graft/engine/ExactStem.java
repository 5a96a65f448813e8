package dev.graft.engine;

import dev.graft.engine.operator.TensorValue;
import dev.graft.engine.operator.Value;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.FrontEndNodes;
import dev.graft.onnx.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the first convolution in fp32, together with a depthwise one right behind it, where the
 * rest runs in bf16.
 *
 * <p>Depthwise filters take differences of neighbouring values of the same map, which loses the
 * bits that bf16 has few of; on the first maps nothing averages that out. Measured on MobileNetV2
 * 0.35 with photographs: rounding the output of the first convolution costs more (1 - cosine of the
 * features up to 1e-3) than rounding all other activations together; the two layers hold under 5 %
 * of the multiply-adds.
 */
final class ExactStem {
  private static final String EXACT = "#exact";

  private final Map<String, Value> constants;
  private final ConvolutionFusion fusion;
  private final Set<String> weights = new HashSet<>();

  ExactStem(Map<String, Value> constants, ConvolutionFusion fusion) {
    this.constants = constants;
    this.fusion = fusion;
  }

  /** The nodes with a cast behind the stem, where the network has one. */
  List<Node> cut(List<Node> nodes) {
    Node first = firstConvolution(nodes);
    Node second = first == null ? null : onlyUser(nodes, first);
    if (first == null || second == null || !isDepthwise(second)) {
      return nodes;
    }
    weights.add(first.input(1));
    weights.add(second.input(1));
    List<Node> result = new ArrayList<>();
    for (Node node : nodes) {
      if (node.output(0).equals(second.output(0))) {
        String exact = node.output(0) + EXACT;
        result.add(fusion.renameOutput(node, exact));
        result.add(
            Node.of("Cast", List.of(exact), List.of(node.output(0)))
                .withInteger("to", ElementType.BFLOAT16.onnxCode()));
      } else {
        result.add(node);
      }
    }
    return result;
  }

  /** The weights of the stem. */
  Set<String> weights() {
    return weights;
  }

  private @Nullable Node firstConvolution(List<Node> nodes) {
    for (Node node : nodes) {
      if (fusion.activationOf(node) != null && !FrontEndNodes.contains(node)) {
        return node;
      }
    }
    return null;
  }

  private static @Nullable Node onlyUser(List<Node> nodes, Node producer) {
    Node user = null;
    for (Node node : nodes) {
      if (node.inputs().contains(producer.output(0))) {
        if (user != null) {
          return null;
        }
        user = node;
      }
    }
    return user;
  }

  private boolean isDepthwise(Node node) {
    return fusion.activationOf(node) != null
        && constants.get(node.input(1)) instanceof TensorValue weight
        && node.integer("group", 1) > 1
        && weight.tensor().size(1) == 1;
  }
}
