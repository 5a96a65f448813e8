package dev.graft.data;

import java.nio.charset.StandardCharsets;

/** How examples of one kind become the numbers that a backbone takes. Immutable. */
public interface Preprocessing {
  /** The kind of examples that are prepared. */
  DatasetKind kind();

  /** The shape of one prepared example, without the batch. */
  long[] shape();

  /** The number of floats of one prepared example: the product of its {@link #shape()}. */
  int valueCount();

  /** This description as a {@code preprocessor_config.json}. */
  String toJson();

  /** A stable key of this description: the SHA-256 of {@link #toJson()}, in hexadecimal. */
  default String hash() {
    return ExampleSource.hash(toJson().getBytes(StandardCharsets.UTF_8));
  }
}
