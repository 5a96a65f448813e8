package dev.graft.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.DataException;
import dev.graft.data.DatasetKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TextPreprocessingTest {
  private static final String HASH = "0123456789abcdef".repeat(4);

  @Test
  void parse_afterToJson_isEqual() {
    TextPreprocessing preprocessing = new TextPreprocessing(128, 7, HASH);
    assertThat(TextPreprocessing.parse(preprocessing.toJson(), "p.json")).isEqualTo(preprocessing);
    assertThat(preprocessing.kind()).isEqualTo(DatasetKind.TEXT);
    assertThat(preprocessing.shape()).containsExactly(128);
    assertThat(preprocessing.valueCount()).isEqualTo(128);
    assertThat(preprocessing.hash())
        .hasSize(64)
        .isNotEqualTo(preprocessing.withMaximumTokens(64).hash());
  }

  @Test
  void row_shortText_isFilledUpWithThePadId() {
    TextPreprocessing preprocessing = new TextPreprocessing(5, 7, HASH);
    TokenSequence tokens =
        new TokenSequence(
            new int[] {101, 16_777_215, 102}, new int[] {-1, 0, -1}, new int[] {-1, 3, -1}, false);
    assertThat(preprocessing.row(tokens)).containsExactly(101, 16_777_215, 102, 7, 7);
    assertThatThrownBy(() -> preprocessing.withMaximumTokens(2).row(tokens))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected at most 2 tokens, found 3");
  }

  @Test
  void of_tokenizer_takesItsPadIdAndHash() {
    try (Tokenizer tokenizer = TestTokenizers.open("bpe")) {
      assertThat(TextPreprocessing.of(tokenizer, 64))
          .isEqualTo(new TextPreprocessing(64, 1, tokenizer.hash()));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ | it is no valid JSON",
        "[1] | expected a JSON object",
        "{'pad_token_id': 0} | field \"max_length\": expected an integer, found none",
        "{'max_length': 1, 'pad_token_id': 0} | maximum tokens: expected 2 to 131072, found 1",
        "{'max_length': 9, 'pad_token_id': -1} | pad id: expected 0 to 16777215, found -1",
        "{'max_length': 9, 'pad_token_id': 0} | tokenizer hash: expected 64 lower-case hexadecimal digits, found \"\"",
      })
  void parse_badDescriptions_areNamed(String json, String reason) {
    assertThatThrownBy(() -> TextPreprocessing.parse(json.replace('\'', '"'), "p.json"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("p.json")
        .hasMessageContaining(reason);
  }
}
