package dev.graft.benchmarks.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VocabularyTest {
  private static final Vocabulary VOCABULARY = Vocabulary.load();

  @Test
  void load_always_hasWordsAndPhrasesForACorpusAndMore() {
    assertThat(VOCABULARY.words()).hasSizeGreaterThan(1_400).doesNotHaveDuplicates();
    assertThat(VOCABULARY.words().stream().filter(word -> word.contains("-")).count())
        .isGreaterThan(60);
  }

  @Test
  void load_always_hasNoWordOfATargetTask() {
    assertThat(VOCABULARY.words()).noneMatch(Vocabulary::belongsToTargetTask);
  }

  @Test
  void load_always_spreadsOverTheLettersThatWordsBeginWith() {
    for (char letter = 'a'; letter <= 'z'; letter++) {
      // Few common words begin with x.
      int fewest = letter == 'x' ? 1 : 5;
      String first = String.valueOf(letter);
      assertThat(VOCABULARY.words().stream().filter(word -> word.startsWith(first)).count())
          .as("words that begin with " + letter)
          .isGreaterThanOrEqualTo(fewest);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zero",
        "nine",
        "one",
        "two-cups",
        "smart-house",
        "mirrors",
        "snowman",
        "cowboy",
        "review",
        "glasses",
        "computers",
        "jarvis",
        "sixteen"
      })
  void belongsToTargetTask_wordOrPartOfOne_isTrue(String word) {
    assertThat(Vocabulary.belongsToTargetTask(word)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"money", "often", "harvest", "heights", "no-stone"})
  void belongsToTargetTask_lettersOfANumberInAnotherWord_isFalse(String word) {
    assertThat(Vocabulary.belongsToTargetTask(word)).isFalse();
  }

  @Test
  void draw_sameSeed_givesTheSameAndMoreHoldsLess() {
    Vocabulary hundred = VOCABULARY.draw(100, 7);
    assertThat(hundred.words()).hasSize(100).isEqualTo(VOCABULARY.draw(100, 7).words());
    assertThat(VOCABULARY.draw(200, 7).words()).containsAll(hundred.words());
    assertThat(VOCABULARY.draw(100, 8).words()).isNotEqualTo(hundred.words());
  }

  @Test
  void draw_moreThanThereAre_isRefused() {
    assertThatThrownBy(() -> VOCABULARY.draw(100_000, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected 2 to " + VOCABULARY.words().size())
        .hasMessageContaining("found 100000");
  }

  @Test
  void new_wordOfOtherLetters_isNamed() {
    assertThatThrownBy(() -> new Vocabulary(List.of("tree", "a;rm")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"a;rm\"");
  }

  @Test
  void sentenceFrames_always_holdNoPartOfAWakePhrase() {
    for (String part : List.of("alexa", "comput", "jarvis", "smart", "mirror", "snow", "glass")) {
      assertThat(SentenceMaker.frames()).noneMatch(frame -> frame.contains(part));
    }
  }
}
