package dev.graft.onnx;

/** One dimension of a declared shape: a fixed size, or a name that is bound when the model runs. */
public sealed interface Dimension {
  /** A size known in the file, at least 0. */
  record Fixed(long size) implements Dimension {
    @Override
    public String toString() {
      return Long.toString(size);
    }
  }

  /** A size known only when the model runs; the name may be empty. */
  record Symbolic(String name) implements Dimension {
    @Override
    public String toString() {
      return name.isEmpty() ? "?" : name;
    }
  }

  /** A fixed dimension. */
  static Dimension of(long size) {
    return new Fixed(size);
  }

  /** A dimension that is bound when the model runs. */
  static Dimension named(String name) {
    return new Symbolic(name);
  }

  /** Whether the size is known in the file. */
  default boolean isFixed() {
    return this instanceof Fixed;
  }

  /** The fixed size, or {@code otherwise} for a symbolic dimension. */
  default long sizeOr(long otherwise) {
    return this instanceof Fixed fixed ? fixed.size() : otherwise;
  }
}
