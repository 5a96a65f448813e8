package dev.graft.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.onnx.Dimension;
import dev.graft.onnx.ElementType;
import dev.graft.onnx.GraphBuilder;
import dev.graft.onnx.Node;
import dev.graft.onnx.OnnxTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A backbone of texts for tests: a table of random word vectors, and a tokenizer of its words. */
final class WordVectors {
  private static final int WIDTH = 6;

  private WordVectors() {}

  /** Writes the folder of a backbone; [PAD] and [UNK] come first among the words. */
  static Path write(Path folder, List<String> words, SplittableRandom random) throws IOException {
    Files.createDirectories(folder);
    float[] table = new float[words.size() * WIDTH];
    for (int i = 0; i < table.length; i++) {
      table[i] = (float) (random.nextDouble() - 0.5);
    }
    GraphBuilder.named("words")
        .input("input_ids", ElementType.INT64, Dimension.named("N"), Dimension.named("T"))
        .input("attention_mask", ElementType.INT64, Dimension.named("N"), Dimension.named("T"))
        .initializer(OnnxTensor.ofFloats("table", table, words.size(), WIDTH))
        .node("Gather", List.of("table", "input_ids"), "vectors")
        .node(Node.of("Relu", List.of("vectors"), List.of("token_embeddings")))
        .output(
            "token_embeddings",
            ElementType.FLOAT,
            Dimension.named("N"),
            Dimension.named("T"),
            Dimension.of(WIDTH))
        .build(18)
        .write(folder.resolve("model.onnx"));
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    words.forEach(word -> vocabulary.put(word, vocabulary.size()));
    Files.writeString(
        folder.resolve("tokenizer.json"),
        """
        {"version": "1.0", "added_tokens": [{"id": 0, "content": "[PAD]", "single_word": false,
          "lstrip": false, "rstrip": false, "normalized": false, "special": true}],
         "normalizer": {"type": "Lowercase"}, "pre_tokenizer": {"type": "Whitespace"},
         "model": {"type": "WordLevel", "unk_token": "[UNK]", "vocab": %s}}
        """
            .formatted(new ObjectMapper().writeValueAsString(vocabulary)));
    return folder;
  }
}
