package dev.graft.onnx.frontend;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.ModelEditor;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import dev.graft.onnx.ValueInfo;
import java.util.List;
import java.util.OptionalInt;

/**
 * What can be told of a recording without any network: mean and standard deviation over time of
 * each band of {@link FrontEnd#LOG_MEL_OF_SPEECH}, over the frames that hold anything at all.
 *
 * <p>"waveform" [N, samples] to {@value #OUTPUT} [N, 2 bands], the means first. With x [N, T,
 * bands] and w [N, T] = 1 where a frame has a band above silence, else 0: mean = sum w x / sum w,
 * and deviation = sqrt(sum w (x - mean)^2 / sum w + 1e-6). So the silence that is laid around short
 * recordings does not count; of nothing but silence all are 0 (deviation 0.001).
 */
public final class MelStatistics {
  /** The output of the graph. */
  public static final String OUTPUT = "mel_statistics";

  /** {@code log-mel/1} gives ln 1e-6 for nothing; what is above by less is rounding. */
  private static final float SILENCE = (float) (Math.log(1e-6) + 1e-3);

  private static final int TIME = 1;
  private static final int BANDS = 2;

  private final ModelEditor editor;

  private MelStatistics(ModelEditor editor) {
    this.editor = editor;
  }

  /** The front end whose bands are looked at. */
  public static FrontEnd frontEnd() {
    return FrontEnd.LOG_MEL_OF_SPEECH;
  }

  /** The number of values of an example. */
  public static int width() {
    return 2 * frontEnd().bands();
  }

  /**
   * The graph.
   *
   * @param samples of an example
   * @throws IllegalArgumentException if they are too few for one frame
   */
  public static OnnxModel model(int samples) {
    ModelEditor editor = frontEnd().model(OptionalInt.of(samples)).edit();
    new MelStatistics(editor).statistics();
    return editor
        .setOutputs(
            List.of(
                ValueInfo.of(
                    OUTPUT, ElementType.FLOAT, Dimension.named("N"), Dimension.of(width()))))
        .build();
  }

  private void statistics() {
    String loudest = reduced("ReduceMax", FrontEnd.LOG_MEL, BANDS); // [N, T, 1]
    String isHeard = node("Greater", loudest, scalar("mel.silence", SILENCE));
    Node cast =
        Node.of("Cast", List.of(isHeard), List.of(editor.freshName("mel.heard")))
            .withInteger("to", ElementType.FLOAT.onnxCode());
    editor.addNode(cast);
    String heard = cast.output(0);
    String one = scalar("mel.one", 1);
    String count = node("Max", reduced("ReduceSum", heard, TIME), one); // [N, 1, 1]
    String mean = mean(node("Mul", FrontEnd.LOG_MEL, heard), count); // [N, 1, bands]
    String centred = node("Mul", node("Sub", FrontEnd.LOG_MEL, mean), heard);
    String variance = mean(node("Mul", centred, centred), count);
    String deviation = node("Sqrt", node("Add", variance, scalar("mel.least", 1e-6f)));
    Node both =
        Node.of("Concat", List.of(mean, deviation), List.of(editor.freshName("mel.both")))
            .withInteger("axis", BANDS);
    editor.addNode(both);
    // [N, 1, 2 bands] -> [N, 2 bands]
    editor.addNode(Node.of("Squeeze", List.of(both.output(0), axis(TIME)), List.of(OUTPUT)));
  }

  private String mean(String values, String count) {
    return node("Div", reduced("ReduceSum", values, TIME), count);
  }

  private String reduced(String operator, String x, int axis) {
    Node node =
        Node.of(operator, List.of(x, axis(axis)), List.of(editor.freshName("mel." + operator)))
            .withInteger("keepdims", 1);
    editor.addNode(node);
    return node.output(0);
  }

  private String node(String operator, String... inputs) {
    Node node = Node.of(operator, List.of(inputs), List.of(editor.freshName("mel." + operator)));
    editor.addNode(node);
    return node.output(0);
  }

  private String axis(int axis) {
    String name = "mel.axis_" + axis;
    editor.setInitializer(OnnxTensor.ofLongs(name, new long[] {axis}, 1));
    return name;
  }

  private String scalar(String name, float value) {
    editor.setInitializer(OnnxTensor.ofFloats(name, new float[] {value}));
    return name;
  }
}
