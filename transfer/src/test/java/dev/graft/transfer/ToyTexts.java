package dev.graft.transfer;

import dev.graft.data.Dataset;
import dev.graft.data.DatasetReader;
import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxModel;
import dev.graft.onnx.OnnxTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A task of text that a small network learns in a second: sentences about food, music or weather,
 * and a transformer of two layers with a mask, as exporters write it. All from fixed seeds.
 */
public final class ToyTexts {
  public static final List<String> CLASSES = List.of("food", "music", "weather");
  static final int WIDTH = 8;
  public static final int PLACES = 40;

  private static final List<List<String>> TOPICS =
      List.of(
          List.of("bread", "soup", "cheese", "apple", "kitchen", "taste"),
          List.of("violin", "song", "drum", "choir", "concert", "melody"),
          List.of("rain", "snow", "cloud", "storm", "sunny", "wind"));

  private static final List<String> OTHERS =
      List.of(
          "the", "a", "we", "had", "was", "very", "good", "today", "and", "with", "more", "some");

  private ToyTexts() {}

  /** A folder with a text file for each example, in a folder per class and part. */
  public static Dataset dataset(Path folder, int trainPerClass, int testPerClass) {
    SplittableRandom random = new SplittableRandom(5);
    Path data = folder.resolve("texts");
    for (int label = 0; label < CLASSES.size(); label++) {
      for (int i = 0; i < trainPerClass; i++) {
        write(data.resolve("train/" + CLASSES.get(label) + "/" + i + ".txt"), text(label, random));
      }
      for (int i = 0; i < testPerClass; i++) {
        write(data.resolve("test/" + CLASSES.get(label) + "/" + i + ".txt"), text(label, random));
      }
    }
    return DatasetReader.read(data);
  }

  /** Four to twenty words, a third of them of the topic. */
  public static String text(int label, SplittableRandom random) {
    List<String> words = new ArrayList<>();
    int length = 4 + random.nextInt(17);
    List<String> topic = TOPICS.get(label);
    for (int i = 0; i < length; i++) {
      List<String> from = i % 3 == 1 ? topic : OTHERS;
      words.add(from.get(random.nextInt(from.size())));
    }
    return String.join(" ", words);
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A folder with model.onnx and tokenizer.json. */
  public static Path backboneFolder(Path folder) {
    Path place = folder.resolve("toy-reader");
    write(place.resolve("tokenizer.json"), tokenizer());
    network(1).write(place.resolve("model.onnx"));
    return place;
  }

  public static Backbone backbone(Path folder) {
    return Backbone.load(backboneFolder(folder), BackboneOptions.defaults());
  }

  private static List<String> vocabulary() {
    List<String> words = new ArrayList<>(List.of("[PAD]", "[UNK]"));
    TOPICS.forEach(words::addAll);
    words.addAll(OTHERS);
    return words;
  }

  static String tokenizer() {
    List<String> entries = new ArrayList<>();
    List<String> words = vocabulary();
    for (int i = 0; i < words.size(); i++) {
      entries.add("\"" + words.get(i) + "\": " + i);
    }
    return """
        {"version": "1.0", "truncation": null, "padding": null,
         "added_tokens": [
           {"id": 0, "content": "[PAD]", "single_word": false, "lstrip": false, "rstrip": false,
            "normalized": false, "special": true}],
         "normalizer": {"type": "Lowercase"}, "pre_tokenizer": {"type": "Whitespace"},
         "post_processor": null, "decoder": null,
         "model": {"type": "WordLevel", "unk_token": "[UNK]", "vocab": {%s}}}
        """
        .formatted(String.join(", ", entries));
  }

  /** Hidden states [N, T, width] of two layers of masked attention with a rectified layer each. */
  static OnnxModel network(long seed) {
    return network(seed, Dimension.named("sequence"));
  }

  static OnnxModel network(long seed, Dimension tokens) {
    SplittableRandom random = new SplittableRandom(seed);
    Dimension texts = Dimension.named("batch");
    GraphBuilder graph =
        GraphBuilder.named("toy-reader")
            .input("input_ids", ElementType.INT64, texts, tokens)
            .input("attention_mask", ElementType.INT64, texts, tokens)
            .initializer(weights(random, "embeddings.word", vocabulary().size(), WIDTH))
            .initializer(weights(random, "embeddings.position", PLACES, WIDTH))
            .initializer(OnnxTensor.ofLongs("one", new long[] {1}, 1))
            .initializer(OnnxTensor.ofLongs("zero", new long[] {0}, 1))
            .initializer(OnnxTensor.ofFloats("unit", new float[] {1}, 1))
            .initializer(OnnxTensor.ofFloats("far", new float[] {-1e4f}, 1));
    graph
        .node("Gather", List.of("embeddings.word", "input_ids"), "words")
        .node("Shape", List.of("input_ids"), "shape")
        .node("Gather", List.of("shape", "one"), "length")
        .initializer(OnnxTensor.ofLongs("step", new long[] {1}))
        .initializer(OnnxTensor.ofLongs("start", new long[] {0}))
        .node("Squeeze", List.of("length", "zero"), "limit")
        .node("Range", List.of("start", "limit", "step"), "counted")
        .node("Gather", List.of("embeddings.position", "counted"), "places")
        .node("Add", List.of("words", "places"), "embedded")
        .node(Node.of("Cast", List.of("attention_mask"), List.of("kept")).withInteger("to", 1))
        .node("Sub", List.of("unit", "kept"), "hidden_tokens")
        .node("Mul", List.of("hidden_tokens", "far"), "fill")
        .node("Unsqueeze", List.of("fill", "one"), "bias");
    String x = "embedded";
    for (int layer = 0; layer < 2; layer++) {
      x = layer(graph, random, "encoder.layer." + layer + ".", x);
    }
    return graph.output(x, ElementType.FLOAT, texts, tokens, Dimension.of(WIDTH)).build(18);
  }

  /** The mean of the tokens' vectors, 0 being padding, and a linear layer on it: to be trained. */
  public static OnnxModel classifier(long seed, int vocabulary, int classes) {
    SplittableRandom random = new SplittableRandom(seed);
    Dimension texts = Dimension.named("N");
    return GraphBuilder.named("toy-bag")
        .input("input_ids", ElementType.INT64, texts, Dimension.named("tokens"))
        .initializer(weights(random, "embeddings", vocabulary, WIDTH))
        .initializer(weights(random, "fc.weight", classes, WIDTH))
        .initializer(weights(random, "fc.bias", 1, classes))
        .initializer(OnnxTensor.ofLongs("zero", new long[] {0}, 1))
        .initializer(OnnxTensor.ofLongs("one", new long[] {1}, 1))
        .initializer(OnnxTensor.ofLongs("two", new long[] {2}, 1))
        .node("Gather", List.of("embeddings", "input_ids"), "vectors")
        .node("Equal", List.of("input_ids", "zero"), "padding")
        .node("Not", List.of("padding"), "real")
        .node(Node.of("Cast", List.of("real"), List.of("kept")).withInteger("to", 1))
        .node("Unsqueeze", List.of("kept", "two"), "mask")
        .node("Mul", List.of("vectors", "mask"), "masked")
        .node(reduced("masked", "sum"))
        .node(reduced("mask", "count"))
        .node("Div", List.of("sum", "count"), "mean")
        .node(
            Node.of("Gemm", List.of("mean", "fc.weight", "fc.bias"), List.of("logits"))
                .withInteger("transB", 1))
        .output("logits", ElementType.FLOAT, texts, Dimension.of(classes))
        .build(18);
  }

  private static Node reduced(String from, String to) {
    return Node.of("ReduceSum", List.of(from, "one"), List.of(to)).withInteger("keepdims", 0);
  }

  private static String layer(GraphBuilder graph, SplittableRandom random, String name, String x) {
    for (String part : List.of("query", "key", "value")) {
      graph
          .initializer(weights(random, name + part, WIDTH, WIDTH))
          .node("MatMul", List.of(x, name + part), name + part + ".out");
    }
    graph
        .node(
            Node.of("Transpose", List.of(name + "key.out"), List.of(name + "key.turned"))
                .withIntegers("perm", 0, 2, 1))
        .node("MatMul", List.of(name + "query.out", name + "key.turned"), name + "scores")
        .node("Add", List.of(name + "scores", "bias"), name + "masked")
        .node(
            Node.of("Softmax", List.of(name + "masked"), List.of(name + "attention"))
                .withInteger("axis", -1))
        .node("MatMul", List.of(name + "attention", name + "value.out"), name + "read")
        .node("Add", List.of(x, name + "read"), name + "sum")
        .initializer(weights(random, name + "dense.weight", WIDTH, WIDTH))
        .initializer(weights(random, name + "dense.bias", 1, WIDTH))
        .node("MatMul", List.of(name + "sum", name + "dense.weight"), name + "dense")
        .node("Add", List.of(name + "dense", name + "dense.bias"), name + "dense.out")
        .node("Relu", List.of(name + "dense.out"), name + "rectified")
        .node("Add", List.of(name + "sum", name + "rectified"), name + "out");
    return name + "out";
  }

  private static OnnxTensor weights(SplittableRandom random, String name, int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (0.5 * (random.nextDouble() + random.nextDouble() - 1));
    }
    return rows == 1
        ? OnnxTensor.ofFloats(name, values, columns)
        : OnnxTensor.ofFloats(name, values, rows, columns);
  }
}
