package dev.graft.transfer.wakeword;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.ModelEditor;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import dev.graft.onnx.ValueInfo;
import dev.graft.onnx.frontend.SoundSequence;
import dev.graft.runtime.BundleLayout;
import dev.graft.transfer.training.ClassifierHead;
import dev.graft.transfer.training.DenseLayer;
import java.util.List;
import java.util.Map;

/**
 * A backbone and its head along sound: new samples and the vectors of the windows before in, new
 * vectors and logits for each hop out. The head's first layer is a convolution over the vectors of
 * a window; that is the same product.
 */
final class StreamModel {
  private static final String PREFIX = "stream.";

  private final SoundSequence sequence;
  private final ClassifierHead head;
  private final ModelEditor editor;
  private final int width;

  private StreamModel(SoundSequence sequence, ClassifierHead head) {
    this.sequence = sequence;
    this.head = head;
    this.editor = sequence.model().edit();
    this.width = head.layers().get(0).inputs() / sequence.windowVectors();
  }

  static OnnxModel of(SoundSequence sequence, ClassifierHead head) {
    return new StreamModel(sequence, head).build();
  }

  private OnnxModel build() {
    ValueInfo waveform = sequence.model().graph().inputs().get(0);
    String vectors = sequence.model().graph().outputs().get(0).name();
    Dimension batch = Dimension.named("N");
    Dimension hops = Dimension.named("hops");
    ValueInfo past =
        ValueInfo.of(
            BundleLayout.PAST_VECTORS,
            ElementType.FLOAT,
            batch,
            Dimension.of(sequence.windowVectors() - 1),
            Dimension.of(width));
    String all = PREFIX + "all";
    editor.addNode(
        Node.of("Concat", List.of(BundleLayout.PAST_VECTORS, vectors), List.of(all))
            .withInteger("axis", 1));
    editor.addNode(Node.of("Identity", List.of(vectors), List.of(BundleLayout.STREAM_VECTORS)));
    // [N, L, F] -> [N, F, L] -> [N, F, 1, L]
    editor.addNode(
        Node.of("Transpose", List.of(all), List.of(PREFIX + "turned"))
            .withIntegers("perm", 0, 2, 1));
    String x = PREFIX + "map";
    editor.addNode(Node.of("Unsqueeze", List.of(PREFIX + "turned", axis()), List.of(x)));
    x = layers(x);
    // [N, classes, 1, hops] -> [N, classes, hops] -> [N, hops, classes]
    editor.addNode(Node.of("Squeeze", List.of(x, axis()), List.of(PREFIX + "by_class")));
    editor.addNode(
        Node.of("Transpose", List.of(PREFIX + "by_class"), List.of(BundleLayout.LOGITS))
            .withIntegers("perm", 0, 2, 1));
    return editor
        .setInputs(List.of(waveform, past))
        .setOutputs(
            List.of(
                ValueInfo.of(
                    BundleLayout.STREAM_VECTORS,
                    ElementType.FLOAT,
                    batch,
                    hops,
                    Dimension.of(width)),
                ValueInfo.of(
                    BundleLayout.LOGITS,
                    ElementType.FLOAT,
                    batch,
                    hops,
                    Dimension.of(head.classes()))))
        .setMetadata(
            Map.of(
                BundleLayout.METADATA_FIRST_SAMPLES,
                String.valueOf(sequence.firstSamples()),
                BundleLayout.METADATA_HOP_SAMPLES,
                String.valueOf(sequence.hopSamples())))
        .build();
  }

  private String layers(String input) {
    String x = input;
    for (int i = 0; i < head.layers().size(); i++) {
      DenseLayer layer = head.layers().get(i);
      int times = i == 0 ? sequence.windowVectors() : 1;
      String weight = PREFIX + i + ".weight";
      String bias = PREFIX + i + ".bias";
      editor.setInitializer(
          OnnxTensor.ofFloats(
              weight, turned(layer, times), layer.outputs(), layer.inputs() / times, 1, times));
      editor.setInitializer(OnnxTensor.ofFloats(bias, layer.bias(), layer.outputs()));
      String sum = PREFIX + i + ".sum";
      editor.addNode(
          Node.of("Conv", List.of(x, weight, bias), List.of(sum))
              .withIntegers("kernel_shape", 1, times));
      x = sum;
      if (i < head.layers().size() - 1) {
        x = PREFIX + i + ".rectified";
        editor.addNode(Node.of("Relu", List.of(sum), List.of(x)));
      }
    }
    return x;
  }

  /** [outputs, times, features] to [outputs, features, times]. */
  private static float[] turned(DenseLayer layer, int times) {
    int features = layer.inputs() / times;
    float[] turned = new float[layer.weight().length];
    for (int o = 0; o < layer.outputs(); o++) {
      for (int t = 0; t < times; t++) {
        for (int f = 0; f < features; f++) {
          turned[(o * features + f) * times + t] =
              layer.weight()[o * layer.inputs() + t * features + f];
        }
      }
    }
    return turned;
  }

  private String axis() {
    String name = PREFIX + "height_axis";
    editor.setInitializer(OnnxTensor.ofLongs(name, new long[] {2}, 1));
    return name;
  }
}
