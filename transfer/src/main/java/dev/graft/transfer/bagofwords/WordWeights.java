package dev.graft.transfer.bagofwords;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which words there are, and how much each counts: texts as sparse vectors {@code (1 + ln tf) (1 +
 * ln((1 + n) / (1 + df)))} of length 1, for a word that stands tf times in a text and in df of the
 * n texts (Salton and Buckley 1988, "Term-weighting approaches in automatic text retrieval").
 * Immutable.
 */
final class WordWeights {
  /** The rarest words beyond are left out. */
  static final int MOST_WORDS = 200_000;

  private final Map<String, Integer> places;
  private final double[] weights;

  private WordWeights(Map<String, Integer> places, double[] weights) {
    this.places = places;
    this.weights = weights;
  }

  /** Of the words in some texts. */
  static WordWeights of(List<List<String>> texts) {
    Map<String, Integer> frequencies = new TreeMap<>();
    for (List<String> text : texts) {
      new HashSet<>(text).forEach(word -> frequencies.merge(word, 1, Integer::sum));
    }
    List<Map.Entry<String, Integer>> kept = new ArrayList<>(frequencies.entrySet());
    if (kept.size() > MOST_WORDS) {
      kept.sort((a, b) -> b.getValue() - a.getValue());
      kept = kept.subList(0, MOST_WORDS);
    }
    Map<String, Integer> places = new HashMap<>();
    double[] weights = new double[kept.size()];
    for (Map.Entry<String, Integer> word : kept) {
      weights[places.size()] = 1 + Math.log((1.0 + texts.size()) / (1.0 + word.getValue()));
      places.put(word.getKey(), places.size());
    }
    return new WordWeights(places, weights);
  }

  int size() {
    return weights.length;
  }

  /** A text as a vector; without any known word it is empty. */
  Feature[] vector(List<String> text) {
    TreeMap<Integer, Integer> counts = new TreeMap<>();
    for (String word : text) {
      Integer place = places.get(word);
      if (place != null) {
        counts.merge(place, 1, Integer::sum);
      }
    }
    double squares = 0;
    for (Map.Entry<Integer, Integer> word : counts.entrySet()) {
      double value = value(word);
      squares += value * value;
    }
    double length = Math.sqrt(squares);
    Feature[] vector = new Feature[counts.size()];
    int at = 0;
    for (Map.Entry<Integer, Integer> word : counts.entrySet()) {
      // The library counts from 1.
      vector[at++] = new FeatureNode(word.getKey() + 1, value(word) / length);
    }
    return vector;
  }

  private double value(Map.Entry<Integer, Integer> word) {
    return (1 + Math.log(word.getValue())) * weights[word.getKey()];
  }
}
