package dev.graft.onnx.frontend;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.ModelEditor;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
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
  private static final String PREFIX = "sequence.";

  /** [N, F, T] or [N, F, T, 1] to [N, T, F]. */
  static OnnxModel vectorsOf(OnnxModel maps, long width) {
    String tensor = maps.graph().outputs().get(0).name();
    ModelEditor editor = maps.edit();
    String flat = editor.freshName(PREFIX + "flat");
    String vectors = editor.freshName(PREFIX + "vectors");
    String shape = editor.freshName(PREFIX + "shape");
    editor.setInitializer(OnnxTensor.ofLongs(shape, new long[] {0, width, -1}, 3));
    editor.addNode(Node.of("Reshape", List.of(tensor, shape), List.of(flat)));
    editor.addNode(
        Node.of("Transpose", List.of(flat), List.of(vectors)).withIntegers("perm", 0, 2, 1));
    ValueInfo output =
        ValueInfo.of(
            vectors,
            ElementType.FLOAT,
            Dimension.named("N"),
            Dimension.named("T"),
            Dimension.of(width));
    return editor.setOutputs(List.of(output)).build();
  }
}
