package dev.graft.runtime;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Name, kind and shape of a model's input or output.
 *
 * @param name the tensor's name in the file
 * @param kind what it holds
 * @param shape one entry for each axis; -1 where the size is free
 */
public record TensorDescription(String name, TensorKind kind, List<Long> shape) {

  /** Copies the shape. */
  public TensorDescription {
    shape = List.copyOf(shape);
  }

  /** The form used in messages, for example {@code image: UNSIGNED_BYTE [?, ?, ?, 3]}. */
  @Override
  public String toString() {
    return shape.stream()
        .map(size -> size < 0 ? "?" : size.toString())
        .collect(Collectors.joining(", ", name + ": " + kind + " [", "]"));
  }
}
