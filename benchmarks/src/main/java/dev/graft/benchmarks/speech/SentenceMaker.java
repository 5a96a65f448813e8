package dev.graft.benchmarks.speech;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes sentences of words: some that could be said, some of words in any order. Not thread-safe.
 */
final class SentenceMaker {
  private static final String RESOURCE = "sentences.txt";
  private static final double SHARE_OF_LOOSE_WORDS = 0.3;
  private static final int FEWEST_LOOSE_WORDS = 2;
  private static final int MOST_LOOSE_WORDS = 8;

  private final Deck<String> frameDeck = new Deck<>(frames());
  private final Deck<String> words;

  SentenceMaker(Vocabulary vocabulary) {
    words = new Deck<>(vocabulary.words());
  }

  /** The sentences without their words; each * stands for one. */
  static List<String> frames() {
    return ResourceLines.of(RESOURCE);
  }

  /** The next sentence, without the mark at its end. */
  String next(SplittableRandom random) {
    if (random.nextDouble() < SHARE_OF_LOOSE_WORDS) {
      List<String> loose = new ArrayList<>();
      int count = random.nextInt(FEWEST_LOOSE_WORDS, MOST_LOOSE_WORDS + 1);
      for (int i = 0; i < count; i++) {
        loose.add(word(random));
      }
      return String.join(random.nextBoolean() ? " " : ", ", loose);
    }
    StringBuilder sentence = new StringBuilder();
    for (char letter : frameDeck.deal(random).toCharArray()) {
      if (letter == '*') {
        sentence.append(word(random));
      } else {
        sentence.append(letter);
      }
    }
    return sentence.toString();
  }

  private String word(SplittableRandom random) {
    return Vocabulary.text(words.deal(random));
  }
}
