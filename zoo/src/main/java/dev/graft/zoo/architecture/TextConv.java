package dev.graft.zoo.architecture;

import dev.graft.onnx.ElementType;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import java.util.Arrays;
import java.util.List;

/**
 * A shallow network of text: what a text is about, by the weighted mean of its tokens' vectors e_t,
 * what short phrases tell, by one convolution over them, and which words it has, by the sum and the
 * largest of a second table w_t, which a task with few examples reads like counts of words.
 *
 * <pre>
 *   m_t = 1 for a token, 0 for padding
 *   g_t = (relu(gate_t) + 0.001) m_t
 *   h_t = relu(conv(m layerNorm(e)))_t m_t
 *   s = sum_t m_t w_t
 *   features = [3 sum_t g_t e_t / (sum_t g_t + 0.001), max_t h_t,
 *               4 s / sqrt(|s|^2 + 0.0001), relu(max_t m_t w_t)]
 * </pre>
 *
 * <p>Padding changes nothing, and a text without tokens has features of zero. The weighted mean is
 * that of Shen et al. 2018, "Baseline Needs More Love: On Simple Word-Embedding-Based Models and
 * Associated Pooling Mechanisms", with learned weights; convolution and maximum over time are those
 * of Kim 2014, "Convolutional Neural Networks for Sentence Classification".
 *
 * @param embedding numbers in the vector of a token
 * @param channels of the convolution
 * @param phrase tokens under a filter, odd
 */
public record TextConv(int embedding, int channels, int phrase) implements TextArchitecture {
  /** Twice 256 numbers a token, 256 filters over three tokens: 1,024 features. */
  public static final TextConv SMALL = new TextConv(256, 256, 3);

  private static final int MOST = 4_096;
  private static final int LONGEST_PHRASE = 15;
  private static final String EMBEDDINGS = "embeddings.weight";
  private static final String GATE = "gate.weight";
  private static final String WORDS = "words.weight";

  /**
   * A mean of many vectors is small beside the maximum of rectified ones; heads standardise both,
   * but the network itself learns faster with features of one size.
   */
  private static final float MEAN_SCALE = 3;

  private static final float WORDS_SCALE = 4;

  /** Large enough for 16 bits; the mean stays finite where all gates have closed. */
  private static final float LEAST_WEIGHT = 1e-3f;

  /** Keeps the direction of a sum finite, and its gradient, where it has no length. */
  private static final float LEAST_SQUARE = 1e-4f;

  /** Checks the ranges. */
  public TextConv {
    if (Math.min(embedding, channels) < 1
        || Math.max(embedding, channels) > MOST
        || phrase < 1
        || phrase > LONGEST_PHRASE
        || phrase % 2 == 0) {
      throw new IllegalArgumentException(
          "a convolutional network of text needs widths of 1 to %d and filters over an odd number of at most %d tokens but has widths %d and %d and filters over %d tokens"
              .formatted(MOST, LONGEST_PHRASE, embedding, channels, phrase));
    }
  }

  /**
   * The same with other widths: that of a token's vector, and the number of filters.
   *
   * @throws IllegalArgumentException for anything but two numbers
   */
  @Override
  public TextConv withChannels(List<Integer> widths) {
    if (widths.size() != 2) {
      throw new IllegalArgumentException(
          "text-conv has two widths, that of a token's vector and the number of filters, but "
              + widths
              + " was asked for");
    }
    return new TextConv(widths.get(0), widths.get(1), phrase);
  }

  @Override
  public TextConv withWidthTimes(double factor) {
    ChannelRounding.checked(factor);
    return new TextConv(
        ChannelRounding.toMultipleOfEight(factor * embedding),
        ChannelRounding.toMultipleOfEight(factor * channels),
        phrase);
  }

  @Override
  public OnnxModel build(TextTask task, long seed) {
    NetworkLayers net = new NetworkLayers("text_conv", task.input(), task.classes());
    String mask = mask(net);
    String vectors = looked(net, EMBEDDINGS, task, embedding); // [N, T, E]
    String gates = looked(net, GATE, task, 1); // [N, T, 1]
    String words = net.node("Mul", looked(net, WORDS, task, embedding), mask); // [N, T, E]
    String features =
        net.node(
            Node.of(
                    "Concat",
                    List.of(
                        weightedMean(net, vectors, gates, mask),
                        // Rectified, so that the zeros of padding are never above a token's.
                        net.reducedAway("ReduceMax", phrases(net, vectors, mask), 2),
                        direction(net, net.reducedAway("ReduceSum", words, 1)),
                        net.relu(net.reducedAway("ReduceMax", words, 1))),
                    List.of(net.fresh("Concat")))
                .withInteger("axis", 1)); // [N, 3 E + C]
    return withOpenGates(net.classifier("fc", features, 3 * embedding + channels, seed));
  }

  @Override
  public int tokenWidth() {
    return embedding;
  }

  @Override
  public OnnxModel beginningWith(OnnxModel fresh, float[] vectors, float[] rarity) {
    OnnxTensor table = fresh.graph().constant(EMBEDDINGS).orElseThrow();
    if (vectors.length != table.elementCount() || vectors.length != rarity.length * embedding) {
      throw new IllegalArgumentException(
          "a network with %s is expected to begin with as many vectors and weights, found %d numbers and %d weights"
              .formatted(Arrays.toString(table.shape()), vectors.length, rarity.length));
    }
    float[] words = new float[vectors.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = rarity[i / embedding] * vectors[i];
    }
    return fresh
        .edit()
        .setInitializer(table.withFloats(vectors))
        .setInitializer(fresh.graph().constant(GATE).orElseThrow().withFloats(rarity))
        .setInitializer(fresh.graph().constant(WORDS).orElseThrow().withFloats(words))
        .build();
  }

  /** A number of a token to its row of a table: [N, T] to [N, T, width]. */
  private static String looked(NetworkLayers net, String table, TextTask task, int width) {
    return net.node("Gather", net.floats(table, task.vocabularySize(), width), TextTask.INPUT);
  }

  /** Vectors [N, E] of one length, zero where they are zero. */
  private static String direction(NetworkLayers net, String sums) {
    String square =
        net.node("ReduceSum", net.node("Mul", sums, sums), net.longs(1)); // [N, E] -> [N, 1]
    String length = net.node("Sqrt", net.node("Add", square, net.scalar(LEAST_SQUARE)));
    return net.node("Mul", net.node("Div", sums, length), net.scalar(WORDS_SCALE));
  }

  /** 1 for a token, 0 for padding: [N, T, 1]. */
  private static String mask(NetworkLayers net) {
    String padding = net.node("Equal", TextTask.INPUT, net.longs(TextTask.PADDING));
    String tokens = net.cast(net.node("Not", padding), ElementType.FLOAT); // [N, T]
    return net.node("Unsqueeze", tokens, net.longs(2));
  }

  /** [N, T, E] weighted by [N, T, 1] to [N, E]. */
  private static String weightedMean(NetworkLayers net, String vectors, String gates, String mask) {
    String least = net.scalar(LEAST_WEIGHT);
    String weights = net.node("Mul", net.node("Add", net.relu(gates), least), mask);
    String sum = net.reducedAway("ReduceSum", net.node("Mul", vectors, weights), 1); // [N, E]
    String all = net.node("Add", net.reducedAway("ReduceSum", weights, 1), least); // [N, 1]
    return net.node("Mul", net.node("Div", sum, all), net.scalar(MEAN_SCALE));
  }

  /** [N, T, E] to what the filters find around each token: [N, C, T], 0 at padding. */
  private String phrases(NetworkLayers net, String vectors, String mask) {
    // Padding has a vector, too, which filters at the last token must not see.
    String normed = net.node("Mul", net.layerNorm("norm", vectors, embedding), mask);
    String along = net.transposed(normed, 0, 2, 1); // [N, E, T]
    String found = net.relu(net.convolutionAlong("conv", along, embedding, channels, phrase));
    return net.node("Mul", found, net.transposed(mask, 0, 2, 1)); // mask [N, 1, T]
  }

  /** All tokens weigh 1 at first: gates of about 0 would hardly learn. */
  private static OnnxModel withOpenGates(OnnxModel model) {
    OnnxTensor gates = model.graph().constant(GATE).orElseThrow();
    float[] ones = new float[Math.toIntExact(gates.elementCount())];
    Arrays.fill(ones, 1);
    return model.edit().setInitializer(gates.withFloats(ones)).build();
  }

  @Override
  public String describe() {
    return "convolutional network of text with two vectors of %d numbers a token and %d filters over %d tokens"
        .formatted(embedding, channels, phrase);
  }

  @Override
  public String reference() {
    return "Kim 2014, \"Convolutional Neural Networks for Sentence Classification\","
        + " https://arxiv.org/abs/1408.5882, beside a weighted mean of vectors as of Shen et al."
        + " 2018, \"Baseline Needs More Love: On Simple Word-Embedding-Based Models and Associated"
        + " Pooling Mechanisms\", https://arxiv.org/abs/1805.09843";
  }
}
