package dev.graft.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.data.DataException;
import dev.graft.data.ExampleSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenizerTest {
  private static final String VOCABULARY =
      "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhello\nworld\n##s\n,\ncafe\n";

  private final Path folder;

  TokenizerTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private Path file(String name, String content) throws Exception {
    return Files.writeString(folder.resolve(name), content);
  }

  private static String describe(TokenSequence tokens) {
    return IntStream.range(0, tokens.length())
            .mapToObj(i -> tokens.ids()[i] + "@" + tokens.begins()[i] + "-" + tokens.ends()[i])
            .collect(Collectors.joining(" "))
        + (tokens.truncated() ? " ..." : "");
  }

  /**
   * The cases were made by Tokenizer.encode of the tokenizers package of Python (0.23.2), whose
   * offsets in code points were counted in UTF-16 units.
   */
  @ParameterizedTest
  @ValueSource(strings = {"bpe", "unigram", "wordpiece", "wordlevel"})
  void encode_textsOfManyKinds_areTheTokensOfTheReference(String kind) throws Exception {
    int compared = 0;
    try (Tokenizer tokenizer = TestTokenizers.open(kind)) {
      for (JsonNode one :
          new ObjectMapper().readTree(TestTokenizers.resource("tokenizer-cases.json"))) {
        if (!one.path("tokenizer").asText().equals(kind)) {
          continue;
        }
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < one.path("ids").size(); i++) {
          JsonNode span = one.path("offsets").path(i);
          expected.add(one.path("ids").path(i) + "@" + span.path(0) + "-" + span.path(1));
        }
        if (one.path("truncated").asBoolean()) {
          expected.add("...");
        }
        String text = one.path("text").asText();
        assertThat(describe(tokenizer.encode(text, one.path("maximum").asInt())))
            .as(text)
            .isEqualTo(String.join(" ", expected));
        compared++;
      }
    }
    assertThat(compared).isEqualTo(34);
  }

  @Test
  void encode_vocabularyOfBert_looksUpWordsInLowerCaseWithoutAccents() throws Exception {
    try (Tokenizer tokenizer = Tokenizer.ofVocabulary(file("vocab.txt", VOCABULARY))) {
      assertThat(describe(tokenizer.encode("Hello, WORLDS", 32)))
          .isEqualTo("2@-1--1 5@0-5 8@5-6 6@7-12 7@12-13 3@-1--1");
      assertThat(tokenizer.encode("Caf\u00e9 x", 32).ids()).containsExactly(2, 9, 1, 3);
      assertThat(tokenizer.vocabularySize()).isEqualTo(10);
      assertThat(tokenizer.specialTokens()).isEqualTo(2);
      assertThat(tokenizer.padId()).isZero();
      assertThat(tokenizer.padOrigin()).isEqualTo("it is the token [PAD]");
    }
  }

  /** The uncased vocabulary of BERT has letters of other scripts that know no lower case. */
  @Test
  void ofVocabulary_upperCaseLettersOfOtherScripts_doNotMakeItCased() throws Exception {
    try (Tokenizer tokenizer = Tokenizer.ofVocabulary(file("vocab.txt", VOCABULARY + "\u24b6\n"))) {
      assertThat(tokenizer.encode("Hello", 9).ids()).containsExactly(2, 5, 3);
    }
  }

  @Test
  void ofVocabulary_letterCase_isFoundOrAsStated() throws Exception {
    Path cased = file("cased.txt", VOCABULARY + "Hello\n");
    try (Tokenizer found = Tokenizer.ofVocabulary(cased);
        Tokenizer stated = Tokenizer.ofVocabulary(cased, LetterCase.LOWER)) {
      assertThat(found.encode("Hello hello", 9).ids()).containsExactly(2, 10, 5, 3);
      assertThat(stated.encode("Hello hello", 9).ids()).containsExactly(2, 5, 5, 3);
    }
  }

  @Test
  void ofVocabulary_withWindowsLineEnds_isTheSame() throws Exception {
    try (Tokenizer unix = Tokenizer.ofVocabulary(file("a.txt", VOCABULARY));
        Tokenizer windows =
            Tokenizer.ofVocabulary(file("b.txt", VOCABULARY.replace("\n", "\r\n")))) {
      assertThat(windows.json()).isEqualTo(unix.json());
      assertThat(windows.hash()).isEqualTo(unix.hash());
    }
  }

  @Test
  void json_readAgain_givesTheSameTokens() throws Exception {
    Path vocabulary = file("vocab.txt", VOCABULARY);
    try (Tokenizer first = Tokenizer.ofVocabulary(vocabulary);
        Tokenizer second = Tokenizer.read(file("tokenizer.json", first.json()))) {
      assertThat(second.hash()).isEqualTo(first.hash());
      assertThat(second.hash())
          .isEqualTo(ExampleSource.hash(first.json().getBytes(StandardCharsets.UTF_8)));
      assertThat(second.encode("hello worlds", 9).ids())
          .isEqualTo(first.encode("hello worlds", 9).ids());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bpe | 1 | it is the token <pad>",
        "unigram | 1 | it is the token <pad>",
        "wordpiece | 0 | its section on padding says so",
        "wordlevel | 0 | nothing in the tokenizer names a token for padding, so it is 0",
      })
  void padId_ofEachKind_saysWhereItIsFrom(String kind, int id, String origin) {
    try (Tokenizer tokenizer = TestTokenizers.open(kind)) {
      assertThat(tokenizer.padId()).isEqualTo(id);
      assertThat(tokenizer.padOrigin()).isEqualTo(origin);
    }
  }

  @Test
  void encode_bpeWithDropout_isAlwaysTheSame() {
    String json = new String(TestTokenizers.resource("bpe.json"), StandardCharsets.UTF_8);
    String random = json.replace("\"dropout\":null", "\"dropout\":0.5");
    assertThat(random).isNotEqualTo(json);
    try (Tokenizer plain = TestTokenizers.open("bpe");
        Tokenizer dropping = Tokenizer.ofJson(random, "random.json")) {
      String text = "the gradients of the trunk and the head are trained together";
      assertThat(dropping.encode(text, 100).ids()).isEqualTo(plain.encode(text, 100).ids());
      assertThat(dropping.json()).isEqualTo(random);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bpe", "unigram", "wordpiece", "wordlevel"})
  void encode_unpairedSurrogates_areReplacementCharacters(String kind) {
    try (Tokenizer tokenizer = TestTokenizers.open(kind)) {
      assertThat(describe(tokenizer.encode("a \ud83d b\udc00 \ud83d\ude00\ud83d", 50)))
          .isEqualTo(describe(tokenizer.encode("a \ufffd b\ufffd \ud83d\ude00\ufffd", 50)));
    }
  }

  /** Words of one to seven letters, blanks in rows, and what else ends words or does not. */
  private static String longText(long seed, int length) {
    Random random = new Random(seed);
    String[] pieces = {
      "the ",
      "back",
      "bone ",
      "  ",
      " ",
      "trained, ",
      "\n",
      "\u00e9t\u00e9 ",
      "e\u0301 ",
      "42 ",
      "don't ",
      "[SEP] ",
      "\ud83d\ude00 ",
      "\u4f60\u597d",
      "\u0645\u0631 ",
      "... ",
      "x\u2581y ",
      "\u00a0"
    };
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      text.append(pieces[random.nextInt(pieces.length)]);
    }
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bpe", "unigram", "wordpiece", "wordlevel"})
  void encode_longTexts_areCutWithoutChangingAToken(String kind) {
    try (Tokenizer tokenizer = TestTokenizers.open(kind)) {
      assertThat(tokenizer.cutsAtBlanks()).isTrue();
      for (long seed = 0; seed < 20; seed++) {
        String text = longText(seed, 40_000);
        for (int maximum : new int[] {3, 64, 2_000}) {
          TokenSequence cut = tokenizer.encode(text, maximum);
          assertThat(cut.length()).isEqualTo(maximum);
          assertThat(describe(cut))
              .as("seed %s, at most %s", seed, maximum)
              .isEqualTo(describe(tokenizer.encodeWhole(text, maximum)));
        }
      }
    }
  }

  @Test
  void encode_tenMillionChars_takesTheFirstTokens() {
    try (Tokenizer tokenizer = TestTokenizers.open("wordpiece")) {
      String text = "the backbone is trained. ".repeat(400_000);
      TokenSequence tokens = tokenizer.encode(text, 128);
      assertThat(tokens.truncated()).isTrue();
      assertThat(tokens.ids()).isEqualTo(tokenizer.encode(text.substring(0, 2_500), 128).ids());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a | its first 1048576 hold too few words to cut it between two",
        "' ' | its first 1048576 hold too few words to cut it between two",
      })
  void encode_tenMillionCharsWithoutPlaceToCut_areRefused(String piece, String reason) {
    try (Tokenizer tokenizer = TestTokenizers.open("wordpiece")) {
      String text = piece.repeat(10_000_000);
      assertThatThrownBy(() -> tokenizer.encode(text, 128))
          .isInstanceOf(DataException.class)
          .hasMessage(
              "A text of 10000000 characters cannot be tokenized: " + reason + ". Shorten it.");
    }
  }

  @Test
  void encode_longTextWhereWordsCannotBeTold_isTokenizedWholeUpToTheLimit() {
    String json =
        new String(TestTokenizers.resource("wordlevel.json"), StandardCharsets.UTF_8)
            .replace(
                "{\"type\":\"Whitespace\"}",
                "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"the \"},\"behavior\":\"Removed\",\"invert\":false}");
    try (Tokenizer tokenizer = Tokenizer.ofJson(json, "split.json")) {
      assertThat(tokenizer.cutsAtBlanks()).isFalse();
      assertThat(tokenizer.encode("backbone the ".repeat(2_000), 10).length()).isEqualTo(10);
      assertThatThrownBy(() -> tokenizer.encode("backbone the ".repeat(100_000), 10))
          .isInstanceOf(DataException.class)
          .hasMessageContaining(
              "this tokenizer has to see the whole of it, at most 1048576 characters");
    }
  }

  @Test
  void encode_byManyThreads_isThatOfOne() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Tokenizer tokenizer = TestTokenizers.open("bpe")) {
      List<String> texts = IntStream.range(0, 200).mapToObj(i -> longText(i, 50)).toList();
      List<Future<TokenSequence>> pending = new ArrayList<>();
      for (String text : texts) {
        pending.add(threads.submit(() -> tokenizer.encode(text, 40)));
      }
      for (int i = 0; i < texts.size(); i++) {
        assertThat(describe(pending.get(i).get()))
            .isEqualTo(describe(tokenizer.encode(texts.get(i), 40)));
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void close_twice_givesTheMemoryBackOnce() {
    int before = NativeTokenizer.open();
    Tokenizer tokenizer = TestTokenizers.open("bpe");
    assertThat(NativeTokenizer.open()).isEqualTo(before + 1);
    tokenizer.close();
    tokenizer.close();
    assertThat(NativeTokenizer.open()).isEqualTo(before);
    assertThatThrownBy(() -> tokenizer.encode("a", 5))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the tokenizer bpe.json is closed");
  }

  @Test
  void encode_roomForSpecialTokensOnly_isRefused() {
    try (Tokenizer tokenizer = TestTokenizers.open("wordpiece")) {
      assertThatThrownBy(() -> tokenizer.encode("a", 2))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("more than the 2 special tokens of each text, found 2");
    }
  }

  /** Each of these is refused before the native library sees it, or by that in words. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense | it is no valid JSON",
        "[] | expected a JSON object with a \"model\" in it",
        "{'model': {}} | its model has no vocabulary",
        "{'model': {'type': 'WordLevel', 'vocab': {}}} | its vocabulary is empty",
        "{'model': {'type': 'WordLevel', 'vocab': {'a': -1}}} | the token \"a\" has the id -1, expected 0 to 16777215",
        "{'model': {'type': 'WordLevel', 'vocab': {'a': 20000000}}} | has the id 20000000",
        "{'model': {'type': 'Unigram', 'vocab': [['a']]}} | entry 0 of its vocabulary is no pair",
        "{'model': {'type': 'Unigram', 'unk_id': 7, 'vocab': [['a', -1.0]]}} | Cannot use the tokenizer bad.json: ",
        "{'model': {'type': 'BPE', 'vocab': {'a': 0, 'b': 1}, 'merges': ['a c']}} | Cannot use the tokenizer bad.json: ",
        "{'model': {'type': 'BPE', 'continuing_subword_prefix': '##', 'vocab': {'a': 0, 'b': 1}, 'merges': ['a b']}} | lacks the prefix ##",
        "{'model': {'type': 'WordLevel', 'vocab': {'a': 0}}, 'padding': {'pad_id': 9}} | its pad_id is 9, expected an id of its tokens, 0 to 0",
        "{'model': {'type': 'WordLevel', 'vocab': {'a': 0}}, 'added_tokens': [{'id': 0, 'content': ''}]} | an added token has no content",
        "{'model': {'type': 'WordLevel', 'vocab': {'a': 0}}, 'post_processor': {'type': 'TemplateProcessing', 'single': [{'SpecialToken': {'id': 'X', 'type_id': 0}}], 'special_tokens': {}}} | names the special token \"X\" without saying its id",
        "{'model': {'type': 'WordLevel', 'vocab': {'a': 0}}, 'post_processor': {'type': 'Sequence', 'processors': [{'type': 'TemplateProcessing', 'single': [{'Sequence': {'id': 'B', 'type_id': 0}}], 'special_tokens': {}}]}} | its template names the text \"B\", which there is not",
        "{'model': {'type': 'WordLevel', 'vocab': {'a': 0}}, 'pre_tokenizer': {'type': 'FixedLength', 'length': 0}} | makes pieces of length 0",
        "{'model': {'type': 'Strange', 'vocab': {'a': 0}}} | Cannot use the tokenizer bad.json: ",
      })
  void ofJson_badFiles_areRefusedInWords(String json, String reason) {
    int before = NativeTokenizer.open();
    assertThatThrownBy(() -> Tokenizer.ofJson(json.replace('\'', '"'), "bad.json").close())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("bad.json")
        .hasMessageContaining(reason);
    assertThat(NativeTokenizer.open()).isEqualTo(before);
  }

  @Test
  void encode_tokenBeyondTheVocabulary_isRefused() {
    String json =
        "{'model': {'type': 'WordLevel', 'unk_token': 'a', 'vocab': {'a': 0}}, 'post_processor': {'type':"
            + " 'BertProcessing', 'sep': ['[SEP]', 77], 'cls': ['a', 0]}}";
    assertThatThrownBy(() -> Tokenizer.ofJson(json.replace('\'', '"'), "bad.json").close())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("it gave the id 77, the ids of its tokens are 0 to 0");
  }

  @Test
  void encode_wordThatTheFileHasNoTokenFor_isRefusedByName() {
    String json = "{'model': {'type': 'WordLevel', 'unk_token': 'u', 'vocab': {'a': 0}}}";
    try (Tokenizer tokenizer = Tokenizer.ofJson(json.replace('\'', '"'), "small.json")) {
      assertThatThrownBy(() -> tokenizer.encode("b", 5))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("The tokenizer small.json refuses a text: ");
    }
  }

  @Test
  void read_missingFile_isNamed() {
    assertThatThrownBy(() -> Tokenizer.read(folder.resolve("none.json")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("none.json: there is no such file");
  }

  @Test
  void read_tooLarge_isRefusedBeforeReading() throws Exception {
    Path large = folder.resolve("large.json");
    try (var channel =
        java.nio.channels.FileChannel.open(
            large,
            java.nio.file.StandardOpenOption.CREATE,
            java.nio.file.StandardOpenOption.WRITE)) {
      channel.write(java.nio.ByteBuffer.wrap(new byte[] {'{'}), Tokenizer.MAXIMUM_FILE_BYTES);
    }
    assertThatThrownBy(() -> Tokenizer.read(large))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("large.json: it has 67108865 bytes, the limit is 67108864 (64 MiB)");
  }

  @Test
  void ofVocabulary_badFiles_areRefusedInWords() throws Exception {
    assertThatThrownBy(() -> Tokenizer.ofVocabulary(file("few.txt", "a\nb\n")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("few.txt: it has no line [UNK]")
        .hasMessageContaining("found 2 lines");
    Path bytes = Files.write(folder.resolve("bytes.txt"), new byte[] {'a', (byte) 0xff});
    assertThatThrownBy(() -> Tokenizer.ofVocabulary(bytes))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("bytes.txt: it is no UTF-8");
  }

  @Test
  void encode_duplicateAndBlankLinesInTheVocabulary_countAsLines() throws Exception {
    try (Tokenizer tokenizer =
        Tokenizer.ofVocabulary(file("v.txt", "[UNK]\n\n[CLS]\n[SEP]\nhello\nhello\n"))) {
      assertThat(tokenizer.encode("hello", 9).ids()).containsExactly(2, 5, 3);
      assertThat(Arrays.stream(tokenizer.encode("", 9).ids()).toArray()).containsExactly(2, 3);
    }
  }
}
