package dev.graft.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.text.TextFindings.Oddity;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TextFindingsTest {
  private static List<Oddity> oddities(String text) {
    return TextFindings.of(text).oddities();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Where is my card?",
        "NASA launched it",
        "\u4f60\u597d\u4e16\u754c",
        "AÇÃO É BOA, não é?",
        "a < b and b > c, 5 & 6",
        "\u0645\u0631\u062d\u0628\u0627 \u0628\u0643",
        "I love it \ud83d\ude00\ud83d\ude00",
        "line one\nline two\tend"
      })
  void of_ordinaryTexts_findsNothing(String text) {
    assertThat(oddities(text)).isEmpty();
  }

  @Test
  void of_oddTexts_namesEachOddity() {
    assertThat(oddities(" \n\u200b")).containsExactly(Oddity.EMPTY);
    assertThat(oddities("hello")).containsExactly(Oddity.ONE_WORD);
    assertThat(oddities("--- 5 $$$ !!!")).containsExactly(Oddity.SYMBOLS);
    assertThat(oddities("caf\ufffd au lait")).containsExactly(Oddity.REPLACED);
    assertThat(oddities("a \u0001 b c")).containsExactly(Oddity.CONTROLS);
    assertThat(oddities("WHERE IS MY CARD?")).containsExactly(Oddity.CAPITALS);
    assertThat(oddities("see <a href='x'>this</a> and that")).containsExactly(Oddity.HTML);
    assertThat(oddities("salt &amp; pepper")).containsExactly(Oddity.HTML);
  }

  /** Real damage: UTF-8 that was read as windows-1252. */
  @ParameterizedTest
  @ValueSource(
      strings = {"caf\u00e9 au lait", "it\u2019s mine", "na\u00efve idea", "5 \u20ac each"})
  void of_textReadInTheWrongEncoding_isFound(String text) {
    String damaged =
        new String(text.getBytes(StandardCharsets.UTF_8), Charset.forName("windows-1252"));
    assertThat(oddities(text)).isEmpty();
    assertThat(oddities(damaged)).containsExactly(Oddity.MOJIBAKE);
  }

  @Test
  void of_text_countsCharactersAndWords() {
    TextFindings findings = TextFindings.of("two \ud83d\ude00 words!");
    assertThat(findings.characters()).isEqualTo(12);
    assertThat(findings.words()).isEqualTo(3);
    assertThat(findings.letterShare()).isEqualTo(8.0 / 10);
    assertThat(TextFindings.of("!!! ??").sentences())
        .containsExactly("Only 0 % of its characters are letters or digits.");
  }

  @Test
  void lengths_ofTexts_areSummedUp() {
    int[] lengths = new int[100];
    for (int i = 0; i < 100; i++) {
      lengths[i] = (i * 37 + 11) % 100 + 1;
    }
    TextLengths summed = TextLengths.of(lengths);
    assertThat(summed).isEqualTo(new TextLengths(1, 50, 95, 100));
    assertThat(summed.sentence("tokens"))
        .isEqualTo(
            "Half of the texts have at most 50 tokens, 95 % at most 95; the shortest has 1, the longest 100.");
    assertThatThrownBy(() -> TextLengths.of(new int[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected at least one");
  }
}
