package dev.graft.onnx;

import static dev.graft.onnx.TensorFacts.UNKNOWN;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The shape rules of operators that pick elements by position or sum over named axes. */
final class PositionShapes {
  private PositionShapes() {}

  /** Values and positions of the k extreme elements along an axis. */
  static List<TensorFacts> topK(Node node, TensorFacts x, TensorFacts count) {
    long[] dimensions = x.dimensions();
    if (dimensions == null) {
      return List.of(x, TensorFacts.unranked(ElementType.INT64));
    }
    long[] result = dimensions.clone();
    long[] known = count.values();
    long asked = known == null || known.length == 0 ? UNKNOWN : known[0];
    long given = node.hasAttribute("k") ? node.integer("k", 0) : asked;
    result[ShapeArithmetic.axis(node.integer("axis", -1), result.length)] = given;
    TensorFacts values = TensorFacts.shaped(x.type(), result);
    return List.of(values, values.withType(ElementType.INT64));
  }

  /** [b.., i.., k] on [b.., k axes.., rest..] gives [b.., i.., rest..]. */
  static TensorFacts gatherSlices(Node node, TensorFacts data, TensorFacts indices) {
    long[] from = data.dimensions();
    long[] named = indices.dimensions();
    long depth = indices.size(-1);
    if (from == null || named == null || depth == UNKNOWN) {
      return TensorFacts.unranked(data.type());
    }
    int first = (int) (node.integer("batch_dims", 0) + depth);
    long[] result = Arrays.copyOf(named, named.length - 1 + from.length - first);
    System.arraycopy(from, first, result, named.length - 1, from.length - first);
    return TensorFacts.shaped(data.type(), result);
  }

  /** The indices with one more axis, of the length of the depth. */
  static TensorFacts oneHot(Node node, TensorFacts indices, TensorFacts depth, TensorFacts values) {
    long[] dimensions = indices.dimensions();
    if (dimensions == null) {
      return TensorFacts.unranked(values.type());
    }
    long[] known = depth.values();
    int axis = ShapeArithmetic.axis(node.integer("axis", -1), dimensions.length + 1);
    long[] result = new long[dimensions.length + 1];
    for (int i = 0; i < result.length; i++) {
      result[i] = i == axis ? UNKNOWN : dimensions[i < axis ? i : i - 1];
    }
    result[axis] = known == null || known.length == 0 ? UNKNOWN : known[0];
    return TensorFacts.shaped(values.type(), result);
  }

  /** One row for each axis of the input; as many columns as there are elements that are not 0. */
  static TensorFacts nonZero(TensorFacts x) {
    return TensorFacts.shaped(ElementType.INT64, x.rank() < 0 ? UNKNOWN : x.rank(), UNKNOWN);
  }

  /** The lengths of the letters on the right side of an equation without ellipsis. */
  static TensorFacts sumOfProducts(Node node, List<TensorFacts> operands) {
    ElementType type = operands.get(0).type();
    String equation = node.text("equation", "").replace(" ", "");
    int arrow = equation.indexOf("->");
    if (arrow < 0 || equation.contains(".")) {
      return TensorFacts.unranked(type);
    }
    String[] terms = equation.substring(0, arrow).split(",", -1);
    Map<Character, Long> lengths = new HashMap<>();
    for (int i = 0; i < Math.min(terms.length, operands.size()); i++) {
      for (int axis = 0; axis < terms[i].length(); axis++) {
        long length = operands.get(i).size(axis);
        lengths.merge(terms[i].charAt(axis), length, (a, b) -> a == UNKNOWN || a == 1 ? b : a);
      }
    }
    String kept = equation.substring(arrow + 2);
    long[] result = new long[kept.length()];
    for (int axis = 0; axis < result.length; axis++) {
      result[axis] = lengths.getOrDefault(kept.charAt(axis), UNKNOWN);
    }
    return TensorFacts.shaped(type, result);
  }
}
