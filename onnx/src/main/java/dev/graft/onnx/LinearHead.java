package dev.graft.onnx;

import java.util.List;
import java.util.Optional;

/**
 * A linear output layer: {@code logits = weight · features + bias}.
 *
 * @param featureTensor the layer's input, of one width for each example
 * @param pooling NONE, or MEAN where the layer stands before a global pool and its pooled input is
 *     the feature
 * @param form how the file writes the layer
 * @param weightName the stored weight
 * @param biasName the stored bias, if any
 * @param features the width of the features
 * @param classes the width of the logits
 * @param logitsTensor the layer's result, before softmax or sigmoid
 * @param outputTensor the graph's output that the head feeds
 * @param nodes the nodes from the feature tensor to the logits, in order
 */
public record LinearHead(
    String featureTensor,
    Pooling pooling,
    Form form,
    String weightName,
    Optional<String> biasName,
    int features,
    int classes,
    String logitsTensor,
    String outputTensor,
    List<Node> nodes)
    implements Head {

  /** How files write a linear output layer. */
  public enum Form {
    /** Gemm. */
    GEMM,
    /** MatMul, with Add or without. */
    MATMUL,
    /** A 1x1 convolution of a map of one position. */
    CONV_1X1,
    /** A 1x1 convolution of a whole map, averaged afterwards: its mean is linear in the mean. */
    CONV_BEFORE_POOL,
    /**
     * A 1x1 convolution and a rectifier, averaged afterwards (SqueezeNet): not linear in the mean
     * of its input, so that it cannot be proved.
     */
    RECTIFIED_CONV_BEFORE_POOL
  }

  public LinearHead {
    nodes = List.copyOf(nodes);
  }

  /** Whether {@link HeadProof} can recompute the logits from the features. */
  public boolean isProvable() {
    return form != Form.RECTIFIED_CONV_BEFORE_POOL;
  }

  /** The layer's weight and bias as plain arrays, with all constant factors applied. */
  public HeadWeights weights(OnnxModel model) {
    return HeadWeights.of(model.graph(), this);
  }
}
