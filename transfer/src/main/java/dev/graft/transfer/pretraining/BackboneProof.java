package dev.graft.transfer.pretraining;

import dev.graft.engine.FloatTensor;
import dev.graft.runtime.InferenceOptions;
import dev.graft.runtime.InferenceSession;
import dev.graft.runtime.TensorDescription;
import dev.graft.runtime.TensorKind;
import dev.graft.runtime.TensorValue;
import dev.graft.transfer.TransferException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * A few examples with the logits that the engine gives for them, which the saved file must repeat
 * in ONNX Runtime.
 *
 * @param examples as the engine takes them, tokens of texts as floats
 * @param logits [N, classes]
 */
record BackboneProof(FloatTensor examples, FloatTensor logits) {
  /** Of the largest logit: what different orders of summation may make. */
  private static final double TOLERANCE = 1e-3;

  /**
   * Runs the file.
   *
   * @throws TransferException if it gives something else
   */
  void require(Path file) {
    try (InferenceSession session = InferenceSession.open(file, InferenceOptions.defaults())) {
      TensorDescription input = session.inputs().get(0);
      TensorValue output =
          session.run(Map.of(input.name(), given(input.kind()))).values().iterator().next();
      float[] found = ((TensorValue.FloatValues) output).values();
      double largest = 0;
      double difference = 0;
      for (int i = 0; i < found.length; i++) {
        largest = Math.max(largest, Math.abs(logits.values()[i]));
        difference = Math.max(difference, Math.abs(found[i] - logits.values()[i]));
      }
      if (found.length != logits.values().length || !(difference <= TOLERANCE * largest)) {
        throw new TransferException(
            TransferException.Cause.MODEL,
            String.format(
                Locale.ROOT,
                "Proving the saved backbone: ONNX Runtime is expected to repeat the logits of"
                    + " training to %.0e of the largest, but differs by %.1e of it. Nothing was"
                    + " written; please report this.",
                TOLERANCE,
                difference / largest));
      }
    }
  }

  private TensorValue given(TensorKind kind) {
    if (kind != TensorKind.INTEGER) {
      return TensorValue.ofFloats(examples.values(), examples.shape());
    }
    long[] whole = new long[examples.values().length];
    Arrays.setAll(whole, i -> (long) examples.values()[i]);
    return TensorValue.ofLongs(whole, examples.shape());
  }
}
