package dev.graft.runtime;

import dev.graft.data.DataException;
import dev.graft.data.ExampleSource;
import java.util.List;

/** What lies between files of one modality and the input tensor of a model. Thread-safe. */
sealed interface InputCodec extends AutoCloseable permits PixelCodec, WaveformCodec, TokenCodec {
  /** What people call an input, with its article. */
  String noun();

  /**
   * Decodes a file.
   *
   * @param name what messages call it
   * @throws DataException if the bytes cannot be decoded
   */
  ModelInput decode(byte[] encoded, String name);

  /**
   * Decodes an example, or the segment of a file that it is.
   *
   * @throws DataException if it cannot be read or decoded
   */
  default ModelInput decode(ExampleSource source) {
    return decode(source.read(), source.name());
  }

  /**
   * Checks that a model may be given an input.
   *
   * @throws DataException if it may not
   */
  void requireUsable(ModelInput input, String name);

  /**
   * The rows of the input tensor that an input takes: itself, or the windows of a recording that is
   * longer than the model's. Its prediction is the mean of theirs.
   *
   * @return at least 1
   */
  List<ModelInput> rows(ModelInput input);

  /** How many rows of the size of this one are computed together at most. */
  int mostInBatch(ModelInput first);

  /** Whether two rows have one shape. */
  boolean alike(ModelInput first, ModelInput second);

  /** Rows of one shape as one tensor. */
  TensorValue tensor(List<ModelInput> rows);

  /** Frees what it holds; nothing, but for a tokenizer. */
  @Override
  default void close() {}
}
