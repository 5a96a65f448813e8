package dev.graft.onnx;

import java.util.Arrays;
import java.util.Optional;

/** Finds what a backbone averages to its features, so that it can be pooled in another way. */
public final class PooledMaps {
  private PooledMaps() {}

  /**
   * The tensor with positions, [N, C, H, W] or [N, T, F], whose mean over all positions is what a
   * head reads; whatever only reshapes is stepped over.
   *
   * @return empty where the features are no such mean
   */
  public static Optional<String> before(OnnxModel model, Head head) {
    if (head.pooling() == Pooling.MEAN) {
      return Optional.of(head.featureTensor());
    }
    Graph graph = model.graph();
    ShapeInference shapes = ShapeInference.of(graph);
    Optional<Node> node = graph.producer(head.featureTensor());
    while (node.isPresent() && HeadTail.keepsShape(node.get())) {
      node = graph.producer(node.get().input(0));
    }
    return node.filter(pool -> isMean(pool, graph, shapes)).map(pool -> pool.input(0));
  }

  private static boolean isMean(Node pool, Graph graph, ShapeInference shapes) {
    TensorFacts maps = shapes.facts(pool.input(0));
    if (pool.is("GlobalAveragePool")) {
      return maps.rank() == 4;
    }
    if (pool.is("ReduceMean")) {
      return Arrays.equals(axes(pool, graph, maps.rank()), positionsOf(maps.rank()));
    }
    return pool.is("AveragePool") && maps.rank() == 4 && coversAll(pool, maps);
  }

  /** The axes of a mean from 0 on, in their order; none where they are not constant. */
  private static long[] axes(Node mean, Graph graph, int rank) {
    long[] stated =
        mean.hasInput(1)
            ? graph.constant(mean.input(1)).map(OnnxTensor::toLongs).orElse(new long[0])
            : mean.integers("axes");
    return Arrays.stream(stated).map(axis -> axis < 0 ? axis + rank : axis).sorted().toArray();
  }

  private static long[] positionsOf(int rank) {
    return rank == 4 ? new long[] {2, 3} : new long[] {1};
  }

  private static boolean coversAll(Node pool, TensorFacts maps) {
    long[] kernel = pool.integers("kernel_shape");
    return kernel.length == 2
        && kernel[0] == maps.size(2)
        && kernel[1] == maps.size(3)
        && Arrays.stream(pool.integers("pads")).allMatch(pad -> pad == 0);
  }
}
