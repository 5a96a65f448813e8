package dev.graft.zoo.architecture;

import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import java.util.List;
import java.util.OptionalInt;

/**
 * Vision transformers: patches as tokens beside a class token, plus positions; encoder layers
 * {@code y = x + attention(norm(x)), y + mlp(norm(y))} with GELU and four times the width inside; a
 * linear layer on the normed class token.
 *
 * <p>Dosovitskiy et al. 2021, "An Image is Worth 16x16 Words", section 3.1; the sizes are those of
 * Touvron et al. 2021 (DeiT), table 1. Attention and GELU stand in single operators, as exporters
 * write them.
 *
 * @param width of a token
 * @param depth number of encoder layers
 * @param heads of the attention; they divide the width
 * @param patch side of a patch in pixels; it divides the side of the image
 */
public record VisionTransformer(int width, int depth, int heads, int patch)
    implements ImageArchitecture {
  private static final int EXPANSION = 4;
  private static final int SMALL_PATCH = 8;

  /** Patches along a side where none is given: 224 pixels of 16 each. */
  private static final int PATCHES = 14;

  /** Checks the ranges. */
  public VisionTransformer {
    if (width < 1 || depth < 1 || heads < 1 || patch < 1 || width % heads != 0) {
      throw new IllegalArgumentException(
          "a transformer needs sizes of at least 1 and heads that divide its width, but has width "
              + width
              + ", depth "
              + depth
              + ", "
              + heads
              + " heads and patches of "
              + patch
              + " pixels");
    }
  }

  /** ViT-S/16: 22 million weights for 1,000 classes at 224 pixels. */
  public static VisionTransformer small() {
    return new VisionTransformer(384, 12, 6, 16);
  }

  /** ViT-Ti/16: 5.7 million weights for 1,000 classes at 224 pixels. */
  public static VisionTransformer tiny() {
    return new VisionTransformer(192, 12, 3, 16);
  }

  /** The task at the given side, or else at 14 patches: it needs one size for its positions. */
  @Override
  public ImageTask task(OptionalInt side, int classes) {
    return ImageTask.of(side.orElse(PATCHES * patch), classes);
  }

  /** Always refused: a transformer has one width. */
  @Override
  public VisionTransformer withChannels(List<Integer> channels) {
    throw new IllegalArgumentException(
        "a vision transformer has no stages of channels: its published sizes are chosen by name");
  }

  /** Always refused: the heads would no longer have their published width. */
  @Override
  public VisionTransformer withWidthTimes(double factor) {
    throw new IllegalArgumentException(
        "the width of a vision transformer is bound to its heads: its published sizes are chosen"
            + " by name");
  }

  /**
   * The same for images of 32 to 128 pixels: with patches of 8 (as of Caron et al. 2021, "Emerging
   * Properties in Self-Supervised Vision Transformers").
   */
  @Override
  public VisionTransformer forSmallImages() {
    return new VisionTransformer(width, depth, heads, SMALL_PATCH);
  }

  /**
   * The network with fresh weights.
   *
   * @param seed the same seed gives the same weights
   * @throws IllegalArgumentException if the side of the image is open or no multiple of the patch's
   */
  @Override
  public OnnxModel build(ImageTask task, long seed) {
    if (task.side().isEmpty()) {
      throw new IllegalArgumentException(
          "a transformer has a table of positions, so that its images need one size");
    }
    int side = task.side().getAsInt();
    if (side % patch != 0) {
      throw new IllegalArgumentException(
          "images of %d pixels cannot be cut into patches of %d: the side must be a multiple"
              .formatted(side, patch));
    }
    NetworkLayers net = new NetworkLayers("vision_transformer", task.input(), task.classes());
    String x = embedded(net, (side / patch) * (side / patch));
    for (int layer = 0; layer < depth; layer++) {
      x = encoderLayer(net, "encoder.layer." + layer, x);
    }
    x = net.layerNorm("layernorm", x, width);
    return net.classifier("fc", firstToken(net, x), width, seed);
  }

  @Override
  public String describe() {
    return "vision transformer of width %d with %d layers, %d heads and patches of %dx%d pixels"
        .formatted(width, depth, heads, patch, patch);
  }

  @Override
  public String reference() {
    return "Dosovitskiy et al. 2021, \"An Image is Worth 16x16 Words: Transformers for Image"
        + " Recognition at Scale\", https://arxiv.org/abs/2010.11929; sizes of Touvron et al. 2021,"
        + " \"Training Data-Efficient Image Transformers & Distillation Through Attention\","
        + " https://arxiv.org/abs/2012.12877";
  }

  /** [N, 3, H, W] to tokens [N, 1 + patches, width]. */
  private String embedded(NetworkLayers net, int patches) {
    String x = net.patches("embeddings.projection", ImageTask.INPUT, width, patch);
    // [N, D, H, W] -> [N, D, P] -> [N, P, D]
    x = net.transposed(net.reshaped(x, 0, width, -1), 0, 2, 1);
    String batch =
        net.node(
            Node.of("Shape", List.of(ImageTask.INPUT), List.of(net.fresh("Shape")))
                .withInteger("end", 1));
    String shape = joined(net, 0, batch, net.longs(1, 1));
    // [1, 1, D] -> [N, 1, D]
    String token = net.node("Expand", net.floats("embeddings.cls_token", 1, 1, width), shape);
    String positions = net.floats("embeddings.position_embeddings", 1, 1 + patches, width);
    return net.node("Add", joined(net, 1, token, x), positions);
  }

  private String encoderLayer(NetworkLayers net, String name, String x) {
    String normed = net.layerNorm(name + ".layernorm_before", x, width);
    String y = net.node("Add", attention(net, name + ".attention", normed), x);
    String inner = net.layerNorm(name + ".layernorm_after", y, width);
    inner = net.gelu(net.linear(name + ".intermediate", inner, width, EXPANSION * width));
    return net.node("Add", net.linear(name + ".output", inner, EXPANSION * width, width), y);
  }

  private String attention(NetworkLayers net, String name, String x) {
    int depthOfHead = width / heads;
    String query = ofHeads(net, net.linear(name + ".query", x, width, width), 0, 2, 1, 3);
    String key = ofHeads(net, net.linear(name + ".key", x, width, width), 0, 2, 3, 1);
    String value = ofHeads(net, net.linear(name + ".value", x, width, width), 0, 2, 1, 3);
    String scores =
        net.node("Div", net.node("MatMul", query, key), net.scalar((float) Math.sqrt(depthOfHead)));
    String shares =
        net.node(
            Node.of("Softmax", List.of(scores), List.of(net.fresh("Softmax")))
                .withInteger("axis", -1));
    String mixed = net.transposed(net.node("MatMul", shares, value), 0, 2, 1, 3);
    // [N, T, heads, D / heads] -> [N, T, D]
    return net.linear(name + ".output", net.reshaped(mixed, 0, -1, width), width, width);
  }

  /** [N, T, D] to [N, T, heads, D / heads] and from there as permuted. */
  private String ofHeads(NetworkLayers net, String x, long... permutation) {
    return net.transposed(net.reshaped(x, 0, -1, heads, width / heads), permutation);
  }

  private static String firstToken(NetworkLayers net, String x) {
    return net.node(
        Node.of("Gather", List.of(x, net.longScalar(0)), List.of(net.fresh("Gather")))
            .withInteger("axis", 1)); // [N, T, D] -> [N, D]
  }

  private static String joined(NetworkLayers net, int axis, String... parts) {
    return net.node(
        Node.of("Concat", List.of(parts), List.of(net.fresh("Concat"))).withInteger("axis", axis));
  }
}
