package dev.graft.transfer.visualisation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.graft.engine.FloatTensor;
import dev.graft.engine.Network;
import dev.graft.engine.Precision;
import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected values are computed by hand from size' = size + (k - 1) jump, jump' = stride jump. */
class ReceptiveFieldsTest {
  private static final int SIDE = 224;

  private final GraphBuilder graph = GraphBuilder.named("fields");

  private Node convolution(String input, String output, int kernel) {
    float[] ones = new float[kernel * kernel];
    Arrays.fill(ones, 1);
    graph.initializer(OnnxTensor.ofFloats(output + ".weight", ones, 1, 1, kernel, kernel));
    return Node.of("Conv", List.of(input, output + ".weight"), List.of(output));
  }

  private static Node pool(String operator, String input, String output, int kernel) {
    return Node.of(operator, List.of(input), List.of(output))
        .withIntegers("kernel_shape", kernel, kernel);
  }

  private static Node with(Node node, int stride, int padding) {
    return node.withIntegers("strides", stride, stride)
        .withIntegers("pads", padding, padding, padding, padding);
  }

  private OnnxModel model(String output, int side) {
    return graph
        .input(
            "image",
            ElementType.FLOAT,
            Dimension.named("N"),
            Dimension.of(1),
            Dimension.of(side),
            Dimension.of(side))
        .output(dev.graft.onnx.ValueInfo.ofUnknownShape(output, ElementType.FLOAT))
        .build(18);
  }

  private ReceptiveField field(String tensor) {
    return field(model(tensor, SIDE), SIDE, tensor);
  }

  private static ReceptiveField field(OnnxModel model, int side, String tensor) {
    return Objects.requireNonNull(ReceptiveFields.of(model, side, side).get(tensor));
  }

  private static ReceptiveField square(long offset, long size, long jump, long length) {
    FieldAxis axis = new FieldAxis(offset, size, jump, length);
    return new ReceptiveField.Local(axis, axis, 2, 3);
  }

  @Test
  void of_residualStem_isElevenPixelsEveryFour() {
    graph.node(with(convolution("image", "conv", 7), 2, 3));
    graph.node(with(pool("MaxPool", "conv", "pool", 3), 2, 1));
    assertThat(field("pool")).isEqualTo(square(-5, 11, 4, 56));
  }

  @Test
  void of_threeSmallConvolutions_isSevenPixels() {
    graph.node(with(convolution("image", "a", 3), 1, 1));
    graph.node("Relu", List.of("a"), "ra");
    graph.node(with(convolution("ra", "b", 3), 1, 1));
    graph.node(with(convolution("b", "c", 3), 1, 1));
    assertThat(field("c")).isEqualTo(square(-3, 7, 1, 224));
  }

  @Test
  void of_dilatedConvolution_countsTheHoles() {
    graph.node(with(convolution("image", "a", 3), 1, 2).withIntegers("dilations", 2, 2));
    assertThat(field("a")).isEqualTo(square(-2, 5, 1, 224));
  }

  @Test
  void of_sumOfBranches_isTheLongerOne() {
    graph.node(with(convolution("image", "stem", 3), 2, 1));
    graph.node(with(convolution("stem", "a", 3), 1, 1));
    graph.node(with(convolution("a", "b", 3), 1, 1));
    graph.node("Add", List.of("stem", "b"), "sum");
    // 3 pixels every 2; two more of 3 x 3 add 2 * 2 * 2.
    assertThat(field("sum")).isEqualTo(square(-5, 11, 2, 112));
  }

  @Test
  void of_oblongKernel_differsByAxis() {
    graph.initializer(OnnxTensor.ofFloats("w", new float[5], 1, 1, 1, 5));
    graph.node(
        Node.of("Conv", List.of("image", "w"), List.of("a"))
            .withIntegers("strides", 1, 2)
            .withIntegers("pads", 0, 2, 0, 2));
    assertThat(field("a"))
        .isEqualTo(
            new ReceptiveField.Local(
                new FieldAxis(0, 1, 1, 224), new FieldAxis(-2, 5, 2, 112), 2, 3));
  }

  /** 224 pixels at stride 2 need one pixel of padding, 225 pixels two. */
  @ParameterizedTest
  @CsvSource({"SAME_UPPER, 224, 0, 112", "SAME_LOWER, 224, -1, 112", "SAME_UPPER, 225, -1, 113"})
  void of_samePadding_dependsOnTheSize(String padding, int side, long offset, long length) {
    graph.node(
        convolution("image", "a", 3).withIntegers("strides", 2, 2).withText("auto_pad", padding));
    assertThat(field(model("a", side), side, "a")).isEqualTo(square(offset, 3, 2, length));
  }

  @ParameterizedTest
  @CsvSource({"0, 55", "1, 56"})
  void of_poolWithRest_countsPositionsByCeilMode(int ceiling, long length) {
    graph.node(with(convolution("image", "a", 2), 2, 0));
    graph.node(with(pool("MaxPool", "a", "b", 3), 2, 0).withInteger("ceil_mode", ceiling));
    assertThat(field("b")).isEqualTo(square(0, 6, 4, length));
  }

  @Test
  void of_paddingNode_shiftsTheField() {
    graph.initializer(OnnxTensor.ofLongs("pads", new long[] {0, 0, 3, 3, 0, 0, 2, 2}, 8));
    graph.node("Pad", List.of("image", "pads"), "padded");
    graph.node(with(convolution("padded", "a", 7), 2, 0));
    // (224 + 5 - 7) / 2 + 1
    assertThat(field("a")).isEqualTo(square(-3, 7, 2, 112));
  }

  @Test
  void of_squeezeAndExcitation_leavesThePlaces() {
    graph.node(with(convolution("image", "a", 3), 2, 1));
    graph.node("GlobalAveragePool", List.of("a"), "mean");
    graph.node(convolution("mean", "reduced", 1));
    graph.node("Sigmoid", List.of("reduced"), "gate");
    graph.node("Mul", List.of("a", "gate"), "gated");
    assertThat(field("gated")).isEqualTo(square(-1, 3, 2, 112));
  }

  @Test
  void of_channelsLast_knowsTheAxes() {
    graph.node(with(convolution("image", "a", 4), 4, 0));
    graph.node(
        Node.of("Transpose", List.of("a"), List.of("last")).withIntegers("perm", 0, 2, 3, 1));
    graph.initializer(OnnxTensor.ofFloats("matrix", new float[8], 1, 8));
    graph.node("MatMul", List.of("last", "matrix"), "wide");
    FieldAxis axis = new FieldAxis(0, 4, 4, 56);
    assertThat(field("wide")).isEqualTo(new ReceptiveField.Local(axis, axis, 1, 2));
  }

  @Test
  void of_reshape_mixesPlaces() {
    graph.initializer(OnnxTensor.ofLongs("shape", new long[] {0, -1, 7}, 3));
    graph.node("Reshape", List.of("image", "shape"), "tokens");
    graph.node("Relu", List.of("tokens"), "after");
    assertThat(field("after")).isEqualTo(ReceptiveField.Global.MIXED);
  }

  @Test
  void of_absurdStrides_mixesPlacesInsteadOfFailing() {
    graph.node(with(convolution("image", "a", 3), 0, 1));
    assertThat(field("a")).isEqualTo(ReceptiveField.Global.MIXED);
  }

  /**
   * Random stacks of linear layers with positive weights: an output depends on exactly those pixels
   * whose unit image it answers to. Kernels are no shorter than strides, so that no pixel between
   * the ends of a field is left out.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void of_randomStack_isWhatTheNetworkAnswersTo(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int side = 20;
    String last = "image";
    int layers = 2 + random.nextInt(2);
    for (int i = 0; i < layers; i++) {
      int kernel = 2 + random.nextInt(2);
      Node node =
          random.nextBoolean()
              ? convolution(last, "layer" + i, kernel)
              : pool("AveragePool", last, "layer" + i, kernel);
      graph.node(with(node, 1 + random.nextInt(2), random.nextInt(2)));
      last = "layer" + i;
    }
    OnnxModel model = model(last, side);
    ReceptiveField.Local field = (ReceptiveField.Local) field(model, side, last);
    FloatTensor answers;
    try (Network network = Network.load(model, Precision.FP32)) {
      answers = network.run(unitImages(side));
    }
    long length = field.rows().length();
    assertThat(answers.shape()).containsExactly((long) side * side, 1, length, length);
    for (int pixel = 0; pixel < side * side; pixel++) {
      for (int place = 0; place < length * length; place++) {
        boolean depends = answers.values()[(int) (pixel * length * length + place)] > 0;
        assertThat(depends)
            .as("seed %s, pixel %s, place %s, field %s", seed, pixel, place, field)
            .isEqualTo(
                covers(field.rows(), place / length, pixel / side)
                    && covers(field.columns(), place % length, pixel % side));
      }
    }
  }

  private static boolean covers(FieldAxis axis, long position, long pixel) {
    return pixel >= axis.start(position) && pixel < axis.start(position) + axis.size();
  }

  private static FloatTensor unitImages(int side) {
    int area = side * side;
    float[] images = new float[area * area];
    for (int pixel = 0; pixel < area; pixel++) {
      images[pixel * area + pixel] = 1;
    }
    return new FloatTensor(images, area, 1, side, side);
  }
}
