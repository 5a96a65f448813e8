package dev.graft.onnx.text;

import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import java.util.List;

/**
 * Weighted counts of words as a graph: "input_ids" [N, tokens] to {@value #OUTPUT} [N, width].
 *
 * <pre>
 *   x_v = (1 + ln tf_v) r_v                        for a word that stands tf_v times in the text
 *   word_counts = sum_v x_v table_v / |x|
 * </pre>
 *
 * <p>With one row of the unit matrix for each word that is tf-idf; with a projection of it, latent
 * semantic analysis (Deerwester et al. 1990). The ids 0 (padding) and 1 (unknown) do not count; a
 * text of nothing else gives zeros.
 */
public final class WordCounts {
  /** The output of the graph. */
  public static final String OUTPUT = "word_counts";

  private static final String INPUT = "input_ids";
  private static final int OPSET = 18;
  private static final long LAST_THAT_DOES_NOT_COUNT = 1;

  /** Keeps a text without known words finite. */
  private static final float LEAST_SQUARE = 1e-12f;

  private final GraphBuilder graph = GraphBuilder.named("word_counts");
  private int unnamed;

  private WordCounts() {}

  /**
   * The graph.
   *
   * @param table [words, width], row-major, the rows of ids 0 and 1 included
   * @param rarity r of each word
   * @throws IllegalArgumentException where the lengths do not fit
   */
  public static OnnxModel model(float[] table, int width, float[] rarity) {
    if (width < 1 || table.length != (long) rarity.length * width) {
      throw new IllegalArgumentException(
          "%d words with %d numbers each are expected, found %d numbers"
              .formatted(rarity.length, width, table.length));
    }
    return new WordCounts().build(table, width, rarity);
  }

  private OnnxModel build(float[] table, int width, float[] rarity) {
    String ids = INPUT;
    graph
        .input(ids, ElementType.INT64, Dimension.named("N"), Dimension.named("tokens"))
        .initializer(OnnxTensor.ofFloats("words.table", table, rarity.length, width))
        .initializer(OnnxTensor.ofFloats("words.rarity", rarity, rarity.length));
    String counts = floats(node("Greater", ids, whole(LAST_THAT_DOES_NOT_COUNT))); // [N, T]
    String same =
        floats(
            node(
                "Equal",
                node("Unsqueeze", ids, axis(2)), // [N, T] -> [N, T, 1]
                node("Unsqueeze", ids, axis(1)))); // [N, T] -> [N, 1, T]
    String frequency = sum(same, 2); // [N, T, T] -> [N, T]
    String value =
        node(
            "Mul",
            node("Mul", node("Add", node("Log", frequency), real(1)), counts),
            node("Gather", "words.rarity", ids)); // x of the word at each place
    // A word that stands tf times is met tf times: each place has its share.
    String share = node("Div", value, frequency);
    String square = sum(node("Mul", value, share), 1); // [N]
    String length = node("Sqrt", node("Add", square, real(LEAST_SQUARE)));
    String rows = node("Gather", "words.table", ids); // [N, T, width]
    String weighted =
        sum(node("Mul", rows, node("Unsqueeze", share, axis(2))), 1); // [N, T, width] -> [N, width]
    graph.node(
        "Div", List.of(weighted, node("Unsqueeze", length, axis(1))), OUTPUT); // [N] -> [N, 1]
    return graph
        .output(OUTPUT, ElementType.FLOAT, Dimension.named("N"), Dimension.of(width))
        .build(OPSET);
  }

  private String floats(String x) {
    return node(
        Node.of("Cast", List.of(x), List.of(fresh("Cast")))
            .withInteger("to", ElementType.FLOAT.onnxCode()));
  }

  private String sum(String x, long axis) {
    return node(
        Node.of("ReduceSum", List.of(x, axis(axis)), List.of(fresh("ReduceSum")))
            .withInteger("keepdims", 0));
  }

  private String axis(long axis) {
    String name = fresh("axis");
    graph.initializer(OnnxTensor.ofLongs(name, new long[] {axis}, 1));
    return name;
  }

  private String whole(long value) {
    String name = fresh("constant");
    graph.initializer(OnnxTensor.ofLongs(name, new long[] {value}));
    return name;
  }

  private String real(float value) {
    String name = fresh("constant");
    graph.initializer(OnnxTensor.ofFloats(name, new float[] {value}));
    return name;
  }

  private String node(String operator, String... inputs) {
    return node(Node.of(operator, List.of(inputs), List.of(fresh(operator))));
  }

  private String node(Node node) {
    graph.node(node);
    return node.output(0);
  }

  private String fresh(String operator) {
    return operator + "_" + unnamed++;
  }
}
