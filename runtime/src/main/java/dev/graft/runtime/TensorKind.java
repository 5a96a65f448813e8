package dev.graft.runtime;

/** What a model's input or output holds, as far as {@link TensorValue} tells kinds apart. */
public enum TensorKind {
  /** Floating point of any width: {@link TensorValue.FloatValues}. */
  REAL,
  /** Unsigned bytes, for example pixels: {@link TensorValue.ByteValues}. */
  UNSIGNED_BYTE,
  /** Any other integer, and truth values as 0 and 1: {@link TensorValue.LongValues}. */
  INTEGER,
  /** Texts, sequences and maps, which a session neither takes nor gives. */
  UNSUPPORTED
}
