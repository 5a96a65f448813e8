package dev.graft.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.graft.data.NearDuplicates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TextLikenessTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Where is my card? | where  is my card",
        "don't STOP!!! | dont stop",
        "\u0410\u0411\u0412 \u0433\u0434 | \u0430\u0431\u0432, \u0413\u0414",
        "\ud83d\ude00 | \ud83d\ude00 ",
        "12:30 | 12.30",
      })
  void of_textsThatDifferInCaseAndPunctuation_isOne(String one, String other) {
    assertThat(TextLikeness.of(one, other)).isEqualTo(1);
    assertThat(TextLikeness.groups(List.of(one, "something else", other)).groups())
        .satisfies(groups -> assertThat(groups[0]).isEqualTo(groups[2]).isNotEqualTo(groups[1]));
  }

  /** Counted by hand: "abcdef" has abcd, bcde, cdef; "abcdeg" has abcd, bcde, cdeg. */
  @Test
  void of_shortTexts_isTheShareOfCommonShingles() {
    assertThat(TextLikeness.of("abcdef", "abcdeg")).isCloseTo(2.0 / 4, within(1e-12));
    assertThat(TextLikeness.of("abc", "abd")).isZero();
    assertThat(TextLikeness.of("\ud83d\ude00", "\ud83d\ude01")).isZero();
  }

  @Test
  void groups_oneChangedWordInALongSentence_isOneGroup() {
    NearDuplicates groups =
        TextLikeness.groups(
            List.of(
                "Can you tell me the transaction fees of my card in France, please?",
                "Could you tell me the transaction fees of my card in France please",
                "How long does it take until my card arrives?"));
    assertThat(groups.groups()[0]).isEqualTo(groups.groups()[1]).isNotEqualTo(groups.groups()[2]);
    assertThat(groups.pairs()).isEqualTo(1);
    assertThat(groups.redundantExamples()).isEqualTo(1);
    assertThat(groups.note()).isEmpty();
  }

  /** Sentences over a small vocabulary, some of them variants of earlier ones. */
  private static List<String> sentences(long seed, int count) {
    Random random = new Random(seed);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (i > 0 && random.nextInt(4) == 0) {
        StringBuilder variant = new StringBuilder(texts.get(random.nextInt(i)));
        variant.setCharAt(random.nextInt(variant.length()), (char) ('a' + random.nextInt(26)));
        texts.add(variant.toString());
      } else {
        StringBuilder text = new StringBuilder();
        for (int w = 0; w < 3 + random.nextInt(12); w++) {
          text.append(Integer.toString(random.nextInt(3_000) + 40_000, 36)).append(' ');
        }
        texts.add(text.toString());
      }
    }
    return texts;
  }

  /** Every pair compared with every other, and the components of what is alike. */
  private static int[] byComparingAll(List<String> texts) {
    int[] groups = IntStream.range(0, texts.size()).toArray();
    for (int i = 0; i < groups.length; i++) {
      for (int k = 0; k < i; k++) {
        if (groups[i] != groups[k]
            && TextLikeness.of(texts.get(i), texts.get(k)) >= TextLikeness.DEFAULT_THRESHOLD) {
          int from = groups[i];
          int to = groups[k];
          groups = Arrays.stream(groups).map(group -> group == from ? to : group).toArray();
        }
      }
    }
    return groups;
  }

  private static int[] renumbered(int[] groups) {
    Map<Integer, Integer> numbers = new HashMap<>();
    return Arrays.stream(groups)
        .map(group -> numbers.computeIfAbsent(group, g -> numbers.size()))
        .toArray();
  }

  @Test
  void groups_ofManyTexts_areThoseOfComparingAll() {
    for (long seed = 0; seed < 5; seed++) {
      List<String> texts = sentences(seed, 250);
      NearDuplicates groups = TextLikeness.groups(texts);
      assertThat(renumbered(groups.groups()))
          .as("seed %s", seed)
          .isEqualTo(renumbered(byComparingAll(texts)));
      assertThat(groups.redundantExamples()).isGreaterThan(5);
    }
  }

  /** Without the limit, these would be one group, of which every pair is looked at. */
  @Test
  void groups_textsAfterAPattern_areNotJoinedToOne() {
    List<String> texts =
        IntStream.range(0, 20_000)
            .mapToObj(i -> "Your order number " + (100_000 + i) + " has left our warehouse today")
            .toList();
    NearDuplicates groups = TextLikeness.groups(texts);
    assertThat(groups.redundantExamples()).isLessThan(100);
    assertThat(groups.note())
        .hasValueSatisfying(
            note ->
                assertThat(note)
                    .contains("a likeness of 0.8 joins more than 1000 texts in one group")
                    .endsWith("near-duplicates are those from 0.9 on"));
    List<String> longer =
        texts.stream()
            .map(text -> text + ". Please be at home when the parcel comes to your door.")
            .toList();
    assertThat(TextLikeness.groups(longer).redundantExamples()).isZero();
    assertThat(TextLikeness.groups(longer).note())
        .hasValueSatisfying(note -> assertThat(note).endsWith("only equal texts were grouped"));
  }

  @Test
  void groups_repeatedTexts_areOneGroupHoweverMany() {
    List<String> texts = new ArrayList<>(sentences(7, 30));
    for (int i = 0; i < 500; i++) {
      texts.add(i % 2 == 0 ? "Thank you" : "thank you!");
    }
    NearDuplicates groups = TextLikeness.groups(texts);
    assertThat(groups.note()).isEmpty();
    assertThat(Arrays.stream(groups.groups()).skip(30).distinct().count()).isEqualTo(1);
  }

  @Test
  void groups_noneOrEmptyTexts_areFine() {
    assertThat(TextLikeness.groups(List.of()).groups()).isEmpty();
    assertThat(TextLikeness.groups(List.of("", " ", "a")).redundantExamples()).isEqualTo(1);
  }

  /** What comes after the first 2,000 characters does not count. */
  @Test
  void of_longTexts_comparesTheirBeginnings() {
    String begin = String.join(" ", sentences(3, 100));
    assertThat(begin.length()).isGreaterThan(2_500);
    assertThat(TextLikeness.of(begin + " one end", begin + " another")).isEqualTo(1);
  }
}
