package dev.graft.engine;

import dev.graft.engine.operator.Shapes;
import dev.graft.engine.operator.Value;
import dev.graft.onnx.Node;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts multiply-adds and tells the largest intermediate tensor of a run. */
final class ProfileObserver implements Program.Observer {
  private long multiplyAdds;
  private long largestElements;

  @Override
  public void ran(Node node, @Nullable Value[] inputs, List<Value> outputs) {
    long[] shape = outputs.get(0).shape();
    long elements = Shapes.count(shape);
    largestElements = Math.max(largestElements, elements);
    Value second = inputs.length > 1 ? inputs[1] : null;
    Value first = inputs.length > 0 ? inputs[0] : null;
    if (first == null || second == null) {
      return;
    }
    switch (node.operator()) {
      case "Conv" -> {
        long[] weight = second.shape(); // [out, in/groups, k...]
        multiplyAdds += elements * Shapes.count(weight) / weight[0];
      }
      case "MatMul" -> {
        long[] left = first.shape();
        multiplyAdds += elements * left[left.length - 1];
      }
      case "Attention" -> {
        long[] key = second.shape();
        long positions = key[key.length - 2];
        multiplyAdds += (Shapes.count(first.shape()) + elements) * positions;
      }
      case "Gemm" -> {
        long[] left = first.shape();
        multiplyAdds += elements * left[node.integer("transA", 0) == 0 ? 1 : 0];
      }
      default -> {}
    }
  }

  long multiplyAdds() {
    return multiplyAdds;
  }

  long largestElements() {
    return largestElements;
  }
}
