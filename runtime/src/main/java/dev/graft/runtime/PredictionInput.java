package dev.graft.runtime;

import dev.graft.data.ExampleSource;
import java.util.function.Function;
import java.util.function.Supplier;

/** One encoded input of {@link Predictor#predictAll}, read only when its turn comes. */
public final class PredictionInput {
  private final String id;
  private final Function<InputCodec, ModelInput> decoding;

  private PredictionInput(String id, Function<InputCodec, ModelInput> decoding) {
    this.id = id;
    this.decoding = decoding;
  }

  /** A file, an archive's entry, or a segment of one. */
  public static PredictionInput of(String id, ExampleSource source) {
    return new PredictionInput(id, codec -> codec.decode(source));
  }

  /**
   * Bytes from anywhere.
   *
   * @param content gives the encoded bytes; called once, on a decoding thread
   */
  public static PredictionInput of(String id, Supplier<byte[]> content) {
    return new PredictionInput(id, codec -> codec.decode(content.get(), id));
  }

  /** Bytes that lie in memory, for example from standard input. */
  public static PredictionInput ofBytes(String id, byte[] content) {
    return new PredictionInput(id, codec -> codec.decode(content, id));
  }

  /** What the outcome calls it, for example a path. */
  public String id() {
    return id;
  }

  /** Reads and decodes it; on a decoding thread. */
  ModelInput decoded(InputCodec codec) {
    return decoding.apply(codec);
  }
}
