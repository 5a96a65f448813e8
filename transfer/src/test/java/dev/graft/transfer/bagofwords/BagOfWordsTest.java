package dev.graft.transfer.bagofwords;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import de.bwaldvogel.liblinear.Feature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BagOfWordsTest {
  @Test
  void words_anyText_areItsRunsOfLettersAndDigits() {
    assertThat(Words.of("Don't PAY \u20ac50.20, M\u00fcller-Lee! \u65e5\u672c"))
        .containsExactly("don", "t", "pay", "50", "20", "m\u00fcller", "lee", "\u65e5", "\u672c");
    assertThat(Words.of(" ?! ")).isEmpty();
    assertThat(Words.of("x".repeat(500)).get(0)).hasSize(100);
  }

  @Test
  void vector_countsOfWords_areWeightedByRarityAndOfLengthOne() {
    WordWeights weights =
        WordWeights.of(List.of(List.of("a", "b"), List.of("a", "c"), List.of("a", "a")));
    Feature[] vector = weights.vector(List.of("a", "a", "c", "unknown"));

    double common = (1 + Math.log(2)) * (1 + Math.log(4.0 / 4));
    double rare = 1 + Math.log(4.0 / 2);
    double length = Math.hypot(common, rare);
    assertThat(vector).hasSize(2);
    assertThat(vector[0].getIndex()).isEqualTo(1);
    assertThat(vector[0].getValue()).isCloseTo(common / length, within(1e-12));
    assertThat(vector[1].getIndex()).isEqualTo(3);
    assertThat(vector[1].getValue()).isCloseTo(rare / length, within(1e-12));
    assertThat(weights.vector(List.of("unknown"))).isEmpty();
  }

  private static final List<String> TOPICS = List.of("card lost", "exchange rate", "top up");

  private static List<String> texts(int count) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add("please help me with " + TOPICS.get(i % 3) + " number " + i);
    }
    return texts;
  }

  private static int[] labels(int count) {
    return IntStream.range(0, count).map(i -> i % 3).toArray();
  }

  private static BagOfWords trained(int count) {
    int[] groups = IntStream.range(0, count).toArray();
    return BagOfWords.train(texts(count), labels(count), groups, 3, 7);
  }

  /** Fewer than folds to choose by: of two groups each is held out once, of one nothing can be. */
  @Test
  void train_twoTexts_learnsFromThem() {
    List<String> texts = List.of("lost card", "exchange rate");
    for (int[] groups : new int[][] {{0, 1}, {0, 0}}) {
      BagOfWords learned = BagOfWords.train(texts, new int[] {0, 1}, groups, 2, 7);

      float[] probabilities = learned.predict(List.of("my card"));
      assertThat(probabilities[0]).isGreaterThan(0.5f);
      assertThat(probabilities[0] + probabilities[1]).isCloseTo(1, within(1e-6f));
    }
  }

  @Test
  void predict_otherTexts_knowsThemByTheirWordsWithProbabilitiesThatSumToOne() {
    float[] probabilities =
        trained(30).predict(List.of("my card is lost", "what is the rate", "top it up", "zzz"));
    assertThat(probabilities).hasSize(12);
    for (int text = 0; text < 4; text++) {
      double sum = 0;
      for (int label = 0; label < 3; label++) {
        sum += probabilities[3 * text + label];
      }
      assertThat(sum).isCloseTo(1, within(1e-5));
    }
    for (int text = 0; text < 3; text++) {
      assertThat(probabilities[4 * text]).isGreaterThan(0.5f);
    }
  }

  @Test
  void train_manyTexts_choosesByOneShareAndIsTheSameAgain() {
    List<String> asked = List.of("lost", "rate");
    float[] once = trained(2_100).predict(asked);
    assertThat(once).containsExactly(trained(2_100).predict(asked));
    assertThat(once[0]).isGreaterThan(0.9f);
  }

  @Test
  void train_classWithoutTexts_getsNoProbability() {
    int[] labels = Arrays.stream(labels(30)).map(label -> label == 2 ? 3 : label).toArray();
    BagOfWords bag = BagOfWords.train(texts(30), labels, IntStream.range(0, 30).toArray(), 4, 7);
    float[] probabilities = bag.predict(List.of("top up"));
    assertThat(probabilities[2]).isZero();
    assertThat(probabilities[3]).isGreaterThan(0.5f);
    assertThat(bag.words()).isGreaterThan(30);
  }
}
