package dev.graft.runtime;

import dev.graft.data.ExampleSource;
import java.util.function.Supplier;

/**
 * One encoded input of {@link Predictor#predictAll}, read only when its turn comes.
 *
 * @param id what the outcome calls it, for example a path
 * @param content gives the encoded bytes; called once, on a decoding thread
 */
public record PredictionInput(String id, Supplier<byte[]> content) {

  /** A file or an archive's entry. */
  public static PredictionInput of(String id, ExampleSource source) {
    return new PredictionInput(id, source::read);
  }

  /** Bytes that lie in memory, for example from standard input. */
  public static PredictionInput ofBytes(String id, byte[] content) {
    return new PredictionInput(id, () -> content);
  }
}
