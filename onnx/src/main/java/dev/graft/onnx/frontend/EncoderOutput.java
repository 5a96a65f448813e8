package dev.graft.onnx.frontend;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.ModelEditor;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxModelException;
import dev.graft.onnx.OnnxTensor;
import dev.graft.onnx.ValueInfo;
import java.util.ArrayList;
import java.util.List;

/** Pools what an encoder gives for windows [N * windows, ..] to features [N, F]. For one thread. */
final class EncoderOutput {
  private static final int UNKNOWN = -1;

  /** Keeps the gradient of the root finite where all times are alike. */
  private static final float LEAST_VARIANCE = 1e-5f;

  private final OnnxModel model;
  private final int windows;
  private final TimePooling pooling;
  private final ModelEditor editor;
  private final String output;
  private int constants;

  /** What an encoder gives for one window: so many vectors of one width. */
  private record Vectors(String tensor, long times, long width) {}

  EncoderOutput(OnnxModel model, int windows, TimePooling pooling) {
    this.model = model;
    this.windows = windows;
    this.pooling = pooling;
    this.editor = model.edit();
    this.output = editor.freshName(SoundBackbone.FEATURES);
  }

  OnnxModel pooled() {
    Vectors ofWindow = vectors(model.graph().outputs().get(0));
    long times = ofWindow.times == UNKNOWN ? UNKNOWN : ofWindow.times * windows;
    if (times == UNKNOWN && (windows > 1 || pooling == TimePooling.CONCATENATED)) {
      throw failure("for a number of times that the file does not tell. Pool by MEAN");
    }
    if (times == 1 && pooling == TimePooling.MEAN_AND_DEVIATION) {
      throw failure(
          "for a single time, whose deviation is always 0. Pool by MEAN, or take longer examples");
    }
    // [N * windows, T, F] -> [N, windows * T, F]
    String sequence =
        times == UNKNOWN ? ofWindow.tensor : reshape(ofWindow.tensor, -1, times, ofWindow.width);
    return switch (pooling) {
      case CONCATENATED -> {
        add("Reshape", output, sequence, longs(-1, times * ofWindow.width));
        yield ending(times * ofWindow.width);
      }
      case MEAN -> {
        mean(sequence, 0, output);
        yield ending(ofWindow.width);
      }
      case MEAN_AND_DEVIATION -> {
        meanAndDeviation(sequence);
        yield ending(2 * ofWindow.width);
      }
    };
  }

  private OnnxModel ending(long width) {
    ValueInfo features =
        ValueInfo.of(output, ElementType.FLOAT, Dimension.named("N"), Dimension.of(width));
    return editor.setOutputs(List.of(features)).build();
  }

  private Vectors vectors(ValueInfo given) {
    List<Integer> wide = new ArrayList<>();
    for (int axis = 1; axis < given.rank(); axis++) {
      if (given.size(axis) != 1) {
        wide.add(axis);
      }
    }
    String tensor = given.name();
    Vectors found =
        switch (given.rank()) {
          case 2 -> new Vectors(tensor, 1, given.size(1));
          case 3, 4 ->
              wide.size() == 1
                  ? new Vectors(tensor, 1, given.size(wide.get(0)))
                  : given.rank() == 3
                      ? new Vectors(tensor, given.size(1), given.size(2))
                      : ofMaps(given);
          default -> new Vectors(tensor, UNKNOWN, UNKNOWN);
        };
    if (found.width < 1) {
      throw failure("of " + given.describe() + ". Cut the encoder at another tensor");
    }
    return found;
  }

  /** [M, C, H, W] to [M, H W, C]. */
  private Vectors ofMaps(ValueInfo maps) {
    long channels = maps.size(1);
    boolean known = maps.size(2) > 0 && maps.size(3) > 0;
    String flat = add("Reshape", fresh("places"), maps.name(), longs(0, 0, -1));
    Node turned =
        Node.of("Transpose", List.of(flat), List.of(fresh("vectors")))
            .withIntegers("perm", 0, 2, 1);
    editor.addNode(turned);
    return new Vectors(turned.output(0), known ? maps.size(2) * maps.size(3) : UNKNOWN, channels);
  }

  private void meanAndDeviation(String sequence) {
    String mean = mean(sequence, 0, fresh("mean")); // [N, F]
    String centred =
        add("Sub", fresh("centred"), sequence, mean(sequence, 1, fresh("mean_of_times")));
    String variance = mean(add("Mul", fresh("squares"), centred, centred), 0, fresh("variance"));
    String positive = add("Add", fresh("positive"), variance, least());
    String deviation = add("Sqrt", fresh("deviation"), positive);
    editor.addNode(
        Node.of("Concat", List.of(mean, deviation), List.of(output)).withInteger("axis", 1));
  }

  /** The mean over the times of [N, T, F]. */
  private String mean(String x, int keepsDimensions, String result) {
    editor.addNode(
        Node.of("ReduceMean", List.of(x, longs(1)), List.of(result))
            .withInteger("keepdims", keepsDimensions));
    return result;
  }

  private String reshape(String x, long... shape) {
    return add("Reshape", fresh("sequence"), x, longs(shape));
  }

  private String add(String operator, String result, String... inputs) {
    editor.addNode(Node.of(operator, List.of(inputs), List.of(result)));
    return result;
  }

  private String longs(long... values) {
    String name = fresh("constant_" + constants++);
    editor.setInitializer(OnnxTensor.ofLongs(name, values, values.length));
    return name;
  }

  private String least() {
    String name = fresh("least_variance");
    editor.setInitializer(OnnxTensor.ofFloats(name, new float[] {LEAST_VARIANCE}));
    return name;
  }

  private String fresh(String name) {
    return editor.freshName("pooling." + name);
  }

  private OnnxModelException failure(String expectedAndFound) {
    return new OnnxModelException(
        "%s: pooling by %s is not possible %s."
            .formatted(model.source(), pooling, expectedAndFound));
  }
}
