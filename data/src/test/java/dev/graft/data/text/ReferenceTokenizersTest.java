package dev.graft.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.graft.data.ExampleSource;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Published tokenizers on published texts, held against other programs.
 *
 * <p>{@code reference-digests.csv} has a row for each tokenizer and file of texts: the ids of each
 * text in decimal with blanks between them and a line feed at the end, all texts of the file one
 * after the other, as SHA-256; once with all tokens, once cut to 16. It was made with Python: the
 * uncased BERT vocabulary by BertTokenizerLegacy of transformers 5.18.0 (the implementation in
 * Python itself, which shares no code with the native library), cut by hand; the others by
 * Tokenizer.encode of tokenizers 0.23.2 with and without enable_truncation(16).
 */
@Tag("reference-data")
final class ReferenceTokenizersTest {
  private static final int ALL = 100_000;

  private final Path shared = Path.of(System.getProperty("graft.shared", ""));

  @BeforeEach
  void requireData() {
    assumeTrue(
        Files.isDirectory(shared.resolve("data/text"))
            && Files.isDirectory(shared.resolve("models/tinybert")),
        "reference data absent: " + shared);
  }

  private Tokenizer open(String name) {
    return switch (name) {
      case "uncased" ->
          Tokenizer.ofVocabulary(shared.resolve("models/tinybert/bert-base-uncased.txt"));
      case "cased" ->
          Tokenizer.read(shared.resolve("models/tinybert/bert-base-cased-tokenizer.json"));
      case "word2vec" -> Tokenizer.read(shared.resolve("models/word2vec-8k/tokenizer.json"));
      default -> throw new IllegalArgumentException(name);
    };
  }

  private List<String> texts(String file) throws Exception {
    List<String> texts = new ArrayList<>();
    try (Reader reader = Files.newBufferedReader(shared.resolve("data/text").resolve(file));
        CSVParser parser =
            CSVParser.parse(
                reader, CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get())) {
      for (CSVRecord record : parser) {
        texts.add(record.get("text"));
      }
    }
    return texts;
  }

  private static String digest(Tokenizer tokenizer, List<String> texts, int maximum) {
    String lines =
        texts.stream()
            .map(
                text ->
                    Arrays.stream(tokenizer.encode(text, maximum).ids())
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(" ", "", "\n")))
            .collect(Collectors.joining());
    return ExampleSource.hash(lines.getBytes(StandardCharsets.US_ASCII));
  }

  @ParameterizedTest
  @ValueSource(strings = {"uncased", "cased", "word2vec"})
  void encode_allTexts_giveTheIdsOfTheReference(String name) throws Exception {
    String digests =
        new String(TestTokenizers.resource("reference-digests.csv"), StandardCharsets.UTF_8);
    int files = 0;
    try (Tokenizer tokenizer = open(name)) {
      for (String row : digests.lines().skip(1).toList()) {
        String[] cells = row.split(",");
        if (!cells[0].equals(name)) {
          continue;
        }
        List<String> texts = texts(cells[1]);
        assertThat(texts).as(cells[1]).hasSize(Integer.parseInt(cells[2]));
        assertThat(digest(tokenizer, texts, ALL)).as(row).isEqualTo(cells[4]);
        assertThat(digest(tokenizer, texts, 16)).as(row).isEqualTo(cells[5]);
        files++;
      }
    }
    assertThat(files).isEqualTo(10);
  }

  @Test
  void encode_literalTexts_areAsKnown() {
    try (Tokenizer cased = open("cased");
        Tokenizer words = open("word2vec")) {
      assertThat(cased.vocabularySize()).isEqualTo(28_996);
      assertThat(cased.encode("Hello w\u00f6rld", 16).ids())
          .containsExactly(101, 8667, 192, 19593, 17670, 1181, 102);
      assertThat(words.vocabularySize()).isEqualTo(8_002);
      assertThat(words.encode("in for that qqqq", 16).ids()).containsExactly(2, 3, 4, 1);
      assertThat(words.padOrigin()).isEqualTo("it is the token [PAD]");
    }
  }
}
