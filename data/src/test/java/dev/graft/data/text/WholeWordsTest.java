package dev.graft.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.data.DataException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WholeWordsTest {
  private static final List<String> TEXTS =
      List.of("The card, the CARD!", "a card was lost", "Don't 42 été");

  @Test
  void learn_texts_wordsInMostTextsComeFirst() {
    Tokenizer tokenizer = WholeWords.learn(TEXTS, 100);
    // card stands in two texts, all others in one: a, then was, lost and so on by their letters.
    assertThat(tokenizer.encode("card", 8).ids()).containsExactly(2);
    assertThat(tokenizer.encode("42 a", 8).ids()).containsExactly(3, 4);
    assertThat(tokenizer.vocabularySize()).isEqualTo(2 + 9);
    assertThat(tokenizer.specialTokens()).isZero();
    assertThat(tokenizer.padId()).isEqualTo(WholeWords.PADDING);
    assertThat(tokenizer.unknownId()).hasValue(WholeWords.UNKNOWN);
  }

  @Test
  void learn_marksAndOtherWords_areUnknown() {
    Tokenizer tokenizer = WholeWords.learn(TEXTS, 100);
    assertThat(tokenizer.encode("Card, bank!", 8).ids()).containsExactly(2, 1, 1, 1);
    assertThat(tokenizer.encode("ETE", 8).ids()).doesNotContain(1);
  }

  @Test
  void learn_moreThanAskedFor_keepsTheFrequentOnes() {
    assertThat(WholeWords.learn(TEXTS, 1).vocabularySize()).isEqualTo(3);
  }

  @Test
  void learn_twice_sameBytes() {
    assertThat(WholeWords.learn(TEXTS, 5).json()).isEqualTo(WholeWords.learn(TEXTS, 5).json());
  }

  @Test
  void learn_withoutWords_isRefused() {
    assertThatThrownBy(() -> WholeWords.learn(List.of("?!", ""), 5))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Cannot learn words from 2 texts: they have none");
  }
}
