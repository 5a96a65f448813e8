package dev.graft.onnx.frontend;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.ValueInfo;
import java.util.List;

/**
 * An encoder that runs along sound, so that what overlapping windows share is computed once.
 *
 * @param model "waveform" [N, samples] to one output [N, T, F], T = floor((samples - firstSamples)
 *     / hopSamples) + 1
 * @param hopSamples samples from one vector to the next
 * @param firstSamples samples beneath one vector
 * @param windowVectors successive vectors that the joined backbone concatenates
 */
public record SoundSequence(OnnxModel model, int hopSamples, int firstSamples, int windowVectors) {
  /** Declares what the output of an encoder along sound holds. */
  static OnnxModel declared(OnnxModel sliding, long width) {
    ValueInfo output =
        ValueInfo.of(
            sliding.graph().outputs().get(0).name(),
            ElementType.FLOAT,
            Dimension.named("N"),
            Dimension.named("T"),
            Dimension.of(width));
    return sliding.edit().setOutputs(List.of(output)).build();
  }
}
