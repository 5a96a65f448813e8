package dev.graft.transfer.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.graft.engine.TruncatedSvd.SparseMatrix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TokenVectorsTest {
  @Test
  void count_places_weighByTheirDistanceInBothOrders() {
    TokenNeighbours counted =
        TokenNeighbours.count(List.of(new int[] {4, 7, 4}, new int[] {7, 4}), 2);
    // 4-7: 1 + 1 in the first text, 1 in the second; 4-4: 1/2, from either side.
    assertThat(counted.pairs()).containsExactly(4L << 32 | 4, 4L << 32 | 7, 7L << 32 | 4);
    assertThat(counted.counts()).containsExactly(1, 3, 3);
  }

  @Test
  void count_farApart_isNotNear() {
    TokenNeighbours counted = TokenNeighbours.count(List.of(new int[] {1, 2, 2, 3}), 2);
    assertThat(counted.pairs()).doesNotContain(1L << 32 | 3).contains(2L << 32 | 3);
  }

  @Test
  void count_moreThanFitsAtOnce_addsUpTheSame() {
    List<int[]> texts = new ArrayList<>();
    for (int i = 0; i < 4_000; i++) {
      int[] text = new int[500];
      for (int at = 0; at < text.length; at++) {
        text[at] = (at + i) % 3;
      }
      texts.add(text);
    }
    // 2 million places with 5 neighbours each way: more pairs than one chunk holds.
    TokenNeighbours counted = TokenNeighbours.count(texts, 5);
    assertThat(counted.pairs()).hasSize(9);
    double sum = 0;
    for (double count : counted.counts()) {
      sum += count;
    }
    double aText = 0;
    for (int distance = 1; distance <= 5; distance++) {
      aText += 2.0 * (500 - distance) / distance;
    }
    assertThat(sum).isCloseTo(4_000 * aText, within(1e-3 * sum));
  }

  @Test
  void positiveInformation_pairs_isTheFormula() {
    TokenNeighbours counted =
        TokenNeighbours.count(List.of(new int[] {0, 1}, new int[] {0, 1}, new int[] {2, 1}), 1);
    SparseMatrix information = counted.positiveInformation(3, 0.75);
    double smoothed = Math.pow(2, 0.75) + Math.pow(3, 0.75) + 1;
    double expected = Math.log(2 / (2 * Math.pow(3, 0.75) / smoothed));
    assertThat(information.rowOf()[0]).isZero();
    assertThat(information.columnOf()[0]).isEqualTo(1);
    assertThat((double) information.values()[0]).isCloseTo(expected, within(1e-6));
    for (float value : information.values()) {
      assertThat(value).isPositive();
    }
  }

  @Test
  void learn_topics_haveVectorsOfTheirOwn() {
    List<int[]> texts = new ArrayList<>();
    Random random = new Random(1);
    for (int i = 0; i < 300; i++) {
      int topic = i % 2;
      List<Integer> words = new ArrayList<>();
      for (int word = 0; word < 6; word++) {
        words.add(1 + 5 * topic + random.nextInt(5));
      }
      Collections.shuffle(words, random);
      texts.add(words.stream().mapToInt(word -> word).toArray());
    }
    TokenVectors vectors = TokenVectors.learn(texts, 12, 4, 1);
    assertThat(product(vectors, 1, 2)).isGreaterThan(0.5);
    assertThat(product(vectors, 1, 7)).isLessThan(0.1);
    assertThat(product(vectors, 3, 3)).isCloseTo(1, within(1e-5));
    // Tokens 0 and 11 stand in no text.
    assertThat(product(vectors, 0, 0)).isZero();
    assertThat(vectors.rarity()[11]).isZero();
    assertThat(vectors.rarity()[1]).isCloseTo(1, within(0.2f));
  }

  @Test
  void learn_moreNumbersThanTokens_areZero() {
    TokenVectors vectors = TokenVectors.learn(List.of(new int[] {0, 1, 2}), 3, 8, 1);
    assertThat(vectors.vectors()).hasSize(24);
    assertThat(vectors.vectors()[7]).isZero();
  }

  @Test
  void new_lengthsThatDoNotFit_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TokenVectors(3, new float[5], new float[2]))
        .withMessage("2 tokens with 3 numbers each are expected, found 5 numbers");
  }

  private static double product(TokenVectors vectors, int token, int other) {
    double sum = 0;
    for (int i = 0; i < vectors.width(); i++) {
      sum +=
          vectors.vectors()[token * vectors.width() + i]
              * vectors.vectors()[other * vectors.width() + i];
    }
    return sum;
  }
}
