package dev.graft.benchmarks.speech;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/**
 * The words that are spoken: each a word, or two joined by a hyphen. Immutable, thread-safe.
 *
 * @param words distinct, in the order of the file
 */
record Vocabulary(List<String> words) {
  private static final String RESOURCE = "vocabulary.txt";
  private static final Pattern WORD = Pattern.compile("[a-z]+(-[a-z]+)?");

  /** Numbers are a target task: words that are one, whole, must not be learned before. */
  private static final Set<String> NUMBERS =
      Set.of(
          "zero",
          "oh",
          "one",
          "won",
          "two",
          "to",
          "too",
          "three",
          "four",
          "for",
          "fore",
          "five",
          "six",
          "seven",
          "eight",
          "ate",
          "nine",
          "ten",
          "eleven",
          "twelve",
          "twenty",
          "hundred",
          "thousand",
          "million",
          "first",
          "second",
          "third",
          "fourth",
          "fifth",
          "sixth",
          "seventh",
          "eighth",
          "ninth",
          "tenth");

  /** Parts of the wake phrases, another target task, wherever they stand in a word. */
  private static final List<String> WAKE_PARTS =
      List.of(
          "alexa", "comput", "jarvis", "smart", "mirror", "snow", "boy", "view", "glass", "teen");

  Vocabulary {
    words = List.copyOf(words);
    for (String word : words) {
      if (!WORD.matcher(word).matches()) {
        throw new IllegalArgumentException(
            "Reading the vocabulary: expected lower-case letters with at most one hyphen, found \""
                + word
                + "\"");
      }
    }
    if (new LinkedHashSet<>(words).size() != words.size()) {
      throw new IllegalArgumentException("Reading the vocabulary: a word stands there twice");
    }
  }

  /** The vocabulary that comes with the benchmarks. */
  static Vocabulary load() {
    return new Vocabulary(
        ResourceLines.of(RESOURCE).stream().flatMap(ResourceLines::words).toList());
  }

  /** What is said for a word: the hyphen of two words is a space. */
  static String text(String word) {
    return word.replace('-', ' ');
  }

  /** Whether a word belongs to one of the tasks that transfer is measured on. */
  static boolean belongsToTargetTask(String word) {
    return WAKE_PARTS.stream().anyMatch(word::contains)
        || List.of(word.split("-")).stream().anyMatch(NUMBERS::contains);
  }

  /**
   * Draws words without replacement.
   *
   * @param count at least 2, at most all
   * @return in the order of the vocabulary; a larger draw of the same seed holds the smaller one
   */
  Vocabulary draw(int count, long seed) {
    if (count < 2 || count > words.size()) {
      throw new IllegalArgumentException(
          "Drawing words: expected 2 to " + words.size() + " (the vocabulary), found " + count);
    }
    List<String> shuffled = Shuffles.shuffled(words, new SplittableRandom(seed));
    Set<String> drawn = Set.copyOf(shuffled.subList(0, count));
    return new Vocabulary(words.stream().filter(drawn::contains).toList());
  }
}
