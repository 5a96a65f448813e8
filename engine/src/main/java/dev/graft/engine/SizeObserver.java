package dev.graft.engine;

import dev.graft.engine.operator.TensorValue;
import dev.graft.engine.operator.Value;
import dev.graft.onnx.Node;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Notes the bytes of what each step of a run computes. */
final class SizeObserver implements Program.Observer {
  private final List<Long> bytes = new ArrayList<>();

  @Override
  public void ran(Node node, @Nullable Value[] inputs, List<Value> outputs) {
    long sum = 0;
    for (Value output : outputs) {
      if (output instanceof TensorValue value) {
        sum += value.tensor().numel() * value.tensor().element_size();
      }
    }
    bytes.add(sum);
  }

  /** One number for each step. */
  long[] bytes() {
    return bytes.stream().mapToLong(Long::longValue).toArray();
  }
}
