package dev.graft.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.data.DataException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WordPiecesTest {
  private final Path shared = Path.of(System.getProperty("graft.shared", ""));

  private static List<String> pieces(Tokenizer tokenizer) throws Exception {
    JsonNode vocabulary = new ObjectMapper().readTree(tokenizer.json()).path("model").path("vocab");
    List<String> pieces = new ArrayList<>(Collections.nCopies(vocabulary.size(), ""));
    vocabulary
        .properties()
        .forEach(entry -> pieces.set(entry.getValue().intValue(), entry.getKey()));
    return pieces;
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    BertWords.of(text, words::add);
    return words;
  }

  @Test
  void learn_fewWords_joinsTheMostFrequentPairsInTheirOrder() throws Exception {
    // ##u ##g 3 times; then h ##ug twice, ##l ##o never twice.
    try (Tokenizer tokenizer = WordPieces.learn(List.of("Hug hug", "pug", "lo"), 64)) {
      assertThat(pieces(tokenizer))
          .containsExactly(
              "[PAD]", "[UNK]", "[CLS]", "[SEP]", "##g", "##o", "##u", "h", "l", "p", "##ug",
              "hug");
      assertThat(tokenizer.padId()).isZero();
      assertThat(tokenizer.encode("HUG plug lug", 20).ids()).containsExactly(2, 11, 1, 8, 10, 3);
    }
  }

  @Test
  void learn_equallyFrequentPairs_takesTheEarlierPieces() throws Exception {
    try (Tokenizer tokenizer = WordPieces.learn(List.of("ba dc", "dc ba"), 64)) {
      assertThat(pieces(tokenizer).subList(8, 10)).containsExactly("ba", "dc");
    }
  }

  @Test
  void learn_sameTexts_givesTheSameBytes() {
    List<String> texts = List.of("one two three two", "three four, five!", "a café in Köln");
    try (Tokenizer first = WordPieces.learn(texts, 100);
        Tokenizer second = WordPieces.learn(texts, 100)) {
      assertThat(second.json()).isEqualTo(first.json());
    }
  }

  @Test
  void learn_moreCharactersThanRoom_keepsTheFrequentOnes() throws Exception {
    StringBuilder rare = new StringBuilder("zz zz ");
    for (char c = '\u4e00'; c < '\u4e00' + 200; c++) {
      rare.append(c);
    }
    try (Tokenizer tokenizer = WordPieces.learn(List.of(rare.toString()), 64)) {
      assertThat(tokenizer.vocabularySize()).isEqualTo(37);
      assertThat(pieces(tokenizer)).contains("\u4e00", "zz").doesNotContain("\u4e90");
    }
  }

  @Test
  void learn_nothingToLearn_isRefused() {
    assertThatThrownBy(() -> WordPieces.learn(List.of(" ", "\u200b"), 100))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot learn a vocabulary from 2 texts: they have no words. Check that they are the"
                + " texts that you mean.");
    assertThatThrownBy(() -> WordPieces.learn(List.of("a"), 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("pieces of words: expected a vocabulary of 64 to 131072 pieces, found 10");
  }

  /** A tokenizer that knows each word but none of its parts finds none that is unknown. */
  private static void assertKnown(List<String> texts) {
    Map<String, Integer> ids = new LinkedHashMap<>();
    for (String token : List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]")) {
      ids.put(token, ids.size());
    }
    Set<String> words = new LinkedHashSet<>();
    texts.forEach(text -> BertWords.of(text, words::add));
    words.forEach(word -> ids.putIfAbsent(word, ids.size()));
    List<String> names = new ArrayList<>(ids.keySet());
    try (Tokenizer tokenizer =
        Tokenizer.ofJson(new Vocabulary(ids).toJson(LetterCase.LOWER), "words")) {
      for (String text : texts) {
        List<String> found = new ArrayList<>();
        for (int id : tokenizer.encode(text, 10_000).ids()) {
          found.add(names.get(id));
        }
        assertThat(found.subList(1, found.size() - 1)).as(text).isEqualTo(words(text));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Crème brûlée, naïve ÅNGSTRÖM; İstanbul",
        "it's $5+tax (=6€)… «so» they—said",
        "\u4e2d\u6587 mixed\u4e2din \u3042\u308a \ud55c\uad6d\uc5b4",
        "tab\tline\nzero\u200bwidth\u00a0no-break\u0007bell\u0085next\u2028sep \ufffdx \ue000private",
        "ΣΊΣΥΦΟΣ Straße ﬁne ½ ²³ ™ 🙂 𝔘𝔫𝔦",
        "a\u0301e\u0308 \u0915\u093f \u0e01\u0e34 _under_score ^ ` ~ |"
      })
  void words_ofManyKinds_areThoseOfTheTokenizer(String text) {
    assertKnown(List.of(text));
  }

  @Test
  void learn_realTexts_coversTexts() throws Exception {
    Path data = shared.resolve("data/text");
    assumeTrue(Files.isDirectory(data), "reference data absent: " + shared);
    List<String> train = texts(data.resolve("banking77-train.csv"));
    List<String> others = texts(data.resolve("clinc150-test.csv"));
    assertKnown(train);
    assertKnown(others);
    try (Tokenizer tokenizer = WordPieces.learn(train, 2_000)) {
      assertThat(tokenizer.vocabularySize()).isEqualTo(2_000);
      assertThat(unknownShare(tokenizer, train)).isLessThan(0.001);
      assertThat(unknownShare(tokenizer, others)).isLessThan(0.01);
    }
  }

  private static double unknownShare(Tokenizer tokenizer, List<String> texts) {
    long all = 0;
    long unknown = 0;
    for (String text : texts) {
      for (int id : tokenizer.encode(text, 1_000).ids()) {
        all++;
        unknown += id == 1 ? 1 : 0;
      }
    }
    return unknown / (double) all;
  }

  private static List<String> texts(Path file) throws Exception {
    try (Reader reader = Files.newBufferedReader(file);
        CSVParser rows = CSVFormat.RFC4180.parse(reader)) {
      List<String> texts = new ArrayList<>();
      rows.forEach(row -> texts.add(row.get(0)));
      return texts.subList(1, texts.size());
    }
  }
}
