package dev.graft.data.text;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * Small tokenizers of each kind, trained with the tokenizers package of Python (0.23.2) on this
 * project's own ARCHITECTURE.md, README.md and CONTRIBUTING.md: byte-level BPE as RoBERTa has it,
 * Unigram with NFKC and Metaspace as XLM-R has it, WordPiece as BERT has it (with sections on
 * truncation to 5 and padding to 40 tokens), WordLevel of lower-case words.
 */
final class TestTokenizers {
  private TestTokenizers() {}

  static byte[] resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(TestTokenizers.class.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(name, e);
    }
  }

  static Tokenizer open(String kind) {
    return Tokenizer.ofJson(resource(kind + ".json"), kind + ".json");
  }
}
