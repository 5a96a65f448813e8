package dev.graft.onnx;

import java.util.List;

/**
 * Softmax, LogSoftmax and Hardmax before opset 13 flatten their input to a matrix at {@code axis}
 * (default 1) and normalise its rows; since 13 they normalise along {@code axis} (default -1)
 * alone.
 *
 * <p>The two agree where everything after the axis has size 1; elsewhere the flattening is written
 * out.
 */
final class SoftmaxAdapter {
  private SoftmaxAdapter() {}

  static void adapt(Node node, UpgradeScope scope) {
    long axis = node.integer("axis", 1);
    if (isOneAxis(scope.facts(node.input(0)), axis)) {
      scope.emit(node.withInteger("axis", axis));
      return;
    }
    String x = node.input(0);
    String y = node.output(0);
    String shape = scope.freshName(y + "_shape");
    String rows = scope.freshName(y + "_rows");
    String normalised = scope.freshName(y + "_normalised");
    scope.emit(Node.of("Shape", List.of(x), List.of(shape)));
    // [d0, ..., dn] -> [d0*...*d(axis-1), d(axis)*...*dn]
    scope.emit(Node.of("Flatten", List.of(x), List.of(rows)).withInteger("axis", axis));
    scope.emit(
        node.withInputs(List.of(rows)).withOutputs(List.of(normalised)).withInteger("axis", -1));
    scope.emit(Node.of("Reshape", List.of(normalised, shape), List.of(y)));
  }

  private static boolean isOneAxis(TensorFacts x, long axis) {
    if (axis == -1) {
      return true;
    }
    int rank = x.rank();
    if (rank < 0) {
      return false;
    }
    int index = (int) (axis < 0 ? axis + rank : axis);
    for (int i = index + 1; i < rank; i++) {
      if (x.size(i) != 1) {
        return false;
      }
    }
    return index >= 0 && index < rank;
  }
}
