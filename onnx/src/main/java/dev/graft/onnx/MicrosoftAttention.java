package dev.graft.onnx;

import java.util.List;

/** Writes out the attention and embedding operators of {@code com.microsoft}. */
final class MicrosoftAttention {
  /** What ONNX Runtime adds to the scores of positions that a mask hides. */
  private static final float MASK_FILL = -10000;

  private MicrosoftAttention() {}

  /**
   * The norm of word + position + segment embeddings; output 1 is the number of tokens that the
   * mask leaves in each example, output 2 the sum.
   */
  static void embedLayerNormalization(Node node, UpgradeScope scope) {
    String y = node.output(0);
    String ids = node.input(0);
    String words = scope.operation("Gather", y + "_words", node.input(2), ids);
    String index = node.hasInput(8) ? node.input(8) : places(scope, y, ids);
    String places = scope.operation("Gather", y + "_places", node.input(3), index);
    boolean segmented = node.hasInput(1) && node.hasInput(4);
    String given = node.output(2).isEmpty() ? scope.freshName(y + "_sum") : node.output(2);
    String sum = segmented ? scope.freshName(y + "_partial") : given;
    scope.emit(Node.of("Add", List.of(words, places), List.of(sum)));
    if (segmented) {
      String segments = scope.operation("Gather", y + "_segments", node.input(4), node.input(1));
      scope.emit(Node.of("Add", List.of(sum, segments), List.of(given)));
    }
    MicrosoftExpansion.layerNormalization(node, scope, given, node.input(5), node.input(6));
    if (!node.output(1).isEmpty() && scope.isRead(node.output(1))) {
      String axis = scope.vector(y + "_length_axis", 1);
      String mask =
          node.hasInput(7)
              ? node.input(7)
              : scope.operation("Sub", y + "_no_mask", ids, ids); // zeros [N,T]
      scope.emit(
          Node.of("ReduceSum", List.of(mask, axis), List.of(node.output(1)))
              .withInteger("keepdims", 0));
    }
  }

  /** 0 to T - 1 for ids [N,T]. */
  private static String places(UpgradeScope scope, String y, String ids) {
    String shape = scope.operation("Shape", y + "_shape", ids);
    String length = scope.operation("Gather", y + "_length", shape, scope.scalar(y + "_second", 1));
    return scope.operation(
        "Range", y + "_range", scope.scalar(y + "_zero", 0), length, scope.scalar(y + "_one", 1));
  }

  /** softmax(Q K' / sqrt(d) + mask) V for Q, K, V = x W + b, split into heads. */
  static void attention(Node node, UpgradeScope scope) {
    int maskRank = node.hasInput(3) ? scope.facts(node.input(3)).rank() : 0;
    boolean known =
        node.integer("unidirectional", 0) == 0
            && node.integer("do_rotary", 0) == 0
            && !node.hasInput(4)
            && !node.hasInput(6)
            && node.output(1).isEmpty()
            && node.integers("qkv_hidden_sizes").length == 0
            && maskRank >= 0
            && maskRank <= 3
            && !(maskRank == 1 && !hasOneLengthEach(node, scope));
    long heads = node.integer("num_heads", 0);
    long width = scope.facts(node.input(1)).size(-1);
    if (!known || heads <= 0 || width <= 0 || width % (3 * heads) != 0) {
      scope.emit(node);
      return;
    }
    String y = node.output(0);
    long size = width / 3 / heads;
    // [N,T,I] -> [N,T,3D]
    String all = scope.freshName(y + "_qkv");
    Node product = Node.of("MatMul", List.of(node.input(0), node.input(1)), List.of(all));
    scope.emit(product.withName(node.name()));
    if (node.hasInput(2)) {
      all = scope.operation("Add", y + "_biased", all, node.input(2));
    }
    List<String> parts =
        List.of(scope.freshName(y + "_q"), scope.freshName(y + "_k"), scope.freshName(y + "_v"));
    String sizes = scope.vector(y + "_sizes", width / 3, width / 3, width / 3);
    scope.emit(Node.of("Split", List.of(all, sizes), parts).withInteger("axis", -1));
    String split = scope.vector(y + "_heads", 0, 0, heads, size);
    String query = heads(scope, parts.get(0), split, 0, 2, 1, 3); // [N,H,T,d]
    String key = heads(scope, parts.get(1), split, 0, 2, 3, 1); // [N,H,d,T]
    String value = heads(scope, parts.get(2), split, 0, 2, 1, 3);
    String scores = scope.operation("MatMul", y + "_products", query, key);
    float scale = node.real("scale", 0);
    String factor =
        scope.scalarLike(
            node.input(0),
            y + "_scale",
            scale == 0 ? (float) (1 / Math.sqrt((double) size)) : scale);
    scores = scope.operation("Mul", y + "_scores", scores, factor);
    if (node.hasInput(3)) {
      scores = scope.operation("Add", y + "_masked", scores, mask(node, scope, maskRank));
    }
    if (node.hasInput(5)) {
      scores = scope.operation("Add", y + "_placed", scores, node.input(5));
    }
    String shares = scope.freshName(y + "_shares");
    scope.emit(Node.of("Softmax", List.of(scores), List.of(shares)).withInteger("axis", -1));
    String mixed = scope.operation("MatMul", y + "_mixed", shares, value); // [N,H,T,d]
    String turned = scope.freshName(y + "_turned");
    scope.emit(
        Node.of("Transpose", List.of(mixed), List.of(turned)).withIntegers("perm", 0, 2, 1, 3));
    // [N,T,H,d] -> [N,T,D]
    String joined = scope.vector(y + "_joined", 0, 0, width / 3);
    scope.emit(Node.of("Reshape", List.of(turned, joined), List.of(y)));
  }

  /** A mask of rank 1 holds a length for each example, or (twice the batch) also a start. */
  private static boolean hasOneLengthEach(Node node, UpgradeScope scope) {
    long batch = scope.facts(node.input(0)).size(0);
    long count = scope.facts(node.input(3)).size(0);
    // Sizes that the file leaves open are those of the batch: a start is stated with its double.
    return count == batch;
  }

  private static String heads(UpgradeScope scope, String x, String split, long... order) {
    String apart = scope.operation("Reshape", x + "_apart", x, split); // [N,T,H,d]
    String turned = scope.freshName(x + "_turned");
    scope.emit(Node.of("Transpose", List.of(apart), List.of(turned)).withIntegers("perm", order));
    return turned;
  }

  /** (1 - mask) fill, laid out as [N,1,1,T] or [N,1,T,T]. */
  private static String mask(Node node, UpgradeScope scope, int rank) {
    String y = node.output(0);
    String seen = node.input(3);
    if (rank == 1) {
      seen = withinLength(node, scope);
    }
    String axes = rank == 3 ? scope.vector(y + "_axis", 1) : scope.vector(y + "_axes", 1, 2);
    String wide = scope.operation("Unsqueeze", y + "_mask", seen, axes);
    String real = scope.operation("CastLike", y + "_real", wide, node.input(0));
    String one = scope.scalarLike(node.input(0), y + "_one", 1);
    String hidden = scope.operation("Sub", y + "_hidden", one, real);
    String fill =
        scope.scalarLike(node.input(0), y + "_fill", node.real("mask_filter_value", MASK_FILL));
    return scope.operation("Mul", y + "_fills", hidden, fill);
  }

  /** [N,T]: whether a position lies before the length of its example. */
  private static String withinLength(Node node, UpgradeScope scope) {
    String y = node.output(0);
    String places = places(scope, y + "_mask", node.input(0)); // [T]
    String lengths = scope.freshName(y + "_lengths");
    scope.emit(
        Node.of("Cast", List.of(node.input(3)), List.of(lengths))
            .withInteger("to", ElementType.INT64.onnxCode()));
    String column =
        scope.operation("Unsqueeze", y + "_column", lengths, scope.vector(y + "_last", -1));
    return scope.operation("Less", y + "_within", places, column);
  }
}
