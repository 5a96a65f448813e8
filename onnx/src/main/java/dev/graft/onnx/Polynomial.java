package dev.graft.onnx;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A tensor read as a polynomial in another, as far as Add, Mul, Div and Pow with constant numbers
 * make it one.
 *
 * @param coefficients by degree, the constant first
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, never leaves the package.
record Polynomial(double[] coefficients) {
  /** The cube of GELU, and room to see that something is no cube. */
  private static final int HIGHEST_DEGREE = 6;

  private static final int DEEPEST = 8;

  /** Whether the coefficients are these, as exactly as exporters write constants. */
  boolean is(double... expected) {
    for (int i = 0; i <= HIGHEST_DEGREE; i++) {
      double wanted = i < expected.length ? expected[i] : 0;
      if (!GraphPattern.isClose(coefficients[i], wanted)) {
        return false;
      }
    }
    return true;
  }

  /** Reads {@code tensor} in terms of {@code x}; the nodes between them join the list. */
  static Optional<Polynomial> of(GraphPattern graph, String tensor, String x, List<Node> nodes) {
    return new Reader(graph, x, nodes).read(tensor, 0);
  }

  private static Polynomial monomial(double coefficient, int degree) {
    double[] coefficients = new double[HIGHEST_DEGREE + 1];
    coefficients[degree] = coefficient;
    return new Polynomial(coefficients);
  }

  private Polynomial plus(Polynomial other) {
    double[] sum = coefficients.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += other.coefficients[i];
    }
    return new Polynomial(sum);
  }

  private Optional<Polynomial> times(Polynomial other) {
    double[] product = new double[HIGHEST_DEGREE + 1];
    for (int i = 0; i <= HIGHEST_DEGREE; i++) {
      for (int j = 0; j <= HIGHEST_DEGREE; j++) {
        double term = coefficients[i] * other.coefficients[j];
        if (term != 0 && i + j > HIGHEST_DEGREE) {
          return Optional.empty();
        }
        if (term != 0) {
          product[i + j] += term;
        }
      }
    }
    return Optional.of(new Polynomial(product));
  }

  private record Reader(GraphPattern graph, String x, List<Node> nodes) {
    Optional<Polynomial> read(String tensor, int depth) {
      if (tensor.equals(x)) {
        return Optional.of(monomial(1, 1));
      }
      OptionalDouble number = graph.number(tensor);
      if (number.isPresent()) {
        return Optional.of(monomial(number.getAsDouble(), 0));
      }
      Optional<Node> node =
          List.of("Add", "Mul", "Div", "Pow").stream()
              .flatMap(operator -> graph.producer(tensor, operator).stream())
              .findFirst();
      if (node.isEmpty() || depth == DEEPEST) {
        return Optional.empty();
      }
      Optional<Polynomial> left = read(node.get().input(0), depth + 1);
      Optional<Polynomial> result = left.flatMap(base -> combined(node.get(), base, depth));
      if (result.isPresent() && !nodes.contains(node.get())) {
        nodes.add(node.get());
      }
      return result;
    }

    private Optional<Polynomial> combined(Node node, Polynomial left, int depth) {
      OptionalDouble number = graph.number(node.input(1));
      return switch (node.operator()) {
        case "Pow" ->
            number.isPresent() && number.getAsDouble() == 2
                ? left.times(left)
                : number.isPresent() && number.getAsDouble() == 3
                    ? left.times(left).flatMap(left::times)
                    : Optional.empty();
        case "Div" ->
            number.isPresent()
                ? left.times(monomial(1 / number.getAsDouble(), 0))
                : Optional.empty();
        case "Mul" -> read(node.input(1), depth + 1).flatMap(left::times);
        default -> read(node.input(1), depth + 1).map(left::plus);
      };
    }
  }
}
