package dev.graft.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Small graphs with seeded weights that several tests share. */
final class Graphs {
  static final Dimension N = Dimension.named("N");

  private Graphs() {}

  static OnnxTensor weight(String name, long seed, long... shape) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextDouble() - 0.5);
    }
    return OnnxTensor.ofFloats(name, values, shape);
  }

  static Dimension[] dims(long... sizes) {
    return Arrays.stream(sizes)
        .mapToObj(size -> size < 0 ? N : Dimension.of(size))
        .toArray(Dimension[]::new);
  }

  /** Starts a graph with a float input "x"; -1 is the batch. */
  static GraphBuilder withInput(long... shape) {
    return GraphBuilder.named("test").input("x", ElementType.FLOAT, dims(shape));
  }

  /** One operator on "x" [shape] with output "y" of unknown shape. */
  static OnnxModel single(int opset, Node node, long... shape) {
    return withInput(shape)
        .node(node)
        .output(ValueInfo.ofUnknownShape("y", ElementType.FLOAT))
        .build(opset);
  }

  /** x [N,3,8,8] - Conv 3x3 - Relu - GlobalAveragePool -> "pooled" [N,4,1,1]. */
  static GraphBuilder convolutionalTrunk() {
    return withInput(-1, 3, 8, 8)
        .initializer(weight("stem.weight", 1, 4, 3, 3, 3))
        .initializer(weight("stem.bias", 2, 4))
        .node("Conv", List.of("x", "stem.weight", "stem.bias"), "stem")
        .node("Relu", List.of("stem"), "activated")
        .node("GlobalAveragePool", List.of("activated"), "pooled");
  }

  /** The trunk, flattened, and Gemm to 5 classes: "logits". */
  static GraphBuilder withGemmHead() {
    return convolutionalTrunk()
        .node("Flatten", List.of("pooled"), "flat")
        .initializer(weight("fc.weight", 3, 5, 4))
        .initializer(weight("fc.bias", 4, 5))
        .node(
            Node.of("Gemm", List.of("flat", "fc.weight", "fc.bias"), List.of("logits"))
                .withInteger("transB", 1));
  }
}
